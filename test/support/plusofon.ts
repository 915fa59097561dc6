import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runNode } from './engine';
import type { NodeResult, NodeRun } from './engine';
import type { Simulator } from './simulator/server';
import { PRESET_ACCESS, PRESET_CABINET } from './simulator/plusofon';

/** Credentials of the simulator's preset cabinet and account. */
export function simulatorCredentials(simulator: Simulator) {
	return {
		plusofonApi: { token: PRESET_CABINET, baseUrl: simulator.url },
		plusofonFlashCallApi: { accessToken: PRESET_ACCESS, baseUrl: simulator.url },
	};
}

/** Runs an operation of the node Plusofon against the simulator. */
export async function runPlusofon(
	simulator: Simulator,
	[resource, operation]: [resource: string, operation: string],
	parameters: INodeParameters,
	items: IDataObject[] = [{}],
	options: Partial<NodeRun> = {},
): Promise<NodeResult> {
	return await runNode({
		type: 'plusofon',
		parameters: { resource, operation, ...parameters },
		items,
		credentials: simulatorCredentials(simulator),
		...options,
	});
}
