/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/require-node-api-error -- development equipment: never runs inside n8n */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { logFolder } from '../host/folders';
import { startHost, type Host } from '../host/n8n';
import { setStage, type Stage } from '../host/stage';
import { Balancer, type Receiver } from './balancer';
import { Executions } from './executions';
import { Services } from './services';

export const WORKERS = 2;

/** What was known in the moment in which a worker was killed. */
export interface Killed {
	/** The executions it was at work on, and the people they are about. */
	ran: Set<string>;
	phones: Set<string>;
	/** Those it had begun that waited, and so were only in the database. */
	saved: Set<string>;
}

/** n8n as it is run for many: a main, workers, and a process that receives webhooks. */
export class Cluster {
	killed: Killed = { ran: new Set(), phones: new Set(), saved: new Set() };

	private constructor(
		readonly stage: Stage,
		readonly executions: Executions,
		private readonly balancer: Balancer,
		private readonly workers: Host[],
		private readonly webhook: Host,
		private readonly services: Services,
	) {}

	static async start(): Promise<Cluster> {
		const tarball = process.env.FLASHCALL_TARBALL;
		if (!tarball) throw new Error('Start this with `npm run test:queue`.');
		const started: Array<{ stop: () => Promise<unknown> }> = [];
		const toStop = <T extends { stop: () => Promise<unknown> }>(one: T): T => {
			started.unshift(one);
			return one;
		};
		try {
			const services = toStop(await Services.start());
			const balancer = toStop(await Balancer.start());
			const common = (name: string) => ({
				tarball,
				webhookBase: balancer.url,
				logFile: join(logFolder, `queue-${name}.log`),
				env: { ...SETTINGS, ...services.environment },
			});
			// The main makes the tables.
			const stage = toStop(await setStage(common('main')));
			const names = Array.from({ length: WORKERS }, (_, index) => `worker-${index + 1}`);
			const hosts = await Promise.allSettled([
				startHost({ ...common('webhook'), mode: 'webhook' }),
				...names.map(async (name) => await startHost({ ...common(name), mode: 'worker' })),
			]);
			const [webhook, ...workers] = hosts.map((host) => {
				if (host.status === 'rejected') throw host.reason;
				return toStop(host.value);
			}) as [Host, ...Host[]];
			balancer.add('main', stage.host.url);
			balancer.add('webhook', webhook.url);
			return new Cluster(stage, new Executions(services), balancer, workers, webhook, services);
		} catch (error) {
			for (const one of started) await one.stop();
			throw error;
		}
	}

	/** Where the world reaches n8n. */
	get url(): string {
		return this.balancer.url;
	}

	/** Requests that a process was at work on when it ended. */
	get cutOff(): number {
		return this.balancer.cutOff;
	}

	/** Kills a worker in the middle of its work, and starts it again. */
	async killWorker(): Promise<void> {
		const [worker] = this.workers as [Host];
		await soon(() => runningOn(worker).size >= AT_WORK);
		await worker.crash();
		// The other worker locks what it has just taken.
		await sleep(1000);
		const ran = await this.takenBy(worker);
		const saved = new Set([...(await this.savedBy(worker))].filter((id) => !ran.has(id)));
		// Now, because n8n empties the data of executions that it gives up.
		const people = await this.executions.withIds(ran);
		this.killed = { ran, phones: new Set(people.flatMap(({ phones }) => phones)), saved };
		await worker.start();
	}

	/**
	 * What a killed worker was at work on. It may have taken a job from the queue that it has not
	 * written of in its log yet, or have written of an end that the queue does not know yet.
	 */
	private async takenBy(worker: Host): Promise<Set<string>> {
		const running = runningOn(worker);
		const jobs = await this.services.takenJobs();
		const locks = new Set(
			jobs.filter(({ executionId }) => running.has(executionId)).map(({ lock }) => lock),
		);
		const taken = jobs.filter(({ lock }) => lock === null || locks.has(lock));
		return new Set([...running, ...taken.map(({ executionId }) => executionId)]);
	}

	/** Waits until the worker that is to be killed has begun executions that now only wait. */
	async untilSomeWait(): Promise<void> {
		const [worker] = this.workers as [Host];
		await soon(async () => (await this.savedBy(worker)).size >= SOME);
	}

	/** Executions that a worker has begun, and that are only in the database now. */
	private async savedBy(worker: Host): Promise<Set<string>> {
		const waiting = await this.executions.waiting();
		return new Set([...begunOn(worker).keys()].filter((id) => waiting.has(id)));
	}

	/** Kills the process that receives webhooks, and starts it again. */
	async killWebhook(): Promise<void> {
		await soon(() => this.balancer.requestsAt('webhook') >= AT_WORK);
		await this.webhook.crash();
		await this.backAgain('webhook', this.webhook, async () => await this.webhook.start());
	}

	/** Ends the main as an update does, and starts it again. */
	async restartMain(): Promise<void> {
		await this.backAgain('main', this.stage.host, async () => await this.stage.host.restart());
	}

	private async backAgain(name: Receiver, host: Host, restart: () => Promise<void>): Promise<void> {
		this.balancer.remove(name);
		await restart();
		this.balancer.add(name, host.url);
	}

	/** The executions that n8n gave up because it found no job for them. */
	givenUp(): Set<string> {
		const lists = readFileSync(this.stage.host.logFile, 'utf8').matchAll(
			/"danglingIds":\[([^\]]*)\]/g,
		);
		return new Set([...lists].flatMap(([, list = '']) => list.match(/\d+/g) ?? []));
	}

	async stop(): Promise<void> {
		await Promise.all([this.webhook, ...this.workers].map(async (host) => await host.stop()));
		await this.stage.stop();
		await this.balancer.stop();
		await this.services.stop();
	}
}

const SETTINGS = {
	EXECUTIONS_MODE: 'queue',
	N8N_LOG_LEVEL: 'info',
	N8N_LOG_FORMAT: 'json',
	// n8n notices within seconds, and not within 90, that a job's worker is gone.
	QUEUE_WORKER_LOCK_DURATION: '20000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '5000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
	// Nor does it take hours to give up those whose worker and whose webhook process were killed.
	N8N_EXECUTIONS_QUEUE_RECOVERY_INTERVAL: '2',
};

/** What has to be under way where a process is killed, so that the kill matters. */
const AT_WORK = 3;
const SOME = 2;

async function soon(isSo: () => boolean | Promise<boolean>): Promise<void> {
	const end = Date.now() + 15_000;
	while (!(await isSo()) && Date.now() < end) await sleep(10);
}

/** The executions that a worker has begun or gone on with, and how often. */
function begunOn({ logFile }: Host): Map<string, number> {
	return timesIn(logFile, /Worker started execution (\d+)/g);
}

/** Those that it is at work on. */
function runningOn(worker: Host): Set<string> {
	const ended = /Worker (?:finished|errored while running) execution (\d+)/g;
	const times = timesIn(worker.logFile, ended);
	const running = [...begunOn(worker)].filter(([id, begun]) => begun > (times.get(id) ?? 0));
	return new Set(running.map(([id]) => id));
}

function timesIn(logFile: string, pattern: RegExp): Map<string, number> {
	const times = new Map<string, number>();
	for (const [, id = ''] of readFileSync(logFile, 'utf8').matchAll(pattern)) {
		times.set(id, (times.get(id) ?? 0) + 1);
	}
	return times;
}
