import * as Y from 'yjs';
import type { DocState } from '../report/context.ts';
import type { KeyImage } from '../report/version.ts';
import type { Entry } from '../worksheet/entry.ts';
import {
	commentsText,
	conclusionText,
	type Annotation,
	type StatementDecision
} from './report-doc.ts';

/** Values of a flat map whose keys are `name/id`, by name; ordered by id, so that replicas agree. */
function byName<T>(map: Y.Map<unknown>, prefix = ''): Record<string, T[]> {
	const out: Record<string, T[]> = {};
	for (const key of [...map.keys()].sort()) {
		if (!key.startsWith(prefix)) continue;
		const name = key.slice(prefix.length, key.lastIndexOf('/'));
		(out[name] ??= []).push(map.get(key) as T);
	}
	return out;
}

/** What a report's body is built from. Plain values: nothing in it changes with the document. */
export function readDocState(doc: Y.Doc): DocState {
	const interpretation = doc.getMap('interpretation');
	const keyImages = [...interpretation.keys()]
		.filter((key) => key.startsWith('key-image/'))
		.sort()
		.map((key) => interpretation.get(key) as KeyImage & { order?: number })
		.sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
		.map(({ studyUid, seriesUid, sopInstanceUid, sopClassUid, frame, caption }) => ({
			studyUid,
			seriesUid,
			sopInstanceUid,
			sopClassUid,
			frame,
			caption
		}));
	return {
		entries: byName<Entry>(doc.getMap('fields')),
		decisions: byName<StatementDecision>(interpretation, 'statement/'),
		conclusion: doc.getText(conclusionText).toString(),
		comments: doc.getText(commentsText).toString(),
		keyImages,
		annotations: [...doc.getMap('annotations').values()] as Annotation[]
	};
}
