/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Client, Person } from './client';
import type { Cluster } from './cluster';
import { begin, type Act } from './people';

/** Flows that somebody is busy with at the same time: more than n8n can work on at once here. */
const AT_ONCE = 16;

interface Disturbance {
	/** After which part of the flows has begun. */
	at: number;
	what: string;
	act: (client: Client) => Promise<void>;
}

const DISTURBANCES: Disturbance[] = [
	{
		at: 0.25,
		what: 'a worker is killed',
		async act({ cluster, simulator }) {
			await cluster.untilSomeWait();
			const slow = { kind: 'slow', phase: 'answer', ms: 3000, times: 12 } as const;
			// It shall be killed when providers have done what was paid for, and n8n has not heard of it.
			await simulator.addFaults({ ...slow, match: { path: '/api*' } });
			await cluster.killWorker();
		},
	},
	{
		at: 0.5,
		what: 'the webhook process is killed',
		act: async ({ cluster }) => await cluster.killWebhook(),
	},
	{
		at: 0.75,
		what: 'the main is restarted',
		act: async ({ cluster }) => await cluster.restartMain(),
	},
];
/** The part of the flows that begins between the end of a disturbance and the next one. */
const RESPITE = 0.1;

/** Lets everybody's flow begin, and n8n be disturbed meanwhile. */
export async function runLoad(people: Person[], client: Client): Promise<void> {
	let disturbance = Promise.resolve();
	let isWhole = disturbance;
	const steps = new Map<number, () => void>();
	for (const next of DISTURBANCES) {
		steps.set(Math.floor(people.length * (next.at - RESPITE)), () => (isWhole = disturbance));
		steps.set(Math.floor(people.length * next.at), () => {
			disturbance = disturb(next, client);
			disturbance.catch(() => undefined);
		});
	}
	const late: Act[] = [];
	await atOnce([...people.entries()], async ([index, person]) => {
		steps.get(index)?.();
		await isWhole;
		const act = await begin(person, client);
		if (act === undefined) return;
		if (person.conduct === 'late') late.push(act);
		else await act();
	});
	await disturbance;
	// Their waits have seen all of it.
	await atOnce(late, async (act) => await act());
}

async function disturb({ what, act }: Disturbance, client: Client): Promise<void> {
	const begun = Date.now();
	await act(client);
	process.stdout.write(`  ${what}; back after ${Math.round((Date.now() - begun) / 1000)}s\n`);
}

const SETTLING_MS = 180_000;

/** Waits until every execution has come to its end, as far as it does. */
export async function settle({ executions }: Cluster): Promise<void> {
	const end = Date.now() + SETTLING_MS;
	while ((await executions.open()).size > 0 && Date.now() < end) await sleep(1000);
}

/** Works on a few at once. */
async function atOnce<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
	const queue = [...all];
	const worker = async () => {
		for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
