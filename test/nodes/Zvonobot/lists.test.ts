import { callListSearch, callLoadOptions } from '../../support/engine';
import type { Fault } from '../../support/simulator/faults';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';
import { runZvonobot, simulatorCredentials } from '../../support/zvonobot';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

function edited() {
	return {
		type: 'zvonobot',
		parameters: { resource: 'call', operation: 'create' },
		credentials: simulatorCredentials(simulator),
	};
}

describe('the languages', () => {
	const getAll = async () =>
		await runZvonobot(simulator, 'language', 'getAll', { returnAll: true });

	it.each([
		['a host that knows POST only', { languagesByPost: true }],
		['one that answers bare', { wrapping: 'bare' as const }],
	])('come from %s', async (_, options) => {
		simulator.zvonobot.setOptions(options);

		const { error, json } = await getAll();

		expect(error).toBeUndefined();
		expect(json.map(({ defaultLangCode }) => defaultLangCode)).toEqual(['ru-RU', 'en-US', 'kk-KZ']);
	});

	it.each([404, 405])('are asked for by POST after a %i, once', async (status) => {
		simulator.zvonobot.setOptions({ languagesByPost: true });
		simulator.faults.add({ kind: 'status', status, body: '<h1>No</h1>' });

		expect((await getAll()).error).toBeUndefined();
		expect(simulator.journal.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
	});

	it.each<[string, Fault]>([
		['wrong_credential', { kind: 'status', status: 401 }],
		['provider_down', { kind: 'status', status: 500 }],
		['rate_limited', { kind: 'status', status: 429 }],
		['connection_lost', { kind: 'resetBefore' }],
	])('are never asked for by POST after %s', async (code, fault) => {
		simulator.faults.add({ ...fault, times: 'always' });

		expect((await getAll()).error?.context.code).toBe(code);
		expect(simulator.journal.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
	});
});

it.each<[resource: string, parameters: object, found: number]>([
	['callerId', { returnAll: true }, 2],
	['callerId', { returnAll: true, options: { all: true } }, 4],
	['callerId', { returnAll: true, options: { all: false } }, 2],
	['callerId', { limit: 1 }, 1],
	['template', { returnAll: true }, 2],
	['template', { returnAll: true, options: { onlyModerated: true } }, 1],
	['language', { limit: 2 }, 2],
])('lists of %s with %j bring %i rows', async (resource, parameters, found) => {
	const { error, json } = await runZvonobot(simulator, resource, 'getAll', { ...parameters });

	expect(error).toBeUndefined();
	expect(json).toHaveLength(found);
});

describe('in the editor', () => {
	it('the languages can be chosen by name', async () => {
		const options = await callLoadOptions(edited(), 'getLanguages');

		expect(options).toEqual([
			{ name: 'Русский', value: 'ru-RU' },
			{ name: 'English', value: 'en-US' },
			{ name: 'Қазақша', value: 'kk-KZ' },
		]);
	});

	it("one's own numbers can be searched for", async () => {
		const all = await callListSearch(edited(), 'searchCallerIds');
		const some = await callListSearch(edited(), 'searchCallerIds', '7495');

		expect(all.results).toEqual([
			{ name: '+99999999997', value: '99999999997' },
			{ name: '+74950000001', value: '74950000001' },
		]);
		expect(some.results).toEqual([{ name: '+74950000001', value: '74950000001' }]);
	});

	it('templates can be searched for, also when they have no name', async () => {
		const named = await callListSearch(edited(), 'searchTemplates', 'скидка');
		simulator.faults.add({ kind: 'wrongShape', shape: [{ id: 7 }, { id: 8, title: 'Hi' }] });
		const unnamed = await callListSearch(edited(), 'searchTemplates');

		expect(named.results).toEqual([{ name: 'Скидка (1)', value: '1' }]);
		expect(unnamed.results).toEqual([
			{ name: 'Template (7)', value: '7' },
			{ name: 'Hi (8)', value: '8' },
		]);
	});

	it('a list that could not be read says why', async () => {
		simulator.faults.add({ kind: 'status', status: 401 });

		await expect(callListSearch(edited(), 'searchCallerIds')).rejects.toThrow(/did not accept/);
	});
});
