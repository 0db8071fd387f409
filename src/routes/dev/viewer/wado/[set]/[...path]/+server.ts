import { readFileSync } from 'node:fs';
import { error } from '@sveltejs/kit';
import { dev } from '$app/environment';
import { corpusSet } from '../../../corpus.server.ts';

/** As much of WADO-RS as the viewer asks for, from files. */
export async function GET({ params, url }) {
	if (!dev) error(404);
	const set = corpusSet(params.set);
	if (params.path === 'metadata') {
		return Response.json([...set.values()].map((entry) => entry.part10.dataset));
	}
	const [, uid, , frame] =
		/instances\/([\d.]+)(\/frames\/(\d+)\/rendered)?$/.exec(params.path) ?? [];
	const found = set.get(uid ?? '');
	if (!found) error(404);
	if (!params.path.endsWith('/rendered')) {
		return new Response(readFileSync(found.path), {
			headers: { 'content-type': 'application/dicom' }
		});
	}
	const { renderFrame } = await import('$lib/server/archive/render.ts');
	const width = Number(url.searchParams.get('viewport')?.split(',')[0]) || undefined;
	const options = { frame: Number(frame ?? 1), ...(width ? { width } : {}) };
	const picture = await renderFrame(found.part10, options).catch(() => error(415));
	return new Response(picture.bytes as Uint8Array<ArrayBuffer>, {
		headers: { 'content-type': picture.contentType, 'cache-control': 'max-age=600' }
	});
}
