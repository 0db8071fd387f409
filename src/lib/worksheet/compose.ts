/** Which sections a worksheet is made of: its frame, those of its base, and its own. Rules W5–W8. */
import type { RawTemplate, RawWorksheet, SectionUse } from './file-schemas.ts';
import type { Library } from './read-library.ts';
import type { Located, Path, Problem } from './source-files.ts';
import { instantiate, narrowed } from './template.ts';
import type { SectionInstance } from './template.ts';

export interface Part {
	/** Path below `sections/`; null for a section that stands in the worksheet itself. */
	path: string | null;
	/** Belongs to the frame: indication, technique, comparison and what follows the findings. */
	framed: boolean;
	section: SectionInstance;
}

/** The sections of a worksheet in the order of the sheet, and what is wrong with their choice. */
export function partsOf(
	library: Library,
	sheet: Located<RawWorksheet>
): { parts: Part[]; problems: Problem[] } {
	const problems: Problem[] = [];
	const { before, own, after } = usesOf(library, sheet, [], problems);
	const make = (framed: boolean) => (place: Place) =>
		partOf(library, sheet, place, framed, problems);
	const parts = [
		...before.flatMap(make(true)),
		...own.flatMap(make(false)),
		...after.flatMap(make(true))
	];
	const { without } = sheet.value;
	if (without.length === 0) return { parts, problems };
	const left = parts.map((part) => ({
		...part,
		section: narrowed(part.section, { use: '', with: {}, without })
	}));
	return { parts: left, problems };
}

interface Place {
	use: SectionUse;
	at: Path;
}

interface Uses {
	before: Place[];
	own: Place[];
	after: Place[];
}

const none: Uses = { before: [], own: [], after: [] };

function usesOf(
	library: Library,
	sheet: Located<RawWorksheet>,
	seen: readonly string[],
	problems: Problem[]
): Uses {
	const { value } = sheet;
	const report = (path: Path, what: string, remedy: string) =>
		problems.push({ file: sheet.file, line: sheet.line(path), what, remedy });
	const own = value.sections.map((use, index) => ({ use, at: ['sections', index] }));
	let base = none;
	if (value.extends !== undefined) {
		const parent = library.worksheets.get(value.extends);
		if (!parent || seen.includes(value.extends)) {
			const what = parent ? 'extends itself' : `there is no worksheet "${value.extends}"`;
			report(['extends'], `${value.id}: ${what}`, 'Correct the id.');
		} else base = usesOf(library, parent, [...seen, value.id], problems);
	}
	const kept = base.own.filter(({ use }) => !value.drop.includes(pathOf(use) ?? ''));
	value.drop.forEach((path, index) => {
		if (base.own.some(({ use }) => pathOf(use) === path)) return;
		report(['drop', index], `${value.id}: its base has no section "${path}"`, 'Correct the path.');
	});
	const frame = value.frame === undefined ? null : library.frames.get(value.frame);
	if (frame === undefined) {
		report(['frame'], `${value.id}: there is no frame "${value.frame}"`, 'See frames.yaml.');
	}
	const framed = (uses: readonly SectionUse[]) => uses.map((use) => ({ use, at: ['frame'] }));
	return {
		before: frame ? framed(frame.before) : base.before,
		// A section that the variant names again replaces the one of its base.
		own: [...kept.filter(({ use }) => !own.some((each) => isSame(each.use, use))), ...own].map(
			({ use }, index) => own.find((each) => each.use === use) ?? { use, at: ['extends', index] }
		),
		after: frame ? framed(frame.after) : base.after
	};
}

function isSame(a: SectionUse, b: SectionUse): boolean {
	const path = pathOf(a);
	return (
		path !== null && path === pathOf(b) && JSON.stringify(withOf(a)) === JSON.stringify(withOf(b))
	);
}

function pathOf(use: SectionUse): string | null {
	if (typeof use === 'string') return use;
	return 'use' in use ? use.use : null;
}

function withOf(use: SectionUse): Record<string, unknown> {
	return typeof use === 'object' && 'use' in use ? use.with : {};
}

function partOf(
	library: Library,
	sheet: Located<RawWorksheet>,
	{ use, at }: Place,
	framed: boolean,
	problems: Problem[]
): Part[] {
	const path = pathOf(use);
	const template =
		typeof use === 'object' && 'section' in use
			? inline(sheet, use.section, at)
			: library.sections.get(path ?? '');
	if (!template) {
		const what = `${sheet.value.id}: there is no section "${path}"`;
		problems.push({
			file: sheet.file,
			line: sheet.line(at),
			what,
			remedy: 'See the folder sections/.'
		});
		return [];
	}
	const { section, problems: found } = instantiate(template, withOf(use));
	// A fault of the section is told where it stands; a wrong parameter where it was given.
	problems.push(...found);
	return section ? [{ path, framed, section: narrowed(section, use) }] : [];
}

const inlines = new WeakMap<object, Located<RawTemplate>>();

function inline(sheet: Located<RawWorksheet>, value: RawTemplate, at: Path) {
	const before = inlines.get(value);
	if (before) return before;
	const line = (path: Path = []) => sheet.line([...at, 'section', ...path]);
	const located = { value, file: sheet.file, line };
	inlines.set(value, located);
	return located;
}
