/* eslint-disable @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { Client } from './client';
import { Cluster } from './cluster';
import { publishFlows } from './flows';
import { runLoad, settle } from './load';
import { makePeople, replayEvents } from './people';
import {
	describeVerdict,
	isRight,
	judge,
	summary,
	type Evidence,
	type Excuse,
	type Verdict,
} from './verdict';

const FLOWS = Number(process.env.FLASHCALL_QUEUE_FLOWS ?? 100);

let cluster: Cluster | undefined;
let client: Client;
let evidence: Evidence;
let verdicts: Verdict[];

beforeAll(async () => {
	const begun = Date.now();
	cluster = await Cluster.start();
	say(`n8n is there after ${secondsSince(begun)}s: a main, 2 workers, a webhook process`);
	const { stage } = cluster;
	await prepareProviders(cluster);
	client = new Client(cluster, await publishFlows(stage));

	const loading = Date.now();
	const people = makePeople(FLOWS);
	await runLoad(people, client);
	say(
		`${FLOWS.toLocaleString('en')} flows had begun and were answered after ${secondsSince(loading)}s`,
	);
	await replayEvents(client);
	await settle(cluster);

	const { charges } = await stage.simulator.journal();
	const executions = await cluster.executions.all();
	const { killed, cutOff } = cluster;
	evidence = { people, executions, charges, killed, cutOff, givenUp: cluster.givenUp() };
	verdicts = judge(evidence);
	say(
		`\n${summary(verdicts, evidence, client.tally)}\n${' '.repeat(44)}after ${secondsSince(begun)}s`,
	);
}, 3_600_000);

afterAll(async () => {
	await cluster?.stop();
}, 120_000);

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

function secondsSince(begun: number): number {
	return Math.round((Date.now() - begun) / 1000);
}

/** A key has to outlast the disturbances, and a report is repeated sooner than once a minute. */
async function prepareProviders({ stage: { simulator } }: Cluster): Promise<void> {
	await simulator.setZvonobot({ retryDelayMs: 15_000 });
	const { cabinetToken, options } = await simulator.plusofon();
	const { ok } = await fetch(`${simulator.url}/api/v1/flash-call/settings`, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${cabinetToken}`,
			client: options.clientId,
			accept: 'application/json',
			'content-type': 'application/json',
		},
		body: JSON.stringify({ token_lifetime_sec: 3600 }),
	});
	expect(ok).toBe(true);
}

/** One line for each flow that is not as it has to be. */
function those(test: (verdict: Verdict) => boolean): string[] {
	return verdicts.filter(test).map(describeVerdict);
}

describe(`${FLOWS.toLocaleString('en')} flows, while a worker and the webhook process are killed and the main is restarted`, () => {
	it('come to their end, except those that a process was at work on when it was killed', () => {
		expect(those(({ end, excuse }) => end === 'lost' && excuse === undefined)).toEqual([]);
	});

	it('verify nobody who has not confirmed', () => {
		expect(those((one) => one.end === 'verified' && !isRight(one))).toEqual([]);
	});

	it('verify everybody who has confirmed', () => {
		expect(those((one) => one.end === 'refused' && !isRight(one) && !one.excuse)).toEqual([]);
	});

	it('go on once, however often they are told to', () => {
		expect(those(({ ends }) => ends > 1)).toEqual([]);
	});

	it('are not impressed by forgeries', () => {
		expect(client.tally.forged.sent).toBeGreaterThan(FLOWS / 10);
		expect(client.tally.forged.accepted).toEqual([]);
	});

	it('pay once', () => {
		expect(those(({ paid, excuse }) => paid > 1 && excuse !== 'worker')).toEqual([]);
		expect(those(({ paid, end }) => paid === 0 && end !== 'lost')).toEqual([]);
	});

	it('lose no more with a process than it was at work on when it was killed', () => {
		const lostTo = (excuse: Excuse) => those((one) => one.end === 'lost' && one.excuse === excuse);
		const { killed, cutOff } = evidence;
		expect(killed.ran.size).toBeGreaterThan(0);
		expect(lostTo('worker').length).toBeLessThanOrEqual(killed.ran.size);
		expect(cutOff).toBeGreaterThan(0);
		expect(lostTo('webhook process').length).toBeLessThanOrEqual(cutOff);
	});

	it('keep waiting when they are only in the database while their worker is killed', () => {
		const { saved } = evidence.killed;
		expect(saved.size).toBeGreaterThan(0);
		const unfinished = evidence.executions.filter(
			({ id, status }) => saved.has(id) && status !== 'success',
		);
		const phones = new Set(unfinished.flatMap((kept) => kept.phones));
		expect(those(({ person, excuse }) => phones.has(person.phone) && !excuse)).toEqual([]);
	});
});
