import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { Plusofon } from '../../../nodes/Plusofon/Plusofon.node';
import { callListSearch, callLoadOptions } from '../../support/engine';
import { runPlusofon, simulatorCredentials } from '../../support/plusofon';
import { PRESET_ACCESS, PRESET_CABINET } from '../../support/simulator/plusofon';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

type Credentials = Parameters<typeof callLoadOptions>[0]['credentials'];

const node = (parameters: INodeParameters = {}, credentials?: Credentials) => ({
	type: 'plusofon',
	parameters: { resource: 'phoneNumber', operation: 'setForwarding', ...parameters },
	credentials: credentials ?? simulatorCredentials(simulator),
});

const options = async (method: string, parameters?: INodeParameters) =>
	await callLoadOptions(node(parameters), method);
const search = async (method: string, filter?: string, token?: string) =>
	await callListSearch(node(), method, filter, token);
const values = (rows: Array<{ value: unknown }>) => rows.map(({ value }) => value);

const pagesAsked = () => simulator.journal.requests.map(({ query }) => query.page);

async function reserve(...numbers: string[]) {
	await runPlusofon(
		simulator,
		['reservation', 'create'],
		{ number: '={{ $json.number }}', ownerType: 'personal', options: { itemsAtOnce: 1 } },
		numbers.map((number) => ({ number })),
	);
	simulator.journal.clear();
}

describe('the numbers of the cabinet', () => {
	it('are shown with plus, owner type and ID, and give the ID', async () => {
		const rows = await options('getNumbers');

		expect(rows).toHaveLength(18);
		expect(rows.slice(0, 2)).toEqual([
			{ name: '+79309993750 (business, ID 15)', value: '15' },
			{ name: '+74951334527 (personal, ID 17)', value: '17' },
		]);
	});

	it('are no more than a drop-down can show', async () => {
		simulator.plusofon.setOptions({ ownedCount: 1010 });

		expect(await options('getNumbers')).toHaveLength(1000);
		expect(pagesAsked()).toHaveLength(67);
	});

	it('are none in an empty cabinet', async () => {
		simulator.plusofon.setOptions({ ownedCount: 0 });

		expect(await options('getNumbers')).toEqual([]);
	});
});

describe('the reserved numbers', () => {
	it('give the ten digits that Buy sends', async () => {
		await reserve('4951332210', '8001332219');

		expect(await options('getReservedNumbers')).toEqual([
			{ name: '+74951332210 (personal, ID 5)', value: '4951332210' },
			{ name: '+78001332219 (personal, ID 6)', value: '8001332219' },
		]);
	});
});

describe('the forwarding types', () => {
	const SIP = { name: 'Sip аккаунт', value: 'sip' };
	const NUMBER = { name: 'Номер', value: 'number' };
	const GROUP = { name: 'Группа', value: 'group' };
	const SCENARIO = { name: 'Сценарий', value: 'scenario' };
	const NONE = { name: 'No Forwarding', value: 'empty' };

	it.each<[who: string, numbers: INodeParameters[string], types: object[]]>([
		['a business number', ['15'], [SIP, NUMBER, GROUP, SCENARIO, NONE]],
		['a personal number', ['17'], [SIP, NUMBER, NONE]],
		['a business and a personal number', ['15', '17'], [SIP, NUMBER, NONE]],
		['no number yet', [], [SIP, NUMBER, GROUP, SCENARIO, NONE]],
		['a number nobody knows', ['999'], [SIP, NUMBER, GROUP, SCENARIO, NONE]],
		['an expression', '={{ $json.number }}', [SIP, NUMBER, GROUP, SCENARIO, NONE]],
	])('for %s are those that every chosen number allows', async (_, numbers, types) => {
		expect(await options('getForwardingTypes', { numbers })).toEqual(types);
	});

	it('read no numbers while none is chosen', async () => {
		await options('getForwardingTypes', { numbers: [] });

		expect(simulator.journal.requests.map(({ path }) => path)).toEqual([
			'/api/v1/number/follow-types',
		]);
	});

	it('do not name "no forwarding" twice when Plusofon lists it', async () => {
		simulator.faults.add({
			kind: 'wrongShape',
			shape: {
				follow_types: [{ type: 'empty', title: 'Нет', owner_types: ['personal', 'business'] }],
			},
		});

		expect(await options('getForwardingTypes')).toEqual([{ name: 'Нет', value: 'empty' }]);
	});

	it('are for everybody when Plusofon does not say for whom', async () => {
		simulator.faults.add({
			kind: 'wrongShape',
			shape: { follow_types: [{ type: 'sip', title: 'SIP' }] },
			match: { path: '/api/v1/number/follow-types' },
		});

		expect(await options('getForwardingTypes', { numbers: ['17'] })).toEqual([
			{ name: 'SIP', value: 'sip' },
			NONE,
		]);
	});
});

describe('the caller ID types', () => {
	it('give the code that requests want', async () => {
		expect(await options('getCallerIdTypes')).toEqual([
			{ name: 'Номер и имя звонящего', value: 'Y' },
			{ name: 'Переадресующий номер', value: 'N' },
		]);
	});
});

describe('regions and city codes', () => {
	it('give the ID of the region', async () => {
		expect(await options('getRegions')).toEqual([
			{ name: 'Москва (495, 499)', value: '1' },
			{ name: 'Санкт-Петербург (812)', value: '2' },
			{ name: 'Улан-Удэ (301)', value: '65' },
			{ name: 'Ижевск(341)', value: '23' },
		]);
	});

	it('give the codes of all regions while none is chosen', async () => {
		expect(values(await options('getCityCodes'))).toEqual(['495', '499', '812', '301', '341']);
		expect(values(await options('getCityCodes', { filters: { region: '' } }))).toHaveLength(5);
	});

	it.each<[region: string | number, codes: object[]]>([
		[
			'1',
			[
				{ name: '495 (Москва (495, 499))', value: '495' },
				{ name: '499 (Москва (495, 499))', value: '499' },
			],
		],
		[65, [{ name: '301 (Улан-Удэ (301))', value: '301' }]],
		['7', []],
	])('give only the codes of the region %j', async (region, codes) => {
		expect(await options('getCityCodes', { filters: { region } })).toEqual(codes);
	});
});

describe('the accounts', () => {
	it('are shown by name and ID, and never with their token', async () => {
		const found = await search('searchAccounts');

		expect(found).toEqual({ results: [{ name: 'simulator (42)', value: '42' }] });
	});

	it.each([
		['SIMUL', ['42']],
		[' 42 ', ['42']],
		['', ['42']],
		['shop', []],
	])('searched for "%s" are %j', async (filter, ids) => {
		const found = await search('searchAccounts', filter);

		expect(values(found.results)).toEqual(ids);
		expect(found.paginationToken).toBeUndefined();
	});
});

describe('the packages', () => {
	it('are shown with their monthly fee', async () => {
		const { results } = await search('searchPackages');

		expect(results[0]).toEqual({
			name: 'пакет 5 000: 1750 ₽ a month',
			value: '100b3613-653a-c128-75a6-62c295fb6ab8',
		});
		expect(results).toHaveLength(3);
	});

	it('are searched by name and by fee', async () => {
		expect((await search('searchPackages', 'ПАКЕТ 20')).results).toHaveLength(1);
		expect((await search('searchPackages', '1750')).results).toHaveLength(1);
	});
});

describe('the searchable numbers', () => {
	it('come page by page, with a token for the next', async () => {
		const first = await search('searchNumbers');
		expect(first.results).toHaveLength(15);
		expect(first.results[0]).toEqual({ name: '+79309993750 (business, ID 15)', value: '15' });
		expect(first.paginationToken).toBe('2');

		const second = await search('searchNumbers', undefined, '2');
		expect(second.results).toHaveLength(3);
		expect(second.paginationToken).toBeUndefined();

		expect(pagesAsked()).toEqual(['1', '2']);
	});

	it('are searched by part of the number, owner type or ID, page by page until some are found', async () => {
		simulator.plusofon.setOptions({ ownedCount: 53 });

		const byNumber = await search('searchNumbers', '9992550');

		expect(byNumber.results).toEqual([{ name: '+79309992550 (personal, ID 70)', value: '70' }]);
		expect(byNumber.paginationToken).toBeUndefined();
		expect(pagesAsked()).toEqual(['1', '2', '3', '4']);
		expect(values((await search('searchNumbers', 'id 17)')).results)).toEqual(['17']);
		expect((await search('searchNumbers', 'PERSONAL')).results).toHaveLength(8);
	});

	it('stop after seventy pages without a match, and go on from there when asked', async () => {
		simulator.plusofon.setOptions({ ownedCount: 1_200 });

		const first = await search('searchNumbers', 'ID 1120)');
		expect(first).toEqual({ results: [], paginationToken: '71' });
		expect(pagesAsked()).toHaveLength(70);

		const second = await search('searchNumbers', 'ID 1120)', first.paginationToken as string);
		expect(values(second.results)).toEqual(['1120']);
	});

	it('end at an empty page that claims a next one', async () => {
		simulator.faults.add({
			kind: 'wrongShape',
			shape: { data: [], next_page_url: 'http://localhost/api/v1/number?page=2', success: true },
		});

		expect(await search('searchNumbers')).toEqual({ results: [] });
	});
});

describe('the reservations', () => {
	it('give the ID that Cancel wants', async () => {
		await reserve('4951332210');

		expect(await search('searchReservations', '133')).toEqual({
			results: [{ name: '+74951332210 (personal, ID 5)', value: '5' }],
		});
	});
});

describe('every drop-down', () => {
	const { properties } = new Plusofon().description;
	const all = (list: INodeProperties[]): INodeProperties[] =>
		list.flatMap((property) => [
			property,
			...all((property.options ?? []).filter((one): one is INodeProperties => 'type' in one)),
		]);
	const used = (read: (property: INodeProperties) => Array<string | undefined>) =>
		[...new Set(all(properties).flatMap(read))].filter((name) => name !== undefined).sort();
	const loadMethods = used(({ typeOptions }) => [typeOptions?.loadOptionsMethod]);
	const searchMethods = used(({ modes = [] }) =>
		modes.map(({ typeOptions }) => typeOptions?.searchListMethod),
	);
	const { methods } = new Plusofon();

	const every: Array<[method: string, call: (credentials: Credentials) => Promise<unknown>]> = [
		...loadMethods.map((method): (typeof every)[number] => [
			method,
			async (credentials) => await callLoadOptions(node({}, credentials), method),
		]),
		...searchMethods.map((method): (typeof every)[number] => [
			method,
			async (credentials) => await callListSearch(node({}, credentials), method),
		]),
	];

	const reasonOf = async (failing: Promise<unknown>): Promise<Error & { description?: string }> =>
		await failing.then(
			() => {
				throw new Error('Nothing failed');
			},
			(reason: Error) => reason,
		);

	it('has its method, and every method its drop-down', () => {
		expect(loadMethods).toEqual(Object.keys(methods.loadOptions).sort());
		expect(searchMethods).toEqual(Object.keys(methods.listSearch).sort());
	});

	it.each(every)('%s says why a token is wrong and what to enter', async (_, call) => {
		const reason = await reasonOf(
			call({ plusofonApi: { token: PRESET_ACCESS, baseUrl: simulator.url } }),
		);

		expect(reason.message).toBe(
			'Plusofon did not accept the token. In the "Plusofon API" credential, enter the API token of the cabinet, not the access token of a Flash Call account.',
		);
		expect(simulator.journal.requests).toHaveLength(1);
	});

	it.each(every)('%s says what to do when the host cannot be reached', async (_, call) => {
		const reason = await reasonOf(
			call({ plusofonApi: { token: PRESET_CABINET, baseUrl: 'http://127.0.0.1:1' } }),
		);

		expect(reason.message).toMatch(
			/^Plusofon could not be reached at 127\.0\.0\.1:1 \(ECONNREFUSED\)\./,
		);
		expect(reason.description).toBe(
			'Check the address in the credential and the network of this n8n, then run the node again.',
		);
		expect(JSON.stringify([reason.message, reason])).not.toContain(PRESET_CABINET);
	});

	it.each(every)('%s says that the answer is not one of Plusofon', async (_, call) => {
		simulator.faults.add({ kind: 'html' });

		const reason = await reasonOf(call(simulatorCredentials(simulator)));

		expect(reason.message).toMatch(
			/^Plusofon sent something that is not JSON \(HTTP 200\)\. Check/,
		);
	});

	it.each(every)('%s asks for a credential when there is none', async (_, call) => {
		const reason = await reasonOf(call({}));

		expect(reason.message).toContain('"Plusofon API"');
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it.each(every)('%s never shows a token', async (_, call) => {
		simulator.faults.add({
			kind: 'status',
			status: 400,
			body: { message: `The token ${PRESET_CABINET} is too old` },
		});

		const reason = await reasonOf(call(simulatorCredentials(simulator)));

		expect(reason.message).toContain('Plusofon refused the request: "The token *** is too old"');
		expect(JSON.stringify([reason.message, reason.description, reason])).not.toContain(
			PRESET_CABINET,
		);
	});

	it.each(every)('%s sends GET requests only', async (_, call) => {
		await call(simulatorCredentials(simulator));

		expect(new Set(simulator.journal.requests.map(({ method }) => method))).toEqual(
			new Set(['GET']),
		);
		expect(simulator.journal.charges).toEqual([]);
	});
});
