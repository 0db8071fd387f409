/** The room is a live document and an image engine: there is nothing to draw on the server. */
export const ssr = false;
