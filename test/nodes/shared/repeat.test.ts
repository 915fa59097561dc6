import { Failure } from '../../../nodes/shared/errors';
import type { FailureDetails } from '../../../nodes/shared/errors';
import { Pace } from '../../../nodes/shared/pace';
import { Repeater } from '../../../nodes/shared/repeat';
import type { Effect } from '../../../nodes/shared/repeat';

const failure = (details: Partial<FailureDetails>) =>
	new Failure({ code: 'x', message: 'It failed', hint: 'Try again.', ...details });

const REFUSED = failure({ code: 'not_reached', passing: true });
const BROKEN = failure({ code: 'connection_lost', ambiguous: true, passing: true });
const LATE = failure({ code: 'timeout', ambiguous: true });
const NO_CERTIFICATE = failure({ code: 'not_reached' });
const BUSY = failure({ code: 'rate_limited', retryAfterSeconds: 2 });
const VERY_BUSY = failure({ code: 'rate_limited', retryAfterSeconds: 31 });
const DOWN_FOR_LONG = failure({ code: 'provider_down', passing: true, retryAfterSeconds: 31 });

/** A repeater whose waiting takes no time, and what it waited for. */
function repeater(settings: ConstructorParameters<typeof Repeater>[0] = {}) {
	const waited: number[] = [];
	const wait = async (ms: number) => {
		waited.push(ms);
		await Promise.resolve();
	};
	return { repeater: new Repeater(settings, wait), waited };
}

/** Fails as often as there are failures, then gives `done`. */
function sending(...failures: Failure[]) {
	const left = [...failures];
	return jest.fn(async () => {
		const next = left.shift();
		if (next !== undefined) throw next;
		return await Promise.resolve('done');
	});
}

it.each<[effect: Effect, what: string, thrown: Failure, tries: number]>([
	['none', 'nobody listened', REFUSED, 3],
	['change', 'nobody listened', REFUSED, 3],
	['once', 'nobody listened', REFUSED, 3],
	['none', 'the connection broke', BROKEN, 3],
	['change', 'the connection broke', BROKEN, 1],
	['once', 'the connection broke', BROKEN, 1],
	['none', 'the time was up', LATE, 1],
	['none', 'the certificate is wrong', NO_CERTIFICATE, 1],
	['once', 'the certificate is wrong', NO_CERTIFICATE, 1],
	['none', 'the provider is down for long', DOWN_FOR_LONG, 1],
])(
	'a request with the effect "%s" after which %s is made %#: %i',
	async (effect, _, thrown, tries) => {
		const { repeater: own } = repeater();
		const send = sending(thrown, thrown, thrown, thrown);

		await expect(own.run(effect, send)).rejects.toBe(thrown);

		expect(send).toHaveBeenCalledTimes(tries);
	},
);

it('pauses longer before each further try, and gives what came at last', async () => {
	const { repeater: own, waited } = repeater();

	expect(await own.run('once', sending(REFUSED, REFUSED))).toBe('done');

	expect(waited).toEqual([300, 900]);
});

it('makes a paid request no more once it may have left', async () => {
	const { repeater: own } = repeater();
	const send = sending(REFUSED, BROKEN);

	await expect(own.run('once', send)).rejects.toBe(BROKEN);

	expect(send).toHaveBeenCalledTimes(2);
});

it('waits for a provider that is down in vain only so often, until one request succeeds', async () => {
	const { repeater: own, waited } = repeater();
	for (let item = 0; item < 1_000; item++) {
		await own.run('once', sending(REFUSED, REFUSED, REFUSED)).catch(() => undefined);
	}
	expect(waited).toHaveLength(10);

	await own.run('once', sending());
	await own.run('once', sending(REFUSED));

	expect(waited).toHaveLength(11);
});

it('makes nothing again once the execution was stopped', async () => {
	const { repeater: own } = repeater({
		assertRunning() {
			throw failure({ code: 'cancelled' });
		},
	});
	const send = sending(REFUSED);

	await expect(own.run('none', send)).rejects.toMatchObject({ code: 'cancelled' });

	expect(send).toHaveBeenCalledTimes(1);
});

describe('a provider that says how long to wait', () => {
	const paced = () => {
		const pace = new Pace(undefined, async () => await Promise.resolve());
		const hold = jest.spyOn(pace, 'hold').mockImplementation(() => undefined);
		return { hold, ...repeater({ hold: pace }) };
	};

	it.each<[effect: Effect, tries: number]>([
		['none', 3],
		['change', 3],
		['once', 1],
	])('holds all requests; one with the effect "%s" is made %i times', async (effect, tries) => {
		const { repeater: own, hold, waited } = paced();
		const send = sending(BUSY, BUSY, BUSY, BUSY);

		await expect(own.run(effect, send)).rejects.toBe(BUSY);

		expect(send).toHaveBeenCalledTimes(tries);
		expect(hold.mock.calls).toEqual(Array.from({ length: tries }, () => [2000]));
		expect(waited).toEqual([]);
	});

	it('is not waited for when it would take too long', async () => {
		const { repeater: own, hold } = paced();
		const send = sending(VERY_BUSY);

		await expect(own.run('none', send)).rejects.toBe(VERY_BUSY);

		expect(hold).not.toHaveBeenCalled();
		expect(send).toHaveBeenCalledTimes(1);
	});

	it('is waited for in vain only so often', async () => {
		const { repeater: own, hold } = paced();
		for (let item = 0; item < 1_000; item++) {
			await own.run('once', sending(BUSY)).catch(() => undefined);
		}

		expect(hold).toHaveBeenCalledTimes(5);
	});

	it('is not asked again where nothing can be held', async () => {
		const { repeater: own } = repeater();
		const send = sending(BUSY);

		await expect(own.run('none', send)).rejects.toBe(BUSY);

		expect(send).toHaveBeenCalledTimes(1);
	});
});
