import { createRunExecutionData } from 'n8n-workflow';
import type { IDataObject } from 'n8n-workflow';
import { itemsStep } from '../../support/engine';
import type { NodeResult, NodeRun } from '../../support/engine';
import { EngineWait } from '../../support/engineWait';
import { runPlusofon, simulatorCredentials } from '../../support/plusofon';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';
import { runZvonobot } from '../../support/zvonobot';

const PHONES = ['79991112230', '79991112231', '79991112232', '79991112233'];
const ITEMS = PHONES.map((phone) => ({ phone }));

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const called = () => simulator.journal.charges.map(({ phone }) => phone).sort();

async function send(options: Partial<NodeRun> = {}): Promise<NodeResult> {
	const parameters = { phone: '={{ $json.phone }}', options: { itemsAtOnce: 1 } };
	return await runPlusofon(
		simulator,
		['verification', 'sendFlashCall'],
		parameters,
		ITEMS,
		options,
	);
}

async function createInBatches(
	batchSize: number,
	options: Partial<NodeRun> = {},
): Promise<NodeResult> {
	return await runZvonobot(
		simulator,
		'call',
		'create',
		{
			phone: '={{ $json.phone }}',
			callerIdSource: 'duty',
			text: 'Hello',
			options: { batchSize, itemsAtOnce: 1 },
		},
		ITEMS,
		options,
	);
}

/** Lets the first requests pass and the one behind them go wrong. */
function spoilAfter(skip: number, kind: 'resetAfter' | 'status'): void {
	const reply = kind === 'status' ? { kind, status: 403 } : { kind };
	simulator.faults.add({ ...reply, skip });
}

it('calls only whom the execution had not called before it failed, and gives all of them', async () => {
	spoilAfter(2, 'status');

	const failed = await send();
	const before = called();
	const retried = await send({ retryOf: failed.run });

	expect(failed.error?.context).toMatchObject({ code: 'forbidden', itemIndex: 2 });
	expect(before).toEqual(PHONES.slice(0, 2));
	expect(retried.error).toBeUndefined();
	expect(retried.json.map(({ phone }) => phone)).toEqual(PHONES);
	expect(retried.items.map(({ pairedItem }) => pairedItem)).toEqual(
		PHONES.map((_, item) => ({ item })),
	);
	expect(called()).toEqual(PHONES);
});

it('does not call again whom it may have called, however often it is retried', async () => {
	spoilAfter(1, 'resetAfter');

	let last = await send();
	for (let retry = 0; retry < 3; retry++) last = await send({ retryOf: last.run });

	expect(last.error?.context).toMatchObject({ code: 'may_have_been_sent', itemIndex: 1 });
	expect(called()).toEqual(PHONES.slice(0, 2));
});

it('knows the calls of a batch as well', async () => {
	spoilAfter(1, 'status');

	const failed = await createInBatches(2);
	const retried = await createInBatches(2, { retryOf: failed.run });

	expect(failed.error?.context).toMatchObject({ code: 'forbidden' });
	expect(retried.json.map(({ phone }) => phone)).toEqual(PHONES);
	expect(called()).toEqual(PHONES);
});

it('a retry knows what another retry of the same execution has sent', async () => {
	spoilAfter(1, 'status');
	spoilAfter(2, 'status');

	const failed = await send();
	const first = await send({ retryOf: failed.run });
	const second = await send({ retryOf: failed.run });
	const third = await send({ retryOf: failed.run });

	expect(first.error?.context).toMatchObject({ code: 'forbidden', itemIndex: 2 });
	for (const { json } of [second, third]) expect(json.map(({ phone }) => phone)).toEqual(PHONES);
	expect(called()).toEqual(PHONES);
});

it.each([
	['items', send],
	['batches', async (options?: Partial<NodeRun>) => await createInBatches(1, options)],
])('the newest retry of %s knows all that others have sent, also days later', async (_, run) => {
	spoilAfter(0, 'status');
	const failed = await run();
	spoilAfter(2, 'status');
	await run({ retryOf: failed.run });
	spoilAfter(1, 'status');
	const newest = await run({ retryOf: failed.run });
	const later = Date.now() + 3 * 24 * 60 * 60_000;

	const clock = jest.spyOn(Date, 'now').mockReturnValue(later);
	const last = await run({ retryOf: newest.run }).finally(() => clock.mockRestore());

	expect(last.json.map(({ phone }) => phone)).toEqual(PHONES);
	expect(called()).toEqual(PHONES);
});

it('what comes out of a retry does not change with what another makes of it', async () => {
	spoilAfter(0, 'status');
	const failed = await send();

	const first = await send({ retryOf: failed.run });
	const [row] = first.json;
	if (row) row.key = 'changed';
	const second = await send({ retryOf: failed.run });

	expect(second.json[0]?.key).not.toBe('changed');
});

it('retries of an execution that failed before it came to the node know of each other', async () => {
	const neverReached = {
		data: createRunExecutionData({
			resumeToken: 'that of the failed execution',
			executionData: {
				contextData: {},
				metadata: {},
				waitingExecution: {},
				waitingExecutionSource: {},
				nodeExecutionStack: [itemsStep(ITEMS)],
			},
		}),
	} as NodeResult['run'];

	await send({ retryOf: neverReached });
	await send({ retryOf: neverReached });

	expect(called()).toEqual(PHONES);
});

it('two retries at once call whom one of them would call', async () => {
	spoilAfter(1, 'status');
	const failed = await send();

	const retries = await Promise.all([1, 2].map(async () => await send({ retryOf: failed.run })));

	for (const { json } of retries) expect(json.map(({ phone }) => phone)).toEqual(PHONES);
	expect(called()).toEqual(PHONES);
});

it('retries of two executions have nothing to do with each other', async () => {
	spoilAfter(0, 'status');
	const failed = await send();
	spoilAfter(0, 'status');
	const other = await send();

	for (const { run } of [failed, other]) await send({ retryOf: run });

	expect(called()).toEqual([...PHONES, ...PHONES].sort());
});

it('leaves nothing of it behind in an execution that succeeds, or goes on', async () => {
	const kept = ({ run }: NodeResult): IDataObject[] =>
		(run.data.resultData.runData.Node ?? []).map(({ metadata }) => ({ ...metadata }));
	spoilAfter(6, 'status');

	const succeeded = await send();
	const wentOn = await send({ onError: 'continueRegularOutput' });

	expect(wentOn.json[2]).toMatchObject({ code: 'forbidden' });
	for (const result of [succeeded, wentOn]) expect(JSON.stringify(kept(result))).toBe('[{}]');
});

describe('an operation that waits', () => {
	const wait: NodeRun = {
		type: 'plusofon',
		parameters: {
			resource: 'verification',
			operation: 'sendCodeAndWait',
			phone: PHONES[0] ?? '',
			timeLimit: 60,
		},
		items: [{}],
		credentials: {},
	};
	const begin = async (retryOf?: NodeRun['retryOf']) =>
		await EngineWait.start({
			...wait,
			credentials: simulatorCredentials(simulator),
			...(retryOf === undefined ? {} : { retryOf }),
		});

	it('is refused to a second retry: the person was called for the first', async () => {
		spoilAfter(0, 'status');
		const failed = await begin();

		const first = await begin(failed.first.run);
		const second = await begin(failed.first.run);

		expect(first.waits).toBe(true);
		expect(second.waits).toBe(false);
		expect(second.first.error?.message).toContain('Another retry of this execution has called');
		expect(called()).toEqual(PHONES.slice(0, 1));
	});

	it('takes the right code of one execution for no other that has the same wait', async () => {
		const stopped = await begin();
		const [first, second] = [await begin(stopped.first.run), await begin(stopped.first.run)];
		const body = { code: simulator.plusofon.pinOf(simulator.plusofon.lastKey(PHONES[0] ?? '')) };

		expect(await first.ask({ body })).toMatchObject({ ends: true, body: { verified: true } });
		expect((await second.ask({ body })).ends).toBe(false);
	});
});
