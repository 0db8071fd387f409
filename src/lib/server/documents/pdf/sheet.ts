import PDFDocument from 'pdfkit';
import { FontBook, type Run, type Weight } from './fonts.ts';
import { breakLines, visualOrder, type Line } from './lines.ts';

export type Doc = InstanceType<typeof PDFDocument>;
export type Structure = ReturnType<Doc['struct']>;

/** Everything in points; 72 points an inch. */
export const paper = {
	a4: { width: 595.28, height: 841.89 },
	letter: { width: 612, height: 792 }
} as const;

export const inks = {
	ink: '#14181f',
	muted: '#566070',
	line: '#cfd6df',
	faintLine: '#e4e8ee',
	panel: '#f3f5f8',
	mild: '#7a5200',
	moderate: '#9a3b00',
	severe: '#a3121c',
	severePanel: '#fdf0f0',
	accent: '#17507f'
} as const;

export interface TextStyle {
	size?: number;
	weight?: Weight;
	color?: string;
	align?: 'left' | 'right' | 'center';
	lineGap?: number;
}

/** Of the text face, in ems: every script stands on the same baseline, whatever face it is set in. */
const ascent = 1.069;
const lineHeight = 1.362;

/**
 * A tagged sheet with a cursor: text with font fallback, structure elements, and page breaks that
 * are ours, so that a block is never torn from its heading and every page has its header.
 */
export class Sheet {
	readonly doc: Doc;
	readonly fonts: FontBook;
	readonly left: number;
	readonly right: number;
	readonly bottom: number;
	y: number;
	#onPage: (sheet: Sheet) => number;
	#parent: Structure;

	constructor(
		doc: Doc,
		margins: { left: number; right: number; bottom: number },
		onPage: (sheet: Sheet) => number
	) {
		this.doc = doc;
		this.fonts = new FontBook(doc);
		this.left = margins.left;
		this.right = doc.page.width - margins.right;
		this.bottom = doc.page.height - margins.bottom;
		this.#parent = doc.struct('Document');
		doc.addStructure(this.#parent);
		this.#onPage = onPage;
		this.y = onPage(this);
	}

	get width(): number {
		return this.right - this.left;
	}

	newPage(): void {
		this.doc.addPage();
		this.y = this.#onPage(this);
	}

	/** Starts a new page unless `height` points are left. Answers whether it did. */
	need(height: number): boolean {
		if (this.y + height <= this.bottom) return false;
		this.newPage();
		return true;
	}

	/** Children of a structure element are drawn inside it, in reading order. */
	group(type: string, draw: () => void): void {
		const outer = this.#parent;
		const inner = this.doc.struct(type);
		outer.add(inner);
		this.#parent = inner;
		draw();
		this.#parent = outer;
		inner.end();
	}

	/** Content under one tag. It must not reach over a page break. */
	tag(type: string, draw: () => void, options: { alt?: string; scope?: string } = {}): void {
		this.#parent.add(this.doc.struct(type, options as object, draw));
	}

	/** Content that is no part of the text: lines, fills, repeated headers. */
	artifact(draw: () => void, type: 'Layout' | 'Pagination' = 'Layout'): void {
		this.doc.markContent('Artifact', { type });
		draw();
		this.doc.endMarkedContent();
	}

	lineHeight({ size = 9.5, lineGap = 1 }: TextStyle = {}): number {
		return size * lineHeight + lineGap;
	}

	lines(text: string, width: number, style: TextStyle = {}): Line[] {
		return breakLines(text, width, (part) => this.widthOf(part, style));
	}

	heightOf(text: string, width: number, style: TextStyle = {}): number {
		return this.lines(text, width, style).length * this.lineHeight(style);
	}

	widthOf(text: string, style: TextStyle = {}): number {
		const { size = 9.5, weight = 400 } = style;
		return this.fonts.runs(text, weight).reduce((sum, run) => sum + this.#widthOfRun(run, size), 0);
	}

	#widthOfRun({ text, font, raised }: Run, size: number): number {
		return this.doc
			.font(font)
			.fontSize(raised ? size * 0.65 : size)
			.widthOfString(text);
	}

	/** Draws at a place without moving the cursor; wraps inside `width`. */
	text(text: string, x: number, y: number, width: number, style: TextStyle = {}): void {
		this.#draw(this.lines(text, width, style), x, y, width, style);
	}

	#draw(lines: readonly Line[], x: number, y: number, width: number, style: TextStyle): void {
		const { size = 9.5, weight = 400, color = inks.ink, align = 'left' } = style;
		this.doc.fillColor(color);
		lines.forEach((line, index) => {
			const runs = visualOrder(line).flatMap((part) => this.fonts.runs(part, weight));
			const widths = runs.map((run) => this.#widthOfRun(run, size));
			const spare = width - widths.reduce((sum, one) => sum + one, 0);
			const baseline = y + index * this.lineHeight(style) + size * ascent;
			let from = x + (align === 'right' ? spare : align === 'center' ? spare / 2 : 0);
			runs.forEach((run, i) => {
				this.doc
					.font(run.font)
					.fontSize(run.raised ? size * 0.65 : size)
					.text(run.text, from, run.raised ? baseline - size * 0.35 : baseline, {
						lineBreak: false,
						baseline: 'alphabetic'
					});
				from += widths[i] ?? 0;
			});
		});
	}

	/** A paragraph at the cursor. */
	paragraph(type: string, text: string, style: TextStyle = {}, indent = 0): void {
		this.flow([{ type, text, x: this.left + indent, width: this.width - indent, style }]);
	}

	/**
	 * Blocks side by side at the cursor, each under its own tag, carried over as many pages as the
	 * longest needs. What fits a page is not torn; of what is torn, two lines stay together.
	 */
	flow(
		blocks: { type: string; text: string; x: number; width: number; style?: TextStyle }[]
	): void {
		const parts = blocks.map(({ type, text, x, width, style = {} }) => {
			const element = this.doc.struct(type);
			this.#parent.add(element);
			return { element, x, width, style, left: this.lines(text, width, style) };
		});
		const heightOf = ({ left, style }: (typeof parts)[number]) =>
			left.length * this.lineHeight(style);
		const whole = Math.max(...parts.map(heightOf));
		const twoLines = Math.max(
			...parts.map(({ left, style }) => Math.min(2, left.length) * this.lineHeight(style))
		);
		// A short block moves as a whole; a long one begins where it is.
		this.need(whole <= 6 * 14 ? whole : twoLines);
		for (;;) {
			let used = 0;
			for (const part of parts) {
				if (part.left.length === 0) continue;
				const height = this.lineHeight(part.style);
				const room = Math.max(1, Math.floor((this.bottom - this.y + 0.01) / height));
				const now = part.left.splice(0, room);
				if (part.left.length === 1 && now.length > 2) part.left.unshift(...now.splice(-1));
				part.element.add(() => this.#draw(now, part.x, this.y, part.width, part.style));
				used = Math.max(used, now.length * height);
			}
			if (parts.every(({ left }) => left.length === 0)) {
				this.y += used;
				break;
			}
			this.newPage();
		}
		for (const { element } of parts) element.end();
	}

	rule(y: number, color: string = inks.line): void {
		this.artifact(() => {
			this.doc.moveTo(this.left, y).lineTo(this.right, y).lineWidth(0.5).stroke(color);
		});
	}

	end(): void {
		this.#parent.end();
	}
}
