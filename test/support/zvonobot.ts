import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runNode } from './engine';
import type { NodeResult, NodeRun } from './engine';
import { PRESET_ZVONOBOT } from './simulator/zvonobot';
import type { Simulator } from './simulator/server';

/** The credential of the simulator's preset account. */
export function simulatorCredentials(simulator: Simulator) {
	return { zvonobotApi: { domain: simulator.url, apiKey: PRESET_ZVONOBOT } };
}

/** Runs an operation of the node Zvonobot against the simulator. */
export async function runZvonobot(
	simulator: Simulator,
	resource: string,
	operation: string,
	parameters: INodeParameters,
	items: IDataObject[] = [{}],
	options: Partial<NodeRun> = {},
): Promise<NodeResult> {
	return await runNode({
		type: 'zvonobot',
		parameters: { resource, operation, ...parameters },
		items,
		credentials: simulatorCredentials(simulator),
		...options,
	});
}
