import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runNode } from '../../support/engine';
import type { NodeRun } from '../../support/engine';
import { runPlusofon } from '../../support/plusofon';
import { PRESET_CABINET } from '../../support/simulator/plusofon';
import type { Fault } from '../../support/simulator/faults';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';
import type { JsonValue } from '../../support/simulator/types';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const NUMBERS = '/api/v1/number';
const SEARCH = '/api/v1/number/search';

const pagesUpTo = (last: number) => Array.from({ length: last }, (_, index) => String(index + 1));

/** The pages that were asked for; fails when a request went anywhere else. */
function pagesOf(path: string): unknown[] {
	return simulator.journal.requests.map((request) => {
		expect(request).toMatchObject({ method: 'GET', path, query: { page: expect.any(String) } });
		expect(request.headers.host).toBe(new URL(simulator.url).host);
		return request.query.page;
	});
}

const getAll = async (parameters: INodeParameters, options?: Partial<NodeRun>) =>
	await runPlusofon(simulator, ['phoneNumber', 'getAll'], parameters, [{}], options);
const search = async (parameters: INodeParameters, options?: Partial<NodeRun>) =>
	await runPlusofon(simulator, ['phoneNumber', 'search'], parameters, [{}], options);

describe('pages with a total, 15 numbers each', () => {
	it.each([
		[0, 1],
		[1, 1],
		[15, 1],
		[16, 2],
		[53, 4],
		[10_000, 667],
	])('Return All gives %i numbers in %i pages', async (count, pages) => {
		simulator.plusofon.setOptions({ ownedCount: count });

		const { json, error } = await getAll({ returnAll: true });

		expect(error).toBeUndefined();
		expect(json.map(({ id }) => id)).toEqual(
			simulator.plusofon.snapshot().owned.map(({ id }) => id),
		);
		expect(pagesOf(NUMBERS)).toEqual(pagesUpTo(pages));
	});

	it.each([
		[1, 1],
		[15, 1],
		[16, 2],
		[50, 4],
		[60, 4],
		[100, 4],
	])('Limit %i asks for %i pages', async (limit, pages) => {
		simulator.plusofon.setOptions({ ownedCount: 60 });

		const { json } = await getAll({ returnAll: false, limit });

		expect(json).toHaveLength(Math.min(limit, 60));
		expect(pagesOf(NUMBERS)).toEqual(pagesUpTo(pages));
	});

	it('gives 50 when neither Return All nor Limit is set', async () => {
		simulator.plusofon.setOptions({ ownedCount: 60 });

		expect((await getAll({})).json).toHaveLength(50);
	});

	it('ignores a limit that a saved node still holds under Return All', async () => {
		expect((await getAll({ returnAll: true, limit: 1 })).json).toHaveLength(18);
	});

	it('reads the numbers with SMS and the reservations the same way', async () => {
		simulator.plusofon.setOptions({ ownedCount: 53 });
		const { json: found } = await search({ limit: 17 });
		await runPlusofon(
			simulator,
			['reservation', 'create'],
			{ number: '={{ $json.number }}', ownerType: 'business' },
			found,
		);
		simulator.journal.clear();

		const sms = await runPlusofon(simulator, ['phoneNumber', 'getAllSms'], { returnAll: true });
		expect(sms.json).toHaveLength(18);
		expect(pagesOf('/api/v1/number/sms')).toEqual(pagesUpTo(2));

		simulator.journal.clear();
		const kept = await runPlusofon(simulator, ['reservation', 'getAll'], { returnAll: true });
		expect(kept.json).toHaveLength(17);
		expect(pagesOf('/api/v1/number/reserve')).toEqual(pagesUpTo(2));
	});
});

describe('pages without a total, 20 numbers each', () => {
	it.each([
		[0, 1],
		[1, 1],
		[15, 1],
		[16, 1],
		[20, 1],
		[21, 2],
		[40, 2],
		[53, 3],
		[10_000, 500],
	])('Return All gives %i numbers in %i pages', async (count, pages) => {
		simulator.plusofon.setOptions({ shopSize: count });

		const { json, error } = await search({ returnAll: true });

		expect(error).toBeUndefined();
		expect(new Set(json.map(({ number }) => number)).size).toBe(count);
		expect(pagesOf(SEARCH)).toEqual(pagesUpTo(pages));
	});

	it.each([
		[1, 1],
		[15, 1],
		[16, 1],
		[20, 1],
		[21, 2],
		[50, 3],
		[100, 3],
	])('Limit %i asks for %i pages', async (limit, pages) => {
		const { json } = await search({ returnAll: false, limit });

		expect(json).toHaveLength(Math.min(limit, 60));
		expect(pagesOf(SEARCH)).toEqual(pagesUpTo(pages));
	});
});

describe('a failure in the middle of a list', () => {
	it('is a failure, not a part of the list: too many requests, for longer than a node waits', async () => {
		simulator.plusofon.setOptions({ ownedCount: 53 });
		simulator.faults.add({
			kind: 'status',
			status: 429,
			skip: 2,
			headers: { 'retry-after': '31' },
		});

		const { items, error } = await getAll({ returnAll: true });

		expect(items).toEqual([]);
		expect(error?.context.code).toBe('rate_limited');
		expect(error?.message).toBe('Plusofon takes no more requests for now');
		expect(error?.description).toContain('31 seconds');
		expect(pagesOf(NUMBERS)).toEqual(pagesUpTo(3));
	});

	it('is none when Plusofon says how long to wait: the page is asked for again', async () => {
		simulator.plusofon.setOptions({ ownedCount: 53 });
		simulator.faults.add({
			kind: 'status',
			status: 429,
			skip: 2,
			times: 2,
			headers: { 'retry-after': '1' },
		});

		const { json } = await getAll({ returnAll: true });

		expect(json).toHaveLength(53);
		expect(pagesOf(NUMBERS)).toEqual(['1', '2', '3', '3', '3', '4']);
	});

	it('is one when Plusofon says it for the third time', async () => {
		simulator.faults.add({
			kind: 'status',
			status: 429,
			times: 'always',
			headers: { 'retry-after': '0' },
		});

		const { error } = await getAll({ returnAll: true });

		expect(error?.context.code).toBe('rate_limited');
		expect(pagesOf(NUMBERS)).toEqual(['1', '1', '1']);
	});

	it.each<[fault: Fault, pages: string[]]>([
		[{ kind: 'status', status: 429 }, ['1', '2']],
		[{ kind: 'status', status: 500 }, ['1', '2', '2', '2']],
		[{ kind: 'resetBefore' }, ['1', '2', '2', '2']],
		[{ kind: 'brokenJson' }, ['1', '2']],
		[{ kind: 'wrongShape', shape: { success: true } }, ['1', '2']],
		[{ kind: 'wrongShape', shape: { success: false, message: 'No' } }, ['1', '2']],
	])('gives one item that says so when the node goes on: %j', async (fault, pages) => {
		simulator.plusofon.setOptions({ ownedCount: 53 });
		simulator.faults.add({ ...fault, skip: 1, times: 'always' });

		const { json } = await getAll({ returnAll: true }, { onError: 'continueRegularOutput' });

		expect(json).toEqual([
			{
				error: expect.stringMatching(/^[A-Z]/),
				code: expect.any(String),
				details: expect.anything(),
			},
		]);
		expect(pagesOf(NUMBERS)).toEqual(pages);
	});

	it('reads a page that failed once again, and goes on from there', async () => {
		simulator.plusofon.setOptions({ ownedCount: 31 });
		simulator.faults.add({ kind: 'status', status: 502, skip: 1 });

		const { json, error } = await getAll({ returnAll: true });

		expect(error).toBeUndefined();
		expect(json).toHaveLength(31);
		expect(pagesOf(NUMBERS)).toEqual(['1', '2', '2', '3']);
	});

	it('is read again from its first page when n8n retries the node', async () => {
		simulator.plusofon.setOptions({ ownedCount: 16 });
		simulator.faults.add({ kind: 'status', status: 429, skip: 1 });

		const { json, error } = await getAll({ returnAll: true }, { retryOnFail: { maxTries: 2 } });

		expect(error).toBeUndefined();
		expect(json).toHaveLength(16);
		expect(pagesOf(NUMBERS)).toEqual(['1', '2', '1', '2']);
	});

	it('does not stop the lists of other items', async () => {
		simulator.faults.add({ kind: 'status', status: 429 });

		const { items } = await runPlusofon(
			simulator,
			['phoneNumber', 'getAll'],
			{ limit: 1, options: { itemsAtOnce: 1 } },
			[{}, {}],
			{ onError: 'continueRegularOutput' },
		);

		expect(items).toMatchObject([
			{ json: { code: 'rate_limited' }, pairedItem: { item: 0 } },
			{ json: { id: 15 }, pairedItem: { item: 1 } },
		]);
	});
});

describe('pages that count in their own way', () => {
	it.each<JsonValue>([
		{ current_page: '1', last_page: '2' },
		{ total: 16, per_page: 15 },
	])('are read to their end: %j', async (marks) => {
		const page = (id: number): JsonValue => ({
			data: [{ id, number: `7999000000${id}` }],
			...(marks as object),
			...('current_page' in (marks as object) ? { current_page: String(id) } : {}),
			success: true,
		});
		for (const id of [1, 2]) simulator.faults.add({ kind: 'wrongShape', shape: page(id) });

		const { json } = await getAll({});

		expect(json.map((row) => row.id)).toEqual([1, 2]);
	});
});

describe('a page that does not say which one it is', () => {
	it('is followed by the others all the same', async () => {
		const page = (id: number): JsonValue => ({
			data: [{ id, number: `7999000000${id}` }],
			last_page: 3,
			success: true,
		});
		for (const id of [1, 2, 3]) simulator.faults.add({ kind: 'wrongShape', shape: page(id) });

		const { json } = await getAll({});

		expect(json.map((row) => row.id)).toEqual([1, 2, 3]);
	});
});

describe('a page of a wrong shape', () => {
	it.each<JsonValue>([
		{ success: true, current_page: 1, next_page_url: null },
		{ success: true, current_page: 1, data: {} },
		{ success: true, current_page: 1, data: { 0: { id: 1 } } },
		{ success: true, current_page: 1, data: null },
		{ success: true, current_page: 1, data: 'none' },
		{ success: true, current_page: 1, data: ['79991112233'] },
		{ success: true, current_page: 1, data: [null] },
		[],
		[{ id: 1 }],
		null,
		'text',
		5,
	])('is an unexpected answer: %j', async (shape) => {
		simulator.faults.add({ kind: 'wrongShape', shape, times: 2 });

		const [list, found] = [await getAll({}), await search({})];

		for (const { items, error } of [list, found]) {
			expect(items).toEqual([]);
			expect(error?.context.code).toBe('unexpected_answer');
			expect(error?.description).toContain('base URL');
		}
	});
});

describe('a provider that claims a next page for ever', () => {
	let server: FastifyInstance;
	let url: string;
	let asked: string[];
	let answer: (page: number) => IDataObject;

	beforeAll(async () => {
		server = Fastify({ forceCloseConnections: true });
		server.get<{ Querystring: { page: string } }>('*', async ({ query, url: path }) => {
			asked.push(path);
			return answer(Number(query.page));
		});
		url = await server.listen({ host: '127.0.0.1', port: 0 });
	});
	beforeEach(() => (asked = []));
	afterAll(async () => await server.close());

	const row = (index: number) => ({ id: index, number: String(79990000000 + index) });
	const page = (current: number, data: IDataObject[]): IDataObject => ({
		current_page: current,
		data,
		next_page_url: `http://localhost${SEARCH}?page=${current + 1}`,
		success: true,
	});

	async function run(parameters: INodeParameters = { returnAll: true }) {
		return await runNode({
			type: 'plusofon',
			parameters: { resource: 'phoneNumber', operation: 'search', ...parameters },
			items: [{}],
			credentials: { plusofonApi: { token: PRESET_CABINET, baseUrl: url } },
		});
	}

	it.each<[how: string, answer: (asked: number) => IDataObject]>([
		['repeats the same page under every number', (number) => page(number, [row(1), row(2)])],
		['ignores the number of the page', () => page(1, [row(1), row(2)])],
		['stays at its first page, with other rows each time', (number) => page(1, [row(number)])],
		[
			'says nothing of the page and repeats it',
			() => ({ ...page(1, [row(1)]), current_page: null }),
		],
		[
			'ignores the number and claims a total',
			() => ({ ...page(1, [row(1)]), last_page: 9, total: 9 }),
		],
	])('and %s is told apart after two requests', async (_, answers) => {
		answer = answers;

		const { items, error } = await run();

		expect(items).toEqual([]);
		expect(error?.context.code).toBe('endless_list');
		expect(error?.message).toBe('The list does not end: page 2 brought what an earlier page had');
		expect(error?.description).toContain('set a Limit');
		expect(asked).toEqual([`${SEARCH}?page=1`, `${SEARCH}?page=2`]);
	});

	it('and invents rows is asked for 2,000 pages and no more', async () => {
		answer = (number) => page(number, [row(number)]);

		const { items, error } = await run();

		expect(items).toEqual([]);
		expect(error?.context.code).toBe('endless_list');
		expect(error?.message).toBe('The list did not end after 2000 pages');
		expect(error?.description).toContain('Narrow the search');
		expect(asked).toHaveLength(2000);
	});

	it('and invents rows still gives as many as the limit says', async () => {
		answer = (number) => page(number, [row(2 * number), row(2 * number + 1)]);

		const { json, error } = await run({ limit: 5 });

		expect(error).toBeUndefined();
		expect(json).toHaveLength(5);
		expect(asked).toHaveLength(3);
	});

	it('and sends an empty page has come to its end', async () => {
		answer = (number) => page(number, number < 3 ? [row(number)] : []);

		const { json, error } = await run();

		expect(error).toBeUndefined();
		expect(json).toEqual([row(1), row(2)]);
		expect(asked).toHaveLength(3);
	});
});
