/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Client, Person } from './client';
import type { Cluster, Killed } from './cluster';
import { begin, type Act } from './people';

/** Flows that somebody is busy with at the same time: more than n8n can work on at once here. */
const AT_ONCE = 16;

/** What is done to n8n, and after which part of the flows has begun. */
const DISTURBANCES = [
	{ at: 0.25, what: 'a worker is killed' },
	{ at: 0.5, what: 'the webhook process is killed' },
	{ at: 0.75, what: 'the main is restarted' },
] as const;
/** n8n is whole again before the next part begins in which it will be disturbed. */
const RESPITE = 0.1;

/** Lets everybody's flow begin, and n8n be disturbed meanwhile. */
export async function runLoad(people: Person[], client: Client): Promise<Killed> {
	const { cluster } = client;
	const disturbed: Array<Promise<Killed | undefined>> = [];
	const gates = new Map(
		DISTURBANCES.flatMap(
			({ at, what }, index): Array<[number, () => Promise<void>]> => [
				[
					Math.floor(people.length * (at - RESPITE)),
					async () => {
						await disturbed[index - 1];
					},
				],
				[
					Math.floor(people.length * at),
					async () => {
						disturbed[index] = disturb(cluster, what);
						disturbed[index].catch(() => undefined);
						return await Promise.resolve();
					},
				],
			],
		),
	);
	const late: Act[] = [];
	await atOnce([...people.entries()], async ([index, person]) => {
		await gates.get(index)?.();
		const act = await begin(person, client);
		if (act === undefined) return;
		if (person.conduct === 'late') late.push(act);
		else await act();
	});
	const [killed] = await Promise.all(disturbed);
	// Their waits have seen all of it.
	await atOnce(late, async (act) => await act());
	if (killed === undefined) throw new Error('No worker was killed');
	return killed;
}

async function disturb(
	cluster: Cluster,
	what: (typeof DISTURBANCES)[number]['what'],
): Promise<Killed | undefined> {
	const begun = Date.now();
	const killed = await act(cluster, what);
	process.stdout.write(`  ${what}; back after ${Math.round((Date.now() - begun) / 1000)}s\n`);
	return killed;
}

async function act(
	cluster: Cluster,
	what: (typeof DISTURBANCES)[number]['what'],
): Promise<Killed | undefined> {
	switch (what) {
		case 'a worker is killed':
			return await cluster.killWorker();
		case 'the webhook process is killed':
			await cluster.killWebhook();
			return undefined;
		case 'the main is restarted':
			await cluster.restartMain();
			return undefined;
	}
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
