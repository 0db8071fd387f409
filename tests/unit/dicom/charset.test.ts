import { describe, expect, it } from 'vitest';
import { charsetOf } from '$lib/dicom/charset.ts';
import { personName } from '$lib/dicom/json.ts';
import { parsePart10 } from '$lib/dicom/part10.ts';
import { tags } from '$lib/dicom/tags.ts';
import { corpusFile, itWithCorpus } from '../../support/corpus.ts';

const bytes = (text: string) =>
	new Uint8Array(
		Buffer.from(
			text
				.replace(/ESC/g, '\x1b')
				.replace(/\\x(..)/g, (_, h) => String.fromCharCode(parseInt(h, 16))),
			'latin1'
		)
	);

describe('specific character set', () => {
	// PS3.5 annexes H.3.1, H.3.2, I.2, J.3: the Standard's own examples.
	it.each([
		[
			'Japanese with kanji',
			['', 'ISO 2022 IR 87'],
			'Yamada^Tarou=ESC$B;3EDESC(B^ESC$BB@O:ESC(B=ESC$B$d$^$@ESC(B^ESC$B$?$m$&ESC(B',
			'Yamada^Tarou=山田^太郎=やまだ^たろう'
		],
		[
			'Japanese with half-width katakana',
			['ISO 2022 IR 13', 'ISO 2022 IR 87'],
			'\\xd4\\xcf\\xc0\\xde^\\xc0\\xdb\\xb3=ESC$B;3EDESC(J^ESC$BB@O:ESC(J=ESC$B$d$^$@ESC(J^ESC$B$?$m$&ESC(J',
			'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう'
		],
		[
			'Korean',
			['', 'ISO 2022 IR 149'],
			'Hong^Gildong=ESC$)C\\xfb\\xf3^ESC$)C\\xd1\\xce\\xd4\\xd7=ESC$)C\\xc8\\xab^ESC$)C\\xb1\\xe6\\xb5\\xbf',
			'Hong^Gildong=洪^吉洞=홍^길동'
		],
		[
			'Chinese GB2312',
			['', 'ISO 2022 IR 58'],
			'Zhang^XiaoDong=ESC$)A\\xd5\\xc5^ESC$)A\\xd0\\xa1\\xb6\\xab=',
			'Zhang^XiaoDong=张^小东='
		],
		[
			'UTF-8',
			['ISO_IR 192'],
			'Wang^XiaoDong=\\xe7\\x8e\\x8b^\\xe5\\xb0\\x8f\\xe6\\x9d\\xb1',
			'Wang^XiaoDong=王^小東'
		],
		[
			'GB18030',
			['GB18030'],
			'Wang^XiaoDong=\\xcd\\xf5^\\xd0\\xa1\\xb6\\xab',
			'Wang^XiaoDong=王^小东'
		],
		['Arabic', ['ISO_IR 127'], '\\xe2\\xc8\\xc7\\xe6\\xea', 'قباني'],
		['Hebrew', ['ISO_IR 138'], '\\xf9\\xf8\\xe5\\xef', 'שרון'],
		['Greek', ['ISO_IR 126'], '\\xc4\\xe9\\xef\\xed\\xf5\\xf3\\xe9\\xef\\xf2', 'Διονυσιος'],
		[
			'Cyrillic',
			['ISO_IR 144'],
			'\\xbb\\xee\\xda\\xe1\\xd5\\xdc\\xd1\\xe3\\xe0\\xd3',
			'Люкceмбург'.replace('c', 'с').replace('e', 'е')
		],
		['French', ['ISO_IR 100'], 'Buc^J\\xe9r\\xf4me', 'Buc^Jérôme'],
		[
			'Latin-1 and Greek together',
			['ISO 2022 IR 100', 'ISO 2022 IR 126'],
			'J\\xe9r\\xf4me ESC-F\\xc4\\xe9',
			'Jérôme Δι'
		],
		['nothing declared, nothing needed', [], 'Plain^Name', 'Plain^Name'],
		['nothing declared, UTF-8 sent', [], 'M\\xc3\\xbcller', 'Müller'],
		['nothing declared, Latin-1 sent', [], 'M\\xfcller', 'Müller']
	])('%s', (_, declared, sent, expected) => {
		expect(charsetOf(declared).decode(bytes(sent), true)).toBe(expected);
		expect(charsetOf(declared).unknown).toBeNull();
	});

	it('is not misled by a backslash that is half of a character', () => {
		const jis = charsetOf(['', 'ISO 2022 IR 87']).decode(bytes('ESC$B!@ESC(B\\x5cB'), false);
		expect(jis.split('\\')).toHaveLength(2);
		expect(charsetOf(['GBK']).decode(bytes('\\x81\\x5c'), false)).toHaveLength(1);
	});

	it('falls back at a line, a value and a part of a name when the writer forgot to', () => {
		const korean = charsetOf(['', 'ISO 2022 IR 149']);
		expect(korean.decode(bytes('ESC$)C\\xfb\\xf3\\r\\nABC'.replace('\\r\\n', '\r\n')), false)).toBe(
			'洪\r\nABC'
		);
	});

	it('names one that is not of the Standard, and reads on', () => {
		expect(charsetOf(['ISO_IR 999'])).toMatchObject({ unknown: 'ISO_IR 999' });
		expect(charsetOf(['ISO_IR 999']).decode(bytes('M\\xc3\\xbcller'), false)).toBe('Müller');
	});

	itWithCorpus.each([
		['gb18030', 'Wang^XiaoDong', '王^小东', ''],
		['gbk', 'Li^Na', '李^娜', ''],
		['iso2022jp', 'Yamada^Tarou', '山田^太郎', 'やまだ^たろう'],
		['iso2022kr', 'Hong^Gildong', '洪^吉洞', '홍^길동'],
		['shiftjis', 'ﾔﾏﾀﾞ^ﾀﾛｳ', '山田^太郎', 'やまだ^たろう'],
		['thai', 'นามสกุล^ชื่อ', '', ''],
		['arabic', 'قباني^لنزار', '', ''],
		['utf8-emoji', 'Test^Heart❤️🫀', '', '']
	])('reads the made-up file in %s', (name, alphabetic, ideographic, phonetic) => {
		const { dataset } = parsePart10(corpusFile(`synthetic/malformed/charset-${name}.dcm`));
		expect(personName(dataset, tags.PatientName)).toEqual({ alphabetic, ideographic, phonetic });
	});
});
