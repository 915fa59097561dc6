import type { NodeRun } from '../../../support/engine';
import { EngineWait } from '../../../support/engineWait';
import type { Ask } from '../../../support/engineWait';
import { simulatorCredentials } from '../../../support/plusofon';
import { startSimulator } from '../../../support/simulator/server';
import type { Simulator } from '../../../support/simulator/server';

const PHONE = '79161234567';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());
afterEach(() => jest.useRealTimers());

const call = (): NodeRun => ({
	type: 'plusofon',
	parameters: {
		resource: 'verification',
		operation: 'requestCallAndWait',
		phone: PHONE,
		timeLimit: 180,
	},
	items: [{}],
	credentials: simulatorCredentials(simulator),
});

/** Plusofon's report of the call. */
function report(): Ask {
	const key = simulator.plusofon.lastKey(PHONE);
	const hook = new URL(simulator.plusofon.hookUrlOf(key) ?? '');
	return { query: Object.fromEntries(hook.searchParams), body: { phone: PHONE, key } };
}

function pass(seconds: number): void {
	const then = Date.now() + seconds * 1000;
	jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval'] });
	jest.setSystemTime(then);
}

describe('on an n8n that goes on as often as it is asked to', () => {
	it('of two requests at once one ends the wait, and the other is told so', async () => {
		const wait = await EngineWait.startOnOldN8n(call());

		const answers = await Promise.all([wait.ask(report()), wait.ask(report())]);

		expect(answers.map(({ ends }) => ends).sort()).toEqual([false, true]);
		expect(answers.find(({ ends }) => !ends)).toMatchObject({
			status: 409,
			body: { error: 'ended' },
		});
		expect((await wait.outcome())[0]).toHaveLength(1);
	});

	it('who comes after that, and before n8n has saved it, is told the same', async () => {
		const wait = await EngineWait.startOnOldN8n(call());
		const before = await wait.ask({ method: 'GET' });
		await wait.ask(report());

		const after = await wait.ask({ method: 'GET' });

		expect(before.status).toBe(200);
		expect(after).toMatchObject({ status: 409, ends: false });
	});

	it('puts out the outcome once when n8n comes back while the flow goes on', async () => {
		const wait = await EngineWait.startOnOldN8n(call());
		await wait.ask(report());

		const [first, again] = [await wait.goOn(), await wait.goOn()];

		expect(first.outputs.map((items) => items.length)).toEqual([1, 0]);
		expect(again.outputs.flat()).toEqual([]);
	});

	it('puts out one outcome when the time is up while a request ends the wait', async () => {
		const wait = await EngineWait.startOnOldN8n(call());
		const genuine = report();

		pass(179.5);
		const atTheLimit = await wait.goOn();
		await wait.ask(genuine);
		const byRequest = await wait.goOn();

		expect(atTheLimit.outputs.map((items) => items.length)).toEqual([0, 1]);
		expect(byRequest.outputs.flat()).toEqual([]);
	});

	it('ends another wait of the same person as well', async () => {
		for (let person = 0; person < 2; person++) {
			const wait = await EngineWait.startOnOldN8n(call());

			expect(await wait.ask(report())).toMatchObject({ ends: true });
			expect((await wait.outcome())[0]).toHaveLength(1);
		}
	});
});

it('leaves it to an n8n that sees to it which of two requests ends the wait', async () => {
	const wait = await EngineWait.start(call());

	const answers = await Promise.all([wait.ask(report()), wait.ask(report())]);

	// One may fail to be saved: then the other has to count.
	expect(answers.map(({ ends }) => ends)).toEqual([true, true]);
});

describe.each(['start', 'startOnOldN8n'] as const)('woken before its time (%s)', (start) => {
	it('goes on waiting, and a call still verifies', async () => {
		const wait = await EngineWait[start](call());

		pass(60);
		const woken = await wait.wake();

		expect(woken.outputs.flat()).toEqual([]);
		expect(wait.waits).toBe(true);
		expect(await wait.ask(report())).toMatchObject({ ends: true });
		expect((await wait.outcome())[0]).toHaveLength(1);
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it('ends when its own time is up', async () => {
		const wait = await EngineWait[start](call());
		pass(60);
		await wait.wake();

		pass(120);

		const [verified, notVerified] = await wait.outcome();
		expect(verified).toEqual([]);
		expect(notVerified).toEqual([expect.objectContaining({ reason: 'timeout' })]);
	});
});

describe('in a flow that another one has started', () => {
	const parentExecution = { executionId: '1', workflowId: 'caller' };

	it.each([{}, { shouldResume: true }])(
		'refuses to wait, and calls nobody, where the other one would not learn the outcome (%j)',
		async (how) => {
			const { first, waits } = await EngineWait.startOnOldN8n({
				...call(),
				runData: { parentExecution: { ...parentExecution, ...how } },
			});

			expect(waits).toBe(false);
			expect(first.error?.message).toMatch(/^Another workflow waits for this one/);
			expect(first.error?.context.code).toBe('cannot_wait');
			expect(simulator.journal.requests).toEqual([]);
		},
	);

	it('waits when the other one does not', async () => {
		const { waits } = await EngineWait.startOnOldN8n({
			...call(),
			runData: { parentExecution: { ...parentExecution, shouldResume: false } },
		});

		expect(waits).toBe(true);
	});

	it('waits on an n8n that tells the other one', async () => {
		const { waits } = await EngineWait.start({ ...call(), runData: { parentExecution } });

		expect(waits).toBe(true);
	});
});
