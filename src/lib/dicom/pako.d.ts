/** The part of pako 2.1 that is used; it brings no types. */
declare module 'pako' {
	export class Inflate {
		constructor(options: { raw?: boolean; chunkSize?: number });
		err: number;
		msg: string;
		ended: boolean;
		onData: (chunk: Uint8Array) => void;
		push(data: Uint8Array, last: boolean): boolean;
	}
}
