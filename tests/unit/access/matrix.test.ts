import { describe, expect, it } from 'vitest';
import { actions, type Action } from '$lib/access/actions.ts';
import { conditions } from '$lib/access/conditions.ts';
import { cellOf, columns, matrix } from '$lib/access/policy.ts';

/**
 * The rules once more, as a person writes them. A cell that changes in the code without changing here
 * fails. Columns: practice admin, physician, fellow, sonographer, referrer, share link, patient, user
 * of another practice, nobody.
 */
const written = `
list / search studies                          | c1  | A   | A   | A   | c2  | D  | c3  | D | D | study.list
view images, play cine                         | D   | A   | A   | A   | c2  | c4 | c3  | D | D | study.view-images
read a draft                                   | D   | A   | A   | A   | D   | D  | D   | D | D | report.read-draft
read a physician-released preliminary          | D   | A   | A   | A   | c2  | c4 | D   | D | D | report.read-preliminary
read a final report and its addenda            | D   | A   | A   | A   | c2  | c4 | c3  | D | D | report.read-final
edit worksheet values and saved measurements   | D   | A   | A   | c5  | D   | D  | D   | D | D | report.edit-values
save an annotation                             | D   | A   | A   | c5  | D   | D  | D   | D | D | report.annotate
edit interpretation / conclusion               | D   | A   | c6  | D   | D   | D  | D   | D | D | report.edit-interpretation
propose a value to the reader                  | D   | A   | A   | A   | D   | D  | D   | D | D | report.propose
send to read                                   | D   | A   | A   | A   | D   | D  | D   | D | D | report.send-to-read
measure without saving                         | D   | A   | A   | A   | c2  | c4 | D   | D | D | report.measure
comment, request an addendum                   | D   | A   | A   | A   | c2  | c4 | D   | D | D | report.comment
invite a room guest, answer a consult          | D   | A   | A   | D   | D   | D  | D   | D | D | guest.invite
upload outside studies                         | A   | A   | A   | A   | c2  | c4 | c3  | D | D | study.upload
claim and assign                               | A   | A   | A   | A   | D   | D  | D   | D | D | study.assign
match orders, accept uploads, merge patients   | A   | A   | D   | A   | D   | D  | D   | D | D | order.match
read worksheets                                | A   | A   | A   | A   | D   | D  | D   | D | D | worksheet.read
author and publish worksheets                  | A   | A   | D   | D   | D   | D  | D   | D | D | worksheet.author
use macros and presets                         | A   | A   | A   | A   | D   | D  | D   | D | D | macro.read
change one's own macros and presets            | own | own | own | own | D   | D  | D   | D | D | macro.change-own
change those of a reading group                | A   | member | D | D  | D   | D  | D   | D | D | macro.change-group
change those of the practice                   | A   | D   | D   | D   | D   | D  | D   | D | D | macro.change-practice
make reading groups                            | A   | D   | D   | D   | D   | D  | D   | D | D | reading-group.manage
release a preliminary                          | D   | A   | c17 | D   | D   | D  | D   | D | D | report.release-preliminary
sign final                                     | D   | c7  | D   | D   | D   | D  | D   | D | D | report.sign-final
sign with meaning performed or drafted         | D   | A   | A   | A   | D   | D  | D   | D | D | report.sign-own-part
record who was told of a critical result       | D   | A   | A   | A   | D   | D  | D   | D | D | report.record-communication
addend / amend a final                         | D   | c7  | D   | D   | D   | D  | D   | D | D | report.amend
create a share link                            | c8  | A   | c8  | c8  | D   | D  | c9  | D | D | grant.create
list share links                               | A   | A   | own | own | D   | D  | own | D | D | grant.list
revoke share links                             | A   | A   | own | own | D   | D  | own | D | D | grant.revoke
release to patient, hold, early release        | D   | c10 | D   | D   | D   | D  | D   | D | D | release.decide
export PDF / images / SR of one study          | D   | A   | A   | A   | c2  | c4 | c3  | D | D | report.export
bulk export, anonymised export                 | c11 | c11 | D   | D   | D   | D  | D   | D | D | report.bulk-export
see presence in a draft                        | D   | A   | A   | A   | D   | D  | D   | D | D | report.see-presence
read audit log                                 | A   | c12 | D   | D   | D   | D  | c13 | D | D | audit.read
who opened my record, who opened what I signed | D   | c12 | D   | D   | D   | D  | c13 | D | D | audit.read-own
manage users and roles                         | c14 | D   | D   | D   | D   | D  | D   | D | D | user.manage
configure archive and export destinations      | c14 | D   | D   | D   | D   | D  | D   | D | D | archive.configure
configure the practice and its rules            | c14 | D   | D   | D   | D   | D  | D   | D | D | practice.configure
make a token for a program                     | own | own | D   | D   | D   | D  | D   | D | D | token.create
break glass                                    | D   | c15 | c15 | D   | c15 | D  | D   | D | D | break-glass.start
review a break-glass event                     | c16 | D   | D   | D   | D   | D  | D   | D | D | break-glass.review
delete a study, report, version or audit event | D   | D   | D   | D   | D   | D  | D   | D | D | record.delete
one's own session, password, passkeys          | own | own | own | own | own | D  | own | D | D | self.manage
what is open to nobody-yet                     | A   | A   | A   | A   | A   | A  | A   | A | A | public.use
`;
const rows = written
	.trim()
	.split('\n')
	.map((line) => line.split('|').map((cell) => cell.trim()))
	.map((cells) => ({ action: cells.at(-1) as Action, cells: cells.slice(1, -1) }));

/** Actors without a column in that table: the little that each may. */
const others: Record<'guest' | 'token' | 'modality' | 'job', Partial<Record<Action, string>>> = {
	guest: { 'public.use': 'A' },
	token: {
		'study.list': 'read',
		'study.view-images': 'read',
		'study.upload': 'store',
		'report.read-preliminary': 'fhir',
		'report.read-final': 'fhir',
		'public.use': 'A'
	},
	modality: { 'study.upload': 'A', 'public.use': 'A' },
	job: {
		'study.view-images': 'system',
		'study.upload': 'system',
		'report.read-final': 'system',
		'report.edit-values': 'system',
		'report.propose': 'system',
		'report.export': 'system',
		'order.match': 'system',
		'worksheet.read': 'system',
		'release.decide': 'system',
		'user.manage': 'system',
		'archive.configure': 'system',
		'practice.configure': 'system',
		'token.create': 'system',
		'public.use': 'A'
	}
};

describe('the matrix of rights', () => {
	it('has a row for every action, here and in the code', () => {
		expect(rows.map((row) => row.action).sort()).toEqual([...actions].sort());
		expect(Object.keys(matrix).sort()).toEqual([...actions].sort());
	});

	it.each(rows)('says of $action what is written', ({ action, cells }) => {
		expect(columns.slice(0, 9).map((column) => cellOf(action, column))).toEqual(cells);
	});

	it.each(['guest', 'token', 'modality', 'job'] as const)(
		'gives a %s only what is listed',
		(column) => {
			const given = actions
				.map((action) => [action, cellOf(action, column)] as const)
				.filter(([, cell]) => cell !== 'D');
			expect(Object.fromEntries(given)).toEqual(others[column]);
		}
	);

	it('names a sentence for every condition it uses', () => {
		const used = new Set(Object.values(matrix).flat());
		for (const cell of used) {
			if (cell !== 'A' && cell !== 'D') expect(conditions[cell].says).toMatch(/\w{3}/);
		}
	});
});
