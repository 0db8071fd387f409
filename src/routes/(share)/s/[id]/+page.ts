/** Rendered in the browser alone: the server never sees the secret, and a GET shows nothing (C2). */
export const ssr = false;
export const prerender = false;
