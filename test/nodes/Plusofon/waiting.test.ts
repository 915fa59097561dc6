import { sleep } from 'n8n-workflow';
import type { INodeParameters } from 'n8n-workflow';
import type { NodeRun } from '../../support/engine';
import { EngineWait } from '../../support/engineWait';
import type { Ask, Told } from '../../support/engineWait';
import { simulatorCredentials } from '../../support/plusofon';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());
afterEach(() => jest.useRealTimers());

const PHONE = '79161234567';
const CHECK = '/api/v1/flash-call/check';

async function start(
	operation: string,
	parameters: INodeParameters = {},
	options: Partial<NodeRun> = {},
): Promise<EngineWait> {
	return await EngineWait.start({
		type: 'plusofon',
		parameters: { resource: 'verification', operation, phone: PHONE, ...parameters },
		items: [{ phone: PHONE }],
		credentials: simulatorCredentials(simulator),
		...options,
	});
}

function pass(seconds: number): void {
	jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval'] });
	jest.setSystemTime(Date.now() + seconds * 1000);
}

describe("waiting for a person's call", () => {
	const begin = async (options: Partial<NodeRun> = {}, parameters: INodeParameters = {}) =>
		await start('requestCallAndWait', parameters, options);

	/** Plusofon's report for the latest call of the phone. */
	const report = (phone = PHONE): Ask => {
		const key = simulator.plusofon.lastKey(phone);
		const hook = new URL(simulator.plusofon.hookUrlOf(key) ?? '');
		return { query: Object.fromEntries(hook.searchParams), body: { phone, key } };
	};

	it('asks for a number once and pauses with nothing on its outputs', async () => {
		const wait = await begin();

		expect(wait.waits).toBe(true);
		expect(wait.first.outputs.flat()).toEqual([]);
		expect(simulator.journal.charges).toHaveLength(1);
		expect(simulator.journal.requests).toMatchObject([
			{
				path: '/api/v1/flash-call/call-to-auth',
				body: {
					phone: PHONE,
					hook_url: expect.stringMatching(/\/webhook-waiting\/.*fc_signature=/),
				},
			},
		]);
	});

	it('ends verified at the report of this very call', async () => {
		const wait = await begin();

		const told = await wait.ask(report());

		expect(told).toMatchObject({ ends: true, body: { success: true } });
		expect(await wait.outcome()).toEqual([
			[
				{
					verified: true,
					reason: 'verified',
					phone: PHONE,
					callNumber: expect.stringMatching(/^7999/),
					key: simulator.plusofon.lastKey(PHONE),
				},
			],
			[],
		]);
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it('ends not verified when the time is up', async () => {
		const wait = await begin();

		expect(await wait.outcome()).toEqual([
			[],
			[expect.objectContaining({ verified: false, reason: 'timeout', phone: PHONE })],
		]);
	});

	it('does not take the report of another wait for the same phone', async () => {
		const first = await begin();
		const earlier = report();
		const second = await begin();

		expect(await second.ask(earlier)).toMatchObject({ status: 401, ends: false });
		expect(await first.ask(report())).toMatchObject({ status: 401, ends: false });
		expect(await second.ask(report())).toMatchObject({ ends: true });
	});

	it('does not take the signature of another wait with the key of this one', async () => {
		await begin();
		const earlier = report();
		const second = await begin();

		const mixed = { ...earlier, body: { phone: PHONE, key: simulator.plusofon.lastKey(PHONE) } };
		const keyless = { ...report(), body: earlier.body };

		expect(await second.ask(mixed)).toMatchObject({ status: 401, ends: false });
		expect(await second.ask(keyless)).toMatchObject({ status: 401, ends: false });
	});

	it('is not confirmed at another place', async () => {
		const wait = await begin();
		const elsewhere = { ...report(), path: '/webhook/its-id/webhook' };

		expect(await wait.ask(elsewhere)).toMatchObject({ status: 401, ends: false });
		expect(await wait.ask(report())).toMatchObject({ ends: true });
	});

	it('takes nothing after its limit, although n8n has not woken up yet', async () => {
		const wait = await begin({}, { timeLimit: 60 });
		const genuine = report();

		pass(61);

		expect(await wait.ask(genuine)).toMatchObject({ status: 410, body: { error: 'expired' } });
		expect((await wait.outcome())[0]).toEqual([]);
	});

	it('answers a request for which it cannot read the credential with 500, and goes on waiting', async () => {
		const credentials: NodeRun['credentials'] = { ...simulatorCredentials(simulator) };
		const wait = await begin({ credentials });
		const genuine = report();
		delete credentials.plusofonFlashCallApi;

		expect(await wait.ask(genuine)).toMatchObject({ status: 500, ends: false });
	});

	it('shows a page in the words of the user, also to a person who comes too late', async () => {
		const words = { afterCall: 'Звоните и закройте.', over: 'Время вышло.' };
		const options = { pageTitle: 'Телефон', pageWords: { words } };
		const wait = await begin({}, { options });

		const asked = await wait.ask({ method: 'GET', browser: true });
		pass(3600);
		const late = await wait.ask({ method: 'GET', browser: true });

		expect(asked.body).toContain('<p>Звоните и закройте.</p>');
		expect(late).toMatchObject({ status: 410, body: expect.stringContaining('Время вышло.') });
	});

	it('tells no cache and no other site about itself', async () => {
		const wait = await begin();

		const { headers } = await wait.ask({ method: 'GET', browser: true });

		expect(headers).toEqual({
			'cache-control': 'no-store',
			'referrer-policy': 'no-referrer',
			'content-type': 'text/html; charset=utf-8',
		});
	});

	it.each([9, 604_801, 10.5])('refuses a limit of %d seconds before any request', async (limit) => {
		const { first } = await begin({}, { timeLimit: limit });

		expect(first.error?.message).toMatch(/Time Limit/);
		expect(simulator.journal.requests).toEqual([]);
	});
});

describe('waiting for a code', () => {
	const begin = async (parameters: INodeParameters = {}, options: Partial<NodeRun> = {}) =>
		await start('sendCodeAndWait', parameters, options);
	const right = () => simulator.plusofon.pinOf(simulator.plusofon.lastKey(PHONE));
	const wrong = () => (right() === '1111' ? '2222' : '1111');
	const type = async (wait: EngineWait, code: string): Promise<Told> =>
		await wait.ask({ body: { code } });
	const checks = () => simulator.journal.requestsTo('POST', CHECK).length;

	it('tells the person what to do', async () => {
		const wait = await begin();

		expect(JSON.stringify(await wait.ask({ method: 'GET', browser: true }))).toContain(
			'Your phone rings. You need not answer: type the last four digits of the number that calls.',
		);
	});

	it('takes no verdict that comes when the time is over', async () => {
		const wait = await begin({ timeLimit: 60 });
		simulator.faults.add({ kind: 'slow', ms: 300, match: { path: CHECK } });

		const asking = type(wait, right());
		await sleep(100);
		pass(61);

		expect(await asking).toMatchObject({ ends: false, status: 410, body: { error: 'expired' } });
		expect((await wait.outcome())[0]).toEqual([]);
	});

	it('has the code checked by Plusofon and ends verified', async () => {
		const wait = await begin();

		expect(await type(wait, wrong())).toMatchObject({
			ends: false,
			status: 200,
			body: { verified: false, reason: 'wrong_code', attemptsLeft: 2 },
		});
		expect(await type(wait, right())).toMatchObject({ ends: true });
		expect(await wait.outcome()).toEqual([
			[
				{
					verified: true,
					reason: 'verified',
					phone: PHONE,
					tries: 2,
					operator: expect.any(String),
				},
			],
			[],
		]);
		expect(wait.stored).not.toContain(simulator.plusofon.lastKey(PHONE));
	});

	it.each([
		['4321', 4321],
		['0042', '0042'],
		['0042', ' 0042 '],
	])('takes the code %s typed as %j', async (pin, typed) => {
		const wait = await begin({ options: { pin } });

		expect(await wait.ask({ body: { code: typed } })).toMatchObject({ ends: true });
		expect((await wait.outcome())[0]).toHaveLength(1);
	});

	it('has no more codes checked than allowed, when they come at once', async () => {
		const wait = await begin({ options: { maxAttempts: 2 } });

		const told = await Promise.all(
			Array.from({ length: 50 }, async () => await type(wait, wrong())),
		);

		expect(checks()).toBe(2);
		expect(told.filter(({ status }) => status === 429)).toHaveLength(48);
		expect((await wait.outcome())[1]).toEqual([
			expect.objectContaining({ reason: 'too_many_attempts', tries: 2 }),
		]);
	});

	it('verifies once when the right code comes many times at once', async () => {
		const wait = await begin();

		const told = await Promise.all(
			Array.from({ length: 20 }, async () => await type(wait, right())),
		);

		// n8n lets one of them end the wait; whoever comes too late hears from n8n.
		expect(told.filter(({ ends }) => ends)).not.toHaveLength(0);
		expect(told.every(({ ends, status }) => ends || status === 429)).toBe(true);
		expect((await wait.outcome())[0]).toHaveLength(1);
	});

	it.each(['status503', 'reset'] as const)(
		'does not count what Plusofon could not check (%s)',
		async (fault) => {
			const wait = await begin();
			const match = { path: CHECK };
			if (fault === 'reset') simulator.faults.add({ kind: 'resetBefore', times: 5, match });
			else simulator.faults.add({ kind: 'status', status: 503, times: 5, match });

			for (let times = 0; times < 5; times += 1) {
				expect(await type(wait, wrong())).toMatchObject({
					status: 502,
					ends: false,
					body: { error: 'not_checked' },
				});
			}
			expect(await type(wait, right())).toMatchObject({ ends: true });
			expect((await wait.outcome())[0]).toEqual([expect.objectContaining({ tries: 1 })]);
		},
	);

	it('says in the words of the user that a code could not be checked, or counts no more', async () => {
		const words = { notChecked: 'Не проверен.', expired: 'Устарел.' };
		const wait = await begin({ options: { pageWords: { words } } });
		const browse = async () => await wait.ask({ body: { code: right() }, browser: true });
		simulator.faults.add({ kind: 'status', status: 403, match: { path: CHECK } });

		const notChecked = await browse();
		simulator.clock.advance(10 * 60_000);
		const expired = await browse();

		expect(notChecked).toMatchObject({
			status: 502,
			body: expect.stringContaining('Не проверен.'),
		});
		expect(expired).toMatchObject({ status: 200, body: expect.stringContaining('Устарел.') });
	});

	it('goes on when Plusofon has forgotten the code: it may just have been right elsewhere', async () => {
		const wait = await begin();
		simulator.clock.advance(10 * 60_000);

		for (const attemptsLeft of [2, 1, 0]) {
			expect(await type(wait, right())).toMatchObject({
				ends: false,
				body: { verified: false, reason: 'expired', attemptsLeft },
			});
		}
		expect(await type(wait, right())).toMatchObject({ ends: true });
		expect((await wait.outcome())[1]).toEqual([
			expect.objectContaining({ reason: 'too_many_attempts' }),
		]);
	});

	it('ends as not verified when the credential was changed', async () => {
		const credentials: NodeRun['credentials'] = { ...simulatorCredentials(simulator) };
		const wait = await begin({}, { credentials });
		const code = right();
		credentials.plusofonFlashCallApi = { accessToken: 'another', baseUrl: simulator.url };

		expect(await type(wait, code)).toMatchObject({ ends: true, body: { verified: false } });
		expect(checks()).toBe(0);
	});
});
