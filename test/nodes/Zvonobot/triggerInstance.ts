import { WebhookContext } from 'n8n-core';
import * as n8nWorkflow from 'n8n-workflow';
import { ICredentialsHelper, Workflow } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeParameters,
	INodeType,
	IWebhookData,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { deriveKey } from '../../../nodes/shared/secrets';
import { ZvonobotTrigger } from '../../../nodes/Zvonobot/ZvonobotTrigger.node';
import { HOOK_PURPOSE, secretHeader } from '../../../nodes/Zvonobot/webhookSecret';

export const API_KEY = ['key', 'of', 'the', 'tests'].join('-');
export const HOOK_URL = 'https://n8n.example.com/webhook/3f8b/webhook';
export const PROVIDER_IP = '82.202.206.194';

export interface Delivery {
	/** An object is sent as JSON, text as it is. */
	body: unknown;
	/** Preset: the secret for `HOOK_URL` and `request-1`. */
	headers?: Record<string, string>;
	url?: string;
	ip?: string;
	/** What n8n makes of a multipart form, which has no text. */
	parsed?: IDataObject;
	mode?: WorkflowExecuteMode;
}

export interface Reception {
	status: number;
	answer: unknown;
	/** The items the flow is started with; undefined when it is not started. */
	items: IDataObject[] | undefined;
}

export function secretFor(
	requestId: string,
	{
		url = HOOK_URL,
		apiKey = API_KEY,
		action,
	}: { url?: string; apiKey?: string; action?: number } = {},
) {
	const key = deriveKey(apiKey, HOOK_PURPOSE);
	return { 'x-flashcall-secret': secretHeader(key, url, requestId, action) };
}

/**
 * One active workflow with the trigger, as n8n treats it: every delivery finds the static data that
 * was saved last, and saves its own only when it starts the flow.
 */
export class TriggerInstance {
	saved: IDataObject = {};

	/** What n8n logged, in its order. */
	readonly log: string[] = [];

	private trigger: INodeType = new ZvonobotTrigger();

	constructor(
		private readonly parameters: INodeParameters = {},
		private readonly apiKey: unknown = API_KEY,
		private readonly id = `workflow-${++workflows}`,
	) {}

	/** Ends the process and starts another: only what was saved is still known. */
	restart(): void {
		this.trigger = freshTrigger();
	}

	/** A second n8n process on the same data. */
	twin(): TriggerInstance {
		const twin = new TriggerInstance(this.parameters, this.apiKey, this.id);
		twin.saved = this.saved;
		twin.restart();
		return twin;
	}

	async deliver(delivery: Delivery): Promise<Reception> {
		const workflow = this.workflow();
		const answered: { status?: number; answer?: unknown } = {};
		const response = {
			status(code: number) {
				answered.status = code;
				return response;
			},
			json(answer: unknown) {
				answered.answer = answer;
			},
		};
		const context = this.context(workflow, delivery, response);
		const result = await this.trigger.webhook?.call(context);

		const { status = 0, answer } = answered;
		const items = result?.workflowData?.[0]?.map(({ json }) => json);
		if (items !== undefined) this.saved = copyOf(workflow.staticData);
		expect(result?.noWebhookResponse).toBe(true);
		return { status, answer, items };
	}

	/** The statuses of the items of a delivery, or nothing. */
	async statuses(body: unknown, headers?: Record<string, string>): Promise<unknown[]> {
		const { items } = await this.deliver({ body, ...(headers === undefined ? {} : { headers }) });
		return (items ?? []).map(({ status }) => status);
	}

	private workflow(): Workflow {
		const node: INode = {
			id: 'trigger',
			name: 'Zvonobot Trigger',
			type: 'zvonobotTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: this.parameters,
			credentials: { zvonobotApi: { id: '1', name: 'Zvonobot' } },
		};
		return new Workflow({
			id: this.id,
			nodes: [node],
			connections: {},
			active: true,
			staticData: copyOf(this.saved),
			nodeTypes: {
				getByName: () => this.trigger,
				getByNameAndVersion: () => this.trigger,
				getKnownTypes: () => ({}),
			},
		});
	}

	private context(workflow: Workflow, delivery: Delivery, response: object): WebhookContext {
		const { body, headers = secretFor('request-1'), ip = PROVIDER_IP, parsed } = delivery;
		const text = typeof body === 'string' ? body : JSON.stringify(body);
		const rawBody = parsed === undefined ? Buffer.from(text) : undefined;
		const request = {
			originalUrl: new URL(delivery.url ?? HOOK_URL).pathname,
			headers: { 'content-length': String(Buffer.byteLength(text)), ...headers },
			ip,
			rawBody,
			body: parsed ?? {},
		};
		const additionalData: Partial<Record<keyof IWorkflowExecuteAdditionalData, unknown>> = {
			credentialsHelper: new OneCredential({ domain: 'lk.zvonobot.ru', apiKey: this.apiKey }),
			httpRequest: request,
			httpResponse: response,
			variables: {},
			restApiUrl: 'http://n8n.test/rest',
			instanceBaseUrl: 'http://n8n.test',
			webhookWaitingBaseUrl: 'http://n8n.test/webhook-waiting',
			formWaitingBaseUrl: 'http://n8n.test/form-waiting',
		};
		const node = workflow.getNode('Zvonobot Trigger');
		if (node === null) throw new Error('The node is missing');
		const context = new WebhookContext(
			workflow,
			node,
			additionalData as unknown as IWorkflowExecuteAdditionalData,
			delivery.mode ?? 'webhook',
			{} as IWebhookData,
			[],
			null,
		);
		const note = (message: string) => this.log.push(message);
		Object.defineProperty(context, 'logger', { value: { error: note, debug: note } });
		return context;
	}
}

let workflows = 0;

/** As the database keeps it. */
function copyOf(data: IDataObject): IDataObject {
	return JSON.parse(JSON.stringify(data)) as IDataObject;
}

/** The node with nothing in its memory, as in a process that just started. */
function freshTrigger(): INodeType {
	let trigger: INodeType | undefined;
	// Only the package's own memory has to be new; n8n's takes a second to load.
	jest.doMock('n8n-workflow', () => n8nWorkflow);
	jest.isolateModules(() => {
		const isolated = jest.requireActual<{ ZvonobotTrigger: new () => INodeType }>(
			'../../../nodes/Zvonobot/ZvonobotTrigger.node',
		);
		trigger = new isolated.ZvonobotTrigger();
	});
	if (trigger === undefined) throw new Error('The trigger was not loaded');
	return trigger;
}

class OneCredential extends ICredentialsHelper {
	constructor(private readonly data: Record<string, unknown>) {
		super();
	}

	getParentTypes() {
		return [];
	}

	isCredentialUsableByNode() {
		return true;
	}

	async authenticate(): Promise<never> {
		throw new Error('The trigger sends nothing');
	}

	async preAuthentication() {
		return undefined;
	}

	async runPreAuthentication() {
		return undefined;
	}

	async getCredentials(): Promise<never> {
		throw new Error('There are no stored credentials here');
	}

	async getDecrypted() {
		return this.data as ICredentialDataDecryptedObject;
	}

	async updateCredentials() {}

	async updateCredentialsOauthTokenData() {}

	getCredentialsProperties() {
		return [];
	}
}
