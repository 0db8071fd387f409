// Draws the PNG icons from static/icons/icon.svg: `node scripts/draw-icons.mjs`, after a change of it.
import { readFileSync } from 'node:fs';
import sharp from 'sharp';

const svg = readFileSync('static/icons/icon.svg', 'utf8');
const at = (size, text = svg) =>
	sharp(Buffer.from(text), { density: 72 * (size / 24) }).resize(size, size);
// A launcher cuts a maskable icon to any shape: the drawing keeps to the inner four fifths.
const maskable = svg
	.replace('rx="5"', '')
	.replace(
		/(<path[\s\S]*)<\/svg>/,
		'<g transform="translate(12 12) scale(.78) translate(-12 -12)">$1</g></svg>'
	);

await at(192).png().toFile('static/icons/icon-192.png');
await at(512).png().toFile('static/icons/icon-512.png');
await at(512, maskable).png().toFile('static/icons/icon-maskable-512.png');
