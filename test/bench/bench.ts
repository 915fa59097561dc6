/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/require-node-api-error -- development equipment: never runs inside n8n */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import { freePorts } from '../host/ports';
import { post, startHost, type Execution, type Host, type NodeRun } from '../host/n8n';
import { BenchServer, Helper, RawClient } from './helpers';
import type { ServerCounts } from './server';
import { childOf, Usage } from './usage';
import {
	answeringFlow,
	API_KEY,
	CALL_OF_POST,
	CHECK_PATH,
	FIXED_CHECK,
	MEASURED,
	measuredFlow,
	WAYS,
	type BenchCredentials,
	type Way,
	type WayId,
} from './ways';

/** What one run of a way came to. */
export interface Measured {
	items: number;
	perSecond: number;
	/** CPU of the n8n process for each item, in microseconds; undefined where it cannot be told. */
	cpuPerItem: number | undefined;
	/** By how many bytes n8n grew at most while the node ran. */
	growth: number | undefined;
	/** Of the unrelated webhook, while the node ran. */
	slowestOther: number | undefined;
	counts: ServerCounts;
	outputs: Row[];
	/** When the node ran. */
	from: number;
	to: number;
}

type Row = NonNullable<NonNullable<NonNullable<NodeRun['data']>['main']>[number]>[number];

type TimedRun = NodeRun & { startTime: number; executionTime: number };

export interface RunOptions {
	latencyMs?: number;
	/** Whether an unrelated webhook of the same n8n is called all the while. */
	withOthers?: boolean;
	keepsBodies?: boolean;
}

const OTHER = 'unrelated';
const CALLS = 'one-call';
const PAUSE_BETWEEN_OTHERS_MS = 50;
const ENDED = ['success', 'error', 'crashed', 'canceled'];

/** A wrong count or order: what makes the benchmark fail, unlike any time. */
export class WrongResult extends Error {}

function expect(what: string, seen: unknown, wanted: unknown): void {
	if (isDeepStrictEqual(seen, wanted)) return;
	throw new WrongResult(`${what}: expected ${JSON.stringify(wanted)}, saw ${JSON.stringify(seen)}`);
}

/** n8n with the packed nodes, the server, and axios beside n8n, each in a process of its own. */
export class Bench {
	private readonly workflows = new Map<WayId, string>();

	private readonly digests = new Map<string, string>();

	private lastExecution = 0;

	private constructor(
		readonly host: Host,
		readonly server: BenchServer,
		private readonly raw: RawClient,
		private readonly credentials: BenchCredentials,
		/** Where n8n's inspector listens once it is woken. */
		readonly inspectorPort: number,
		private readonly helpers: Helper[],
	) {}

	static async start(tarball: string): Promise<Bench> {
		const [inspectorPort = 0] = await freePorts(1);
		const started = await Promise.allSettled([
			startHost({ tarball, env: { NODE_OPTIONS: `--inspect-port=127.0.0.1:${inspectorPort}` } }),
			Helper.start('server'),
			Helper.start('rawClient'),
		]);
		const stopAll = async () => {
			for (const one of started) if (one.status === 'fulfilled') await one.value.stop();
		};
		const [host, server, raw] = started;
		try {
			if (host.status === 'rejected') throw host.reason;
			if (server.status === 'rejected') throw server.reason;
			if (raw.status === 'rejected') throw raw.reason;
			const credentials = await createCredentials(host.value, server.value.url);
			const bench = new Bench(
				host.value,
				new BenchServer(server.value),
				new RawClient(raw.value),
				credentials,
				inspectorPort,
				[server.value, raw.value],
			);
			await bench.publishOthers();
			return bench;
		} catch (error) {
			await stopAll();
			throw error;
		}
	}

	async stop(): Promise<void> {
		await Promise.all([this.host, ...this.helpers].map(async (one) => await one.stop()));
	}

	/** The process of n8n itself. */
	get pid(): number | undefined {
		return childOf(this.host.guardPid);
	}

	/** A fresh process on the same data. */
	async restart(next: WayId): Promise<void> {
		await this.host.restart();
		await this.host.waitForWebhooks(await this.workflowOf(next));
	}

	private async publishOthers(): Promise<void> {
		const { server, credentials, host } = this;
		const flows = [
			answeringFlow(OTHER),
			answeringFlow(CALLS, CALL_OF_POST(server.url, credentials)),
		];
		for (const flow of flows)
			await host.activate(await host.importWorkflow(flow, Object.values(credentials)));
	}

	private async workflowOf(id: WayId): Promise<string> {
		const known = this.workflows.get(id);
		if (known !== undefined) return known;
		const way: Way = WAYS[id];
		const flow = measuredFlow(`bench-${id}`, way.node(this.server.url, this.credentials));
		const workflowId = await this.host.importWorkflow(flow, Object.values(this.credentials));
		await this.host.activate(workflowId);
		this.workflows.set(id, workflowId);
		return workflowId;
	}

	/** Lets a way work off so many items, and checks what came of it. */
	async run(id: WayId, items: number, options: RunOptions = {}): Promise<Measured> {
		const { latencyMs = 0, withOthers = false, keepsBodies = false } = options;
		const workflowId = await this.workflowOf(id);
		await this.server.reset(latencyMs, keepsBodies);
		const usage = new Usage(this.pid);
		const others = withOthers ? new Others(this.host) : undefined;
		const answer = await post(this.host.webhookUrl(`bench-${id}`), { count: items });
		await others?.stop();
		usage.stop();
		const counts = await this.server.counts();
		if (answer.status !== 200) throw new WrongResult(`${id}: ${JSON.stringify(answer.body)}`);
		const execution = await this.ended(workflowId);
		const [run] = (execution.data.resultData.runData[MEASURED] ?? []) as TimedRun[];
		if (run === undefined) throw new WrongResult(`${id}: the node did not run`);
		const outputs = run.data?.main?.[0] ?? [];
		this.check(id, items, counts, outputs);
		const end = run.startTime + run.executionTime;
		const cpuMs = usage.cpuMs(run.startTime, end);
		return {
			items,
			perSecond: (items / Math.max(1, run.executionTime)) * 1000,
			cpuPerItem: cpuMs === undefined ? undefined : (cpuMs / items) * 1000,
			growth: usage.growth(run.startTime, end),
			slowestOther: others?.slowest(run.startTime, end),
			counts,
			outputs,
			from: run.startTime,
			to: end,
		};
	}

	/** Does something as soon as so many requests have reached the server. */
	async whenAnswered<T>(requests: number, work: () => Promise<T>): Promise<T> {
		// The run that is waited for has yet to set the counts back.
		for (let last = 0; ; await sleep(50)) {
			const { requests: now } = await this.server.counts();
			if (now >= requests && last < requests && last > 0) return await work();
			last = now;
		}
	}

	private async ended(workflowId: string): Promise<Execution> {
		for (let tries = 0; tries < 600; tries++) {
			const [newest] = await this.host.executions(workflowId);
			const isNew = newest !== undefined && Number(newest.id) > this.lastExecution;
			if (isNew && ENDED.includes(newest.status)) {
				this.lastExecution = Number(newest.id);
				return await this.host.execution(newest.id);
			}
			await sleep(100);
		}
		throw new WrongResult(`The execution of workflow ${workflowId} did not end`);
	}

	private check(id: WayId, items: number, counts: ServerCounts, outputs: Row[]): void {
		const way: Way = WAYS[id];
		expect(`${id}: requests`, counts.requests, way.requests(items));
		if (way.atOnce !== undefined && counts.concurrency > way.atOnce) {
			throw new WrongResult(`${id}: ${counts.concurrency} requests at once`);
		}
		const positions = outputs.map(({ pairedItem }) =>
			typeof pairedItem === 'object' && 'item' in pairedItem ? pairedItem.item : pairedItem,
		);
		expect(`${id}: items that came out`, positions.length, items);
		if (positions.some((position, index) => position !== index)) {
			throw new WrongResult(`${id}: the items came out in another order`);
		}
		if (counts.digest === '') return;
		const peer = way.sameBodiesAs ?? id;
		const key = `${peer}/${items}`;
		expect(
			`${id}: what was sent, beside ${peer}`,
			counts.digest,
			this.digests.get(key) ?? counts.digest,
		);
		this.digests.set(key, counts.digest);
	}

	/** axios alone, 10 at once, with what the operation sends. */
	async runRaw(items: number, latencyMs = 0): Promise<Measured> {
		await this.server.reset(latencyMs);
		const { ms, cpuMs } = await this.raw.send({
			url: `${this.server.url}${CHECK_PATH}`,
			count: items,
			atOnce: 10,
			body: FIXED_CHECK,
			headers: { Authorization: `Bearer ${API_KEY}`, Client: '10553' },
		});
		const counts = await this.server.counts();
		expect('axios: requests', counts.requests, items);
		return {
			items,
			perSecond: (items / ms) * 1000,
			cpuPerItem: (cpuMs / items) * 1000,
			growth: undefined,
			slowestOther: undefined,
			counts,
			outputs: [],
			from: 0,
			to: 0,
		};
	}

	/** Milliseconds from a POST to the answer of a flow with one call, and of one without. */
	async webhooks(count: number, perSecond: number): Promise<{ calls: number[]; empty: number[] }> {
		await this.server.reset(0);
		const calls: number[] = [];
		const empty: number[] = [];
		for (let index = 0; index < count * 2; index++) {
			const isCall = index % 2 === 0;
			const begun = performance.now();
			const { status, body } = await post(
				this.host.webhookUrl(isCall ? CALLS : OTHER),
				FIXED_CHECK,
			);
			const ms = performance.now() - begun;
			expect('The status of a webhook', status, 200);
			if (isCall) expect('Its answer', body, { verified: true, reason: 'verified' });
			(isCall ? calls : empty).push(ms);
			await sleep(Math.max(0, 1000 / perSecond - ms));
		}
		expect('Calls by webhooks', (await this.server.counts()).requests, count);
		return { calls, empty };
	}
}

/** Calls an unrelated flow of the same n8n again and again. */
class Others {
	private readonly times: Array<{ sent: number; ms: number }> = [];

	private readonly done: Promise<void>;

	private over = false;

	constructor(private readonly host: Host) {
		this.done = this.ask();
	}

	private async ask(): Promise<void> {
		while (!this.over) {
			const sent = Date.now();
			const { status } = await post(this.host.webhookUrl(OTHER), {});
			expect('The status of the unrelated webhook', status, 200);
			this.times.push({ sent, ms: Date.now() - sent });
			await sleep(PAUSE_BETWEEN_OTHERS_MS);
		}
	}

	async stop(): Promise<void> {
		this.over = true;
		await this.done;
	}

	/** Of those that were under way between two moments. */
	slowest(from: number, to: number): number | undefined {
		const during = this.times.filter(({ sent, ms }) => sent + ms >= from && sent <= to);
		return during.length === 0 ? undefined : Math.max(...during.map(({ ms }) => ms));
	}
}

async function createCredentials(host: Host, url: string): Promise<BenchCredentials> {
	const [plusofon, zvonobot, header, mattermost] = await Promise.all([
		host.createCredential('plusofonFlashCallApi', 'Plusofon', {
			accessToken: API_KEY,
			clientId: '10553',
			baseUrl: url,
		}),
		host.createCredential('zvonobotApi', 'Zvonobot', { apiKey: API_KEY, domain: url }),
		host.createCredential('httpHeaderAuth', 'Header', {
			name: 'Authorization',
			value: `Bearer ${API_KEY}`,
		}),
		host.createCredential('mattermostApi', 'Mattermost', { accessToken: API_KEY, baseUrl: url }),
	]);
	return { plusofon, zvonobot, header, mattermost };
}
