/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createRunExecutionData } from 'n8n-workflow';
import type { IDataObject, IExecuteData, INode, INodeType, IRunExecutionData } from 'n8n-workflow';
import { additionalDataFor, nodeTypes, workflowFor } from './engine';
import type { NodeRun } from './engine';

/** The part of n8n's engine that runs a node for an AI agent; n8n does not export it. */
const load = createRequire(__filename);
const internals = join(
	dirname(load.resolve('n8n-core/package.json')),
	'dist/execution-engine/node-execution-context',
);
const { makeHandleToolInvocation } = load(
	join(internals, 'utils/get-input-connection-data.js'),
) as {
	makeHandleToolInvocation(
		contextFor: (run: number) => unknown,
		node: INode,
		type: INodeType,
		data: IRunExecutionData,
	): (given: IDataObject) => Promise<unknown>;
};
const { SupplyDataContext } = load(join(internals, 'supply-data-context.js')) as {
	SupplyDataContext: new (...given: unknown[]) => unknown;
};

/** An AI agent, and its step of the execution, which all of its tools share. */
export class EngineAgent {
	readonly step: IExecuteData;

	private readonly data = createRunExecutionData({
		executionData: {
			contextData: {},
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
			nodeExecutionStack: [],
		},
	});

	constructor(private readonly input: IDataObject = {}) {
		const node = {
			id: 'agent',
			name: 'Items',
			type: 'items',
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: {},
			alwaysOutputData: true,
		};
		this.step = { node, data: { main: [[{ json: input }]] }, source: null };
	}

	/** Calls a node as a tool, once; n8n itself repeats it as its Retry On Fail says. */
	async call(
		{ type, ...given }: Omit<NodeRun, 'items'>,
		words: IDataObject = {},
	): Promise<unknown> {
		const run: NodeRun = { ...given, type: `${type}Tool`, items: [this.input] };
		const workflow = workflowFor(run);
		const node = workflow.getNode('Node');
		const nodeType = nodeTypes[type];
		if (node === null || nodeType === undefined) throw new Error('There is no such node');
		const additionalData = additionalDataFor(run, { decrypted: 0 });
		const contextFor = (index: number) =>
			new SupplyDataContext(
				workflow,
				node,
				additionalData,
				'trigger',
				this.data,
				index,
				[{ json: this.input }],
				{},
				'ai_tool',
				this.step,
				[],
				undefined,
				this.step.node,
			);
		return await makeHandleToolInvocation(contextFor, node, nodeType, this.data)(words);
	}
}
