import { ExecutionLifecycleHooks, LoadOptionsContext, WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	ICredentialsHelper,
	NodeConnectionTypes,
	NodeHelpers,
	Workflow,
} from 'n8n-workflow';
import type {
	GenericValue,
	IBinaryKeyData,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IExecuteData,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodeProperties,
	INodePropertyOptions,
	INodeType,
	IRun,
	IRunExecutionData,
	IWorkflowExecuteAdditionalData,
	NodeApiError,
} from 'n8n-workflow';
import { MobilgroupApi } from '../../credentials/MobilgroupApi.credentials';
import { PlusofonApi } from '../../credentials/PlusofonApi.credentials';
import { PlusofonFlashCallApi } from '../../credentials/PlusofonFlashCallApi.credentials';
import { ZvonobotApi } from '../../credentials/ZvonobotApi.credentials';
import { Mobilgroup } from '../../nodes/Mobilgroup/Mobilgroup.node';
import { PhoneVerification } from '../../nodes/PhoneVerification/PhoneVerification.node';
import { Plusofon } from '../../nodes/Plusofon/Plusofon.node';
import { Zvonobot } from '../../nodes/Zvonobot/Zvonobot.node';

/** The nodes of the package, by type. */
export const nodeTypes: Record<string, INodeType> = {
	mobilgroup: new Mobilgroup(),
	phoneVerification: new PhoneVerification(),
	// The names that n8n gives to nodes which an AI agent uses.
	phoneVerificationTool: new PhoneVerification(),
	plusofonTool: new Plusofon(),
	plusofon: new Plusofon(),
	zvonobot: new Zvonobot(),
};

const credentialTypes: Record<string, ICredentialType> = {
	mobilgroupApi: new MobilgroupApi(),
	plusofonApi: new PlusofonApi(),
	plusofonFlashCallApi: new PlusofonFlashCallApi(),
	zvonobotApi: new ZvonobotApi(),
};

/** What the engine asked of the credentials during a run. */
export interface CredentialUse {
	decrypted: number;
}

export interface NodeRun {
	type: string;
	parameters: INodeParameters;
	items: IDataObject[];
	/** The files of the items, by their position. */
	binaries?: IBinaryKeyData[];
	/** Credential data by type; a type that is missing is a node without that credential. */
	credentials: Record<string, ICredentialDataDecryptedObject>;
	onError?: INode['onError'];
	retryOnFail?: { maxTries: number };
	alwaysOutputData?: boolean;
	executionId?: string;
	/** Whether somebody tries the flow in the editor. */
	isManual?: boolean;
	/** A failed run that is retried, as from n8n's list of executions. */
	retryOf?: IRun;
	/** What else n8n keeps of the execution. */
	runData?: Partial<IRunExecutionData>;
}

export interface NodeResult {
	/** Output items, per output. */
	outputs: INodeExecutionData[][];
	items: INodeExecutionData[];
	json: IDataObject[];
	error: NodeApiError | undefined;
	run: IRun;
	use: CredentialUse;
}

const INSTANCE = 'http://n8n.test';

let executions = 0;

/** Runs one node with n8n's own engine, request helper and expressions, fed with `items`. */
export async function runNode(options: NodeRun): Promise<NodeResult> {
	const use: CredentialUse = { decrypted: 0 };
	const workflow = workflowFor(options);
	const start = workflow.getNode('Items');
	if (start === null) throw new Error('The start node is missing');
	const additionalData = additionalDataFor(options, use);
	const { retryOf } = options;
	const data =
		retryOf === undefined
			? createRunExecutionData({
					executionData: {
						contextData: {},
						metadata: {},
						waitingExecution: {},
						waitingExecutionSource: {},
						nodeExecutionStack: [{ node: start, data: { main: [itemsOf(options)] }, source: null }],
					},
				})
			: dataForRetry(retryOf);
	const fresh = options.isManual === true ? 'manual' : 'trigger';
	const mode = retryOf === undefined ? fresh : 'retry';
	Object.assign(data, options.runData);
	const run = await new WorkflowExecute(additionalData, mode, data).processRunExecutionData(
		workflow,
	);

	const [task] = run.data.resultData.runData['Node'] ?? [];
	const outputs = (task?.data?.main ?? []).map((items) => items ?? []);
	const items = outputs[0] ?? [];
	return {
		outputs,
		items,
		json: items.map((item) => item.json),
		error: (task?.error ?? run.data.resultData.error) as NodeApiError | undefined,
		run,
		use,
	};
}

/** The first step of that flow, before it has run. */
export function itemsStep(items: IDataObject[]): IExecuteData {
	const run: NodeRun = { type: 'items', parameters: {}, items, credentials: {} };
	const node = workflowFor(run).getNode('Items');
	if (node === null) throw new Error('The start node is missing');
	return { node, data: { main: [itemsOf(run)] }, source: null };
}

/** What n8n makes of a failed execution before it runs the rest of it again. */
function dataForRetry({ data }: IRun): IRun['data'] {
	const saved = JSON.parse(JSON.stringify(data)) as IRun['data'];
	delete saved.resultData.error;
	saved.resultData.runData[saved.resultData.lastNodeExecuted ?? '']?.pop();
	return saved;
}

function itemsOf({ items, binaries = [] }: NodeRun): INodeExecutionData[] {
	return items.map((json, index) => {
		const binary = binaries[index];
		return { json, ...(binary === undefined ? {} : { binary }) };
	});
}

/** What n8n makes of expressions in a node that is given one item. */
export async function evaluateInNode(
	json: IDataObject,
	expressions: readonly string[],
): Promise<unknown[]> {
	const results: unknown[] = [];
	evaluating = { expressions, results };
	await runNode({
		type: 'evaluator',
		parameters: { expressions: [...expressions] },
		items: [json],
		credentials: {},
	});
	return results;
}

let evaluating: { expressions: readonly string[]; results: unknown[] } | undefined;

const evaluator: INodeType = {
	description: {
		displayName: 'Evaluator',
		name: 'evaluator',
		group: ['transform'],
		version: 1,
		description: '',
		defaults: {},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [
			{
				displayName: 'Expressions',
				name: 'expressions',
				type: 'string',
				typeOptions: { multipleValues: true },
				default: [],
			},
		],
	},
	async execute() {
		evaluating?.expressions.forEach((_, index) => {
			evaluating?.results.push(this.getNodeParameter(`expressions[${index}]`, 0));
		});
		return [[]];
	},
};

/** What the editor sends along when it opens a drop-down of a node. */
export type EditedNode = Pick<NodeRun, 'type' | 'parameters' | 'credentials'>;

/** Fills a drop-down the way n8n does for its editor. */
export async function callLoadOptions(
	node: EditedNode,
	method: string,
): Promise<INodePropertyOptions[]> {
	const load = nodeTypes[node.type]?.methods?.loadOptions?.[method];
	if (load === undefined) throw new Error(`${node.type} has no loadOptions method ${method}`);
	return await load.call(editorContext(node));
}

/** Searches for a resource locator the way n8n does for its editor. */
export async function callListSearch(
	node: EditedNode,
	method: string,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const search = nodeTypes[node.type]?.methods?.listSearch?.[method];
	if (search === undefined) throw new Error(`${node.type} has no listSearch method ${method}`);
	return await search.call(editorContext(node), filter, paginationToken);
}

function editorContext(edited: EditedNode): LoadOptionsContext {
	const options: NodeRun = { ...edited, items: [] };
	const workflow = workflowFor(options);
	const node = workflow.getNode('Node');
	if (node === null) throw new Error('The node is missing');
	const additionalData = {
		...additionalDataFor(options, { decrypted: 0 }),
		currentNodeParameters: edited.parameters,
	};
	return new LoadOptionsContext(workflow, node, additionalData, 'parameters');
}

/** The flow that runNode runs: the items, and one node. */
export function workflowFor({
	type,
	parameters,
	credentials,
	onError,
	retryOnFail,
	alwaysOutputData = false,
}: NodeRun): Workflow {
	const node: INode = {
		id: 'node',
		name: 'Node',
		type,
		typeVersion: 1,
		position: [200, 0],
		parameters,
		credentials: Object.fromEntries(
			Object.keys(credentials).map((name) => [name, { id: name, name }]),
		),
		alwaysOutputData,
		...(onError === undefined ? {} : { onError }),
		...(retryOnFail === undefined
			? {}
			: { retryOnFail: true, waitBetweenTries: 0, maxTries: retryOnFail.maxTries }),
	};
	const items: INode = {
		id: 'items',
		name: 'Items',
		type: 'items',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const known: Record<string, INodeType> = { ...nodeTypes, items: passThrough, evaluator };
	return new Workflow({
		id: 'workflow',
		nodes: [items, node],
		connections: {
			Items: { main: [[{ node: 'Node', type: NodeConnectionTypes.Main, index: 0 }]] },
		},
		active: false,
		nodeTypes: {
			getByName: (name) => known[name] as INodeType,
			getByNameAndVersion: (name) => known[name] as INodeType,
			getKnownTypes: () => ({}),
		},
	});
}

const passThrough: INodeType = {
	description: {
		displayName: 'Items',
		name: 'items',
		group: ['input'],
		version: 1,
		description: '',
		defaults: {},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	},
	async execute() {
		return [this.getInputData().map((item, index) => ({ ...item, pairedItem: { item: index } }))];
	},
};

/** What n8n gives to a run of that flow. */
export function additionalDataFor(
	{ credentials, executionId = `engine-${++executions}` }: NodeRun,
	use: CredentialUse,
): IWorkflowExecuteAdditionalData {
	const workflowData = {
		id: 'workflow',
		name: 'workflow',
		active: false,
		activeVersionId: null,
		isArchived: false,
		createdAt: new Date(),
		updatedAt: new Date(),
		connections: {},
		nodes: [],
	};
	const data: Partial<IWorkflowExecuteAdditionalData> = {
		executionId,
		credentialsHelper: new EngineCredentials(credentials, use),
		hooks: new ExecutionLifecycleHooks('trigger', executionId, workflowData),
		currentNodeExecutionIndex: 0,
		restApiUrl: `${INSTANCE}/rest`,
		instanceBaseUrl: INSTANCE,
		formBaseUrl: `${INSTANCE}/form`,
		formWaitingBaseUrl: `${INSTANCE}/form-waiting`,
		formTestBaseUrl: `${INSTANCE}/form-test`,
		webhookBaseUrl: `${INSTANCE}/webhook`,
		webhookWaitingBaseUrl: `${INSTANCE}/webhook-waiting`,
		webhookTestBaseUrl: `${INSTANCE}/webhook-test`,
		mcpBaseUrl: `${INSTANCE}/mcp`,
		mcpTestBaseUrl: `${INSTANCE}/mcp-test`,
		variables: {},
	};
	return data as IWorkflowExecuteAdditionalData;
}

class EngineCredentials extends ICredentialsHelper {
	constructor(
		private readonly data: Record<string, ICredentialDataDecryptedObject>,
		private readonly use: CredentialUse,
	) {
		super();
	}

	getParentTypes() {
		return [];
	}

	isCredentialUsableByNode() {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		request: IHttpRequestOptions,
	) {
		const authenticate = credentialTypes[typeName]?.authenticate;
		if (typeof authenticate !== 'function') throw new Error(`${typeName} does not authenticate`);
		return await authenticate(credentials, request);
	}

	async preAuthentication() {
		return undefined;
	}

	async runPreAuthentication() {
		return undefined;
	}

	async getCredentials(): Promise<never> {
		throw new Error('The engine runner has no stored credentials');
	}

	async getDecrypted(_: unknown, __: unknown, type: string) {
		this.use.decrypted++;
		const properties = credentialTypes[type]?.properties ?? [];
		// As n8n does: what was not entered has its preset.
		const withPresets = NodeHelpers.getNodeParameters(
			properties,
			this.data[type] as INodeParameters,
			true,
			false,
			null,
			null,
		);
		return { ...withPresets } as Record<string, GenericValue> as ICredentialDataDecryptedObject;
	}

	async updateCredentials() {}

	async updateCredentialsOauthTokenData() {}

	getCredentialsProperties(type: string): INodeProperties[] {
		return credentialTypes[type]?.properties ?? [];
	}
}
