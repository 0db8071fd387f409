import { isUid } from '$lib/ids.ts';

/** What C-STORE says about a data set beside the data set itself. */
export interface StoredMeta {
	sopClass: string;
	sopUid: string;
	transferSyntax: string;
	/** The machine's AE title: (0002,0016). */
	source: string;
}

/** Ours; (0002,0012) names who wrote the file, which is us and not the machine. */
const implementationClassUid = '2.25.232806424951207348128913268462415297410';

/**
 * A Part 10 file around a data set that came over DIMSE, whose bytes stay as they are (PS3.10 7.1).
 * The meta information is Explicit VR Little Endian whatever the data set is in.
 */
export function part10File(meta: StoredMeta, dataset: readonly Uint8Array[]): Uint8Array {
	const group = Buffer.concat([
		element(0x0001, 'OB', Buffer.from([0, 1])),
		element(0x0002, 'UI', uidBytes(meta.sopClass)),
		element(0x0003, 'UI', uidBytes(meta.sopUid)),
		element(0x0010, 'UI', uidBytes(meta.transferSyntax)),
		element(0x0012, 'UI', uidBytes(implementationClassUid)),
		element(0x0016, 'AE', padded(meta.source.slice(0, 16), ' '))
	]);
	const length = Buffer.alloc(4);
	length.writeUInt32LE(group.length);
	const head = Buffer.concat([
		Buffer.alloc(128),
		Buffer.from('DICM', 'latin1'),
		element(0x0000, 'UL', length),
		group
	]);
	const size = dataset.reduce((sum, chunk) => sum + chunk.byteLength, head.length);
	const file = new Uint8Array(size);
	file.set(head);
	let at = head.length;
	for (const chunk of dataset) {
		file.set(chunk, at);
		at += chunk.byteLength;
	}
	return file;
}

/** A UID that is none is left empty: the reader then says what is wrong with the object. */
const uidBytes = (uid: string) => padded(isUid(uid) ? uid : '', '\0');

function padded(text: string, fill: string): Buffer {
	return Buffer.from(text.length % 2 ? text + fill : text, 'latin1');
}

function element(number: number, vr: string, value: Buffer): Buffer {
	const long = vr === 'OB';
	const head = Buffer.alloc(long ? 12 : 8);
	head.writeUInt16LE(0x0002, 0);
	head.writeUInt16LE(number, 2);
	head.write(vr, 4, 'latin1');
	if (long) head.writeUInt32LE(value.length, 8);
	else head.writeUInt16LE(value.length, 6);
	return Buffer.concat([head, value]);
}
