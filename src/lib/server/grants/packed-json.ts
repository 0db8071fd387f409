import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Below this a packed answer saves no packet. */
const worthPackingBytes = 1200;
const pack = {
	br: (text: string) =>
		promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
	gzip: (text: string) => promisify(gzip)(text)
};

/**
 * JSON as small as the browser takes it: a shared page waits for this answer before it can show a
 * word. Only for bodies that hold no secret and repeat nothing of the request, since the length of a
 * packed answer says something about what is in it (BREACH); docs/decisions/ has the reasons.
 */
export async function packedJson(
	request: Request,
	body: unknown,
	headers: Record<string, string>
): Promise<Response> {
	const text = JSON.stringify(body);
	const all = { ...headers, 'content-type': 'application/json', vary: 'accept-encoding' };
	const takes = (request.headers.get('accept-encoding') ?? '').toLowerCase().split(/[,;\s]+/);
	const encoding = (['br', 'gzip'] as const).find((name) => takes.includes(name));
	if (!encoding || text.length < worthPackingBytes) return new Response(text, { headers: all });
	const packed = await pack[encoding](text);
	return new Response(new Uint8Array(packed), {
		headers: { ...all, 'content-encoding': encoding, 'content-length': String(packed.byteLength) }
	});
}
