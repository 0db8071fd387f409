/**
 * Named places where a test lets the process pause, throw or die. Nothing outside of tests: the
 * variable is read once, and without it every call is an empty function.
 *
 * `READROOM_FAILPOINTS="sign.after-insert=kill,outbox.after-store=throw"`
 */
const wanted = new Map(
	(process.env['READROOM_FAILPOINTS'] ?? '')
		.split(',')
		.filter(Boolean)
		.map((pair) => pair.split('=') as [string, string])
);

export function failpoint(name: string): void {
	switch (wanted.get(name)) {
		case 'kill':
			process.kill(process.pid, 'SIGKILL');
			break;
		case 'throw':
			throw new Error(`failpoint ${name}`);
	}
}

/** For tests in the same process. */
export function setFailpoint(name: string, effect: 'kill' | 'throw' | null): void {
	if (effect) wanted.set(name, effect);
	else wanted.delete(name);
}
