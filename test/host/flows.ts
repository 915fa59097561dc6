import type { IDataObject, INode } from 'n8n-workflow';

import type { Credential, WorkflowFile } from './n8n';

function nodeOf(name: string, type: string, typeVersion: number, parameters: object): INode {
	return { id: name, name, type, typeVersion, position: [0, 0], parameters } as INode;
}

function chain(name: string, nodes: INode[]): WorkflowFile {
	const links = nodes
		.slice(1)
		.map((node, index) => [
			nodes[index]?.name ?? '',
			{ main: [[{ node: node.name, type: 'main' as const, index: 0 }]] },
		]);
	return {
		name,
		nodes,
		connections: Object.fromEntries(links),
		settings: { executionOrder: 'v1' },
	};
}

/** The first node of manualFlow, and the one that is looked at. */
export const START = 'Start';
export const PLUSOFON = 'Plusofon';

/** A flow to be run by hand: makes the items and passes them to one Plusofon operation. */
export function manualFlow(options: {
	operation: string;
	parameters: object;
	items: IDataObject[];
	credential: Credential;
	continueOnFail?: boolean;
}): WorkflowFile {
	const plusofon = nodeOf(PLUSOFON, 'n8n-nodes-flashcall.plusofon', 1, {
		resource: 'verification',
		operation: options.operation,
		...options.parameters,
	});
	const { id, name, type } = options.credential;
	return chain(`By hand: ${options.operation}`, [
		nodeOf(START, 'n8n-nodes-base.manualTrigger', 1, {}),
		nodeOf('Make items', 'n8n-nodes-base.set', 3.4, {
			mode: 'raw',
			jsonOutput: JSON.stringify({ items: options.items }),
			options: {},
		}),
		nodeOf('One by one', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'items', options: {} }),
		{
			...plusofon,
			credentials: { [type]: { id, name } },
			...(options.continueOnFail ? { onError: 'continueRegularOutput' } : {}),
		},
	]);
}
