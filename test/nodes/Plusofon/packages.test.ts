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
	return await runPlusofon(simulator, ['package', operation], parameters, items, options);
}

const PACKAGE = '100b3613-653a-c128-75a6-62c295fb6ab8';

const account = (value: string) => ({ account: { __rl: true, mode: 'id', value } });
const pack = (value: string) => ({ package: { __rl: true, mode: 'id', value } });

describe('Get Many', () => {
	it('gives the packages as they come, amounts as strings', async () => {
		const { json } = await run('getAll', { returnAll: true });

		expect(json).toHaveLength(3);
		expect(json[0]).toEqual({
			id: PACKAGE,
			count_call: '5000.0000',
			amount: '1750.0000',
			amount_in_packet: '0.3500',
			amount_out_packet: '0.3800',
			name: 'пакет 5 000',
		});
	});

	it('gives no more than the limit', async () => {
		const { json } = await run('getAll', { limit: 2 });

		expect(json).toHaveLength(2);
	});
});

describe('Attach, Get and Detach', () => {
	it('attach a package to an account, show what is left of it, and remove it', async () => {
		const before = await run('get', account('42'));
		const attached = await run('attach', { ...account('42'), ...pack(PACKAGE) });
		const during = await run('get', account('42'));
		const detached = await run('detach', account('42'));
		const after = await run('get', account('42'));

		expect(before.json).toEqual([{ attached: false, account_id: 42, calls_left: 0 }]);
		expect(attached.json).toEqual([{ success: true, account_id: 42, proposal_id: PACKAGE }]);
		expect(during.json).toEqual([
			{
				attached: true,
				id: 9,
				customer_id: 113751,
				account_id: 42,
				proposal_id: PACKAGE,
				calls_left: 5000,
				end_packet_time: expect.stringMatching(/^\d{4}-\d\d-\d\d 23:59:59$/),
				time_left: expect.any(String),
			},
		]);
		expect(detached.json).toEqual([{ deleted: true }]);
		expect(after.json).toEqual(before.json);
	});

	it('take accounts and packages of the lists as they come', async () => {
		const accounts = await runPlusofon(simulator, ['flashCallAccount', 'getAll'], {});
		const packages = await run('getAll', { limit: 1 });

		const attached = await run('attach', { ...account('42'), ...pack('={{ $json.id }}') }, [
			...packages.json,
		]);
		const shown = await run('get', account('={{ $json.id }}'), accounts.json);

		expect(attached.json).toEqual([{ success: true, account_id: 42, proposal_id: PACKAGE }]);
		expect(shown.json).toMatchObject([{ attached: true, proposal_id: PACKAGE }]);
	});

	it('give the words of Plusofon for an account or a package it does not know', async () => {
		const unknownAccount = await run('get', account('7'));
		const unknownPackage = await run('attach', { ...account('42'), ...pack('nothing') });
		const noPackage = await run('detach', account('42'));

		expect([unknownAccount, unknownPackage, noPackage].map(({ error }) => error?.message)).toEqual([
			'Plusofon refused the request: "The account id must belong to the customer"',
			'Plusofon refused the request: "The selected proposal id is invalid"',
			'Plusofon refused the request: "The account has no proposal"',
		]);
	});

	it('go on with the other items when one is refused', async () => {
		const { items } = await run('get', account('={{ $json.id }}'), [{ id: 7 }, { id: 42 }], {
			onError: 'continueRegularOutput',
		});

		expect(items).toMatchObject([
			{ json: { code: 'refused' }, pairedItem: { item: 0 } },
			{ json: { attached: false }, pairedItem: { item: 1 } },
		]);
	});

	it.each(['attach', 'get', 'detach'])(
		'%s refuses an account that leads to another path before any request',
		async (operation) => {
			const { json } = await run(
				operation,
				{ ...account('={{ $json.id }}'), ...pack(PACKAGE) },
				[{ id: '../42' }, { id: '42/..' }, { id: '42?a=b' }, { id: '' }],
				{ onError: 'continueRegularOutput' },
			);

			expect(json.map(({ error }) => error)).toEqual([
				'Item 0: Account is not an ID',
				'Item 1: Account is not an ID',
				'Item 2: Account is not an ID',
				'Item 3: Account is empty',
			]);
			expect(simulator.journal.requests).toHaveLength(0);
		},
	);

	it.each([
		['', 'is empty'],
		['a b', 'is not an ID'],
		['пакет 5 000', 'is not an ID'],
	])('refuse the package "%s" before any request', async (value, problem) => {
		const parameters = { ...account('42'), ...pack('={{ $json.value }}') };

		const { error } = await run('attach', parameters, [{ value }]);

		expect(error?.message).toBe(`Package ${problem}`);
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it('show what is left in several packages together', async () => {
		const packages = [
			{ id: 9, calls_left: 0, end_packet_time: '2026-12-31 23:59:59' },
			{ id: 10, calls_left: '100', end_packet_time: '2027-01-31 23:59:59' },
		];
		simulator.faults.add({ kind: 'wrongShape', shape: { data: packages } });

		const { json } = await run('get', account('42'));

		expect(json).toEqual([{ attached: true, ...packages[0], calls_left: 100, packages }]);
	});

	it.each<JsonValue>([{ data: null, success: true }, { success: true }])(
		'take %j for no package',
		async (shape) => {
			simulator.faults.add({ kind: 'wrongShape', shape });

			const { json } = await run('get', account('42'));

			expect(json).toEqual([{ attached: false, account_id: 42, calls_left: 0 }]);
		},
	);

	it('do not take a wrong shape for no package', async () => {
		const shapes: JsonValue[] = [
			{ data: {}, success: true },
			{ data: ['x'] },
			{ data: [null] },
			{ data: [{ id: 9 }, null] },
			{ data: null },
			[],
		];
		for (const shape of shapes) {
			simulator.faults.add({ kind: 'wrongShape', shape });

			const { error } = await run('get', account('42'));

			expect(error?.context.code).toBe('unexpected_answer');
		}
	});
});
