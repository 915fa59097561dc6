import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runNode } from './engine';
import type { NodeResult, NodeRun } from './engine';
import { PRESET_MOBILGROUP } from './simulator/mobilgroup';
import type { Simulator } from './simulator/server';

/** The credential of the simulator's preset account. */
export function simulatorCredentials(simulator: Simulator) {
	return { mobilgroupApi: { apiKey: PRESET_MOBILGROUP, baseUrl: simulator.url } };
}

/** Runs an operation of the node Mobilgroup against the simulator. */
export async function runMobilgroup(
	simulator: Simulator,
	operation: string,
	parameters: INodeParameters,
	items: IDataObject[] = [{}],
	options: Partial<NodeRun> = {},
): Promise<NodeResult> {
	return await runNode({
		type: 'mobilgroup',
		parameters: { resource: 'verification', operation, ...parameters },
		items,
		credentials: simulatorCredentials(simulator),
		...options,
	});
}
