import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runNode } from '../../support/engine';
import type { NodeResult, NodeRun } from '../../support/engine';
import { newPhone, PROVIDERS, simulatorCredentials } from '../../support/phoneVerification';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

const CHECK_PATH = '/api/v1/flash-call/check';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

/** Runs an operation for items one after the other. */
async function run(
	type: NodeRun['type'],
	operation: string,
	parameters: INodeParameters,
	items: IDataObject[],
	options: Partial<NodeRun> = {},
): Promise<NodeResult> {
	return await runNode({
		type,
		parameters: {
			resource: 'verification',
			operation,
			providers: PROVIDERS,
			...parameters,
			options: { itemsAtOnce: 1 },
		},
		items,
		credentials: simulatorCredentials(simulator),
		...options,
	});
}

const PHONE = { phone: '={{ $json.phone }}' };
const TYPED = { key: '={{ $json.key }}', code: '={{ $json.code }}', pin: '={{ $json.code }}' };

/** Two people who have typed what they were told, the second of whom needs Plusofon for the check. */
async function typed(type: 'plusofon' | 'phoneVerification'): Promise<IDataObject[]> {
	const phones = [newPhone(), newPhone()];
	const items = phones.map((phone) => ({ phone }));
	const channels = { list: [{ channel: 'plusofonFlashCall', patience: 60 }] };
	const operation = type === 'plusofon' ? 'sendFlashCall' : 'start';
	const { json } = await run(type, operation, { ...PHONE, channels }, items);
	return json.map(({ key }, index) => {
		const sent = simulator.plusofon.lastKey(phones[index] ?? '');
		return { key, code: simulator.plusofon.pinOf(sent) };
	});
}

describe.each([
	['plusofon', 'checkPin'],
	['phoneVerification', 'check'],
] as const)('%s: a check that is made again for the sake of another item', (type, operation) => {
	const checkAll = async (items: IDataObject[], options: Partial<NodeRun> = {}) =>
		await run(type, operation, TYPED, items, options);

	const failTheSecond = () =>
		simulator.faults.add({ kind: 'status', status: 500, skip: 1, match: { path: CHECK_PATH } });

	it('keeps its result under Retry On Fail', async () => {
		const items = await typed(type);
		failTheSecond();

		const { json, error } = await checkAll(items, { retryOnFail: { maxTries: 2 } });

		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ verified: true }, { verified: true }]);
	});

	it('keeps its result in a retry of the execution', async () => {
		const items = await typed(type);
		failTheSecond();

		const failed = await checkAll(items);
		const retried = await checkAll(items, { retryOf: failed.run });

		expect(failed.error?.context.code).toBe('provider_down');
		expect(retried.json).toMatchObject([{ verified: true }, { verified: true }]);
	});

	it('asks again about a check that nobody has answered, and keeps no code', async () => {
		const items = await typed(type);
		simulator.faults.add({ kind: 'resetBefore', match: { path: CHECK_PATH } });

		const { json, run: execution } = await checkAll(items, { retryOnFail: { maxTries: 2 } });

		expect(json).toMatchObject([{ verified: true }, { verified: true }]);
		expect(JSON.stringify(execution.data.executionData)).not.toContain(String(items[0]?.code));
	});

	it('is a new one in another execution', async () => {
		const items = await typed(type);

		const first = await checkAll(items);
		const second = await checkAll(items);

		expect(first.json).toMatchObject([{ verified: true }, { verified: true }]);
		expect(second.json).toMatchObject([{ verified: false }, { verified: false }]);
	});
});
