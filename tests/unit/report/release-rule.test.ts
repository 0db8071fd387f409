import { describe, expect, it } from 'vitest';
import { releaseByRule, type ReleaseRule } from '$lib/report/release-rule.ts';

const signedAt = new Date('2026-03-02T10:00:00Z');
const rule = (parts: Partial<ReleaseRule> = {}): ReleaseRule => ({
	patientReleaseAfterHours: 48,
	release: { holdSevere: true },
	...parts
});
const final = { kind: 'final' as const, signedAt, isSevere: false };

describe('the rule of release', () => {
	it('releases a final report after the hours of the practice', () => {
		expect(releaseByRule(rule(), final)).toEqual({
			held: false,
			visibleFrom: new Date('2026-03-04T10:00:00Z'),
			reason: 'rule: 48 h after signing'
		});
		expect(releaseByRule(rule({ patientReleaseAfterHours: 0 }), final)?.visibleFrom).toEqual(
			signedAt
		);
	});

	it('decides nothing where a physician releases by hand, and never about a preliminary', () => {
		expect(releaseByRule(rule({ patientReleaseAfterHours: null }), final)).toBeNull();
		expect(releaseByRule(rule(), { ...final, kind: 'preliminary' })).toBeNull();
	});

	it('holds severe findings, unless the practice does not want that', () => {
		const severe = { ...final, isSevere: true };
		expect(releaseByRule(rule(), severe)).toMatchObject({ held: true, visibleFrom: null });
		const release = { holdSevere: false };
		expect(releaseByRule(rule({ release }), severe)).toMatchObject({ held: false });
	});

	it('lets an addendum come as late as a report would, also one with severe findings', () => {
		const addendum = { kind: 'addendum' as const, signedAt, isSevere: true };
		expect(releaseByRule(rule(), addendum)).toMatchObject({
			held: false,
			visibleFrom: new Date('2026-03-04T10:00:00Z')
		});
	});
});
