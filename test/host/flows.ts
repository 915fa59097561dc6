import type { IDataObject, INode } from 'n8n-workflow';

import type { Credential, WorkflowFile } from './n8n';

/** Any node of n8n's own. */
export function nodeOf(name: string, type: string, typeVersion: number, parameters: object): INode {
	return { id: name, name, type, typeVersion, position: [0, 0], parameters } as INode;
}

/** A flow of nodes one behind the other. */
export function chain(name: string, nodes: INode[]): WorkflowFile {
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
export const ZVONOBOT = 'Zvonobot';

interface Operation {
	/** Preset: Plusofon. */
	node?: typeof PLUSOFON | typeof MOBILGROUP | typeof ZVONOBOT;
	/** Preset: verification. */
	resource?: string;
	operation: string;
	parameters: object;
	credential: Credential;
	continueOnFail?: boolean;
}

function oneByOne(field: string): INode {
	return nodeOf(ITEMS, 'n8n-nodes-base.splitOut', 1, {
		fieldToSplitOut: field,
		options: {},
	});
}

function operationNode({ node: name = PLUSOFON, credential, ...rest }: Operation): INode {
	const { id, name: credentialName, type } = credential;
	return {
		...nodeOf(name, `n8n-nodes-flashcall.${name.toLowerCase()}`, 1, {
			resource: rest.resource ?? 'verification',
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
	return chain(`By hand: ${operation.operation}`, [...makeItems(items), operationNode(operation)]);
}

/** The same for several nodes, one behind the other. */
export function manualChain(name: string, items: IDataObject[], nodes: INode[]): WorkflowFile {
	return chain(name, [...makeItems(items), ...nodes]);
}

function makeItems(items: IDataObject[]): INode[] {
	return [
		nodeOf(START, 'n8n-nodes-base.manualTrigger', 1, {}),
		nodeOf('Make items', 'n8n-nodes-base.set', 3.4, {
			mode: 'raw',
			jsonOutput: JSON.stringify({ items }),
			options: {},
		}),
		oneByOne('items'),
	];
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

/** The node that waits in waitingFlow. */
export const WAITS = 'Waits';
/** The node in front of it, which makes an item of each one that was posted. */
export const ITEMS = 'One by one';

export function noOp(name: string): INode {
	return nodeOf(name, 'n8n-nodes-base.noOp', 1, {});
}

/** A node that waits, to stand in a flow under the given name. */
export function waitingNode(
	name: string,
	{ settings, ...operation }: Operation & { settings?: Partial<INode> },
): INode {
	return { ...operationNode(operation), ...settings, id: name, name };
}

/** Loop Over Items, one by one: its first output is for when all are done, the second for each. */
export function loopNode(name: string): INode {
	return nodeOf(name, 'n8n-nodes-base.splitInBatches', 3, { batchSize: 1, options: {} });
}

/** A node that starts another flow. */
export function subFlowNode(
	name: string,
	workflowId: string,
	{ waitsForIt = true }: { waitsForIt?: boolean } = {},
): INode {
	return nodeOf(name, 'n8n-nodes-base.executeWorkflow', 1.2, {
		workflowId: { __rl: true, mode: 'id', value: workflowId },
		workflowInputs: { mappingMode: 'defineBelow', value: {}, schema: [] },
		mode: 'once',
		options: { waitForSubWorkflow: waitsForIt },
	});
}

/** Where each output of each node leads to. */
export type Links = Record<string, string[][]>;

function connect(links: Links): WorkflowFile['connections'] {
	const targets = (names: string[]) =>
		names.map((node) => ({ node, type: 'main' as const, index: 0 }));
	return Object.fromEntries(
		Object.entries(links).map(([from, outputs]) => [from, { main: outputs.map(targets) }]),
	);
}

/**
 * A flow that answers a POST with the ID and the resume URL of its execution, and goes on with the
 * `items` that were posted.
 */
export function respondingFlow({
	path,
	nodes,
	links,
	settings = { executionOrder: 'v1' },
}: {
	path: string;
	nodes: INode[];
	links: Links;
	settings?: WorkflowFile['settings'];
}): WorkflowFile {
	const webhook = nodeOf(START, 'n8n-nodes-base.webhook', 2, {
		httpMethod: 'POST',
		path,
		responseMode: 'responseNode',
		options: {},
	});
	const respond = nodeOf('Respond', 'n8n-nodes-base.respondToWebhook', 1.1, {
		respondWith: 'json',
		responseBody: '={{ { executionId: $execution.id, resumeUrl: $execution.resumeUrl } }}',
		options: {},
	});
	const flow = chain(`Responds: ${path}`, [
		{ ...webhook, webhookId: path },
		respond,
		oneByOne('body.items'),
	]);
	return {
		...flow,
		nodes: [...flow.nodes, ...nodes],
		connections: { ...flow.connections, ...connect(links) },
		...(settings === undefined ? {} : { settings }),
	};
}

interface OneWait extends Operation {
	outputs: readonly string[];
	/** An output that leads back to the waiting node. */
	loopBack?: string;
	/** Of the waiting node. */
	settings?: Partial<INode>;
	/** Preset: v1. */
	order?: 'v0' | 'v1';
}

/** One node that waits, and one node behind each of its outputs, named after it. */
function oneWait({ outputs, loopBack, order = 'v1', ...waits }: OneWait) {
	return {
		nodes: [waitingNode(WAITS, waits), ...outputs.filter((name) => name !== loopBack).map(noOp)],
		links: {
			[ITEMS]: [[WAITS]],
			[WAITS]: outputs.map((name) => [name === loopBack ? WAITS : name]),
		},
		settings: order === 'v1' ? ({ executionOrder: 'v1' } as const) : {},
	};
}

export function waitingFlow({ path, ...wait }: OneWait & { path: string }): WorkflowFile {
	return respondingFlow({ path, ...oneWait(wait) });
}

/** The same, to be run by hand. */
export function manualWaitingFlow({
	items,
	...wait
}: OneWait & { items: IDataObject[] }): WorkflowFile {
	const flow = chain('By hand: waits', makeItems(items));
	const { nodes, links, settings } = oneWait(wait);
	return {
		...flow,
		nodes: [...flow.nodes, ...nodes],
		connections: { ...flow.connections, ...connect(links) },
		settings,
	};
}

/** The node behind the trigger of triggerFlow. */
export const AFTER = 'After';

/** A flow that begins with one of our triggers; its webhook is `<webhookId>/webhook`. */
export function triggerFlow({
	trigger,
	credential,
	webhookId,
	parameters = {},
}: {
	trigger: string;
	credential: Credential;
	webhookId: string;
	parameters?: object;
}): WorkflowFile {
	const { id, name, type } = credential;
	return chain(`${trigger} ${webhookId}`, [
		{
			...nodeOf(trigger, `n8n-nodes-flashcall.${typeOf(trigger)}`, 1, parameters),
			webhookId,
			credentials: { [type]: { id, name } },
		},
		noOp(AFTER),
	]);
}

function typeOf(trigger: string): string {
	const [first = '', ...others] = trigger.split(' ');
	return [first.toLowerCase(), ...others].join('');
}

/** A flow for subFlowNode: passes what comes in to the given nodes. */
export function calledFlow(name: string, nodes: INode[], links: Links): WorkflowFile {
	const start = nodeOf('Called', 'n8n-nodes-base.executeWorkflowTrigger', 1.1, {
		inputSource: 'passthrough',
	});
	return {
		name,
		nodes: [start, ...nodes],
		connections: connect(links),
		settings: { executionOrder: 'v1' },
	};
}
