import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { NodeRun } from '../../support/engine';
import { runPlusofon } from '../../support/plusofon';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';
import type { JsonObject } from '../../support/simulator/types';

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
	return await runPlusofon(simulator, ['phoneNumber', operation], parameters, items, options);
}

const goesOn: Partial<NodeRun> = { onError: 'continueRegularOutput' };

const byId = (value: string) => ({ number: { __rl: true, mode: 'id', value } });

const owned = (id: number) => simulator.plusofon.snapshot().owned.find((row) => row.id === id);
const bodiesTo = (method: string, path: string) =>
	simulator.journal.requestsTo(method, `/api/v1/number/${path}`).map(({ body }) => body);

// The first two numbers of the cabinet.
const BUSINESS = { id: 15, phone: '79309993750' };
const PERSONAL = { id: 17, phone: '74951334527' };

describe('Get Many', () => {
	it('gives the numbers as they come', async () => {
		const { items } = await run('getAll', { limit: 2 });

		expect(items).toEqual([
			{
				json: {
					id: 15,
					number: '79309993750',
					phone_type: 'def',
					owner_type: 'business',
					period_price: 99,
					buy_price: 99,
					black_list: null,
					aon_for_sips: [],
					following: {
						name: 'Sip аккаунт test@plusofontest.ru',
						cli_type: 'Номер и имя звонящего',
					},
					integration_following: {
						host: 'test.amocrm.ru',
						type: 'amo',
						cli_type: 'Переадресующий номер',
					},
				},
				pairedItem: { item: 0 },
			},
			{
				json: expect.objectContaining({
					id: 17,
					aon_for_sips: [{ id: 73, name: 'test@plusofontest.ru' }],
					following: null,
				}),
				pairedItem: { item: 0 },
			},
		]);
	});

	it('gives only numbers of the chosen type, and asks for it on every page', async () => {
		simulator.plusofon.setOptions({ ownedCount: 60 });

		const { json } = await run('getAll', { phoneType: 'def', returnAll: true });

		expect(json).toHaveLength(21);
		expect(new Set(json.map((row) => row.phone_type))).toEqual(new Set(['def']));
		expect(simulator.journal.requests.map(({ query }) => query)).toEqual([
			{ phone_type: 'def', page: '1' },
			{ phone_type: 'def', page: '2' },
		]);
	});

	it('refuses a type that does not exist before any request', async () => {
		const { error } = await run('getAll', { phoneType: '={{ $json.type }}' }, [{ type: 'abd' }]);

		expect(error?.message).toBe('Phone Type is none of the values it may have');
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it.each([0, -1, 1.5, '', 'all', null])(
		'refuses the limit %j before any request',
		async (limit) => {
			const { error } = await run('getAll', { limit: '={{ $json.limit }}' }, [{ limit }]);

			expect(error?.message).toBe('Limit is not a whole number from 1');
			expect(simulator.journal.requests).toHaveLength(0);
		},
	);
});

describe('Get Many With SMS', () => {
	it('gives the numbers with their SMS packages', async () => {
		const { json } = await run('getAllSms', { limit: 1 });

		expect(json).toEqual([
			{
				id: 15,
				number: '79309993750',
				phone_type: 'def',
				owner_type: 'business',
				sms_packet: {
					packet: '8460040d-374c-a7d8-abbe-6241614add81',
					packet_name: 'Пакет СМС 500',
					sms_amount: 500,
					price: '300.00',
					sms_remaining: 500,
				},
			},
		]);
	});
});

describe('Search', () => {
	it('gives what the shop offers, as it comes', async () => {
		const { json } = await run('search', { limit: 1 });

		expect(json).toEqual([
			{
				number_type: 0,
				number: '4951332210',
				buy_price: '99.00',
				period_price: '99.00',
				owner_type: 'personal',
				phone_type: 'abc',
			},
		]);
	});

	it.each<[filters: INodeParameters, query: Record<string, string>]>([
		[{ ownerType: 'business' }, { owner_type: 'business' }],
		[{ region: '65' }, { region: '65' }],
		[{ region: '={{ 65 }}' }, { region: '65' }],
		[{ cityCode: '812' }, { city_code: '812' }],
		[{ cityCode: ' 812 ' }, { city_code: '812' }],
		[{ mask: '13322?0' }, { phone_number: '13322?0' }],
		[{ mask: '*10' }, { phone_number: '*10' }],
		[{ numberType: '0' }, { number_type: '0' }],
		[{ numberType: '5' }, { number_type: '5' }],
		[{ phoneType: '800' }, { phone_type: '800' }],
	])('with the filters %j asks for %j', async (filters, query) => {
		const { error } = await run('search', { filters, limit: 1 });

		expect(error).toBeUndefined();
		expect(simulator.journal.requests.map((request) => request.query)).toEqual([
			{ ...query, page: '1' },
		]);
	});

	it('leaves out filters that were added and left empty', async () => {
		await run('search', { filters: { region: '', cityCode: '', mask: '' }, limit: 1 });

		expect(simulator.journal.requests.map(({ query }) => query)).toEqual([{ page: '1' }]);
	});

	it('gives nothing when nothing matches', async () => {
		const { json, error } = await run('search', { filters: { mask: '0000000' } });

		expect(error).toBeUndefined();
		expect(json).toEqual([]);
	});

	it.each(['13a', '133 22', '+133', '1%32', '../1', '1&page=9', '1#', '１３'])(
		'refuses the mask "%s" before any request',
		async (mask) => {
			const { error } = await run('search', { filters: { mask } });

			expect(error?.message).toBe('Number Mask may hold only digits, ? and *');
			expect(error?.description).toContain('133?2*');
			expect(simulator.journal.requests).toHaveLength(0);
		},
	);

	it.each([
		['region', 'Region'],
		['cityCode', 'City Code'],
	])('refuses what is no ID for %s before any request', async (filter, title) => {
		const { json } = await run(
			'search',
			{ filters: { [filter]: '={{ $json.value }}' } },
			[{ value: 'x' }, { value: '-1' }, { value: 1.5 }, { value: '0' }, { value: [1] }],
			goesOn,
		);

		expect(json).toHaveLength(5);
		for (const { error, code } of json) {
			expect(error).toContain(title);
			expect(code).toBe('invalid_input');
		}
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it('searches once per item, with the filters of the item', async () => {
		const { items } = await run(
			'search',
			{ filters: { cityCode: '={{ $json.code }}' }, limit: 1 },
			[{ code: '812' }, { code: '301' }],
		);

		expect(items).toMatchObject([
			{ json: { number: expect.stringMatching(/^812/) }, pairedItem: { item: 0 } },
			{ json: { number: expect.stringMatching(/^301/) }, pairedItem: { item: 1 } },
		]);
	});
});

describe('Delete', () => {
	it('deletes the number and says so', async () => {
		const { json } = await run('delete', byId('15'));

		expect(json).toEqual([{ deleted: true }]);
		expect(owned(15)).toBeUndefined();
		expect(simulator.journal.requests.map(({ body }) => body)).toEqual([null]);
	});

	it('takes the numbers of Get Many as they come', async () => {
		const { json: numbers } = await run('getAll', { limit: 2 });

		const { json } = await run('delete', byId('={{ $json.id }}'), numbers);

		expect(json).toEqual([{ deleted: true }, { deleted: true }]);
		expect(owned(15)).toBeUndefined();
		expect(owned(17)).toBeUndefined();
	});

	it('sends the PIN as text, leading zeros and all, and no empty one', async () => {
		await run('delete', { ...byId('15'), options: { pin: '0427' } });
		await run('delete', { ...byId('17'), options: { pin: '' } });

		expect(simulator.journal.requests.map(({ body }) => body)).toEqual([{ pin: '0427' }, null]);
	});

	it.each(['../15', '15/../17', '15?pin=1', 'reserve/5', '15/', '+7 930 999-37-50', '%31%35'])(
		'refuses "%s" before any request',
		async (id) => {
			const { error } = await run('delete', byId('={{ $json.id }}'), [{ id }]);

			expect(error?.message).toBe('Number is not an ID');
			expect(simulator.journal.requests).toHaveLength(0);
		},
	);

	it('goes on with the other items when one is refused, and keeps the PIN to itself', async () => {
		simulator.faults.add({
			kind: 'status',
			status: 400,
			body: { message: 'The pin 042715 is wrong for 79309993750', code: 400 },
		});

		const { items } = await run(
			'delete',
			{ ...byId('={{ $json.id }}'), options: { pin: '042715', itemsAtOnce: 1 } },
			[{ id: 15 }, { id: 17 }],
			goesOn,
		);

		expect(items).toMatchObject([
			{ json: { code: 'refused' }, pairedItem: { item: 0 } },
			{ json: { deleted: true }, pairedItem: { item: 1 } },
		]);
		expect(JSON.stringify(items)).not.toContain('042715');
		expect(JSON.stringify(items)).not.toContain('79309993750');
	});
});

describe('Set Block List and Clear Block List', () => {
	it('set the list on several numbers in one request and clear it again', async () => {
		const set = await run('setBlockList', { numbers: ['15', '17'], contactListId: 9 });
		expect(set.json).toEqual([{ success: true, contact_list_id: 9, numbers: [15, 17] }]);
		expect([owned(15)?.black_list, owned(17)?.black_list]).toEqual([9, 9]);

		const cleared = await run('clearBlockList', { numbers: ['15', '17'] });
		expect(cleared.json).toEqual([{ success: true, numbers: [15, 17] }]);
		expect([owned(15)?.black_list, owned(17)?.black_list]).toEqual([null, null]);

		expect(bodiesTo('PATCH', 'contact-list')).toEqual([
			{ contact_list_id: 9, numbers: [15, 17] },
			{ numbers: [15, 17] },
		]);
	});

	it('do not send a list that a saved node still holds when it is cleared', async () => {
		await run('clearBlockList', { numbers: ['15'], contactListId: 9 });

		expect(bodiesTo('PATCH', 'contact-list')).toEqual([{ numbers: [15] }]);
	});

	it.each([0, -1, 1.5, '', 'list', null])(
		'refuse the contact list %j before any request',
		async (list) => {
			const { error } = await run(
				'setBlockList',
				{ numbers: ['15'], contactListId: '={{ $json.list }}' },
				[{ list }],
			);

			expect(error?.message).toBe('Contact List ID is not a whole number from 1');
			expect(simulator.journal.requests).toHaveLength(0);
		},
	);

	it('give the words of Plusofon for a number that is not in the cabinet', async () => {
		const { json } = await run(
			'clearBlockList',
			{ numbers: '={{ $json.id }}' },
			[{ id: 99 }],
			goesOn,
		);

		expect(json).toMatchObject([
			{
				error: 'Plusofon refused the request: "The numbers must belong to the customer"',
				code: 'refused',
			},
		]);
	});
});

describe('the numbers of Set Forwarding and the block lists', () => {
	it.each<[how: string, numbers: unknown, ids: number[]]>([
		['an ID', 15, [15]],
		['an ID as text', '15', [15]],
		['a list of IDs', [15, 17], [15, 17]],
		['IDs with commas', '15, 17', [15, 17]],
		['IDs with empty places', ['15', '', ' 17 '], [15, 17]],
		['the same ID twice', [15, '15', 17], [15, 17]],
		['a phone number of the lists', BUSINESS.phone, [15]],
		['a phone number of Search', '9309993750', [15]],
		['a phone number as a JSON number', 79309993750, [15]],
		['a phone number with plus and spaces', '+7 (930) 999-37-50', [15]],
		['a phone number with 8', '8 930 999-37-50', [15]],
		['phone numbers with commas', `${BUSINESS.phone}, ${PERSONAL.phone}`, [15, 17]],
		['a list of phone numbers', [PERSONAL.phone, BUSINESS.phone], [17, 15]],
		['an ID and a phone number', ['15', PERSONAL.phone], [15, 17]],
		['a number by its ID and by its digits', ['15', BUSINESS.phone], [15]],
	])('may come as %s', async (_, numbers, ids) => {
		const { json, error } = await run('clearBlockList', { numbers: '={{ $json.numbers }}' }, [
			{ numbers } as IDataObject,
		]);

		expect(error).toBeUndefined();
		expect(json).toEqual([{ success: true, numbers: ids }]);
		expect(bodiesTo('PATCH', 'contact-list')).toEqual([{ numbers: ids }]);
	});

	it.each<[numbers: unknown, problem: string]>([
		['', 'is empty'],
		[' , ', 'is empty'],
		[[], 'is empty'],
		[null, 'is empty'],
		['../15', 'is not an ID'],
		['15/17', 'is not an ID'],
		[['15', 'x'], 'is not an ID'],
		[-15, 'is not an ID'],
		[1.5, 'is not an ID'],
		[0, 'is not an ID'],
		[{ id: 15 }, 'holds an object instead of text'],
		[[{ id: 15 }], 'holds an object instead of text'],
		[[[15]], 'holds a list instead of text'],
		[true, 'holds true or false instead of text'],
	])('are refused before any request when they are %j', async (numbers, problem) => {
		const { error } = await run('clearBlockList', { numbers: '={{ $json.numbers }}' }, [
			{ numbers } as IDataObject,
		]);

		expect(error?.message).toBe(`Number Names or IDs ${problem}`);
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it('are refused when a phone number is not in the cabinet, and nothing is changed', async () => {
		const { error } = await run('clearBlockList', { numbers: '={{ $json.numbers }}' }, [
			{ numbers: [BUSINESS.phone, '74951112233'] },
		]);

		expect(error?.message).toBe(
			'Number Names or IDs names a number that is not in the cabinet (ends with 2233)',
		);
		expect(error?.context.code).toBe('not_found');
		expect(bodiesTo('PATCH', 'contact-list')).toEqual([]);
	});

	it.each<JsonObject>([{}, { id: null }, { id: 'x' }, { id: 0 }])(
		'change nothing when the list brings a number without an ID (%j)',
		async (row) => {
			const shape = { data: [{ ...row, number: '74951112233' }], last_page: 1 };
			simulator.faults.add({ kind: 'wrongShape', shape });

			const { error } = await run('clearBlockList', { numbers: ['74951112233'] }, [{}]);

			expect(error?.context.code).toBe('not_found');
			expect(bodiesTo('PATCH', 'contact-list')).toEqual([]);
		},
	);

	it('are looked up in one reading of the list for many items', async () => {
		simulator.plusofon.setOptions({ ownedCount: 53 });
		const { json: numbers } = await run('getAll', { returnAll: true });
		simulator.journal.clear();

		const { items } = await run('clearBlockList', { numbers: '={{ $json.number }}' }, numbers);

		expect(items.map(({ json }) => json.numbers)).toEqual(numbers.map(({ id }) => [id]));
		expect(items.map((item) => item.pairedItem)).toEqual(numbers.map((_, item) => ({ item })));
		expect(
			simulator.journal.requestsTo('GET', '/api/v1/number').map(({ query }) => query.page),
		).toEqual(['1', '2', '3', '4']);
	});

	it('cost no reading of the list when all are IDs', async () => {
		await run('clearBlockList', { numbers: '={{ $json.id }}' }, [{ id: 15 }, { id: 17 }]);

		expect(simulator.journal.requestsTo('GET', '/api/v1/number')).toEqual([]);
	});

	it('change nothing when the list cannot be read', async () => {
		simulator.faults.add({
			kind: 'status',
			status: 503,
			times: 'always',
			match: { method: 'GET' },
		});

		const { json } = await run(
			'clearBlockList',
			{ numbers: '={{ $json.number }}' },
			[{ number: BUSINESS.phone }, { number: PERSONAL.phone }, { number: '15' }],
			goesOn,
		);

		expect(json).toMatchObject([
			{ code: 'provider_down' },
			{ code: 'provider_down' },
			{ success: true, numbers: [15] },
		]);
		expect(bodiesTo('PATCH', 'contact-list')).toEqual([{ numbers: [15] }]);
	});
});

describe('Set Forwarding', () => {
	it('runs with a type that is an expression, without the fields of other types', async () => {
		const { json, error } = await run(
			'setForwarding',
			{ numbers: ['15'], type: '={{ $json.type }}', sipId: 7, cliType: 'Y' },
			[{ type: 'sip' }],
		);

		expect(error).toBeUndefined();
		expect(json).toEqual([{ success: true, type: 'sip', numbers: [15] }]);
	});

	it('reads the list of numbers again for the next item when it could not be read', async () => {
		simulator.faults.add({ kind: 'status', status: 503, times: 3, match: { method: 'GET' } });
		const n = BUSINESS.phone;

		const { json } = await run(
			'setForwarding',
			{ numbers: '={{ $json.n }}', type: 'empty', options: { itemsAtOnce: 1 } },
			[{ n }, { n }],
			goesOn,
		);

		expect(json).toMatchObject([{ code: 'provider_down' }, { success: true, numbers: [15] }]);
	});

	it('takes no number of another country for one of the cabinet that ends alike', async () => {
		const { error } = await run('setForwarding', { numbers: '={{ $json.n }}', type: 'empty' }, [
			{ n: '+1 930 999-37-50' },
		]);

		expect(error).toBeDefined();
		expect(bodiesTo('POST', 'follow')).toEqual([]);
	});

	/** What a saved node can hold of every type at once; expressions, as n8n refuses to run without. */
	const everything = {
		numbers: ['15'],
		cliType: 'Y',
		sipId: 7,
		destinationNumber: '8 (999) 111-22-33',
		groupId: 16,
		scenarioId: 5,
		callQueueId: 4,
		destinationUri: ' sip:reception@example.com ',
		host: ' example.amocrm.ru ',
		typeDefault: 'sip',
		cliTypeDefault: 'N',
	};

	it.each<[type: string, fields: IDataObject]>([
		['sip', { sip_id: 7, cli_type: 'Y' }],
		['number', { destination_number: '79991112233', cli_type: 'Y' }],
		['group', { group_id: 16, cli_type: 'Y' }],
		['scenario', { scenario_id: 5, cli_type: 'Y' }],
		['call_queue', { call_queue_id: 4, cli_type: 'Y' }],
		['sip_uri', { destination_uri: 'sip:reception@example.com', cli_type: 'Y' }],
		[
			'bitrix',
			{ host: 'example.amocrm.ru', type_default: 'sip', cli_type: 'Y', cli_type_default: 'N' },
		],
		[
			'amo',
			{ host: 'example.amocrm.ru', type_default: 'sip', cli_type: 'Y', cli_type_default: 'N' },
		],
		['empty', {}],
	])('to %s sends the fields of that type and none that other types left', async (type, fields) => {
		const { json, error } = await run('setForwarding', { ...everything, type });

		expect(error).toBeUndefined();
		expect(json).toEqual([{ success: true, type, numbers: [15] }]);
		expect(bodiesTo('POST', 'follow')).toEqual([{ type, numbers: [15], ...fields }]);
	});

	it('chooses the fields item by item when the type is an expression', async () => {
		await run(
			'setForwarding',
			{ ...everything, type: '={{ $json.type }}', options: { itemsAtOnce: 1 } },
			[{ type: 'group' }, { type: 'empty' }, { type: 'sip' }],
		);

		expect(bodiesTo('POST', 'follow')).toEqual([
			{ type: 'group', numbers: [15], cli_type: 'Y', group_id: 16 },
			{ type: 'empty', numbers: [15] },
			{ type: 'sip', numbers: [15], cli_type: 'Y', sip_id: 7 },
		]);
	});

	it('leaves the defaults of an integration out unless they are chosen', async () => {
		await run('setForwarding', {
			numbers: ['15'],
			type: 'amo',
			cliType: 'N',
			host: 'example.amocrm.ru',
		});

		expect(bodiesTo('POST', 'follow')).toEqual([
			{ type: 'amo', numbers: [15], cli_type: 'N', host: 'example.amocrm.ru' },
		]);
	});

	it('forwards several numbers in one request', async () => {
		const { json } = await run('setForwarding', {
			numbers: ['15', '17'],
			type: 'number',
			destinationNumber: '79991112233',
			cliType: 'Y',
		});

		expect(json).toEqual([{ success: true, type: 'number', numbers: [15, 17] }]);
		expect(simulator.journal.requests).toHaveLength(1);
		expect(owned(15)?.following?.name).toBe('Номер 79991112233');
		expect(owned(17)?.following?.name).toBe('Номер 79991112233');
	});

	it('ends the forwarding with the type empty, without a caller ID type', async () => {
		await run('setForwarding', { numbers: ['15'], type: 'empty' });

		expect(owned(15)).toMatchObject({ following: null, integration_following: null });
	});

	it.each<[type: string, field: string, problem: string]>([
		['sip', 'sipId', 'SIP Account ID is not a whole number from 1'],
		['number', 'destinationNumber', 'Destination Number is empty'],
		['group', 'groupId', 'Group ID is not a whole number from 1'],
		['scenario', 'scenarioId', 'Scenario ID is not a whole number from 1'],
		['call_queue', 'callQueueId', 'Call Queue ID is not a whole number from 1'],
		['sip_uri', 'destinationUri', 'SIP URI is empty'],
		['bitrix', 'host', 'Integration Host is empty'],
		['amo', 'host', 'Integration Host is empty'],
		['sip', 'cliType', 'Caller ID Type Name or ID is empty'],
		['amo', 'cliType', 'Caller ID Type Name or ID is empty'],
		['sip', 'numbers', 'Number Names or IDs is empty'],
		['sip', 'type', 'Forwarding Type Name or ID is empty'],
	])('to %s without %s is refused before any request', async (type, field, problem) => {
		const { json } = await run(
			'setForwarding',
			{ ...everything, type, [field]: '={{ $json.nothing }}' },
			[{}, { nothing: '' }, { nothing: null }],
			goesOn,
		);

		expect(json.map(({ error }) => error)).toEqual([
			`Item 0: ${problem}`,
			`Item 1: ${problem}`,
			`Item 2: ${problem}`,
		]);
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it.each<[type: string, field: string]>([
		['sip', 'sipId'],
		['group', 'groupId'],
		['scenario', 'scenarioId'],
		['call_queue', 'callQueueId'],
	])('to %s refuses what is no ID before any request', async (type, field) => {
		const wrong = [0, -1, 1.5, 'x', true, [7]];

		const { json } = await run(
			'setForwarding',
			{ ...everything, type, [field]: '={{ $json.id }}' },
			wrong.map((id) => ({ id })),
			goesOn,
		);

		expect(json.map(({ error }) => error)).toEqual(
			wrong.map((_, index) =>
				expect.stringMatching(new RegExp(`^Item ${index}: .* ID is not a whole number from 1$`)),
			),
		);
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it('refuses a destination that is no phone number before any request', async () => {
		const { error } = await run('setForwarding', {
			...everything,
			type: 'number',
			destinationNumber: '12',
		});

		expect(error?.message).toBe('Destination Number is too short');
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it('refuses a type it does not know before any request', async () => {
		const { error } = await run('setForwarding', { ...everything, type: 'fax' });

		expect(error?.message).toBe('Forwarding Type "fax" is not known to this node');
		expect(error?.description).toContain('call_queue');
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it('gives the words of Plusofon for a type the number does not allow, and goes on', async () => {
		const { items } = await run(
			'setForwarding',
			{ ...everything, numbers: '={{ $json.id }}', type: 'group' },
			[{ id: PERSONAL.id }, { id: BUSINESS.id }],
			goesOn,
		);

		expect(items).toMatchObject([
			{
				json: {
					error: expect.stringMatching(
						/^Item 0: Plusofon refused the request: "The type .+ is not available for personal numbers"$/,
					),
					code: 'refused',
				},
				pairedItem: { item: 0 },
			},
			{ json: { success: true, type: 'group', numbers: [15] }, pairedItem: { item: 1 } },
		]);
	});
});
