import { expect, it } from 'vitest';
import { deviceWords } from '$lib/access/ui/device-words.ts';

it.each([
	[
		'Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
		'Safari, iPad'
	],
	[
		'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
		'Edge, Windows'
	],
	['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, Linux'],
	['curl/8.5.0', ''],
	['', '']
])('says what %j is', (userAgent, words) => expect(deviceWords(userAgent)).toBe(words));
