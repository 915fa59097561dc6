import type { IDataObject } from 'n8n-workflow';
import type { NodeResult, NodeRun } from '../../support/engine';
import { runPlusofon } from '../../support/plusofon';
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
	const create = async (options: Partial<NodeRun> = {}) =>
		await runZvonobot(
			simulator,
			'call',
			'create',
			{
				phone: '={{ $json.phone }}',
				callerIdSource: 'duty',
				text: 'Hello',
				options: { batchSize: 2, itemsAtOnce: 1 },
			},
			ITEMS,
			options,
		);
	spoilAfter(1, 'status');

	const failed = await create();
	const retried = await create({ retryOf: failed.run });

	expect(failed.error?.context).toMatchObject({ code: 'forbidden' });
	expect(retried.json.map(({ phone }) => phone)).toEqual(PHONES);
	expect(called()).toEqual(PHONES);
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
