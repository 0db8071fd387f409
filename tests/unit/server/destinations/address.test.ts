import { describe, expect, it } from 'vitest';
import { checkedAddress, isNamed } from '$lib/server/destinations/address.ts';

describe('the address of a destination', () => {
	it.each([
		['https://pacs.example.org/dicom-web', 'https://pacs.example.org/dicom-web'],
		[' https://pacs.example.org:8443/dicom-web/ ', 'https://pacs.example.org:8443/dicom-web'],
		['https://pacs.example.org', 'https://pacs.example.org']
	])('takes %j', (text, url) => expect(checkedAddress(text, [])).toBe(url));

	it.each([
		'pacs.example.org/dicom-web',
		'http://pacs.example.org/dicom-web',
		'ftp://pacs.example.org/',
		'file:///etc/passwd',
		'https://user:secret@pacs.example.org/',
		'https://pacs.example.org/?to=http://10.0.0.1',
		'https://pacs.example.org/#x',
		'http://localhost:8042/dicom-web',
		'https://127.0.0.1/dicom-web',
		'https://[::1]/dicom-web',
		'https://10.1.2.3/dicom-web',
		'https://192.168.0.1/dicom-web',
		'https://0x0a000001/',
		'https://169.254.169.254/latest/meta-data',
		'https://[::ffff:10.0.0.1]/',
		'https://0.0.0.0/',
		''
	])('refuses %j', (text) => {
		expect(() => checkedAddress(text, [])).toThrow(
			expect.objectContaining({ code: 'invalid_input' }) as Error
		);
	});

	it('takes a private host that the environment names, and never the metadata of a cloud', () => {
		expect(checkedAddress('https://10.1.2.3/dicom-web', ['10.1.2.3'])).toBeTruthy();
		expect(checkedAddress('http://localhost:8042/dicom-web', ['localhost:8042'])).toBeTruthy();
		expect(() => checkedAddress('http://localhost:5432', ['localhost:8042'])).toThrow();
		expect(() => checkedAddress('http://10.1.2.3/dicom-web', ['10.1.2.3'])).toThrow();
		expect(() => checkedAddress('https://169.254.169.254/', ['169.254.169.254'])).toThrow();
		expect(isNamed(new URL('https://pacs.local/x'), ['pacs.local'])).toBe(true);
	});
});
