import PDFDocument from 'pdfkit';
import { personText } from '$lib/report/person-text.ts';
import { dateText, dateTimeText } from '$lib/report/date-text.ts';
import type { PrintedSection, PrintedValue, VersionContent } from '$lib/report/version.ts';
import { inks, paper, Sheet } from './sheet.ts';

export interface PdfOptions {
	paper: keyof typeof paper;
	/** JPEG bytes by `${sopInstanceUid}/${frame ?? 1}`; an image that is missing is said to be. */
	images: ReadonlyMap<string, Uint8Array>;
	/** Printed on every page of a copy that leaves through a link: recipient, link, UTC time (C9). */
	copyMark?: string;
	/** Printed across the top when a newer version exists. */
	superseded?: string;
}

const margins = { left: 46, right: 46, bottom: 58 };
const small = { size: 7.5, color: inks.muted };
const severityInk: Record<string, string> = {
	mild: inks.mild,
	moderate: inks.moderate,
	abnormal: inks.moderate,
	severe: inks.severe
};

/**
 * The signed report as a tagged PDF, built to PDF/A-2a (conformance itself is not proven here; qpdf
 * and pdfinfo check the structure). The same content gives the same bytes.
 */
export async function renderReportPdf(
	content: VersionContent,
	options: PdfOptions
): Promise<Uint8Array> {
	const { body, signature } = content;
	const created = new Date(signature.at);
	const title = `${body.worksheet.title}, ${personText(body.patient.name)}`;
	const doc = new PDFDocument({
		size: [paper[options.paper].width, paper[options.paper].height],
		margin: 0,
		subset: 'PDF/A-2a',
		pdfVersion: '1.7',
		tagged: true,
		lang: body.language,
		displayTitle: true,
		bufferPages: true,
		font: null as unknown as string,
		info: {
			Title: title,
			Author: signature.printedName,
			Creator: 'Readroom',
			Producer: 'Readroom',
			CreationDate: created,
			ModDate: created
		}
	});
	const chunks: Buffer[] = [];
	const finished = new Promise<void>((resolve, reject) => {
		doc.on('data', (chunk: Buffer) => chunks.push(chunk));
		doc.on('end', resolve);
		doc.on('error', reject);
	});

	const sheet = new Sheet(doc, margins, (page) => patientStrip(page, content));
	heading(sheet, content, options);
	amendment(sheet, content);
	reason(sheet, content);
	impression(sheet, content);
	findings(sheet, body.sections);
	measurements(sheet, body.sections);
	comments(sheet, content);
	keyImages(sheet, content, options);
	grades(sheet, body.sections);
	signatureBlock(sheet, content);
	references(sheet, content);
	sheet.end();
	footers(sheet, content, options);
	doc.end();
	await finished;
	return new Uint8Array(Buffer.concat(chunks));
}

/** Who it is about, on every page; answers where the page's text begins. */
function patientStrip(sheet: Sheet, { body }: VersionContent): number {
	const { patient, studies } = body;
	const y = 30;
	sheet.artifact(() => {
		sheet.doc.rect(sheet.left, y, sheet.width, 34).fill(inks.panel);
		const half = sheet.width / 2 - 10;
		sheet.text(personText(patient.name), sheet.left + 8, y + 5, half, { size: 11, weight: 700 });
		const born = patient.birthDate ? dateText(patient.birthDate) : 'birth date unknown';
		sheet.text(`${patient.sex} · born ${born}`, sheet.left + 8, y + 20, half, { size: 8 });
		const ids = patient.identifiers.map(({ value }) => value).join(', ');
		const right = { size: 8, align: 'right' as const };
		const x = sheet.left + sheet.width / 2;
		const when = studies[0]?.studyAt;
		sheet.text(`ID ${ids}`, x, y + 7, half, right);
		sheet.text(
			[
				when ? `Study ${dateTimeText(when, body.practice.timeZone)}` : 'Study time unknown',
				studies[0]?.accession ? `Accession ${studies[0].accession}` : ''
			]
				.filter(Boolean)
				.join(' · '),
			x,
			y + 20,
			half,
			right
		);
	}, 'Pagination');
	return y + 48;
}

function heading(sheet: Sheet, { body, ...version }: VersionContent, options: PdfOptions): void {
	if (options.superseded) {
		sheet.paragraph('P', options.superseded, { size: 11, weight: 700, color: inks.severe });
		sheet.y += 6;
	}
	const top = sheet.y;
	sheet.paragraph('H1', body.worksheet.title, { size: 17, weight: 700 });
	const letterhead = [body.practice.name, ...body.practice.letterhead];
	const width = sheet.width / 2;
	letterhead.forEach((line, index) => {
		const style = { size: index === 0 ? 9.5 : 8, align: 'right' as const, color: inks.muted };
		sheet.tag('P', () => sheet.text(line, sheet.right - width, top + 3 + index * 11, width, style));
	});
	sheet.y = Math.max(sheet.y, top + 6 + letterhead.length * 11);
	const status = `${statusWord(version.kind)} report, version ${version.number}`;
	sheet.paragraph('P', status, { size: 9, color: inks.accent, weight: 700 });
	const { patient } = body;
	const facts = [
		patient.ageYears === null ? '' : `Age ${patient.ageYears}`,
		patient.heightCm === null ? 'Height not given' : `Height ${patient.heightCm.toFixed(0)} cm`,
		patient.weightKg === null ? 'Weight not given' : `Weight ${patient.weightKg.toFixed(1)} kg`,
		patient.bsaM2 === null ? '' : `BSA ${patient.bsaM2.toFixed(2)} m²`,
		...body.studies.map((study) =>
			[
				study.sonographer && `Sonographer ${personText(study.sonographer)}`,
				study.referrer && `Referred by ${personText(study.referrer)}`
			]
				.filter(Boolean)
				.join(' · ')
		)
	].filter(Boolean);
	sheet.paragraph('P', facts.join(' · '), { size: 8.5, color: inks.muted });
	sheet.y += 6;
	sheet.rule(sheet.y);
	sheet.y += 8;
}

function statusWord(kind: VersionContent['kind']): string {
	return {
		preliminary: 'Preliminary',
		final: 'Final',
		addendum: 'Addendum to final',
		correction: 'Corrected'
	}[kind];
}

function section(sheet: Sheet, title: string, draw: () => void): void {
	sheet.need(40);
	sheet.group('Sect', () => {
		sheet.paragraph('H2', title, { size: 11, weight: 700, color: inks.accent });
		sheet.y += 2;
		draw();
	});
	sheet.y += 8;
}

function amendment(sheet: Sheet, { body, predecessor, kind }: VersionContent): void {
	if (!body.amendment) return;
	const replaced = predecessor ? ` to version ${predecessor.number}` : '';
	const title = kind === 'correction' ? `Correction${replaced}` : `Addendum${replaced}`;
	section(sheet, title, () => {
		sheet.paragraph('P', body.amendment?.text ?? '', { size: 11 });
		sheet.paragraph('P', `Reason: ${body.amendment?.reason ?? ''}`, small);
	});
}

function reason(sheet: Sheet, { body }: VersionContent): void {
	if (!body.order?.indication) return;
	section(sheet, 'Indication', () => sheet.paragraph('P', body.order?.indication ?? '', {}));
}

function impression(sheet: Sheet, { body }: VersionContent): void {
	section(sheet, 'Impression', () => {
		const lines = body.impression.length ? body.impression : ['No impression was written.'];
		sheet.group('L', () => {
			lines.forEach((line, index) => {
				const style = { size: 11 };
				const height = sheet.heightOf(line, sheet.width - 20, style);
				sheet.need(height);
				const y = sheet.y;
				sheet.group('LI', () => {
					sheet.tag('Lbl', () => sheet.text(`${index + 1}.`, sheet.left, y, 18, style));
					sheet.tag('LBody', () => sheet.text(line, sheet.left + 18, y, sheet.width - 20, style));
				});
				sheet.y = y + height + 2;
			});
		});
	});
}

function findings(sheet: Sheet, sections: PrintedSection[]): void {
	const told = sections.filter(({ statements }) => statements.length > 0);
	if (told.length === 0) return;
	section(sheet, 'Findings', () => {
		for (const { title, statements } of told) {
			const text = statements.map((statement) => statement.text).join(' ');
			const indent = 110;
			const height = sheet.heightOf(text, sheet.width - indent, {});
			sheet.need(height);
			const y = sheet.y;
			sheet.tag('H3', () => sheet.text(title, sheet.left, y, indent - 8, { size: 9, weight: 700 }));
			sheet.tag('P', () => sheet.text(text, sheet.left + indent, y, sheet.width - indent, {}));
			sheet.y =
				y + Math.max(height, sheet.heightOf(title, indent - 8, { size: 9, weight: 700 })) + 3;
		}
	});
}

const columns = [
	{ key: 'label', title: '', share: 0.31, align: 'left' },
	{ key: 'value', title: 'Value', share: 0.12, align: 'right' },
	{ key: 'unit', title: '', share: 0.11, align: 'left' },
	{ key: 'flag', title: '', share: 0.14, align: 'left' },
	{ key: 'range', title: 'Normal', share: 0.15, align: 'right' },
	{ key: 'prior', title: 'Prior', share: 0.17, align: 'right' }
] as const;

const rowHeight = 12.5;

/** Tables in two columns, each section kept together while a page has room for it. */
function measurements(sheet: Sheet, sections: PrintedSection[]): void {
	const tables = sections
		.map((item) => ({ ...item, values: item.values.filter((value) => value.value !== '') }))
		.filter(({ values }) => values.length > 0);
	if (tables.length === 0) return;
	section(sheet, 'Measurements', () => {
		const gap = 16;
		const width = (sheet.width - gap) / 2;
		const x = [sheet.left, sheet.left + width + gap] as const;
		let y: [number, number] = [sheet.y, sheet.y];
		const onNewPage = () => {
			sheet.newPage();
			y = [sheet.y, sheet.y];
		};
		for (const table of tables) {
			let rows = table.values;
			let continued = false;
			while (rows.length > 0) {
				const column = y[0] <= y[1] ? 0 : 1;
				const room = Math.floor((sheet.bottom - y[column]) / rowHeight) - 1;
				const whole = rows.length <= room;
				// A table longer than a page is split; a shorter one waits for the next page.
				const fitsAPage = rows.length <= Math.floor((sheet.bottom - 78) / rowHeight) - 1;
				if (room < 3 || (!whole && fitsAPage)) {
					const other = column === 0 ? 1 : 0;
					const otherRoom = Math.floor((sheet.bottom - y[other]) / rowHeight) - 1;
					if (otherRoom >= rows.length) y[column] = sheet.bottom;
					else onNewPage();
					continue;
				}
				const part = rows.slice(0, room);
				rows = rows.slice(part.length);
				const title = continued ? `${table.title} (continued)` : table.title;
				drawTable(sheet, x[column], y[column], width, title, part);
				y[column] += (part.length + 1) * rowHeight + 8;
				continued = true;
			}
		}
		sheet.y = Math.max(...y);
	});
}

function drawTable(
	sheet: Sheet,
	x: number,
	y: number,
	width: number,
	title: string,
	rows: PrintedValue[]
): void {
	let from = x;
	const places = columns.map((column) => {
		const place = { ...column, x: from, width: column.share * width - 4 };
		from += column.share * width;
		return place;
	});
	sheet.artifact(() => {
		sheet.doc.rect(x, y - 1.5, width, rowHeight).fill(inks.panel);
		rows.forEach((_, index) => {
			const line = y + (index + 2) * rowHeight - 2;
			sheet.doc
				.moveTo(x, line)
				.lineTo(x + width, line)
				.lineWidth(0.3)
				.stroke(inks.line);
		});
	});
	sheet.group('Table', () => {
		sheet.group('TR', () => {
			for (const place of places) {
				const text = place.key === 'label' ? title : place.title;
				const style = { size: 7.5, weight: 700 as const, align: place.align, color: inks.muted };
				const room = place.key === 'label' ? place.width : place.width;
				sheet.tag(
					'TH',
					() =>
						fitted(sheet, text, place.x + 2, y + 0.5, room, {
							...style,
							size: place.key === 'label' ? 8 : 7.5
						}),
					{ scope: 'Column' }
				);
			}
		});
		rows.forEach((row, index) => {
			const top = y + (index + 1) * rowHeight;
			const color = severityInk[row.severity] ?? inks.ink;
			const weight = row.flag ? 700 : 400;
			const cells = {
				label: row.unconfirmed ? `${row.label} *` : row.label,
				value: row.value,
				unit: row.unit,
				flag: shortFlag(row),
				range: row.range,
				prior: row.prior ? `${row.prior} (${row.change})` : ''
			};
			// A coded value has no range, flag or prior: it may use their room.
			const wide = row.unit === '' && row.range === '' && row.prior === '';
			sheet.group('TR', () => {
				for (const place of places) {
					const text = cells[place.key];
					if (wide && place.key !== 'label' && place.key !== 'value') continue;
					const style = {
						size: 8,
						align: wide ? ('left' as const) : place.align,
						color:
							place.key === 'value' || place.key === 'flag'
								? color
								: place.key === 'label'
									? inks.ink
									: inks.muted,
						weight:
							place.key === 'value' || place.key === 'flag' ? (weight as 400 | 700) : (400 as const)
					};
					const room = wide && place.key === 'value' ? x + width - place.x - 4 : place.width;
					sheet.tag(
						place.key === 'label' ? 'TH' : 'TD',
						() => fitted(sheet, text, place.x + 2, top, room, style),
						place.key === 'label' ? { scope: 'Row' } : {}
					);
				}
			});
		});
	});
}

/** One line, made narrower rather than cut: a value must never lose a digit. */
function fitted(
	sheet: Sheet,
	text: string,
	x: number,
	y: number,
	width: number,
	style: { size: number; align: 'left' | 'right'; color: string; weight?: 400 | 700 }
): void {
	if (text === '') return;
	const natural = sheet.widthOf(text, style);
	const size = natural > width ? Math.max(4.5, (style.size * width) / natural - 0.05) : style.size;
	sheet.text(text, x, y + (style.size - size) / 2, width + 2, { ...style, size, lineGap: 0 });
}

function shortFlag(row: PrintedValue): string {
	if (!row.flag) return '';
	// Triangles: the arrows of the screen are in none of the embedded fonts.
	const arrow = row.side === 'low' ? '▼' : '▲';
	const word = { mild: 'mild', moderate: 'mod.', severe: 'severe', abnormal: 'abn.' }[row.severity];
	return `${arrow} ${word ?? row.severity}`;
}

function comments(sheet: Sheet, { body }: VersionContent): void {
	if (!body.comments) return;
	section(sheet, 'Comments', () => sheet.paragraph('P', body.comments, {}));
}

function keyImages(sheet: Sheet, { body }: VersionContent, { images }: PdfOptions): void {
	if (body.keyImages.length === 0) return;
	section(sheet, 'Key images', () => {
		const gap = 12;
		const width = (sheet.width - gap) / 2;
		const height = width * 0.72;
		for (let start = 0; start < body.keyImages.length; start += 2) {
			sheet.need(height + 22);
			const y = sheet.y;
			body.keyImages.slice(start, start + 2).forEach((image, column) => {
				const x = sheet.left + column * (width + gap);
				const bytes = images.get(`${image.sopInstanceUid}/${image.frame ?? 1}`);
				const caption = image.frame ? `${image.caption}, frame ${image.frame}` : image.caption;
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
					{ alt: caption }
				);
				const text = bytes ? caption : `${caption} (image could not be fetched at signing)`;
				sheet.tag('Caption', () => sheet.text(text, x, y + height + 3, width, { size: 8 }));
			});
			sheet.y = y + height + 20;
		}
	});
}

function grades(sheet: Sheet, sections: PrintedSection[]): void {
	const all = sections.flatMap((item) => item.grades);
	if (all.length === 0) return;
	section(sheet, 'Grading used', () => {
		for (const grade of all) {
			const unconfirmed = grade.unconfirmed ? ' (criterion unconfirmed)' : '';
			sheet.paragraph('P', `${grade.title}: ${grade.text}${unconfirmed}. ${grade.citation}`, {
				size: 8
			});
		}
	});
}

function signatureBlock(sheet: Sheet, { body, signature, ...version }: VersionContent): void {
	sheet.need(58);
	const y = sheet.y + 4;
	sheet.rule(y);
	sheet.y = y + 6;
	sheet.group('Sect', () => {
		const name = [signature.printedName, signature.credentials].filter(Boolean).join(', ');
		sheet.paragraph('P', `Signed electronically by ${name}`, { size: 10.5, weight: 700 });
		sheet.paragraph(
			'P',
			`${dateTimeText(signature.at, body.practice.timeZone)} (${signature.at} UTC) · meaning: ${signature.meaning}`,
			{ size: 8.5 }
		);
		sheet.paragraph(
			'P',
			`Report ${version.reportId}, version ${version.number}, content ${version.bodyHash}`,
			small
		);
	});
	sheet.y += 6;
}

function references(sheet: Sheet, { body }: VersionContent): void {
	const cited = Object.values(body.sources);
	const unconfirmed = body.sections.some((item) => item.values.some((value) => value.unconfirmed));
	if (cited.length === 0) return;
	section(sheet, 'Reference values', () => {
		if (unconfirmed) {
			sheet.paragraph('P', '* range or formula not yet confirmed against its publication', small);
		}
		sheet.paragraph('P', cited.map(({ short }) => short).join('; '), small);
	});
}

function footers(sheet: Sheet, { body, ...version }: VersionContent, options: PdfOptions): void {
	const range = sheet.doc.bufferedPageRange();
	for (let index = 0; index < range.count; index++) {
		sheet.doc.switchToPage(range.start + index);
		sheet.artifact(() => {
			const y = sheet.doc.page.height - 40;
			sheet.doc
				.moveTo(sheet.left, y - 5)
				.lineTo(sheet.right, y - 5)
				.lineWidth(0.5)
				.stroke(inks.line);
			sheet.text(
				body.practice.footer || body.practice.name,
				sheet.left,
				y,
				sheet.width - 130,
				small
			);
			sheet.text(
				`Version ${version.number} · page ${index + 1} of ${range.count}`,
				sheet.right - 130,
				y,
				130,
				{ ...small, align: 'right' }
			);
			if (options.copyMark) {
				sheet.text(options.copyMark, sheet.left, y + 12, sheet.width, {
					...small,
					color: inks.accent
				});
			}
		}, 'Pagination');
	}
}
