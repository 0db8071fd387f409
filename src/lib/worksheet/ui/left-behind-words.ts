import { m } from '$lib/paraglide/messages.js';
import type { LeftBehind, LeftCode } from '../exchange/left-behind.ts';

const words: Record<LeftCode, (about: { field: string; what: string; count: number }) => string> = {
	answers: m.ws_left_answers,
	computed: m.ws_left_computed,
	condition: m.ws_left_condition,
	expression: m.ws_left_expression,
	open_choice: m.ws_left_open_choice,
	preset: m.ws_left_preset,
	repeats: m.ws_left_repeats,
	time_of_day: m.ws_left_time_of_day,
	type: m.ws_left_type,
	unit: m.ws_left_unit,
	words: m.ws_left_words,
	fields: m.ws_left_fields,
	embedded: m.ws_left_embedded,
	handlers: m.ws_left_handlers,
	presets: m.ws_left_presets,
	scripts: m.ws_left_scripts,
	styles: m.ws_left_styles,
	formulas: m.ws_left_formulas,
	grades: m.ws_left_grades,
	normals: m.ws_left_normals,
	statements: m.ws_left_statements,
	control: m.ws_left_control,
	cut: m.ws_left_cut,
	more: m.ws_left_more
};

/** In the language of the screen. */
export const leftWords = (left: LeftBehind): string => words[left.code](left);
