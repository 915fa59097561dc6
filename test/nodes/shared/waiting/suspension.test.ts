import { EngineWait } from '../../../support/engineWait';
import { simulatorCredentials } from '../../../support/plusofon';
import { startSimulator } from '../../../support/simulator/server';
import type { Simulator } from '../../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(async () => await simulator.close());

it('a sub-workflow that ends while the node waits is none that the node waits for', async () => {
	const wait = await EngineWait.start({
		type: 'plusofon',
		parameters: {
			resource: 'verification',
			operation: 'requestCallAndWait',
			phone: '79161234567',
			timeLimit: 60,
		},
		items: [{}],
		credentials: simulatorCredentials(simulator),
		executionId: 'own',
	});

	const [parked] = wait.first.run.data.executionData?.nodeExecutionStack ?? [];

	// n8n puts what a sub-workflow gives on the first output, unless it is not among these.
	expect(parked?.metadata).toMatchObject({ waitingChildExecutionIds: ['own'] });
});
