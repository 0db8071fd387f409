import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { eq } from 'drizzle-orm';
import { DomainError } from '$lib/errors.ts';
import type { ReportId } from '$lib/ids.ts';
import { inTransaction } from '$lib/server/db/client.ts';
import { reports, reportVersions } from '$lib/server/db/schema/reports.ts';
import { exportObject } from '$lib/server/outbox/export-object.ts';
import type { CliContext } from './context.ts';

/** `readroom export <report> --pdf F --sr F`: the current signed version as files. */
export function register(program: Command, { withServices }: CliContext): void {
	program
		.command('export <report>')
		.description('write the signed version of a report as files')
		.option('--pdf <file>', 'the signed PDF, byte for byte')
		.option('--sr <file>', 'the version as DICOM SR')
		.action((reportId: string, options: { pdf?: string; sr?: string }) =>
			withServices(async (services) => {
				if (!options.pdf && !options.sr) {
					throw new DomainError('invalid_input', 'say what to write: --pdf FILE, --sr FILE');
				}
				const [report] = await services.db
					.select()
					.from(reports)
					.where(eq(reports.id, reportId as ReportId));
				if (!report) throw new DomainError('not_found', `there is no report ${reportId}`);
				if (!report.currentVersionId) {
					throw new DomainError('conflict', 'nothing of this report is signed yet');
				}
				const [version] = await services.db
					.select()
					.from(reportVersions)
					.where(eq(reportVersions.id, report.currentVersionId));
				if (!version) throw new DomainError('not_found');
				await inTransaction(services.db, (tx) =>
					services.audit.record(
						tx,
						{ kind: 'job', name: 'cli', practiceId: report.practiceId, onBehalfOf: null },
						{
							action: 'report.exported',
							object: `report:${report.id}`,
							detail: { what: 'cli', version: version.id }
						}
					)
				);
				if (options.pdf) {
					writeFileSync(options.pdf, version.pdf);
					console.log(`${options.pdf}: version ${version.number}, ${version.pdf.byteLength} bytes`);
				}
				if (options.sr) {
					const sr = await exportObject(services, version, 'dicom-sr');
					writeFileSync(options.sr, sr);
					console.log(`${options.sr}: version ${version.number}, ${sr.byteLength} bytes`);
				}
			})
		);
}
