import { ExpressionError, parseExpression } from './expression.ts';
import { inferType } from './infer.ts';
import type { Inferred, TypeOf } from './infer.ts';
import type { Located, Path, Problem } from './source-files.ts';

/** Makes a problem out of a place and words; runs a check and turns what it throws into one. */
export function reporter(located: Located<unknown>, problems: Problem[]) {
	const report = (path: Path, what: string, remedy: string) => {
		problems.push({ file: located.file, line: located.line(path), what, remedy });
	};
	const infer = (path: Path, text: string, typeOf: TypeOf, checkUnits = true): Inferred | null => {
		try {
			return inferType(parseExpression(text), typeOf, checkUnits);
		} catch (error) {
			if (!(error instanceof ExpressionError)) throw error;
			report(path, `"${text}": ${error.message}`, 'docs/worksheet-spec.md, "Expressions".');
			return null;
		}
	};
	const condition = (path: Path, text: string, typeOf: TypeOf) => {
		const type = infer(path, text, typeOf);
		if (type && type.type !== 'boolean') {
			report(path, `"${text}" is a ${type.type}, not a condition`, 'Write a comparison.');
		}
	};
	return { report, infer, condition };
}
