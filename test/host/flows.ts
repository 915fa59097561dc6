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
export const MOBILGROUP = 'Mobilgroup';

interface Operation {
	/** Preset: Plusofon. */
	node?: typeof PLUSOFON | typeof MOBILGROUP;
	operation: string;
	parameters: object;
	credential: Credential;
	continueOnFail?: boolean;
}

function oneByOne(field: string): INode {
	return nodeOf('One by one', 'n8n-nodes-base.splitOut', 1, {
		fieldToSplitOut: field,
		options: {},
	});
}

function operationNode({ node: name = PLUSOFON, credential, ...rest }: Operation): INode {
	const { id, name: credentialName, type } = credential;
	return {
		...nodeOf(name, `n8n-nodes-flashcall.${name.toLowerCase()}`, 1, {
			resource: 'verification',
			operation: rest.operation,
			...rest.parameters,
		}),
		credentials: { [type]: { id, name: credentialName } },
		...(rest.continueOnFail ? { onError: 'continueRegularOutput' } : {}),
	};
}

/** A flow to be run by hand: makes the items and passes them to one operation. */
export function manualFlow({
	items,
	...operation
}: Operation & { items: IDataObject[] }): WorkflowFile {
	return chain(`By hand: ${operation.operation}`, [
		nodeOf(START, 'n8n-nodes-base.manualTrigger', 1, {}),
		nodeOf('Make items', 'n8n-nodes-base.set', 3.4, {
			mode: 'raw',
			jsonOutput: JSON.stringify({ items }),
			options: {},
		}),
		oneByOne('items'),
		operationNode(operation),
	]);
}

/** A flow that passes the `items` which are posted to one operation, and answers with its output. */
export function webhookFlow({ path, ...operation }: Operation & { path: string }): WorkflowFile {
	const webhook = nodeOf(START, 'n8n-nodes-base.webhook', 2, {
		httpMethod: 'POST',
		path,
		responseMode: 'lastNode',
		responseData: 'allEntries',
		options: {},
	});
	return chain(`By webhook: ${operation.operation}`, [
		{ ...webhook, webhookId: path },
		oneByOne('body.items'),
		operationNode(operation),
	]);
}
