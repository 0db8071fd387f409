/// <reference no-default-lib="true"/>
/// <reference lib="esnext" />
/// <reference lib="webworker" />
/// <reference types="@sveltejs/kit" />
/**
 * Keeps the application shell and nothing that came with a session (G4): built code, static files
 * and the offline page. No page, no answer of a door and no image ever enters the cache.
 */
import { build, files, prerendered, version } from '$service-worker';

const sw = globalThis.self as unknown as ServiceWorkerGlobalScope;
const cacheName = `shell-${version}`;
const offline = '/offline';

/** The image engine is large and fetched when a study is opened. */
const large = /\.wasm$|cornerstone|codec/;
const shell = [...build.filter((path) => !large.test(path)), ...files, ...prerendered];
const known = new Set(shell);

sw.addEventListener('install', (event) => {
	event.waitUntil(
		caches
			.open(cacheName)
			.then((cache) => cache.addAll(shell.map((path) => new Request(path, { cache: 'reload' }))))
	);
});

sw.addEventListener('activate', (event) => {
	event.waitUntil(
		caches
			.keys()
			.then((names) =>
				Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)))
			)
			.then(() => sw.clients.claim())
	);
});

sw.addEventListener('message', (event) => {
	if (event.data === 'skip-waiting') void sw.skipWaiting();
});

sw.addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (request.method !== 'GET' || url.origin !== sw.location.origin) return;
	if (known.has(url.pathname) && !prerendered.includes(url.pathname)) {
		event.respondWith(
			caches.match(request, { cacheName }).then((found) => found ?? fetch(request))
		);
		return;
	}
	if (request.mode !== 'navigate') return;
	event.respondWith(
		fetch(request).catch(
			async () => (await caches.match(offline, { cacheName })) ?? Response.error()
		)
	);
});
