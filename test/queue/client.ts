/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { setTimeout as sleep } from 'node:timers/promises';

import type { ExecutionStatus, IDataObject } from 'n8n-workflow';

import { post, type Answer } from '../host/n8n';
import type { SimulatorClient } from '../support/simulator/client';
import { CUT_OFF, NOT_SENT } from './balancer';
import type { Cluster } from './cluster';
import type { Kept } from './executions';
import { PATHS, type Kind, type Published } from './flows';

/** What people do once their phone has rung, or their call was asked for. */
export type Conduct = 'right' | 'wrongFirst' | 'wrong' | 'silent' | 'late';

/** Somebody whom one flow is about. */
export interface Person {
	kind: Kind;
	phone: string;
	conduct: Conduct;
	/** Whether a process was killed while it was at work on a request about them. */
	wasCutOff: boolean;
}

/** How a flow has begun: with an answer, or as its execution shows where that was lost. */
export type Begun = { answer: unknown } | { kept: Kept };

/** What happened on the way, for the summary. */
export class Tally {
	/** Starts whose answer was lost, so that somebody had to look whether they had arrived. */
	unsure = 0;

	/** Those of them that had not, and were sent again. */
	begunAgain = 0;

	forged = { sent: 0, accepted: [] as string[] };

	replayed = 0;
}

const UNDER_WAY: ReadonlySet<ExecutionStatus> = new Set(['new', 'running']);
/** Those that are under way for longer than anybody looks are lost, too. */
const LOST: ReadonlySet<ExecutionStatus> = new Set(['error', 'crashed', ...UNDER_WAY]);

const PATIENCE_MS = 60_000;
const LOOKING_MS = 150_000;

/** How sites, people and providers reach n8n while its processes come and go. */
export class Client {
	readonly simulator: SimulatorClient;

	readonly tally = new Tally();

	constructor(
		readonly cluster: Cluster,
		readonly published: Published,
	) {
		this.simulator = cluster.stage.simulator;
	}

	/**
	 * Posts what starts a flow. That costs money, so it is posted again only if it surely has not
	 * arrived; undefined when its execution was lost.
	 */
	async begin(person: Person, body: IDataObject): Promise<Begun | undefined> {
		const url = this.urlOf(PATHS[person.kind]);
		const end = Date.now() + LOOKING_MS;
		for (;;) {
			const answer = await post(url, body);
			if (answer.status === 200) return { answer: answer.body };
			if (answer.status !== NOT_SENT) {
				this.noteCutOff(person, answer.status);
				this.tally.unsure += 1;
				const kept = await this.lookUp(person);
				if (kept !== undefined) return LOST.has(kept.status) ? undefined : { kept };
				this.tally.begunAgain += 1;
			}
			if (Date.now() > end)
				throw new Error(`${url}: ${answer.status} ${JSON.stringify(answer.body)}`);
			await sleep(500);
		}
	}

	/** What a start has become whose answer was lost; undefined when it has not arrived. */
	private async lookUp({ kind, phone }: Person): Promise<Kept | undefined> {
		const [workflowId = ''] = this.published.workflows[kind];
		const end = Date.now() + LOOKING_MS;
		for (;;) {
			// A process that was killed may have had it under way to the database.
			await sleep(1000);
			const [kept] = await this.cluster.executions.withPhone(workflowId, phone);
			if (kept === undefined || !UNDER_WAY.has(kept.status) || Date.now() > end) return kept;
		}
	}

	/** Does what may be done again until somebody answers it. */
	async insist(person: Person, attempt: () => Promise<Answer>): Promise<Answer> {
		const end = Date.now() + PATIENCE_MS;
		for (;;) {
			const answer = await attempt();
			this.noteCutOff(person, answer.status);
			if (isDefinite(answer) || Date.now() > end) return answer;
			await sleep(300);
		}
	}

	/**
	 * What a provider knows once n8n has asked it, which may be after the site got its answer;
	 * undefined when n8n never does.
	 */
	async told<T>(ask: () => Promise<T>): Promise<T | undefined> {
		const end = Date.now() + PATIENCE_MS;
		while (Date.now() < end) {
			const found = await ask().catch(() => undefined);
			if (found !== undefined) return found;
			await sleep(200);
		}
		return undefined;
	}

	/** Until an execution waits, or has ended. */
	async waits(person: Person, url: string): Promise<void> {
		await this.insist(person, async () => {
			const { status } = await fetch(url);
			return { status, body: status === 409 ? 'is running already' : undefined };
		});
	}

	/** Something that nobody may take for genuine. */
	async forge(what: string, attempt: () => Promise<boolean>): Promise<void> {
		this.tally.forged.sent += 1;
		if (await attempt()) this.tally.forged.accepted.push(what);
	}

	noteCutOff(person: Person, ...statuses: Array<number | undefined>): void {
		if (statuses.includes(CUT_OFF)) person.wasCutOff = true;
	}

	urlOf(path: string): string {
		return this.cluster.stage.host.webhookUrl(path);
	}

	/** The resume URL of an execution, as n8n makes it. */
	resumeUrlOf({ id, data }: Kept): string {
		return `${this.cluster.url}/webhook-waiting/${id}?signature=${data.resumeToken ?? ''}`;
	}
}

/** Whether it is of no use to ask again: n8n is there, and is not just about to wait or to go on. */
function isDefinite({ status, body }: Answer): boolean {
	const isMoving = status === 409 && JSON.stringify(body).includes('is running already');
	return status < 500 && status !== 404 && !isMoving;
}
