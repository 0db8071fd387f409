import type { RgbPicture } from './render-colour.ts';

/** Made smaller so that the longer side has `side` pixels, each the mean of what it covers. */
export function shrink(picture: RgbPicture, side: number): RgbPicture {
	const scale = Math.max(1, side) / Math.max(picture.rows, picture.columns);
	const rows = Math.max(1, Math.round(picture.rows * scale));
	const columns = Math.max(1, Math.round(picture.columns * scale));
	const data = new Uint8Array(rows * columns * 3);
	for (let row = 0; row < rows; row++) {
		const top = Math.floor((row * picture.rows) / rows);
		const bottom = Math.max(top + 1, Math.floor(((row + 1) * picture.rows) / rows));
		for (let column = 0; column < columns; column++) {
			const left = Math.floor((column * picture.columns) / columns);
			const right = Math.max(left + 1, Math.floor(((column + 1) * picture.columns) / columns));
			const sum = [0, 0, 0];
			for (let y = top; y < bottom; y++) {
				for (let x = left; x < right; x++) {
					const at = (y * picture.columns + x) * 3;
					for (let c = 0; c < 3; c++) sum[c]! += picture.data[at + c]!;
				}
			}
			const count = (bottom - top) * (right - left);
			for (let c = 0; c < 3; c++) {
				data[(row * columns + column) * 3 + c] = Math.round(sum[c]! / count);
			}
		}
	}
	return { rows, columns, data };
}
