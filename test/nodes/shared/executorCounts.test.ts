import { Expression } from 'n8n-workflow';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runPlusofon } from '../../support/plusofon';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';
import { runZvonobot } from '../../support/zvonobot';

let simulator: Simulator;
const evaluations = jest.spyOn(Expression.prototype, 'renderExpression' as never);

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => {
	simulator.reset();
	evaluations.mockClear();
});
afterAll(async () => {
	evaluations.mockRestore();
	await simulator.close();
});

const ITEMS = 40;
const items = Array.from({ length: ITEMS }, (_, index) => ({
	person: { key: `key-${index}`, pin: String(1000 + index) },
	phone: String(79_160_000_000 + index),
}));

const check = async (key: string, pin: string, options: IDataObject = {}) =>
	await runPlusofon(
		simulator,
		['verification', 'checkPin'],
		{ key, pin, options: options as INodeParameters },
		items,
	);

const sentBodies = () => simulator.journal.requests.map(({ body }) => JSON.stringify(body)).sort();

it.each([
	['nothing evaluated where there is no expression', 'key', '1000', 0],
	['nothing evaluated for plain paths', '={{ $json.person.key }}', '={{ $json.person.pin }}', 0],
	['one evaluation for each other expression', 'key', '={{ $json.person.pin.trim() }}', ITEMS],
	[
		'two for two of them',
		'={{ $json.person.key.trim() }}',
		'={{ $json.person["pin"] }}',
		2 * ITEMS,
	],
])('one request for each item, one decryption, %s', async (_, key, pin, evaluated) => {
	const { items: results, use } = await check(key, pin);

	expect(results).toHaveLength(ITEMS);
	expect(simulator.journal.requests).toHaveLength(ITEMS);
	expect(simulator.journal.connections).toBeLessThanOrEqual(ITEMS);
	expect(use.decrypted).toBe(1);
	expect(evaluations).toHaveBeenCalledTimes(evaluated);
});

it('sends for plain paths what the evaluator makes of other expressions', async () => {
	await check('={{ $json.person.key }}', '={{ $json.person.pin }}');
	const plain = sentBodies();
	simulator.reset();

	await check('={{ $json.person.key.trim() }}', '={{ $json.person.pin.trim() }}');

	expect(plain).toHaveLength(ITEMS);
	expect(sentBodies()).toEqual(plain);
});

it.each([
	['ten items unless told otherwise', undefined, 10],
	['one item after another when told so', 1, 1],
	['as many as it is told', 25, 25],
])('works on %s', async (_, itemsAtOnce, most) => {
	// So slow that all of them are under way before the first is answered.
	const ms = most === 1 ? 5 : 700;
	simulator.faults.add({ kind: 'slow', ms, times: 'always' });

	await check('key', '1000', itemsAtOnce === undefined ? {} : { itemsAtOnce });

	expect(simulator.journal.maxConcurrent).toBe(most);
});

it('evaluates nothing where calls are remembered', async () => {
	const { use } = await runPlusofon(
		simulator,
		['verification', 'sendFlashCall'],
		{ phone: '={{ $json.phone }}', options: {} },
		items,
	);

	expect(simulator.journal.charges).toHaveLength(ITEMS);
	expect(use.decrypted).toBe(1);
	expect(evaluations).not.toHaveBeenCalled();
});

it('sends a batch with one request for as many items as it says', async () => {
	const { items: results, use } = await runZvonobot(
		simulator,
		'call',
		'create',
		{
			phone: '={{ $json.phone }}',
			callerIdSource: 'duty',
			say: 'text',
			text: 'Hello',
			options: { batchSize: 15 },
		},
		items,
	);

	expect(results.map(({ json }) => json.phone)).toEqual(items.map(({ phone }) => phone));
	expect(simulator.journal.requests).toHaveLength(3);
	expect(simulator.journal.connections).toBeLessThanOrEqual(3);
	expect(use.decrypted).toBe(1);
	expect(evaluations).not.toHaveBeenCalled();
});
