import { describe, expect, it } from 'vitest';
import { part10File } from '$lib/server/dimse/part10-file.ts';
import { answerContext } from '$lib/server/dimse/negotiate.ts';
import { PduGuard } from '$lib/server/dimse/pdu-guard.ts';
import { parsePart10 } from '$lib/dicom/part10.ts';
import { tinyLoop } from '../../../support/tiny-dicom.ts';

const pdu = (type: number, length: number, body = length) => {
	const bytes = Buffer.alloc(6 + body);
	bytes[0] = type;
	bytes.writeUInt32BE(length, 2);
	return bytes;
};

describe('the guard of a DIMSE connection', () => {
	it('lets PDUs pass, however they are cut', () => {
		const stream = Buffer.concat([pdu(1, 300), pdu(4, 1000), pdu(4, 10), pdu(5, 4)]);
		for (const size of [1, 5, 7, 2000]) {
			const guard = new PduGuard(1000);
			for (let at = 0; at < stream.length; at += size) {
				expect(guard.accepts(stream.subarray(at, at + size))).toBe(true);
			}
		}
	});

	it('drops what claims to be longer than it may be, before it has come', () => {
		expect(new PduGuard(1000).accepts(pdu(4, 1001, 0))).toBe(false);
		expect(new PduGuard(1000).accepts(pdu(4, 0xffffffff, 0))).toBe(false);
		expect(new PduGuard(1000).accepts(pdu(1, 10_000_000, 0))).toBe(false);
		expect(new PduGuard(1000).accepts(pdu(7, 5000, 0))).toBe(false);
	});

	it('drops what is no PDU', () => {
		expect(new PduGuard(1000).accepts(Buffer.from('GET / HTTP/1.1\r\n'))).toBe(false);
	});
});

describe('the answer to a proposed context', () => {
	const us = '1.2.840.10008.5.1.4.1.1.3.1';

	it('takes the first syntax of the machine that can be read', () => {
		expect(answerContext(us, ['1.2.3.4', '1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2'])).toEqual({
			accept: true,
			transferSyntax: '1.2.840.10008.1.2.4.50'
		});
	});

	it('refuses other services and unknown syntaxes, each with its own reason', () => {
		expect(answerContext('1.2.840.10008.5.1.4.31', ['1.2.840.10008.1.2'])).toMatchObject({
			because: 'abstract-syntax'
		});
		expect(answerContext(us, ['1.2.3.4'])).toMatchObject({ because: 'transfer-syntax' });
	});
});

describe('a file around a data set that came over DIMSE', () => {
	it('is read back with the data set as it was', () => {
		const whole = tinyLoop();
		const { datasetOffset, dataset } = parsePart10(whole);
		const file = part10File(
			{
				sopClass: '1.2.840.10008.5.1.4.1.1.3.1',
				sopUid: '1.2.3.1.1',
				transferSyntax: '1.2.840.10008.1.2.1',
				source: 'ECHO1'
			},
			[whole.subarray(datasetOffset, datasetOffset + 9), whole.subarray(datasetOffset + 9)]
		);
		const read = parsePart10(file);
		expect(read.lacks).toEqual([]);
		expect(read.dataset).toEqual(dataset);
		expect(read.transferSyntax.uid).toBe('1.2.840.10008.1.2.1');
	});
});
