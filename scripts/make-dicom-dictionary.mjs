// Writes src/lib/dicom/dictionary-data.ts: the VR of every public element, from the dictionary that
// dcmjs carries (PS3.6). Run after dcmjs was updated: `node scripts/make-dicom-dictionary.mjs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import dcmjs from 'dcmjs';

const root = resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(`${root}/node_modules/dcmjs/package.json`, 'utf8'));
const byVr = new Map();
for (const entry of Object.values(dcmjs.data.DicomMetaDictionary.nameMap)) {
	const tag = /^\(([0-9A-Fa-f]{4}),([0-9A-Fa-f]{4})\)$/.exec(entry.tag ?? '');
	if (!tag || tag[1] === '0000' || !entry.vr || !/^[A-Za-z]{2}$/.test(entry.vr)) continue;
	// `lt` is OW (LUT data), `up` UL (directory offsets), `na` the item tags.
	const vr = { lt: 'OW', up: 'UL' }[entry.vr] ?? entry.vr;
	if (vr === 'na') continue;
	if (!byVr.has(vr)) byVr.set(vr, new Set());
	byVr.get(vr).add((tag[1] + tag[2]).toUpperCase());
}
const lines = [...byVr].sort().map(([vr, tags]) => {
	const chunks = [...tags]
		.sort()
		.join('')
		.match(/.{1,80}/g);
	return `\t${vr}:\n\t\t${chunks.map((c) => `'${c}'`).join(' +\n\t\t')}`;
});
writeFileSync(
	`${root}/src/lib/dicom/dictionary-data.ts`,
	`// Made by scripts/make-dicom-dictionary.mjs from dcmjs ${version}. Do not edit.
/** VR → tags of eight hex digits, joined. \`ox\` and \`xs\` depend on other elements. */
export const tagsByVr: Record<string, string> = {
${lines.join(',\n')}
};
`
);
