import * as fc from 'fast-check';
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
					await pace.turn(goOn);
					starts.push(now());
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
	expect(starts.at(-1)).toBe(12_002);
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
