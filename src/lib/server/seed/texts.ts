import type { UserActor } from '$lib/access/actor.ts';
import { personEntry, setField } from '$lib/collab/doc-fields.ts';
import { decideStatement } from '$lib/collab/doc-interpretation.ts';
import type { ReportId } from '$lib/ids.ts';
import { saveGroup } from '../commands/change-group.ts';
import { saveMacro, savePreset } from '../commands/change-macro.ts';
import type { Services } from '../services.ts';

interface Readers {
	admin: UserActor;
	cardiologist: UserActor;
	colleague: UserActor;
	fellow: UserActor;
}

/** What the readers of the demo have written once, to be typed never again. */
export async function seedTexts(services: Services, readers: Readers): Promise<void> {
	const { admin, cardiologist, colleague, fellow } = readers;
	const { id: groupId } = await saveGroup(services, admin, {
		id: null,
		name: 'Echo readers',
		members: [cardiologist.userId, colleague.userId, fellow.userId]
	});
	const macro = (
		actor: UserActor,
		owner: Parameters<typeof saveMacro>[2]['owner'],
		[abbreviation, title, body]: [string, string, string]
	) => saveMacro(services, actor, { id: null, owner, abbreviation, title, body });
	await macro(admin, { kind: 'practice' }, [
		'fu',
		'Follow-up',
		'Echocardiographic follow-up in {_} months is suggested.'
	]);
	await macro(colleague, { kind: 'group', groupId }, [
		'ef',
		'Ejection fraction with its range',
		'LV ejection fraction {lvef_reported} (normal {lvef_reported.range} %, before {lvef_reported.prior}).'
	]);
	await macro(cardiologist, { kind: 'person' }, [
		'as',
		'Aortic stenosis, the three numbers',
		'Aortic stenosis: peak velocity {av_vmax}, mean gradient {av_pg_mean}, valve area {ava_reported}. {|}'
	]);
	await savePreset(services, cardiologist, {
		id: null,
		owner: { kind: 'group', groupId },
		worksheetId: 'adult-tte',
		title: 'Severe AS work-up',
		content: {
			schema: 1,
			fields: [
				{ field: 'av.structure', value: 'severe_calcification' },
				{ field: 'lv.sam', value: 'none' },
				{ field: 'pericardium.effusion', value: 'none' }
			],
			sentences: [{ id: null, section: 'av', text: 'Leaflet excursion is severely reduced.' }],
			conclusion: ['Discussion in the heart team is suggested.']
		}
	});
}

/** What was said of Marta's valves a year ago: her study today can take it over. */
export async function tellBefore(
	services: Services,
	{ userId: by }: UserActor,
	reportId: ReportId
): Promise<void> {
	const at = services.clock().toISOString();
	const answers = {
		'av.structure': 'moderate_calcification',
		'mv.structure': 'normal',
		'lv.wall_motion': 'normal',
		'septa.interatrial': 'intact',
		'pericardium.effusion': 'none'
	};
	await services.live.applyAsServer(reportId, (doc) => {
		for (const [field, value] of Object.entries(answers))
			setField(doc, field, personEntry({ id: services.newId(), by, at }, value, null), []);
		const sentence = {
			decision: 'own',
			text: 'Prominent Chiari network in the right atrium.',
			section: 'ra',
			oneClickNormal: false,
			by,
			at
		} as const;
		decideStatement(doc, 'own.demo', services.newId(), sentence, []);
	});
}
