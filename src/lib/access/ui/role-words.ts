import { m } from '$lib/paraglide/messages.js';
import type { Role } from '../actor.ts';

const words: Record<Role, () => string> = {
	admin: m.role_admin,
	physician: m.role_physician,
	fellow: m.role_fellow,
	sonographer: m.role_sonographer,
	referrer: m.role_referrer,
	patient: m.role_patient
};

export const roleWord = (role: Role): string => words[role]();
