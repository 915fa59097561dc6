import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { NodeRun } from '../../support/engine';
import { runPlusofon } from '../../support/plusofon';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';
import type { JsonValue } from '../../support/simulator/types';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

async function run(
	operation: string,
	parameters: INodeParameters,
	items?: IDataObject[],
	options?: Partial<NodeRun>,
) {
	return await runPlusofon(simulator, ['flashCallSettings', operation], parameters, items, options);
}

describe('Get', () => {
	it('gives the settings as they come', async () => {
		const { json } = await run('get', {});

		expect(json).toEqual([
			{
				calls_per_user_hour: 7,
				calls_per_user_day: 15,
				token_lifetime_sec: 180,
				pin_tries: 3,
				calls_per_hour: 100,
				calls_per_day: 400,
				return_operator: true,
			},
		]);
	});

	it.each<JsonValue>([
		{ success: true },
		{ data: [], success: true },
		{ data: null, success: true },
		'text',
	])('takes the answer %j for none of the documented ones', async (shape) => {
		simulator.faults.add({ kind: 'wrongShape', shape });

		const { error } = await run('get', {});

		expect(error?.context.code).toBe('unexpected_answer');
	});
});

describe('Update', () => {
	it('changes only what was added', async () => {
		const { json } = await run('update', { settings: { calls_per_day: 5, pin_tries: 1 } });
		const { json: after } = await run('get', {});

		expect(json).toEqual([{ success: true }]);
		expect(after).toMatchObject([{ calls_per_day: 5, pin_tries: 1, calls_per_hour: 100 }]);
	});

	it('sends zero, false and an empty list: they are values', async () => {
		await run('update', {
			settings: { calls_per_hour: 0, return_operator: false, operators: '[]' },
		});

		expect(simulator.journal.requests.map(({ body }) => body)).toEqual([
			{ calls_per_hour: 0, return_operator: false, operators: [] },
		]);
	});

	it('sends integers also when an expression brings text', async () => {
		await run('update', { settings: { calls_per_day: '={{ $json.limit }}' } }, [{ limit: '15' }]);

		expect(simulator.journal.requests[0]?.body).toEqual({ calls_per_day: 15 });
	});

	it('takes what Get gave, field by field', async () => {
		const { json: settings } = await run('get', {});
		const expressions = Object.keys(settings[0] ?? {}).map((name) => [
			name,
			`={{ $json.${name} }}`,
		]);
		simulator.journal.clear();

		await run('update', { settings: Object.fromEntries(expressions) }, settings);

		expect(simulator.journal.requests.map(({ body }) => body)).toEqual(settings);
	});

	it('does not send what the node does not know', async () => {
		await run('update', { settings: { calls_per_day: 5, calls_per_minute: 1 } });

		expect(simulator.journal.requests[0]?.body).toEqual({ calls_per_day: 5 });
	});

	it('refuses to change nothing before any request', async () => {
		const { error } = await run('update', { settings: {} });

		expect(error?.message).toBe('Settings has nothing to change');
		expect(error?.description).toBe('Add at least one setting.');
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it.each([
		['calls_per_day', 'Calls per Day'],
		['calls_per_hour', 'Calls per Hour'],
		['calls_per_user_day', 'Calls per Number and Day'],
		['calls_per_user_hour', 'Calls per Number and Hour'],
		['token_lifetime_sec', 'PIN Lifetime (Seconds)'],
		['pin_tries', 'PIN Tries'],
	])('refuses what is no whole number for %s before any request', async (name, title) => {
		const wrong = [1.5, '1.5', -1, 'many', '', true, [1], { a: 1 }];

		const { json } = await run(
			'update',
			{ settings: { [name]: '={{ $json.value }}' } },
			wrong.map((value) => ({ value })),
			{ onError: 'continueRegularOutput' },
		);

		expect(json.map(({ error }) => error)).toEqual(
			wrong.map((_, index) => `Item ${index}: ${title} is not a whole number from 0`),
		);
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it('refuses a Return Operator that is neither true nor false before any request', async () => {
		const { error } = await run('update', { settings: { return_operator: '={{ $json.value }}' } }, [
			{ value: 'true' },
		]);

		expect(error?.message).toBe('Return Operator is neither true nor false');
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it.each(['{"operator":"mts"}', '"mts"', '5', 'null', 'true', '', '[', 'mts'])(
		'refuses the operator bans %s, no JSON array, before any request',
		async (operators) => {
			const { error } = await run('update', { settings: { operators } });

			expect(error?.message).toBe('Operator Bans (JSON) is not a JSON array');
			expect(simulator.journal.requests).toHaveLength(0);
		},
	);

	it('goes on with the other items when one is refused', async () => {
		const { items } = await run(
			'update',
			{ settings: { pin_tries: '={{ $json.tries }}' } },
			[{ tries: 0 }, { tries: 2 }],
			{ onError: 'continueRegularOutput' },
		);

		expect(items).toMatchObject([
			{
				json: {
					error: 'Item 0: Plusofon refused the request: "The pin_tries must be at least 1"',
					code: 'refused',
					details: { httpStatus: 422 },
				},
				pairedItem: { item: 0 },
			},
			{ json: { success: true }, pairedItem: { item: 1 } },
		]);
	});
});
