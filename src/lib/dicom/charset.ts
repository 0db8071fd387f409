/**
 * Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1 and annexes H to K): bytes to text. A whole
 * value is decoded before it is split, because in Shift JIS, GBK, GB18030 and the two-byte sets of
 * ISO 2022 a backslash byte may be half of a character.
 */
export interface Charset {
	/** Never throws: what cannot be read becomes U+FFFD. */
	decode(bytes: Uint8Array, personName: boolean): string;
	/** Set when the declaration is not one of the Standard's. */
	unknown: string | null;
}

/** Names for TextDecoder by ISO registration. Windows supersets differ only in C1 controls. */
const singleByte: Readonly<Record<string, string>> = {
	'6': 'windows-1252',
	'13': 'shift_jis',
	'100': 'windows-1252',
	'101': 'iso-8859-2',
	'109': 'iso-8859-3',
	'110': 'iso-8859-4',
	'126': 'iso-8859-7',
	'127': 'iso-8859-6',
	'138': 'iso-8859-8',
	'144': 'iso-8859-5',
	'148': 'windows-1254',
	'166': 'windows-874',
	'203': 'iso-8859-15'
};

/** Escape sequences without the ESC (PS3.3 tables C.12-3 and C.12-4). */
type Part = { half: 'G0' | 'G1'; label: string; twoBytes: boolean };
const g0 = (label: string, twoBytes = false): Part => ({ half: 'G0', label, twoBytes });
const g1 = (label: string, twoBytes = false): Part => ({ half: 'G1', label, twoBytes });
const escapes: [string, Part][] = [
	['(B', g0('windows-1252')],
	['(J', g0('shift_jis')],
	[')I', g1('shift_jis')],
	['-A', g1('windows-1252')],
	['-B', g1('iso-8859-2')],
	['-C', g1('iso-8859-3')],
	['-D', g1('iso-8859-4')],
	['-F', g1('iso-8859-7')],
	['-G', g1('iso-8859-6')],
	['-H', g1('iso-8859-8')],
	['-L', g1('iso-8859-5')],
	['-M', g1('windows-1254')],
	['-T', g1('windows-874')],
	['-b', g1('iso-8859-15')],
	['$B', g0('euc-jp', true)],
	['$(D', g0('jis-x-0212', true)],
	['$)C', g1('euc-kr', true)],
	['$)A', g1('gbk', true)]
];

const decoders = new Map<string, TextDecoder>();
function decoder(label: string): TextDecoder {
	let found = decoders.get(label);
	if (!found) decoders.set(label, (found = new TextDecoder(label)));
	return found;
}

const isAscii = (bytes: Uint8Array) => {
	for (const byte of bytes) if (byte >= 0x80 || byte === 0x1b) return false;
	return true;
};

/** Two-byte G0 text is the EUC text without its high bits; JIS X 0212 has a lead byte there. */
function decodeRun(part: Part, run: number[]): string {
	if (part.half === 'G1' || !part.twoBytes) return decoder(part.label).decode(Uint8Array.from(run));
	const euc: number[] = [];
	for (let i = 0; i < run.length; i += 2) {
		if (part.label === 'jis-x-0212') euc.push(0x8f);
		euc.push((run[i] ?? 0) | 0x80, (run[i + 1] ?? 0) | 0x80);
	}
	return decoder('euc-jp').decode(Uint8Array.from(euc));
}

/** The sets fall back to the first declared one at every delimiter (PS3.5 6.1.2.5.3). */
const resets = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x5c]);
const nameResets = new Set([...resets, 0x3d, 0x5e]);

function decodeIso2022(bytes: Uint8Array, initial: string, personName: boolean): string {
	const start = { g0: g0(initial), g1: g1(initial) };
	let state = start;
	let out = '';
	let run: number[] = [];
	let runPart: Part | null = null;
	const flush = () => {
		if (runPart && run.length) out += decodeRun(runPart, run);
		run = [];
	};
	for (let i = 0; i < bytes.length; i++) {
		const byte = bytes[i]!;
		if (byte === 0x1b) {
			const rest = String.fromCharCode(...bytes.subarray(i + 1, i + 4));
			const found = escapes.find(([sequence]) => rest.startsWith(sequence));
			if (found) {
				flush();
				runPart = null;
				const [sequence, part] = found;
				state = part.half === 'G0' ? { ...state, g0: part } : { ...state, g1: part };
				i += sequence.length;
				continue;
			}
		}
		const part = byte >= 0x80 ? state.g1 : state.g0;
		const delimiter =
			byte < 0x80 && !state.g0.twoBytes && (personName ? nameResets : resets).has(byte);
		// A control is never half of a character, even when the writer forgot to switch back.
		const control = byte < 0x20;
		if (part !== runPart || delimiter || control) flush();
		if (delimiter || control) {
			out += String.fromCharCode(byte);
			runPart = null;
			state = start;
			continue;
		}
		runPart = part;
		run.push(byte);
	}
	flush();
	return out;
}

/** Bytes over 0x7F where none were declared: UTF-8 when they are that, else Latin-1. */
function decodeUndeclared(bytes: Uint8Array): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return decoder('windows-1252').decode(bytes);
	}
}

const simple = (label: string): Charset => ({
	decode: (bytes) => decoder(label).decode(bytes),
	unknown: null
});

/** `declared`: the values of (0008,0005), `[]` when absent. */
export function charsetOf(declared: readonly string[]): Charset {
	const names = declared.map((name) => name.trim());
	const first = names[0] ?? '';
	if (/^ISO[ _-]IR[ _]?192$/i.test(first) || /^UTF-?8$/i.test(first)) return simple('utf-8');
	if (first === 'GB18030') return simple('gb18030');
	if (first === 'GBK' || first === 'GB2312') return simple('gbk');
	if (names.length < 2) {
		const registration = /^ISO[ _-](?:2022[ _-])?IR[ _]?(\d+)$/i.exec(first)?.[1];
		const label = registration ? singleByte[registration] : undefined;
		if (label && registration !== '6') {
			return {
				unknown: null,
				decode: (bytes, personName) =>
					bytes.includes(0x1b)
						? decodeIso2022(bytes, label, personName)
						: decoder(label).decode(bytes)
			};
		}
		const twoByte = registration && ['58', '87', '149', '159'].includes(registration);
		return {
			unknown: first === '' || registration === '6' || twoByte ? null : first,
			decode: (bytes, personName) =>
				bytes.includes(0x1b)
					? decodeIso2022(bytes, 'windows-1252', personName)
					: decodeUndeclared(bytes)
		};
	}
	const registration = /(\d+)$/.exec(first)?.[1] ?? '6';
	const initial = singleByte[registration] ?? 'windows-1252';
	return {
		unknown: null,
		decode: (bytes, personName) =>
			isAscii(bytes)
				? decoder('windows-1252').decode(bytes)
				: decodeIso2022(bytes, initial, personName)
	};
}
