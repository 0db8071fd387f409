import PDFDocument from 'pdfkit';
import { FontBook, type Weight } from './fonts.ts';

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
	panel: '#f3f5f8',
	mild: '#7a5200',
	moderate: '#9a3b00',
	severe: '#a3121c',
	accent: '#17507f'
} as const;

export interface TextStyle {
	size?: number;
	weight?: Weight;
	color?: string;
	align?: 'left' | 'right' | 'center';
	lineGap?: number;
}

/**
 * A tagged sheet with a cursor: text with font fallback, structure elements, and page breaks that
 * are ours, so that a block is never torn from its heading and no tag spans pages.
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

	heightOf(text: string, width: number, style: TextStyle = {}): number {
		const { size = 9.5, weight = 400, lineGap = 1 } = style;
		this.doc.font(this.fonts.base(weight)).fontSize(size);
		return this.doc.heightOfString(text, { width, lineGap });
	}

	widthOf(text: string, style: TextStyle = {}): number {
		const { size = 9.5, weight = 400 } = style;
		return this.fonts
			.runs(text, weight)
			.reduce(
				(sum, run) => sum + this.doc.font(run.font).fontSize(size).widthOfString(run.text),
				0
			);
	}

	/** Draws at a place without moving the cursor; wraps inside `width`. */
	text(text: string, x: number, y: number, width: number, style: TextStyle = {}): void {
		const { size = 9.5, weight = 400, color = inks.ink, align = 'left', lineGap = 1 } = style;
		const runs = this.fonts.runs(text, weight);
		this.doc.fillColor(color).fontSize(size);
		runs.forEach((run, index) => {
			const continued = index < runs.length - 1;
			const options = { width, align, lineGap, continued, lineBreak: true };
			this.doc.font(run.font);
			if (index === 0) this.doc.text(run.text, x, y, options);
			else this.doc.text(run.text, options);
		});
	}

	/** A paragraph at the cursor, broken to the next page as a whole. */
	paragraph(type: string, text: string, style: TextStyle = {}, indent = 0): void {
		const width = this.width - indent;
		const height = this.heightOf(text, width, style);
		this.need(height);
		const y = this.y;
		this.tag(type, () => this.text(text, this.left + indent, y, width, style));
		this.y = y + height;
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
