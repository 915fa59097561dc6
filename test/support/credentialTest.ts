import { ExecuteContext, RoutingNode } from 'n8n-core';
import {
	createEmptyRunExecutionData,
	ICredentialsHelper,
	NodeConnectionTypes,
	NodeHelpers,
	Workflow,
} from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IExecuteData,
	IHttpRequestOptions,
	INode,
	INodeParameters,
	INodeType,
	IWorkflowExecuteAdditionalData,
	NodeApiError,
} from 'n8n-workflow';

class OneCredential extends ICredentialsHelper {
	constructor(
		private readonly type: ICredentialType,
		private readonly data: ICredentialDataDecryptedObject,
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
		_: string,
		request: IHttpRequestOptions,
	) {
		const { authenticate } = this.type;
		if (typeof authenticate !== 'function') throw new Error(`${this.type.name}: no authenticate`);
		return await authenticate(credentials, request);
	}

	async preAuthentication() {
		return undefined;
	}

	async runPreAuthentication() {
		return undefined;
	}

	async getCredentials(): Promise<never> {
		throw new Error('There are no stored credentials');
	}

	async getDecrypted() {
		return this.data;
	}

	async updateCredentials() {}

	async updateCredentialsOauthTokenData() {}

	getCredentialsProperties() {
		return this.type.properties;
	}
}

/** Sends a declarative request with a credential, as n8n does for a credential's test. */
export async function request(
	type: ICredentialType,
	entered: ICredentialDataDecryptedObject,
	routed: ICredentialTestRequest['request'],
): Promise<IDataObject> {
	const presets = NodeHelpers.getNodeParameters(
		type.properties,
		entered as INodeParameters,
		true,
		false,
		null,
		null,
	);
	const data = { ...presets } as ICredentialDataDecryptedObject;
	const node: INode = {
		id: 'temp',
		name: 'Temp-Node',
		type: 'temp',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { [type.name]: { id: 'id', name: 'name' } },
	};
	const nodeType: INodeType = {
		description: {
			displayName: 'Temp',
			name: 'temp',
			group: ['transform'],
			version: 1,
			description: '',
			defaults: {},
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: type.name, required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string',
					routing: { request: routed },
					default: '',
				},
			],
		},
	};
	const workflow = new Workflow({
		id: 'test',
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: {
			getByName: () => nodeType,
			getByNameAndVersion: () => nodeType,
			getKnownTypes: () => ({}),
		},
	});
	const additionalData = {
		credentialsHelper: new OneCredential(type, data),
		variables: {},
	} as unknown as IWorkflowExecuteAdditionalData;
	const executeData: IExecuteData = { node, data: {}, source: null };
	const context = new ExecuteContext(
		workflow,
		node,
		additionalData,
		'internal',
		createEmptyRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		executeData,
		[],
	);
	const output = await new RoutingNode(context, nodeType, {
		id: 'id',
		name: 'name',
		type: type.name,
		data,
	}).runNode();
	return output?.[0]?.[0]?.json ?? {};
}

export type Verdict = { status: 'OK' } | { status: 'Error'; message: string };

/** Presses the button "Test" of a credential: n8n's own reading of the answer, rule by rule. */
export async function test(
	type: ICredentialType,
	entered: ICredentialDataDecryptedObject,
): Promise<Verdict> {
	if (type.test === undefined) throw new Error(`${type.name} has no test`);
	const { rules = [] } = type.test;
	let answer: IDataObject;
	try {
		answer = await request(type, entered, type.test.request);
	} catch (thrown) {
		const { message, cause } = thrown as NodeApiError & {
			cause?: { code?: string; response?: { status: number; statusText?: string } };
		};
		const status = cause?.response?.status;
		const rule = rules.find(
			(one) => one.type === 'responseCode' && one.properties.value === status,
		);
		if (rule !== undefined) return { status: 'Error', message: rule.properties.message };
		const reason = status === undefined ? cause?.code : cause?.response?.statusText;
		return { status: 'Error', message: reason ?? message };
	}
	for (const rule of rules) {
		if (rule.type !== 'responseSuccessBody') continue;
		if (valueAt(answer, rule.properties.key) === rule.properties.value) {
			return { status: 'Error', message: rule.properties.message };
		}
	}
	return { status: 'OK' };
}

/** As lodash's `get`, which n8n uses: through objects, and through the text of what is no JSON. */
function valueAt(answer: unknown, path: string): unknown {
	return path
		.split('.')
		.reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], answer);
}
