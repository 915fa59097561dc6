import type { INodeParameters } from 'n8n-workflow';
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
	parameters: INodeParameters = {},
	options?: Partial<NodeRun>,
) {
	return await runPlusofon(simulator, ['reference', operation], parameters, [{}], options);
}

it('lists the forwarding types with the owner types they are for', async () => {
	const { json } = await run('getForwardingTypes');

	expect(json).toEqual([
		{ type: 'sip', title: 'Sip аккаунт', owner_types: ['personal', 'business'] },
		{ type: 'number', title: 'Номер', owner_types: ['personal', 'business'] },
		{ type: 'group', title: 'Группа', owner_types: ['business'] },
		{ type: 'scenario', title: 'Сценарий', owner_types: ['business'] },
	]);
});

it('lists the caller ID types', async () => {
	const { json } = await run('getCallerIdTypes');

	expect(json).toEqual([
		{ type: 'Y', title: 'Номер и имя звонящего' },
		{ type: 'N', title: 'Переадресующий номер' },
	]);
});

it('lists the regions with their city codes', async () => {
	const { json } = await run('getRegions');

	expect(json).toEqual([
		{ id: 1, title: 'Москва (495, 499)', code: ['495', '499'] },
		{ id: 2, title: 'Санкт-Петербург (812)', code: ['812'] },
		{ id: 65, title: 'Улан-Удэ (301)', code: ['301'] },
		{ id: 23, title: 'Ижевск(341)', code: ['341'] },
	]);
});

describe.each([
	['getForwardingTypes', 'follow_types'],
	['getCallerIdTypes', 'cli_types'],
	['getRegions', 'code_regions'],
])('%s', (operation, name) => {
	it('gives no more than the limit', async () => {
		const { json } = await run(operation, { limit: 1 });

		expect(json).toHaveLength(1);
	});

	it('gives nothing for an empty list', async () => {
		simulator.faults.add({ kind: 'wrongShape', shape: { [name]: [] } });

		const { json, error } = await run(operation);

		expect(error).toBeUndefined();
		expect(json).toEqual([]);
	});

	it('takes an answer without its list for none of the documented ones', async () => {
		const shapes: JsonValue[] = [
			{},
			{ success: true },
			{ [name]: {} },
			{ [name]: ['x'] },
			{ data: [] },
		];
		for (const shape of shapes) {
			simulator.faults.add({ kind: 'wrongShape', shape });

			const { json, error } = await run(operation);

			expect(error?.context.code).toBe('unexpected_answer');
			expect(json).toEqual([]);
		}
	});

	it('passes on a refusal that comes with HTTP 200 and without success', async () => {
		simulator.faults.add({ kind: 'wrongShape', shape: { message: 'Service is off', code: 0 } });

		const { error } = await run(operation);

		expect(error?.message).toBe('Plusofon refused the request: "Service is off"');
	});
});
