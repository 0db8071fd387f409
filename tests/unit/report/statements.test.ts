import { describe, expect, it } from 'vitest';
import type { StatementDecision } from '$lib/collab/report-doc.ts';
import { decideStatements } from '$lib/report/body.ts';
import type { Statement } from '$lib/worksheet/evaluation.ts';

const proposed = (id: string, text: string): Statement => ({
	id,
	section: 'lv',
	text,
	slots: {},
	because: [],
	conclusion: false,
	unconfirmed: false,
	abnormal: false,
	order: 1
});
const decision = (
	what: StatementDecision['decision'],
	text: string | null = null,
	at = '2026-01-01T00:00:00Z'
): StatementDecision => ({
	decision: what,
	text,
	section: 'lv',
	oneClickNormal: false,
	by: 'u',
	at
});

describe('statements', () => {
	it('stand as the rule wrote them until somebody decides', () => {
		expect(decideStatements([proposed('a', 'Normal.')], {}).map((s) => s.text)).toEqual([
			'Normal.'
		]);
	});

	it('that a reader took out stay out', () => {
		expect(decideStatements([proposed('a', 'Normal.')], { a: [decision('exclude')] })).toEqual([]);
	});

	it('keep a reader’s words when the rule changes its own', () => {
		const decisions = { a: [decision('edit', 'Nearly normal.')] };
		expect(decideStatements([proposed('a', 'Rule v2.')], decisions)[0]).toMatchObject({
			text: 'Nearly normal.',
			edited: true
		});
	});

	it('that a reader edited stay when the rule no longer proposes them', () => {
		const decisions = { a: [decision('edit', 'Nearly normal.')] };
		expect(decideStatements([], decisions).map((s) => s.text)).toEqual(['Nearly normal.']);
	});

	it('follow the latest of several decisions', () => {
		const decisions = {
			a: [
				decision('exclude', null, '2026-01-01T00:00:00Z'),
				decision('include', null, '2026-01-02T00:00:00Z')
			]
		};
		expect(decideStatements([proposed('a', 'Normal.')], decisions)).toHaveLength(1);
	});
});
