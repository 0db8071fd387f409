import type { UserActor } from '$lib/access/actor.ts';
import type { Subject } from '$lib/access/subject.ts';
import { closeCodes } from '$lib/collab/close-codes.ts';
import type { Analysis } from '$lib/collab/update-analysis.ts';
import type { Tx } from '../db/client.ts';
import type { LiveDocument } from './live-document.ts';
import { Refusal, type LiveMachine } from './machine.ts';
import { bindClients, wasThere, type ReportFacts } from './persist.ts';
import { foreignNames, forbiddenRoots } from './rights.ts';

export type Outcome =
	| { kind: 'stored' | 'known' }
	/** Nothing was kept; the client is asked for what is missing (K7). */
	| { kind: 'incomplete' }
	/** The report is signed. `kept`: as a proposed addendum. */
	| { kind: 'late'; kept: boolean };

export type ChangeAnalysis = Extract<Analysis, { kind: 'change' }>;

/** Turns broken bytes and dishonest updates into a closed socket (K11). */
export function analyseOrRefuse(analyse: () => Analysis): Exclude<Analysis, { kind: 'refused' }> {
	let analysis: Analysis;
	try {
		analysis = analyse();
	} catch {
		throw new Refusal(closeCodes.badMessage, 'not a document update');
	}
	if (analysis.kind === 'refused') throw new Refusal(closeCodes.notAllowed, analysis.reason);
	return analysis;
}

/** Rights of every root (K6), names in the values, owners of the client ids (K5). */
export async function judgeChange(
	machine: LiveMachine,
	tx: Tx,
	parts: {
		document: LiveDocument;
		actor: UserActor;
		report: ReportFacts;
		analysis: ChangeAnalysis;
	}
): Promise<void> {
	const { document, actor, report, analysis } = parts;
	const [forbidden] = forbiddenRoots(actor, subjectOf(report), analysis.roots);
	if (forbidden) throw new Refusal(closeCodes.notAllowed, `may not edit ${forbidden}`);
	for (const change of foreignNames(analysis.changes, actor.userId)) {
		if (!(await wasThere(tx, report.id, change))) {
			throw new Refusal(closeCodes.notAllowed, "in another's name");
		}
	}
	for (const clientId of analysis.clients) {
		const owner = document.owners.get(clientId);
		if (owner !== undefined ? owner !== actor.userId : isTaken(document, clientId, actor)) {
			throw new Refusal(closeCodes.notAllowed, 'a client id of somebody else');
		}
	}
	const unbound = analysis.clients.filter((id) => !document.owners.has(id));
	const binding = {
		reportId: report.id,
		generation: report.generation,
		userId: actor.userId,
		at: machine.clock()
	};
	if (!(await bindClients(tx, binding, unbound))) {
		throw new Refusal(closeCodes.notAllowed, 'a client id of somebody else');
	}
}

function isTaken(document: LiveDocument, clientId: number, actor: UserActor): boolean {
	return document.presence.isHeldByOther(clientId, actor.userId);
}

export function subjectOf(report: ReportFacts): Subject {
	return {
		practiceId: report.practiceId,
		patientId: report.patientId,
		state: report.state
	};
}
