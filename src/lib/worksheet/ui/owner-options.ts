import { m } from '$lib/paraglide/messages.js';
import type { ReadingGroupId } from '$lib/ids.ts';
import type { TextOwner } from '$lib/report/text-owner.ts';

/** One text for an owner, as the value of a choice. */
export const optionOf = (owner: TextOwner): string =>
	owner.kind === 'group' ? `group:${owner.groupId}` : owner.kind;

export function ownerOfOption(value: string): TextOwner {
	if (value.startsWith('group:'))
		return { kind: 'group', groupId: value.slice('group:'.length) as ReadingGroupId };
	return value === 'practice' ? { kind: 'practice' } : { kind: 'person' };
}

export function ownerText(owner: TextOwner, name: string): string {
	switch (owner.kind) {
		case 'person':
			return m.macro_owner_person();
		case 'group':
			return name || m.macro_owner_group();
		case 'practice':
			return m.macro_owner_practice();
	}
}

export const ownerOptions = (owners: readonly { owner: TextOwner; name: string }[]) =>
	owners.map(({ owner, name }) => ({ value: optionOf(owner), label: ownerText(owner, name) }));
