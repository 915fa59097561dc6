/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/require-node-api-error, @n8n/community-nodes/no-hardcoded-secrets -- development equipment: never runs inside n8n */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type {
	ExecutionStatus,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodePropertyOptions,
	IWorkflowBase,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { keepEmptyDatabase, useEmptyDatabase } from './database';
import { hostFolder, isN8n1, logFolder, scratchFolder } from './folders';
import { freePorts } from './ports';
import { execute, ProcessGroup, tail } from './process';
import { Secrets } from './secrets';

/** The login of a throwaway n8n that listens on this machine only. */
export const OWNER = {
	email: 'demo@example.com',
	password: 'Flash-Call-Demo-1',
	passwordHash: '$2a$10$Jt7EFSuxyjVro6QKa553FuvKub3VqJvzOh3HH0hNyibuNA6gLhzwW',
};

/** Workflow files name n8n by its usual address; importing puts the real one in its place. */
const ADDRESS_IN_FIXTURES = 'http://localhost:5678';

/** Answers with JSON when n8n is ready. n8n 1 says that it is before it knows the addresses of its API. */
const READY_PATH = isN8n1 ? '/rest/settings' : '/healthz/readiness';

const FORM_TRIGGER = 'n8n-nodes-base.formTrigger';

function formPath({ parameters, webhookId }: INode): string {
	const { path } = (parameters.options ?? {}) as { path?: string };
	return path ?? webhookId ?? '';
}

/** What an execution never comes back from. */
const FAILED: ExecutionStatus[] = ['error', 'crashed', 'canceled'];

export interface HostOptions {
	/** The package from `npm pack`. */
	tarball: string;
	/** The Node to run n8n with; preset: FLASHCALL_NODE, else the present one. */
	node?: string;
	port?: number;
	/** Emptied first. Preset: a temporary folder, removed at the end. */
	folder?: string;
	logFile?: string;
	/** What n8n runs as; preset: start, which does everything unless EXECUTIONS_MODE is queue. */
	mode?: 'start' | 'worker' | 'webhook';
	/** Where the world reaches its webhooks; preset: its own address. */
	webhookBase?: string;
	env?: Record<string, string>;
}

export interface Credential {
	id: string;
	name: string;
	type: string;
}

export interface CredentialTestResult {
	status: 'OK' | 'Error';
	message: string;
}

/** A field of a node that is filled by one of its methods. */
export interface DropDown {
	/** Preset: plusofon. */
	node?: string;
	methodName: string;
	/** As the editor names it: `parameters.` in front. */
	path: string;
	parameters: INodeParameters;
	credential: Credential;
}

function dropDownBody({
	node = 'plusofon',
	methodName,
	path,
	parameters,
	credential,
}: DropDown): object {
	const { id, name, type } = credential;
	return {
		methodName,
		path,
		nodeTypeAndVersion: { name: `n8n-nodes-flashcall.${node}`, version: 1 },
		currentNodeParameters: parameters,
		credentials: { [type]: { id, name } },
	};
}

export type WorkflowFile = Pick<IWorkflowBase, 'name' | 'nodes' | 'connections' | 'settings'>;

export interface NodeRun {
	executionStatus?: ExecutionStatus;
	error?: { name?: string; message: string; description?: string | null; httpCode?: string | null };
	data?: { main?: Array<INodeExecutionData[] | null> };
}

export interface ExecutionSummary {
	id: string;
	workflowId: string;
	status: ExecutionStatus;
	mode: WorkflowExecuteMode;
	finished: boolean;
}

export interface Execution extends ExecutionSummary {
	data: {
		resultData: {
			runData: Record<string, NodeRun[]>;
			error?: { message: string };
			lastNodeExecuted?: string;
		};
	};
}

export interface Answer {
	status: number;
	body: unknown;
}

/** What a node put out on an output, over all its runs. */
export function itemsOf(
	execution: Pick<Execution, 'data'>,
	node: string,
	output = 0,
): INodeExecutionData[] {
	const runs = execution.data.resultData.runData[node] ?? [];
	return runs.flatMap((run) => run.data?.main?.[output] ?? []);
}

export function errorOf(execution: Execution, node: string): NodeRun['error'] {
	return execution.data.resultData.runData[node]?.find((run) => run.error)?.error;
}

async function until<T>(
	what: string,
	timeoutMs: number,
	attempt: () => Promise<T | undefined>,
): Promise<T> {
	const end = Date.now() + timeoutMs;
	for (;;) {
		const result = await attempt();
		if (result !== undefined) return result;
		if (Date.now() > end) throw new Error(`Waited ${timeoutMs / 1000}s in vain for ${what}`);
		await sleep(50);
	}
}

/** Posts JSON, or exactly the given text or form, and reads whatever comes back. */
export async function post(
	url: string,
	body: IDataObject | URLSearchParams | string,
	headers: Record<string, string> = {},
): Promise<Answer> {
	const asIs = typeof body === 'string' || body instanceof URLSearchParams;
	const response = await fetch(url, {
		method: 'POST',
		headers: asIs ? headers : { 'content-type': 'application/json', ...headers },
		body: asIs ? body : JSON.stringify(body),
	});
	const text = await response.text();
	try {
		return { status: response.status, body: JSON.parse(text) };
	} catch {
		return { status: response.status, body: text };
	}
}

const MOST_TRIES = 60;

/** A running n8n with the packed nodes, driven the way its editor and its public API drive it. */
export class Host {
	private cookie = '';

	private apiKey = '';

	constructor(
		readonly url: string,
		readonly logFile: string,
		private group: ProcessGroup,
		/** Where n8n keeps all it keeps. */
		readonly folder: string,
		private readonly isTemporary: boolean,
		private readonly webhookBase = url,
	) {}

	/** What was put into credentials, and whatever a test adds. */
	readonly secrets = new Secrets();

	private readonly credentialData = new Map<string, IDataObject>();

	private async request(
		method: string,
		path: string,
		body?: object,
		tries = MOST_TRIES,
	): Promise<unknown> {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: {
				...(body ? { 'content-type': 'application/json' } : {}),
				...(this.cookie ? { cookie: this.cookie } : {}),
				...(this.apiKey ? { 'x-n8n-api-key': this.apiKey } : {}),
			},
			...(body ? { body: JSON.stringify(body) } : {}),
		});
		const text = await response.text();
		// So n8n answers, having done nothing, when it was too busy to hear from its database.
		if (text.includes('Database is not ready') && tries > 1) {
			await sleep(500);
			return await this.request(method, path, body, tries - 1);
		}
		if (!response.ok)
			throw new Error(`n8n: ${method} ${path} answered ${response.status}: ${text}`);
		const session = response.headers.getSetCookie().find((entry) => entry.startsWith('n8n-auth='));
		if (session) this.cookie = session.split(';')[0] ?? '';
		return text === '' ? undefined : JSON.parse(text);
	}

	private async rest<T>(method: string, path: string, body?: object): Promise<T> {
		const { data } = (await this.request(method, `/rest${path}`, body)) as { data: T };
		return data;
	}

	async login(): Promise<void> {
		const { email, password } = OWNER;
		// n8n 1 takes no owner from its environment.
		if (isN8n1) {
			const owner = { email, password, firstName: 'Demo', lastName: 'Owner' };
			await this.rest('POST', '/owner/setup', owner);
		} else {
			await this.rest('POST', '/login', { emailOrLdapLoginId: email, password });
		}
		const { rawApiKey } = await this.rest<{ rawApiKey: string }>('POST', '/api-keys', {
			label: 'host',
			scopes: ['execution:read', 'execution:list'],
			expiresAt: null,
		});
		this.apiKey = rawApiKey;
	}

	/** The node and credential types that this n8n has loaded from the package. */
	async installedTypes(): Promise<{ nodes: string[]; credentials: string[] }> {
		const nodes = (await this.request('GET', '/types/nodes.json')) as Array<{ name: string }>;
		const credentials = (await this.request('GET', '/types/credentials.json')) as Array<{
			name: string;
		}>;
		return {
			nodes: nodes
				.map(({ name }) => name)
				.filter((name) => name.startsWith('n8n-nodes-flashcall.')),
			credentials: credentials.map(({ name }) => name),
		};
	}

	async createCredential(type: string, name: string, data: IDataObject): Promise<Credential> {
		this.secrets.addCredential(data);
		const { id } = await this.rest<{ id: string }>('POST', '/credentials', { type, name, data });
		this.credentialData.set(id, data);
		return { id, name, type };
	}

	async updateCredential({ id, name, type }: Credential, data: IDataObject): Promise<void> {
		this.secrets.addCredential(data);
		await this.rest('PATCH', `/credentials/${id}`, { name, type, data });
	}

	/** What the credential was made with. */
	dataOf({ id }: Credential): IDataObject {
		return this.credentialData.get(id) ?? {};
	}

	async deleteCredential({ id }: Credential): Promise<void> {
		await this.rest('DELETE', `/credentials/${id}`);
	}

	/** What the editor's Test button does. */
	async testCredential({ id, name, type }: Credential): Promise<CredentialTestResult> {
		const { data } = await this.rest<{ data: IDataObject }>(
			'GET',
			`/credentials/${id}?includeData=true`,
		);
		return await this.rest('POST', '/credentials/test', { credentials: { id, name, type, data } });
	}

	/** What fills a drop-down in the editor. */
	async options(ask: DropDown): Promise<INodePropertyOptions[]> {
		return await this.rest('POST', '/dynamic-node-parameters/options', dropDownBody(ask));
	}

	/** What fills the list of a resource locator in the editor. */
	async searchResults(ask: DropDown, filter?: string): Promise<INodeListSearchResult> {
		const body = { ...dropDownBody(ask), ...(filter === undefined ? {} : { filter }) };
		return await this.rest('POST', '/dynamic-node-parameters/resource-locator-results', body);
	}

	/** Saves a workflow; credentials are found by the names that its nodes give. */
	async importWorkflow(workflow: WorkflowFile, credentials: Credential[]): Promise<string> {
		const { name, nodes, connections, settings } = workflow;
		const { id } = await this.rest<{ id: string }>('POST', '/workflows', {
			name,
			active: false,
			connections,
			settings: settings ?? {},
			nodes: nodes.map((node) => this.withCredentials(this.withAddress(node), credentials)),
		});
		return id;
	}

	/** What a note says is for people, and stays as it is. */
	private withAddress(node: INode): INode {
		if (node.type === 'n8n-nodes-base.stickyNote') return node;
		const text = JSON.stringify(node).replaceAll(ADDRESS_IN_FIXTURES, this.webhookBase);
		return JSON.parse(text) as INode;
	}

	private withCredentials(node: INode, credentials: Credential[]): INode {
		if (!node.credentials) return node;
		const found = Object.entries(node.credentials).map(([type, wanted]) => {
			const match = credentials.find((one) => one.type === type && one.name === wanted.name);
			if (!match) throw new Error(`${node.name} wants a credential ${type} "${wanted.name}"`);
			return [type, { id: match.id, name: match.name }] as const;
		});
		return { ...node, credentials: Object.fromEntries(found) };
	}

	/** Publishes a workflow and waits until its webhooks answer. */
	async activate(workflowId: string): Promise<void> {
		const { versionId } = await this.workflow(workflowId);
		await this.rest('POST', `/workflows/${workflowId}/activate`, { versionId });
		await this.waitForWebhooks(workflowId);
	}

	private async workflow(id: string): Promise<{ versionId: string; nodes: INode[] }> {
		return await this.rest('GET', `/workflows/${id}`);
	}

	async waitForWebhooks(workflowId: string): Promise<void> {
		const { nodes } = await this.workflow(workflowId);
		const forms = nodes.filter(({ type }) => type === FORM_TRIGGER);
		const paths = nodes.map((node) => this.webhookPath(node)).filter((path) => path !== undefined);
		await Promise.all([
			...forms.map(async (node) => await this.waitForForm(this.formUrl(formPath(node)))),
			...paths.map(async (path) => await this.waitForWebhook(path)),
		]);
	}

	private webhookPath(node: INode): string | undefined {
		if (!node.webhookId || node.type === FORM_TRIGGER) return undefined;
		if (node.type === 'n8n-nodes-base.webhook') return String(node.parameters.path);
		const isOurs = /^n8n-nodes-flashcall\..*Trigger$/.test(node.type);
		return isOurs ? `${node.webhookId}/webhook` : undefined;
	}

	/** Asks without calling: a call would start the workflow. */
	private async waitForWebhook(path: string): Promise<void> {
		await until(`the webhook ${path}`, 15_000, async () => {
			const response = await fetch(this.webhookUrl(path), {
				method: 'OPTIONS',
				headers: { origin: this.url, 'access-control-request-method': 'POST' },
			});
			const allowed = response.headers.get('access-control-allow-methods') ?? '';
			return allowed.includes('POST') ? true : undefined;
		});
	}

	/** Looking at a form starts nothing. */
	private async waitForForm(url: string): Promise<void> {
		await until(`the form ${url}`, 15_000, async () => {
			const { ok } = await fetch(url);
			return ok ? true : undefined;
		});
	}

	webhookUrl(path: string): string {
		return `${this.webhookBase}/webhook/${path}`;
	}

	formUrl(path: string): string {
		return `${this.webhookBase}/form/${path}`;
	}

	async executions(workflowId: string): Promise<ExecutionSummary[]> {
		const { data } = (await this.request(
			'GET',
			`/api/v1/executions?limit=250&workflowId=${workflowId}`,
		)) as { data: ExecutionSummary[] };
		return data;
	}

	/** Those that wait, as the editor lists them: the public API of n8n 1 does not. */
	async waiting(workflowId: string): Promise<ExecutionSummary[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId, status: ['waiting'] }));
		const { results } = await this.rest<{ results: ExecutionSummary[] }>(
			'GET',
			`/executions?filter=${filter}`,
		);
		return results;
	}

	async execution(id: string): Promise<Execution> {
		return (await this.request('GET', `/api/v1/executions/${id}?includeData=true`)) as Execution;
	}

	async waitForStatus(id: string, status: ExecutionStatus, timeoutMs = 15_000): Promise<void> {
		await until(`execution ${id} to be ${status}`, timeoutMs, async () => {
			const seen = await this.statusOf(id);
			if (seen === status) return true;
			if (!FAILED.includes(seen)) return undefined;
			const { error } = (await this.execution(id)).data.resultData;
			throw new Error(`Execution ${id} is no ${status} one but ${seen}: ${JSON.stringify(error)}`);
		});
	}

	async statusOf(id: string): Promise<ExecutionStatus> {
		const execution = (await this.request('GET', `/api/v1/executions/${id}`)) as ExecutionSummary;
		return execution.status;
	}

	/** Waits for an ended execution of the workflow that the predicate accepts; the newest come first. */
	async waitForExecution(
		workflowId: string,
		accept: (execution: Execution) => boolean = () => true,
		timeoutMs = 15_000,
	): Promise<Execution> {
		const refused = new Set<string>();
		return await until(`an execution of workflow ${workflowId}`, timeoutMs, async () => {
			for (const { id, status } of await this.executions(workflowId)) {
				if (refused.has(id) || !['success', 'error', 'crashed', 'canceled'].includes(status)) {
					continue;
				}
				const execution = await this.execution(id);
				if (accept(execution)) return execution;
				refused.add(id);
			}
			return undefined;
		});
	}

	/** What the editor's Execute button does; answers with the ID of the execution. */
	async startManually(workflowId: string, startNode: string): Promise<string> {
		const { executionId } = await this.rest<{ executionId: string }>(
			'POST',
			`/workflows/${workflowId}/run`,
			{
				triggerToStartFrom: { name: startNode },
				// n8n 1 runs what the editor shows.
				...(isN8n1 ? { workflowData: await this.workflow(workflowId) } : {}),
			},
		);
		return executionId;
	}

	/** The same, and answers with the ended execution. */
	async runManually(workflowId: string, startNode: string, timeoutMs = 60_000): Promise<Execution> {
		const executionId = await this.startManually(workflowId, startNode);
		return await this.waitForExecution(workflowId, ({ id }) => id === executionId, timeoutMs);
	}

	/** What "Retry" in the list of executions does; answers with the ID of the new one. */
	async retry(id: string): Promise<string> {
		const retried = await this.rest<{ id: string }>('POST', `/executions/${id}/retry`, {});
		return retried.id;
	}

	async waitUntilReady(timeoutMs: number): Promise<void> {
		let ended: string | undefined;
		void this.group.exited.then((reason) => (ended = reason));
		try {
			await until('n8n to start', timeoutMs, async () => {
				if (ended !== undefined) throw new Error(`n8n ended while starting (${ended})`);
				try {
					const { ok, headers } = await fetch(`${this.url}${READY_PATH}`);
					const isJson = headers.get('content-type')?.includes('json') === true;
					return ok && isJson ? true : undefined;
				} catch {
					return undefined;
				}
			});
		} catch (error) {
			await this.stop();
			throw new Error(`${(error as Error).message}\n${tail(this.logFile)}`);
		}
	}

	/** Of the guard that runs n8n. */
	get guardPid(): number {
		return this.group.pid;
	}

	/** Settles when n8n ends by itself. */
	get exited(): Promise<string> {
		return this.group.exited;
	}

	/** Ends n8n as an update does, and starts it again on the same data. */
	async restart(): Promise<void> {
		await this.group.stop();
		await this.start();
	}

	/** Ends n8n in the middle of whatever it does. */
	async crash(): Promise<void> {
		await this.group.crash();
	}

	/** Starts an n8n that has ended again, on the same data. */
	async start(): Promise<void> {
		this.group = new ProcessGroup(this.group.launch);
		await this.waitUntilReady(120_000);
		// A main answers before it has looked what crashed, and may take for that what goes on meanwhile.
		if (this.group.launch.args.includes('start')) {
			await this.group.firstMatch(/(Editor is now accessible)/, 30_000);
		}
	}

	/** Where secrets stand in what n8n has written so far: its data, its log, the package in it. */
	leaks(): string[] {
		return this.secrets.foundIn([this.folder, this.logFile]);
	}

	/** Ends n8n for good, and tells what secrets it leaves behind. */
	async stop(): Promise<{ leaks: string[] }> {
		await this.group.stop();
		const leaks = this.leaks();
		if (this.isTemporary) rmSync(this.folder, { recursive: true, force: true });
		return { leaks };
	}
}

/** Settings of the user's own n8n, and what jest sets, must not reach this one. */
function ownEnvironment(): NodeJS.ProcessEnv {
	const foreign = /^(N8N_|DB_|EXECUTIONS_|WEBHOOK_URL$|QUEUE_|NODE_ENV$|NODE_OPTIONS$|JEST_)/;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

const N8N_1_ENVIRONMENT = {
	// Its isolated one needs a newer Node than n8n 1 itself.
	N8N_EXPRESSION_ENGINE: 'legacy',
	// As n8n 2 does: without a pool, requests at the same moment get into each other's transactions.
	DB_SQLITE_POOL_SIZE: '3',
};

/** Puts the packed package where n8n looks for community nodes, as n8n itself does. */
async function installPackage(tarball: string, userFolder: string): Promise<void> {
	const nodesFolder = join(userFolder, '.n8n', 'nodes');
	mkdirSync(nodesFolder, { recursive: true });
	writeFileSync(
		join(nodesFolder, 'package.json'),
		JSON.stringify({ name: 'installed-nodes', private: true, dependencies: {} }),
	);
	const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];
	const npmScript = process.env.npm_execpath;
	if (npmScript?.endsWith('npm-cli.js')) {
		await execute(process.execPath, [npmScript, ...args, tarball], { cwd: nodesFolder });
	} else {
		const shell = process.platform === 'win32';
		await execute('npm', [...args, tarball], { cwd: nodesFolder, shell });
	}
}

/** Starts n8n with the packed package and an owner, and waits until it is ready and, if it is a main, logged in. */
export async function startHost(options: HostOptions): Promise<Host> {
	const temporary = options.folder === undefined;
	const userFolder = options.folder ?? mkdtempSync(join(tmpdir(), 'flashcall-n8n-'));
	if (!temporary) {
		rmSync(userFolder, { recursive: true, force: true });
		mkdirSync(userFolder, { recursive: true });
	}
	await installPackage(options.tarball, userFolder);

	const [freePort = 0, brokerPort = 0] = await freePorts(2);
	const port = options.port ?? freePort;
	const url = `http://127.0.0.1:${port}`;
	const { mode = 'start', webhookBase = url } = options;
	const logFile = options.logFile ?? join(logFolder, 'n8n.log');
	const env: NodeJS.ProcessEnv = {
		...ownEnvironment(),
		N8N_USER_FOLDER: userFolder,
		N8N_ENCRYPTION_KEY: 'a-key-for-throwaway-data-only',
		N8N_PORT: String(port),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_EDITOR_BASE_URL: url,
		WEBHOOK_URL: webhookBase,
		// A worker has no other server than the one that tells its health.
		QUEUE_HEALTH_CHECK_ACTIVE: String(mode === 'worker'),
		QUEUE_HEALTH_CHECK_PORT: String(port),
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		N8N_SECURE_COOKIE: 'false',
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true',
		N8N_INSTANCE_OWNER_EMAIL: OWNER.email,
		N8N_INSTANCE_OWNER_FIRST_NAME: 'Demo',
		N8N_INSTANCE_OWNER_LAST_NAME: 'Owner',
		N8N_INSTANCE_OWNER_PASSWORD_HASH: OWNER.passwordHash,
		// It runs for itself: nothing is sent or fetched on the side.
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
		EXECUTIONS_DATA_SAVE_ON_ERROR: 'all',
		...(isN8n1 ? N8N_1_ENVIRONMENT : {}),
		// Compiled code of n8n's many files, kept from one start to the next.
		NODE_COMPILE_CACHE: join(scratchFolder, 'compiled'),
		...options.env,
	};

	rmSync(logFile, { force: true });
	const isOnSqlite = env.DB_TYPE === undefined;
	if (isOnSqlite) useEmptyDatabase(userFolder);
	const node = options.node ?? process.env.FLASHCALL_NODE ?? process.execPath;
	const group = new ProcessGroup({
		command: node,
		args: [join(hostFolder, 'node_modules', 'n8n', 'bin', 'n8n'), mode],
		cwd: userFolder,
		env,
		logFile,
	});
	const host = new Host(url, logFile, group, userFolder, temporary, webhookBase);
	await host.waitUntilReady(120_000);
	if (isOnSqlite) await keepEmptyDatabase(userFolder, node);
	try {
		if (mode === 'start') await host.login();
	} catch (error) {
		await host.stop();
		throw error;
	}
	return host;
}
