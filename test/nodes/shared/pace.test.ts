import * as fc from 'fast-check';
import { sleep } from 'n8n-workflow';
import { Pace } from '../../../nodes/shared/pace';

/** A clock that stands still but for waiting. */
function clock() {
	let time = 1_000_000;
	return {
		now: () => time,
		wait: async (ms: number) => {
			time += ms;
			await Promise.resolve();
		},
	};
}

const goOn = () => undefined;

it('lets everything through at once when there is no limit', async () => {
	const { now, wait } = clock();
	const pace = new Pace(undefined, wait, now);
	const began = now();

	for (let index = 0; index < 1000; index++) await pace.turn(goOn);

	expect(now()).toBe(began);
});

it('lets no more through in any second than allowed, and no fewer', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: 20 }),
			fc.integer({ min: 1, max: 100 }),
			async (most, count) => {
				const { now, wait } = clock();
				const pace = new Pace(most, wait, now);
				const starts: number[] = [];
				for (let index = 0; index < count; index++) {
					const over = await pace.turn(goOn);
					starts.push(now());
					over();
				}
				starts.forEach((start, index) => {
					const within = starts.slice(index).filter((other) => other < start + 1000);
					expect(within.length).toBeLessThanOrEqual(most);
				});
				const seconds = Math.ceil(count / most) - 1;
				expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBe(seconds * 1001);
			},
		),
	);
});

it('counts a second from when a request has arrived, as far as that can be told', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: 5 }),
			fc.array(fc.record({ way: fc.nat(150), work: fc.nat(3000) }), { maxLength: 30 }),
			async (most, requests) => {
				const { now, wait } = clock();
				const over: Array<{ at: number; call: () => void }> = [];
				// Whoever is answered in the meantime is answered then, and not later.
				const waitAndAnswer = async (ms: number) => {
					await wait(ms);
					for (const { call } of over.filter(({ at }) => at <= now())) call();
				};
				const pace = new Pace(most, waitAndAnswer, now);
				const arrivals: number[] = [];
				for (const { way, work } of requests) {
					const call = await pace.turn(goOn);
					arrivals.push(now() + way);
					over.push({ at: now() + way + work, call });
				}
				for (const arrival of arrivals) {
					const within = arrivals.filter((other) => other >= arrival && other < arrival + 1000);
					expect(within.length).toBeLessThanOrEqual(most);
				}
			},
		),
	);
});

it('waits no longer for a request that is with the provider for long', async () => {
	const { now, wait } = clock();
	const pace = new Pace(1, wait, now);
	const began = now();

	await pace.turn(goOn);
	await pace.turn(goOn);

	expect(now() - began).toBe(1201);
});

it('lets nothing through while it is held, and everybody in their turn after that', async () => {
	const { now, wait } = clock();
	const pace = new Pace(undefined, wait, now);
	const began = now();
	pace.hold(5_000);
	pace.hold(1_000);

	await pace.turn(goOn);

	expect(now() - began).toBe(5_000);
});

it('waits on when it is held once more while somebody waits', async () => {
	const { now, wait } = clock();
	let held = false;
	const pace: Pace = new Pace(
		undefined,
		async (ms) => {
			if (!held) pace.hold(ms + 3_000);
			held = true;
			await wait(ms);
		},
		now,
	);
	const began = now();
	pace.hold(1_000);

	await pace.turn(goOn);

	expect(now() - began).toBe(4_000);
});

it('lets nobody through who may not go on after the wait', async () => {
	const { now, wait } = clock();
	const pace = new Pace(undefined, wait, now);
	pace.hold(1_000);

	await expect(
		pace.turn(() => {
			throw new Error('stopped');
		}),
	).rejects.toThrow('stopped');
});

it('spaces those who waited out a hold as it spaces all others', async () => {
	const { now, wait } = clock();
	const pace = new Pace(2, wait, now);
	const began = now();
	const starts: number[] = [];
	pace.hold(10_000);

	await Promise.all(
		Array.from({ length: 6 }, async () => {
			await pace.turn(goOn);
			starts.push(now() - began);
		}),
	);

	expect(starts[0]).toBe(10_000);
	// Nobody has said that they have arrived.
	expect(starts.at(-1)).toBe(12_402);
});

it('goes on with the others when somebody may not go on', async () => {
	const { now, wait } = clock();
	const pace = new Pace(undefined, wait, now);
	pace.hold(1_000);
	const stopped = pace.turn(() => {
		throw new Error('stopped');
	});

	await Promise.all([expect(stopped).rejects.toThrow('stopped'), pace.turn(goOn)]);
});

it('waits as long as it has to, also when the clock on the wall is set meanwhile', async () => {
	const clock = jest.spyOn(Date, 'now');
	const waited: number[] = [];
	const pace = new Pace(1, async (ms) => {
		waited.push(ms);
		await sleep(Math.min(ms, 1001));
		if (waited.length > 5) throw new Error('It waits for ever');
	});
	try {
		(await pace.turn(goOn))();
		clock.mockReturnValue(0);
		await pace.turn(goOn);
	} finally {
		clock.mockRestore();
	}

	expect(Math.max(...waited)).toBeLessThanOrEqual(1001);
});
