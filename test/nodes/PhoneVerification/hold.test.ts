import { newPhone, runStart } from '../../support/phoneVerification';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

/** How long the node would have waited. */
const waited: number[] = [];

jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		waited.push(ms);
		await Promise.reject(new Error('It waits'));
	},
}));

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(async () => await simulator.close());

it('a provider that wants to be left alone does not keep the next channel waiting', async () => {
	simulator.faults.add({
		kind: 'status',
		status: 429,
		headers: { 'retry-after': '20' },
		match: { path: '/api/voice-password/send/' },
	});

	const { json } = await runStart(simulator, newPhone(), {
		channels: ['mobilgroupFlashCall', 'zvonobotPinCall'],
	});

	expect(json).toMatchObject([{ status: 'sent', channel: 'zvonobotPinCall' }]);
	expect(waited).toEqual([]);
});
