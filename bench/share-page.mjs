/**
 * What a referrer's browser loads until the share page shows its first picture.
 * `node bench/share-page.mjs <address with secret> [passcode]`, against a running server; the address
 * is printed by `npm run demo`. Exits with 1 when a target is missed.
 */
import { chromium } from '@playwright/test';

const targets = { kibibytes: 256, requests: 12 };
const [address, passcode = ''] = process.argv.slice(2);
if (!address) {
	console.error('usage: node bench/share-page.mjs <http://host/s/id#secret> [passcode]');
	process.exit(2);
}

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: [
		'--no-sandbox',
		'--disable-gpu',
		'--disable-quic',
		'--no-first-run',
		'--disable-background-networking',
		'--disable-component-update',
		'--disable-sync'
	]
});
const context = await browser.newContext({ viewport: { width: 834, height: 1112 } });
const page = await context.newPage();
const network = await context.newCDPSession(page);
await network.send('Network.enable');

/** By request id; bytes as they came over the wire, headers included. */
const loaded = new Map();
let pictureAt = Infinity;
network.on('Network.requestWillBeSent', ({ requestId, request, type, timestamp }) => {
	if (request.url.startsWith('data:') || request.url.startsWith('blob:')) return;
	// What is asked for after the picture came is not what it waited for.
	if (timestamp > pictureAt) return;
	loaded.set(requestId, { url: request.url, type, bytes: 0, done: false });
});
network.on('Network.loadingFinished', ({ requestId, encodedDataLength, timestamp }) => {
	const entry = loaded.get(requestId);
	if (!entry) return;
	Object.assign(entry, { bytes: encodedDataLength, done: true });
	if (entry.type === 'Image' && /dicom-web/.test(entry.url)) {
		pictureAt = Math.min(pictureAt, timestamp);
	}
});
network.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
	const entry = loaded.get(requestId);
	if (entry && !entry.done) entry.bytes += encodedDataLength;
});

/** A picture of the study that has pixels: an image element or a canvas that was drawn. */
const firstPicture = () =>
	page.waitForFunction(
		() =>
			[...document.querySelectorAll('img, video')].some(
				(picture) =>
					/dicom-web/.test(picture.currentSrc || picture.src) &&
					(picture.naturalWidth || picture.videoWidth) > 0
			),
		null,
		{ timeout: 60_000 }
	);

const from = Date.now();
await page.goto(address, { waitUntil: 'commit' });
const asked = page.locator('input');
const picture = firstPicture();
picture.catch(() => {});
await Promise.race([picture, asked.first().waitFor({ timeout: 60_000 })]);
let typed = from;
if (await asked.first().isVisible()) {
	await asked.first().fill(passcode);
	typed = Date.now();
	await asked.first().press('Enter');
}
await picture;
const milliseconds = Date.now() - typed;
const entries = [...loaded.values()];
await browser.close();

const host = new URL(address).host;
const foreign = entries.filter(({ url }) => new URL(url).host !== host);
const kibibytes = entries.reduce((sum, { bytes }) => sum + bytes, 0) / 1024;
for (const { url, type, bytes } of entries) {
	const path = new URL(url).pathname.replace(/^\/s\/[^/]+/, '/s/…').slice(-80);
	console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KiB  ${type.padEnd(10)} ${path}`);
}
console.log(
	`first picture: ${kibibytes.toFixed(1)} KiB (≤ ${targets.kibibytes}), ` +
		`${entries.length} requests (≤ ${targets.requests}), ${milliseconds} ms after ` +
		`${passcode ? 'the passcode' : 'the address'}, ${foreign.length} to other hosts`
);
const met =
	kibibytes <= targets.kibibytes && entries.length <= targets.requests && foreign.length === 0;
process.exit(met ? 0 : 1);
