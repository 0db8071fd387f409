import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
	bracketMatching,
	foldGutter,
	HighlightStyle,
	indentOnInput,
	indentUnit,
	syntaxHighlighting
} from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import {
	drawSelection,
	EditorView,
	highlightActiveLine,
	highlightActiveLineGutter,
	keymap,
	lineNumbers
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Problem } from '../../source-files.ts';

export interface CodeEditorInput {
	text: string;
	label: string;
	/** Every change, also by undo. */
	onchange: (text: string) => void;
}

/** The engine of the text editor. Its owner attaches it to an element and disposes of it. */
export class CodeEditor {
	readonly #view: EditorView;

	constructor(parent: Element, { text, label, onchange }: CodeEditorInput) {
		this.#view = new EditorView({
			parent,
			state: EditorState.create({
				doc: text,
				extensions: [
					lineNumbers(),
					foldGutter(),
					lintGutter(),
					history(),
					drawSelection(),
					indentUnit.of('  '),
					indentOnInput(),
					bracketMatching(),
					highlightActiveLine(),
					highlightActiveLineGutter(),
					highlightSelectionMatches(),
					yaml(),
					syntaxHighlighting(colours),
					EditorView.contentAttributes.of({ 'aria-label': label }),
					// Tab indents; Escape, then Tab leaves the editor, as CodeMirror's own help says.
					keymap.of([
						...defaultKeymap,
						...historyKeymap,
						...searchKeymap,
						...lintKeymap,
						indentWithTab
					]),
					EditorView.updateListener.of((update) => {
						if (update.docChanged) onchange(update.state.doc.toString());
					}),
					look
				]
			})
		});
	}

	/** Replaces the whole text as one step that can be undone. */
	replace(text: string): void {
		const { state } = this.#view;
		if (state.doc.toString() === text) return;
		this.#view.dispatch({ changes: { from: 0, to: state.doc.length, insert: text } });
	}

	/** Marks lines; a problem of another file stands at the first line and names it. */
	show(problems: readonly Problem[], ownFile: string): void {
		const { doc } = this.#view.state;
		const diagnostics = problems.map(({ file, line, what, remedy }) => {
			const isOwn = file === ownFile;
			const place = doc.line(isOwn ? Math.min(Math.max(1, line), doc.lines) : 1);
			const message = `${isOwn ? '' : `${file}:${line}: `}${what}. ${remedy}`;
			return { from: place.from, to: place.to, severity: 'error' as const, message };
		});
		this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
	}

	goTo(line: number): void {
		const { doc } = this.#view.state;
		const { from } = doc.line(Math.min(Math.max(1, line), doc.lines));
		this.#view.dispatch({
			selection: { anchor: from },
			effects: EditorView.scrollIntoView(from, { y: 'center' })
		});
		this.#view.focus();
	}

	destroy(): void {
		this.#view.destroy();
	}
}

const colours = HighlightStyle.define([
	{ tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
	{ tag: tags.comment, color: 'var(--faint)', fontStyle: 'italic' },
	{ tag: [tags.string, tags.special(tags.string)], color: 'var(--positive)' },
	{ tag: [tags.number, tags.bool, tags.null], color: 'var(--moderate)' },
	{ tag: [tags.separator, tags.punctuation], color: 'var(--muted)' }
]);

const look = EditorView.theme({
	'&': { height: '100%', fontSize: '13px', backgroundColor: 'var(--panel)', color: 'var(--ink)' },
	'&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
	'.cm-scroller': { fontFamily: 'ui-monospace, monospace', lineHeight: '20px' },
	'.cm-gutters': {
		backgroundColor: 'var(--panel)',
		color: 'var(--faint)',
		border: 'none',
		borderRight: '1px solid var(--line)'
	},
	'.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
	'.cm-cursor': { borderLeftColor: 'var(--ink)' },
	'&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
		backgroundColor: 'var(--accent-soft) !important'
	},
	'.cm-tooltip, .cm-panels': {
		backgroundColor: 'var(--raised)',
		color: 'var(--ink)',
		border: '1px solid var(--line)'
	}
});
