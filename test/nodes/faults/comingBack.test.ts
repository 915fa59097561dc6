import { sleep } from 'n8n-workflow';
import { runPlusofon } from '../../support/plusofon';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator | undefined;

afterEach(async () => await simulator?.close());

it.each([
	['verification', 'sendFlashCall', { phone: '79991112233' }, 1],
	['verification', 'checkPin', { key: 'the-key-of-the-call', pin: '0427' }, 0],
	['flashCallSettings', 'get', {}, 0],
])(
	'a provider that begins to listen a moment later gets the request once: %s %s',
	async (resource, operation, parameters, charges) => {
		simulator = await startSimulator();
		const { port } = simulator;
		const closed = simulator;
		await closed.close();

		const running = runPlusofon(closed, [resource, operation], parameters);
		await sleep(100);
		simulator = await startSimulator({ port });
		const { error } = await running;

		expect(error).toBeUndefined();
		expect(simulator.journal.requests).toHaveLength(1);
		expect(simulator.journal.charges).toHaveLength(charges);
	},
);
