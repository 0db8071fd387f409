import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from '$lib/server/archive/circuit-breaker.ts';

describe('the breaker', () => {
	const setUp = () => {
		let now = 0;
		const breaker = new CircuitBreaker({ failures: 3, openMs: 5000, now: () => now });
		return { breaker, pass: (ms: number) => (now += ms) };
	};
	const fail = (breaker: CircuitBreaker, times = 1) => {
		for (let i = 0; i < times; i++) breaker.enter().failed();
	};

	it('opens after failures in a row, not after as many in all', () => {
		const { breaker } = setUp();
		fail(breaker, 2);
		breaker.enter().succeeded();
		fail(breaker, 2);
		expect(breaker.state).toBe('closed');
		fail(breaker);
		expect(breaker.state).toBe('open');
		expect(() => breaker.enter()).toThrow(/archive_unavailable/);
	});

	it('lets one try after a while, whose luck decides', () => {
		const { breaker, pass } = setUp();
		fail(breaker, 3);
		pass(5000);
		expect(breaker.state).toBe('half-open');
		const probe = breaker.enter();
		expect(() => breaker.enter()).toThrow();
		probe.failed();
		expect(breaker.state).toBe('open');
		pass(5000);
		breaker.enter().succeeded();
		expect(breaker.state).toBe('closed');
	});

	it('does not wait for ever on a probe whose caller never reads to the end', () => {
		const { breaker, pass } = setUp();
		fail(breaker, 3);
		pass(5000);
		breaker.enter().answered();
		breaker.enter().succeeded();
		expect(breaker.state).toBe('closed');
	});

	it('counts each passage once', () => {
		const { breaker } = setUp();
		const passage = breaker.enter();
		for (let i = 0; i < 5; i++) passage.failed();
		expect(breaker.state).toBe('closed');
	});
});
