import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { NodeRun } from '../../support/engine';
import { runPlusofon } from '../../support/plusofon';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

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
	return await runPlusofon(simulator, ['reservation', operation], parameters, items, options);
}

const goesOn: Partial<NodeRun> = { onError: 'continueRegularOutput' };

// The first numbers of the shop.
const FIRST = '4951332210';
const SECOND = '4991332211';

async function reserve(...numbers: string[]) {
	const { error } = await run(
		'create',
		{ number: '={{ $json.number }}', ownerType: 'personal', options: { itemsAtOnce: 1 } },
		numbers.map((number) => ({ number })),
	);
	expect(error).toBeUndefined();
	simulator.journal.clear();
}

describe('Create', () => {
	it('reserves the number and says which, for the next node', async () => {
		const { json } = await run('create', { number: FIRST, ownerType: 'personal' });

		expect(json).toEqual([{ success: true, number: FIRST, owner_type: 'personal' }]);
		expect(simulator.plusofon.snapshot().reserved).toMatchObject([{ id: 5, number: `7${FIRST}` }]);
	});

	it.each<[how: string, number: unknown]>([
		['ten digits', FIRST],
		['a JSON number', 4951332210],
		['eleven digits', `7${FIRST}`],
		['eleven digits as a JSON number', 74951332210],
		['eleven digits with 8', `8${FIRST}`],
		['spaces and plus', '+7 495 133 22 10'],
		['brackets and dashes', '8 (495) 133-22-10'],
		['spaces around', ` ${FIRST} `],
	])('sends an integer of ten digits for %s', async (_, number) => {
		const { json } = await run('create', { number: '={{ $json.number }}', ownerType: 'personal' }, [
			{ number } as IDataObject,
		]);

		expect(json).toEqual([{ success: true, number: FIRST, owner_type: 'personal' }]);
		expect(simulator.journal.requests.map(({ body }) => body)).toEqual([
			{ number: 4951332210, owner_type: 'personal' },
		]);
	});

	it.each<[number: unknown, problem: string]>([
		['', 'is empty'],
		['495133221', 'is not a number of ten digits'],
		['49513322100', 'is not a number of ten digits'],
		['+1 495 133 2210', 'is not a number of ten digits'],
		['495133221x', 'is not a number of ten digits'],
		['../4951332210', 'is not a number of ten digits'],
		[`${FIRST},${SECOND}`, 'is not a number of ten digits'],
		[4951332210.5, 'is not a number of ten digits'],
		[[FIRST], 'holds a list instead of text'],
		[null, 'is empty'],
	])('refuses the number %j before any request', async (number, problem) => {
		const { error } = await run(
			'create',
			{ number: '={{ $json.number }}', ownerType: 'personal' },
			[{ number } as IDataObject],
		);

		expect(error?.message).toBe(`Number ${problem}`);
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it('refuses an owner type that does not exist before any request', async () => {
		const { error } = await run('create', { number: FIRST, ownerType: '={{ $json.owner_type }}' }, [
			{ owner_type: 'both' },
		]);

		expect(error?.message).toBe('Owner Type is none of the values it may have');
		expect(error?.description).toBe('Use one of: business, personal.');
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it('sends short only when the reservation is for one hour', async () => {
		await run('create', { number: FIRST, ownerType: 'personal', options: { short: true } });
		await run('create', { number: SECOND, ownerType: 'business', options: { short: false } });

		expect(simulator.journal.requests.map(({ body }) => body)).toEqual([
			{ number: 4951332210, owner_type: 'personal', short: 1 },
			{ number: 4991332211, owner_type: 'business' },
		]);
	});

	it('goes on with the other items when a number is taken', async () => {
		const { items } = await run(
			'create',
			{ number: '={{ $json.number }}', ownerType: 'personal', options: { itemsAtOnce: 1 } },
			[{ number: FIRST }, { number: FIRST }, { number: SECOND }],
			goesOn,
		);

		expect(items).toMatchObject([
			{ json: { success: true, number: FIRST }, pairedItem: { item: 0 } },
			{
				json: {
					error: 'Item 1: Plusofon refused the request: "The number is not available"',
					code: 'refused',
				},
				pairedItem: { item: 1 },
			},
			{ json: { success: true, number: SECOND }, pairedItem: { item: 2 } },
		]);
	});
});

describe('Get Many', () => {
	it('gives the reservations as they come', async () => {
		await reserve(FIRST);

		const { json } = await run('getAll', {});

		expect(json).toEqual([
			{
				id: 5,
				number: `7${FIRST}`,
				reserved_untill: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
				phone_type: 'abc',
				owner_type: 'personal',
				buy_price: 99,
				period_price: 99,
			},
		]);
	});

	it('gives only reservations of the chosen type', async () => {
		await reserve(FIRST, '9301332214');

		const { json } = await run('getAll', { phoneType: 'def' });

		expect(json).toMatchObject([{ number: '79301332214' }]);
	});

	it('gives nothing when nothing is reserved', async () => {
		const { json, error } = await run('getAll', { returnAll: true });

		expect(error).toBeUndefined();
		expect(json).toEqual([]);
	});
});

describe('Cancel', () => {
	const byId = (value: string) => ({ reservation: { __rl: true, mode: 'id', value } });

	it('gives the number back and says so', async () => {
		await reserve(FIRST);

		const { json } = await run('cancel', byId('5'));

		expect(json).toEqual([{ deleted: true }]);
		expect(simulator.plusofon.snapshot().reserved).toEqual([]);
	});

	it('takes the reservations of Get Many as they come', async () => {
		await reserve(FIRST, SECOND);
		const { json: reservations } = await run('getAll', { returnAll: true });

		const { json } = await run('cancel', byId('={{ $json.id }}'), reservations);

		expect(json).toEqual([{ deleted: true }, { deleted: true }]);
		expect(simulator.plusofon.snapshot().reserved).toEqual([]);
	});

	it.each(['../15', '5/../../15', '5?x', '..', '5 6', '+74951332210'])(
		'refuses "%s" before any request',
		async (id) => {
			const { error } = await run('cancel', byId('={{ $json.id }}'), [{ id }]);

			expect(error?.message).toBe('Reservation is not an ID');
			expect(simulator.journal.requests).toHaveLength(0);
		},
	);

	it('goes on with the other items when one is refused', async () => {
		await reserve(FIRST);

		const { items } = await run('cancel', byId('={{ $json.id }}'), [{ id: 99 }, { id: 5 }], goesOn);

		expect(items).toMatchObject([
			{ json: { code: 'refused' }, pairedItem: { item: 0 } },
			{ json: { deleted: true }, pairedItem: { item: 1 } },
		]);
	});
});

describe('Buy', () => {
	it('buys one number and names it the way the next node wants it', async () => {
		await reserve(FIRST);

		const { json } = await run('buy', { numbers: [FIRST], ownerType: 'personal' });

		expect(json).toEqual([
			{ success: true, number: FIRST, numbers: [FIRST], owner_type: 'personal' },
		]);
		expect(simulator.journal.charges).toMatchObject([
			{ operation: 'number/buy', phone: `7${FIRST}` },
		]);
	});

	it.each<[how: string, numbers: unknown]>([
		['a list', [FIRST, SECOND]],
		['text with commas', `${FIRST}, ${SECOND}`],
		['numbers of the reservations', [`7${FIRST}`, `7${SECOND}`]],
		['JSON numbers', [4951332210, 74991332211]],
		['numbers with plus and spaces', '+7 495 133-22-10, 8 (499) 133-22-11'],
	])('buys several numbers in one request, given as %s', async (_, numbers) => {
		await reserve(FIRST, SECOND);

		const { json } = await run('buy', { numbers: '={{ $json.numbers }}', ownerType: 'personal' }, [
			{ numbers } as IDataObject,
		]);

		expect(json).toEqual([{ success: true, numbers: [FIRST, SECOND], owner_type: 'personal' }]);
		expect(simulator.journal.requests.map(({ body }) => body)).toEqual([
			{ numbers: [FIRST, SECOND], owner_type: 'personal' },
		]);
		expect(simulator.journal.charges).toHaveLength(2);
	});

	it.each<[numbers: unknown, problem: string]>([
		['', 'is empty'],
		[[], 'is empty'],
		['5', 'is not a number of ten digits'],
		[[FIRST, 'x'], 'is not a number of ten digits'],
		['../buy', 'is not a number of ten digits'],
		[{ number: FIRST }, 'holds an object instead of text'],
	])('refuses the numbers %j before any request', async (numbers, problem) => {
		const { error } = await run('buy', { numbers: '={{ $json.numbers }}', ownerType: 'personal' }, [
			{ numbers } as IDataObject,
		]);

		expect(error?.message).toBe(`Number Names or IDs ${problem}`);
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it('goes on with the other items when a number is not reserved', async () => {
		await reserve(FIRST);

		const { items } = await run(
			'buy',
			{ numbers: '={{ $json.number }}', ownerType: 'personal' },
			[{ number: SECOND }, { number: FIRST }],
			goesOn,
		);

		expect(items).toMatchObject([
			{
				json: {
					error: expect.stringContaining('is not reserved'),
					code: 'refused',
					details: { httpStatus: 400 },
				},
				pairedItem: { item: 0 },
			},
			{ json: { success: true, number: FIRST }, pairedItem: { item: 1 } },
		]);
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it('says that there is not enough money', async () => {
		await reserve(FIRST);
		simulator.faults.add({
			kind: 'status',
			status: 400,
			body: { message: 'Недостаточно средств на балансе', code: 400 },
		});

		const { error } = await run('buy', { numbers: [FIRST], ownerType: 'personal' });

		expect(error?.message).toBe('Plusofon refused: there is not enough money on the balance');
		expect(error?.context.code).toBe('not_enough_money');
	});

	it('pays once for a number that comes in several spellings', async () => {
		await reserve(FIRST);
		const numbers = [FIRST, `7${FIRST}`, `+7 ${FIRST}`];

		await run('buy', { numbers, ownerType: 'personal' });

		expect(simulator.journal.requestsTo('POST', '/api/v1/number/buy')[0]?.body).toMatchObject({
			numbers: [FIRST],
		});
	});

	it('does not buy again what was bought when another item makes n8n retry the node', async () => {
		await reserve(FIRST, SECOND);
		simulator.faults.add({ kind: 'resetBefore', skip: 1 });

		const { error } = await run(
			'buy',
			{ numbers: '={{ $json.number }}', ownerType: 'personal', options: { itemsAtOnce: 1 } },
			[{ number: FIRST }, { number: SECOND }],
			{ retryOnFail: { maxTries: 2 } },
		);

		expect(error?.context.code).toBe('may_have_been_sent');
		expect(simulator.journal.requests.map(({ body }) => body)).toEqual([
			{ numbers: [FIRST], owner_type: 'personal' },
			{ numbers: [SECOND], owner_type: 'personal' },
		]);
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it('tries again when n8n retries the node after the request surely never counted', async () => {
		await reserve(FIRST);
		simulator.faults.add({ kind: 'status', status: 429 });

		const { json } = await run('buy', { numbers: [FIRST], ownerType: 'personal' }, [{}], {
			retryOnFail: { maxTries: 2 },
		});

		expect(json).toMatchObject([{ success: true, number: FIRST }]);
		expect(simulator.journal.charges).toHaveLength(1);
	});
});

describe('from the shop to a forwarded number', () => {
	const forwarding = { type: 'number', destinationNumber: '79991112233', cliType: 'Y' };

	it('passes items on as they come: search, reserve, buy, set forwarding', async () => {
		const found = await runPlusofon(simulator, ['phoneNumber', 'search'], {
			filters: { phoneType: 'abc' },
			limit: 3,
		});
		const kept = await run(
			'create',
			{ number: '={{ $json.number }}', ownerType: '={{ $json.owner_type }}' },
			found.json,
		);
		const bought = await run(
			'buy',
			{ numbers: '={{ $json.number }}', ownerType: '={{ $json.owner_type }}' },
			kept.json,
		);
		simulator.journal.clear();
		const forwarded = await runPlusofon(
			simulator,
			['phoneNumber', 'setForwarding'],
			{ ...forwarding, numbers: '={{ $json.number }}' },
			bought.json,
		);

		const { owned } = simulator.plusofon.snapshot();
		const mine = found.json.map(({ number }) => owned.find((row) => row.number === `7${number}`));
		expect(mine.map((row) => row?.owner_type)).toEqual(found.json.map((row) => row.owner_type));
		expect(mine.map((row) => row?.following?.name)).toEqual(Array(3).fill('Номер 79991112233'));
		expect(forwarded.json).toEqual(
			mine.map((row) => ({ success: true, type: 'number', numbers: [row?.id] })),
		);
		expect(forwarded.items.map((item) => item.pairedItem)).toEqual(
			[0, 1, 2].map((item) => ({ item })),
		);
		expect(simulator.journal.requestsTo('GET', '/api/v1/number')).toHaveLength(2);
	});

	it('passes on the reservations of Get Many, and all of them bought at once', async () => {
		await reserve(FIRST, SECOND);
		const reserved = await run('getAll', { returnAll: true });

		const bought = await run('buy', {
			numbers: reserved.json.map((row) => String(row.number)),
			ownerType: 'business',
		});
		const forwarded = await runPlusofon(
			simulator,
			['phoneNumber', 'setForwarding'],
			{ ...forwarding, numbers: '={{ $json.numbers }}' },
			bought.json,
		);

		expect(bought.json).toEqual([
			{ success: true, numbers: [FIRST, SECOND], owner_type: 'business' },
		]);
		expect(forwarded.json).toEqual([{ success: true, type: 'number', numbers: [1000, 1001] }]);
		expect(simulator.journal.requestsTo('POST', '/api/v1/number/follow')).toHaveLength(1);
	});

	it.each([
		['8-800', '800'],
		['mobile', 'def'],
	])('works for %s numbers', async (_, phoneType) => {
		const found = await runPlusofon(simulator, ['phoneNumber', 'search'], {
			filters: { phoneType },
			limit: 1,
		});
		const number = '={{ $json.number }}';
		const ownerType = '={{ $json.owner_type }}';

		const kept = await run('create', { number, ownerType }, found.json);
		const bought = await run('buy', { numbers: number, ownerType }, kept.json);
		const forwarded = await runPlusofon(
			simulator,
			['phoneNumber', 'setForwarding'],
			{ ...forwarding, numbers: number },
			bought.json,
		);

		expect(forwarded.json).toEqual([{ success: true, type: 'number', numbers: [1000] }]);
	});
});
