import { WebhookContext, WorkflowExecute } from 'n8n-core';
import type { IDataObject, IRunExecutionData, IWebhookData } from 'n8n-workflow';
import { additionalDataFor, nodeTypes, runNode, workflowFor } from './engine';
import type { NodeResult, NodeRun } from './engine';

/** A request to a waiting execution. */
export interface Ask {
	method?: 'GET' | 'POST';
	/** Another one than that of the wait. */
	path?: string;
	/** With a browser's Accept header the answer is a page. */
	browser?: boolean;
	query?: Record<string, string | string[]>;
	headers?: Record<string, string>;
	body?: unknown;
}

export interface Told {
	status: number;
	/** Parsed JSON, or the text of a page. */
	body: unknown;
	headers: Record<string, string>;
	/** Whether the execution goes on. */
	ends: boolean;
}

let executions = 0;

/** An execution that waits in n8n's own engine, and is kept the way n8n keeps it in its database. */
export class EngineWait {
	private constructor(
		private readonly options: NodeRun,
		private saved: IRunExecutionData,
		/** Of the run that began the wait. */
		readonly first: NodeResult,
	) {}

	static async start(given: NodeRun): Promise<EngineWait> {
		const options = { executionId: `wait-${++executions}`, ...given };
		const first = await runNode(options);
		return new EngineWait(options, structuredClone(first.run.data), first);
	}

	/** The same on an n8n that puts no token into resume URLs, and does not see to it that a wait ends once. */
	static async startOnOldN8n({ runData, ...given }: NodeRun): Promise<EngineWait> {
		const withoutToken = { ...runData, resumeToken: undefined };
		return await EngineWait.start({ ...given, runData: withoutToken });
	}

	/** Whether the first run has paused the execution. */
	get waits(): boolean {
		return this.saved.waitTill !== undefined;
	}

	/** What stands in the database, as text. */
	get stored(): string {
		return JSON.stringify(this.saved);
	}

	/** Calls the webhook of the node; what ends the wait is kept only when nothing has before. */
	async ask({
		method = 'POST',
		path = `/webhook-waiting/${this.options.executionId}`,
		browser = false,
		query = {},
		headers = {},
		body = {},
	}: Ask): Promise<Told> {
		const data = structuredClone(this.saved);
		const told: Told = { status: 200, body: undefined, headers: {}, ends: false };
		const response = {
			status(status: number) {
				told.status = status;
				return response;
			},
			setHeader(name: string, value: string) {
				told.headers[name.toLowerCase()] = value;
				return response;
			},
			json(json: unknown) {
				told.body = json;
			},
			send(text: unknown) {
				told.body = text;
			},
		};
		const request = {
			method,
			originalUrl: path,
			query,
			headers: { accept: browser ? 'text/html' : '*/*', ...headers },
			body,
			rawBody: JSON.stringify(body),
		};
		const workflow = workflowFor(this.options);
		const node = workflow.getNode('Node');
		const type = nodeTypes[this.options.type];
		if (node === null || type?.webhook === undefined) throw new Error('The node has no webhook');
		const additionalData = {
			...additionalDataFor(this.options, { decrypted: 0 }),
			httpRequest: request,
			httpResponse: response,
		} as unknown as ReturnType<typeof additionalDataFor>;
		const context = new WebhookContext(
			workflow,
			node,
			additionalData,
			'webhook',
			{} as IWebhookData,
			[],
			data,
		);
		const { workflowData, webhookResponse } = await type.webhook.call(context);
		if (workflowData === undefined) return told;
		const [step] = data.executionData?.nodeExecutionStack ?? [];
		if (step !== undefined) step.data.main = workflowData;
		if (this.waits) {
			delete data.waitTill;
			disableStep(data);
			this.saved = data;
		}
		return { ...told, ends: true, body: webhookResponse };
	}

	/** Lets the execution go on, after a request that ends the wait or because its time is up. */
	async goOn(): Promise<NodeResult> {
		const data = structuredClone(this.saved);
		// n8n itself disables the node when it wakes the execution up.
		const additionalData = additionalDataFor(this.options, { decrypted: 0 });
		const run = await new WorkflowExecute(additionalData, 'trigger', data).processRunExecutionData(
			workflowFor(this.options),
		);
		const tasks = run.data.resultData.runData['Node'] ?? [];
		const outputs = (tasks.at(-1)?.data?.main ?? []).map((items) => items ?? []);
		const items = outputs[0] ?? [];
		return { ...this.first, run, outputs, items, json: items.map(({ json }) => json) };
	}

	/** Lets the execution go on, and keeps the wait that follows. */
	async wake(): Promise<NodeResult> {
		const result = await this.goOn();
		this.saved = structuredClone(result.run.data);
		return result;
	}

	/** The same wait as another process finds it in the database; its class comes from modules of its own. */
	in(process: typeof EngineWait): EngineWait {
		return new process(this.options, this.saved, this.first);
	}

	/** Finds in the database what another process has left there. */
	follow(other: EngineWait): void {
		this.saved = other.saved;
	}

	/** The data of the items on each output, after the end; when no request has ended it, that of the time. */
	async outcome(): Promise<IDataObject[][]> {
		const { waitTill } = this.saved;
		const isEarly = waitTill !== undefined && Date.now() < waitTill.getTime();
		if (isEarly) {
			jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval'] });
			jest.setSystemTime(waitTill);
		}
		const { outputs } = await this.goOn();
		if (isEarly) jest.useRealTimers();
		return outputs.map((items) => items.map(({ json }) => json));
	}
}

/** What n8n does to a waiting execution before it asks the node about a request. */
function disableStep(data: IRunExecutionData): void {
	const [step] = data.executionData?.nodeExecutionStack ?? [];
	if (step !== undefined) step.node.disabled = true;
	data.resultData.runData[data.resultData.lastNodeExecuted ?? '']?.pop();
}
