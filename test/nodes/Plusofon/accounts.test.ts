import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { NodeRun } from '../../support/engine';
import { runPlusofon } from '../../support/plusofon';
import { PRESET_ACCESS, PRESET_CABINET } from '../../support/simulator/plusofon';
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
	return await runPlusofon(simulator, ['flashCallAccount', operation], parameters, items, options);
}

const byId = (value: string) => ({ account: { __rl: true, mode: 'id', value } });

describe('Create', () => {
	it('gives the ID of the account and the token that sends its calls', async () => {
		const { json } = await run('create', { name: 'Web shop' });

		expect(json).toEqual([{ account_id: 43, access_token: expect.any(String) }]);
		const sent = await runPlusofon(
			simulator,
			['verification', 'sendFlashCall'],
			{ phone: '79991112233' },
			[{}],
			{
				credentials: {
					plusofonFlashCallApi: {
						accessToken: String(json[0]?.access_token),
						baseUrl: simulator.url,
					},
				},
			},
		);
		expect(sent.json).toMatchObject([{ key: expect.any(String) }]);
	});

	it('makes one account per item, with the name of the item', async () => {
		const { items } = await run('create', { name: '={{ $json.shop }}', options: {} }, [
			{ shop: ' North ' },
			{ shop: 7 },
		]);

		expect(items.map((item) => item.pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(simulator.journal.requests.map(({ body }) => body)).toEqual(
			expect.arrayContaining([{ name: 'North' }, { name: '7' }]),
		);
	});

	it.each(['', '   '])('refuses the name "%s" before any request', async (name) => {
		const { error } = await run('create', { name: '={{ $json.name }}' }, [{ name }]);

		expect(error?.message).toBe('Name is empty');
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it.each<JsonValue>([{ success: true }, { data: [], success: true }, { data: {} }, [], null])(
		'takes the answer %j for none of the documented ones',
		async (shape) => {
			simulator.faults.add({ kind: 'wrongShape', shape });

			const { error, items } = await run('create', { name: 'Web shop' });

			expect(error?.context.code).toBe('may_have_been_sent');
			expect(items).toEqual([]);
		},
	);

	it('gives the words of Plusofon when it refuses, whatever the HTTP status', async () => {
		for (const status of [400, 200]) {
			simulator.faults.add({
				kind: 'status',
				status,
				body: { message: 'The name field is required', code: 400 },
			});

			const { error } = await run('create', { name: 'Web shop' });

			expect(error?.message).toBe('Plusofon refused the request: "The name field is required"');
			expect(error?.context.code).toBe('refused');
		}
	});
});

describe('Get Many', () => {
	it('leaves the access tokens out', async () => {
		await run('create', { name: 'second' });

		const { json } = await run('getAll', { returnAll: true });

		expect(json).toEqual([
			{ id: 43, name: 'second' },
			{ id: 42, name: 'simulator' },
		]);
	});

	it('gives the access tokens only when asked', async () => {
		const { json } = await run('getAll', { options: { includeAccessTokens: true } });

		expect(json).toEqual([{ id: 42, name: 'simulator', access_token: PRESET_ACCESS }]);
	});

	it('gives no more than the limit', async () => {
		await run('create', { name: 'second' });

		const { json } = await run('getAll', { limit: 1 });

		expect(json).toEqual([{ id: 43, name: 'second' }]);
	});

	it('reads the list for every item, and pairs its rows with the item', async () => {
		const { items } = await run('getAll', { returnAll: true }, [{ a: 1 }, { a: 2 }]);

		expect(items.map((item) => item.pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(simulator.journal.requests).toHaveLength(2);
	});
});

describe('Delete', () => {
	it.each(['list', 'id'])('deletes the account chosen by %s', async (mode) => {
		const { json } = await run('delete', { account: { __rl: true, mode, value: '42' } });

		expect(json).toEqual([{ deleted: true }]);
		expect(simulator.plusofon.snapshot().accounts).toEqual([]);
	});

	it('takes the accounts of Get Many as they come', async () => {
		await run('create', { name: 'second' });
		const { json: accounts } = await run('getAll', { returnAll: true });

		const { json } = await run('delete', byId('={{ $json.id }}'), accounts);

		expect(json).toEqual([{ deleted: true }, { deleted: true }]);
		expect(simulator.plusofon.snapshot().accounts).toEqual([]);
	});

	it('takes what Create gave as it comes', async () => {
		const { json: created } = await run('create', { name: 'second' });

		const { json } = await run('delete', byId('={{ $json.account_id }}'), created);

		expect(json).toEqual([{ deleted: true }]);
	});

	it.each([
		'../settings',
		'..',
		'42/..',
		'42/../43',
		'42?x=1',
		'42#',
		'%2e%2e',
		'4 2',
		'42\\43',
		'４２',
	])('refuses the ID "%s" before any request', async (id) => {
		const { error } = await run('delete', byId('={{ $json.id }}'), [{ id }]);

		expect(error?.message).toBe('Account is not an ID');
		expect(error?.context.code).toBe('invalid_input');
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it('refuses no ID, and an ID of another kind, before any request', async () => {
		const { json } = await run(
			'delete',
			byId('={{ $json.id }}'),
			[{ id: '' }, { id: null }, { id: [42] }, { id: { a: 42 } }, { id: true }],
			{ onError: 'continueRegularOutput' },
		);

		expect(json.map(({ error }) => error)).toEqual([
			'Item 0: Account is empty',
			'Item 1: Account is empty',
			'Item 2: Account holds a list instead of text',
			'Item 3: Account holds an object instead of text',
			'Item 4: Account holds true or false instead of text',
		]);
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it.each([400, 200] as const)(
		'goes on with the other items when one is refused with HTTP %s',
		async (refusalStatus) => {
			simulator.plusofon.setOptions({ refusalStatus });

			const { items } = await run('delete', byId('={{ $json.id }}'), [{ id: 7 }, { id: 42 }], {
				onError: 'continueRegularOutput',
			});

			expect(items).toEqual([
				{
					json: {
						error:
							'Item 0: Plusofon refused the request: "The account id must belong to the customer"',
						code: 'refused',
						details: {
							code: 'refused',
							description: 'Change what the message names, then run the node again.',
							httpStatus: refusalStatus,
						},
					},
					pairedItem: { item: 0 },
				},
				{ json: { deleted: true }, pairedItem: { item: 1 } },
			]);
		},
	);

	it.each<JsonValue>([{}, { success: 'true' }, { success: false }, { data: {} }, []])(
		'does not say "deleted" on the answer %j',
		async (shape) => {
			simulator.faults.add({ kind: 'wrongShape', shape });

			const { error, items } = await run('delete', byId('42'));

			expect(error).toBeDefined();
			expect(items).toEqual([]);
		},
	);
});

describe('a token that Plusofon does not accept', () => {
	it('names the credential and what to enter, and shows no token', async () => {
		const { error } = await run('getAll', {}, [{}], {
			credentials: { plusofonApi: { token: PRESET_ACCESS, baseUrl: simulator.url } },
		});

		expect(error?.message).toBe('Plusofon did not accept the token');
		expect(error?.description).toContain('"Plusofon API" credential');
		expect(error?.context.code).toBe('wrong_credential');
		const shown = JSON.stringify([error?.message, error?.description, error]);
		expect(shown).not.toContain(PRESET_ACCESS);
		expect(shown).not.toContain(PRESET_CABINET);
	});

	it('is refused before any request when it is empty or no token at all', async () => {
		for (const token of ['', '   ', 'two words', 'ключ']) {
			const { error } = await run('getAll', {}, [{}], {
				credentials: { plusofonApi: { token, baseUrl: simulator.url } },
			});

			expect(error?.context.code).toBe('wrong_credential');
		}
		expect(simulator.journal.requests).toHaveLength(0);
	});
});
