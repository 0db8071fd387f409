import type { VersionContent } from '$lib/report/version.ts';
import type { PdfOptions } from './report-pdf.ts';
import { section } from './section.ts';
import { inks, type Sheet } from './sheet.ts';

/** Key images, two in a row. */
export function keyImages(sheet: Sheet, { body }: VersionContent, { images }: PdfOptions): void {
	if (body.keyImages.length === 0) return;
	const gap = 12;
	const width = (sheet.width - gap) / 2;
	const height = width * 0.72;
	const caption = { size: 8, color: inks.muted };
	section(
		sheet,
		'Key images',
		() => {
			for (let start = 0; start < body.keyImages.length; start += 2) {
				sheet.need(height + 30);
				const y = sheet.y;
				let under = 0;
				body.keyImages.slice(start, start + 2).forEach((image, column) => {
					const x = sheet.left + column * (width + gap);
					const bytes = images.get(`${image.sopInstanceUid}/${image.frame ?? 1}`);
					const name = image.frame ? `${image.caption}, frame ${image.frame}` : image.caption;
					sheet.tag(
						'Figure',
						() => {
							sheet.doc.rect(x, y, width, height).fill('#000000');
							if (bytes) {
								sheet.doc.image(Buffer.from(bytes), x, y, {
									fit: [width, height],
									align: 'center',
									valign: 'center'
								});
							}
						},
						{ alt: name }
					);
					const words = bytes ? name : `${name} (image could not be fetched at signing)`;
					sheet.tag('Caption', () => sheet.text(words, x, y + height + 3, width, caption));
					under = Math.max(under, sheet.heightOf(words, width, caption));
				});
				sheet.y = y + height + under + 8;
			}
		},
		height + 50
	);
}
