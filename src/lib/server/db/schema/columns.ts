import { customType, timestamp } from 'drizzle-orm/pg-core';

/** Every time is stored in UTC with its zone; a practice's zone is applied when it is shown. */
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Bytes. PGlite answers Uint8Array where `pg` answers Buffer; both are Uint8Array here. */
export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({
	dataType: () => 'bytea',
	toDriver: (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength),
	fromDriver: (value) => new Uint8Array(value)
});
