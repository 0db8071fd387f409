import type { Command } from 'commander';
import { anchorFile, readAnchors } from '$lib/server/audit/anchor.ts';
import { verifyAll, type AuditFault } from '$lib/server/audit/verify.ts';
import type { CliContext } from './context.ts';

const words: Record<AuditFault['kind'], string> = {
	changed: 'was changed',
	missing: 'is missing',
	moved: 'does not follow the one before',
	'end-missing': 'and what came after it are missing',
	'anchor-differs': 'is not the one that was anchored'
};

/** `readroom audit verify` */
export function register(program: Command, { withServices }: CliContext): void {
	program
		.command('audit')
		.description('the audit log')
		.command('verify')
		.description('check every chain from its first event to its witnessed end')
		.action(() =>
			withServices(async ({ db, env }) => {
				const { anchors, damaged } = await readAnchors(env.AUDIT_KEY, anchorFile(env.DATA_DIR));
				const reports = await verifyAll(db, { key: env.AUDIT_KEY, anchors });
				for (const { practiceId, events, fault } of reports) {
					const result = fault ? `event ${fault.sequence} ${words[fault.kind]}` : 'whole';
					console.log(`${practiceId}: ${events} events, ${result}`);
				}
				if (damaged > 0) console.log(`anchors: ${damaged} lines are not ours or damaged`);
				const faults = reports.filter((report) => report.fault).length;
				if (faults > 0 || damaged > 0) process.exitCode = 1;
			})
		);
}
