/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { hostFolder } from '../host/folders';
import { Bench, WrongResult, type Measured } from './bench';
import { measureLoading } from './loading';
import { Inspector, profiled } from './profile';
import { printResults, writeReport } from './report';
import type { Growth, Results, Round } from './results';
import type { WayId } from './ways';

/** How much is run. */
interface Plan {
	rounds: number;
	latencyMs: number;
	/** Items of each way, without latency and with it; a way that is not named is left out. */
	near: Partial<Record<WayId | 'raw', number>>;
	far: Partial<Record<WayId | 'raw', number>>;
	/** Rounds with an unrelated webhook called all the while. */
	otherRounds: number;
	others: Partial<Record<WayId, number>>;
	webhooks: number;
	loads: number;
	many: { send: number; batch: number };
	/** Whether memory is compared, in an n8n of its own for each way, and a profile taken. */
	inDepth: boolean;
}

const FULL: Plan = {
	rounds: 5,
	latencyMs: 100,
	near: {
		...{ fixed: 1000, plain: 1000, other: 1000, oneByOne: 1000 },
		...{ httpFixed: 1000, httpOne: 1000, httpTwo: 1000, mattermost: 200, raw: 1000 },
		...{ batch: 10_000, single: 1000, httpCreate: 1000 },
	},
	far: { fixed: 200, plain: 200, oneByOne: 30, httpTwo: 200, mattermost: 30, raw: 200 },
	otherRounds: 3,
	others: { fixed: 1000, oneByOne: 1000, httpTwo: 1000 },
	webhooks: 40,
	loads: 7,
	many: { send: 10_000, batch: 100_000 },
	inDepth: true,
};

const SHORT: Plan = {
	rounds: 1,
	latencyMs: 20,
	near: {
		...{ fixed: 30, plain: 30, other: 30, oneByOne: 10 },
		...{ httpFixed: 30, httpOne: 30, httpTwo: 30, mattermost: 10, raw: 30 },
		...{ batch: 250, single: 30, httpCreate: 30 },
	},
	far: { fixed: 30, oneByOne: 10, httpTwo: 30, raw: 30 },
	otherRounds: 1,
	others: { plain: 100 },
	webhooks: 3,
	loads: 1,
	many: { send: 100, batch: 1_000 },
	inDepth: false,
};

const FIRST_PHONE = 79_160_000_000;
/** The part of its items that a way has done when it is looked at what it holds. */
const NEARLY = 0.95;
const PROFILED_ITEMS = { plain: 2000, batch: 20_000 };

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

/** One run of each way, beginning with another one each time. */
async function round(
	bench: Bench,
	ways: Plan['near'],
	turn: number,
	options: { latencyMs?: number; withOthers?: boolean; keepsBodies?: boolean },
): Promise<Round> {
	const all = Object.entries(ways) as Array<[WayId | 'raw', number]>;
	const start = (turn * 3) % all.length;
	const results: Round = {};
	for (const [id, items] of [...all.slice(start), ...all.slice(0, start)]) {
		const { outputs, ...measured } =
			id === 'raw'
				? await bench.runRaw(items, options.latencyMs)
				: await bench.run(id, items, options);
		results[id] = { ...measured, received: outputs.length };
	}
	return results;
}

async function rounds(count: number, run: (turn: number) => Promise<Round>): Promise<Round[]> {
	const results: Round[] = [];
	for (let turn = 0; turn < count; turn++) results.push(await run(turn));
	return results;
}

function assertOrder(what: string, { outputs }: Measured, of: (index: number) => object): void {
	outputs.forEach(({ json }, index) => {
		for (const [name, value] of Object.entries(of(index))) {
			if (json[name] === value) continue;
			throw new WrongResult(`${what}: item ${index} has another's ${name}: ${String(json[name])}`);
		}
	});
}

/** Many items, each with the answer to its own request. */
async function many(bench: Bench, { send, batch }: Plan['many']): Promise<Results['many']> {
	const sent = await bench.run('send', send);
	assertOrder('send', sent, (index) => ({ key: `key-of-${FIRST_PHONE + index}` }));
	const created = await bench.run('batch', batch);
	assertOrder('batch', created, (index) => ({ callId: FIRST_PHONE + index }));
	const secondsOf = ({ from, to }: Measured) => (to - from) / 1000;
	return {
		send: { items: send, seconds: secondsOf(sent) },
		batch: { items: batch, seconds: secondsOf(created) },
	};
}

/** By how much n8n grows, in a fresh process that has done a little before. */
async function growthOf(bench: Bench, id: WayId, items: number): Promise<Growth> {
	await bench.restart(id);
	await bench.run(id, 100);
	const { growth: atMost } = await bench.run(id, items);
	// The room for garbage still grows in the second run.
	await bench.run(id, items);
	const { growth: again } = await bench.run(id, items);
	const { pid } = bench;
	if (pid === undefined) return { atMost, again, held: undefined };
	const inspector = await Inspector.connect(pid, bench.inspectorPort);
	try {
		const before = await inspector.heldBytes();
		const running = bench.run(id, items);
		const held = await bench.whenAnswered(items * NEARLY, async () => await inspector.heldBytes());
		await running;
		return { atMost, again, held: held - before };
	} finally {
		inspector.close();
	}
}

async function growths(bench: Bench, items: number): Promise<Results['growth']> {
	const own = await growthOf(bench, 'send', items);
	return { items, own, http: await growthOf(bench, 'httpSend', items) };
}

async function profiles(bench: Bench): Promise<Results['profiles']> {
	const found: Results['profiles'] = {};
	for (const id of ['plain', 'batch'] as const) {
		const { pid } = bench;
		if (pid === undefined) return {};
		const items = PROFILED_ITEMS[id];
		const work = async () => await bench.run(id, items);
		found[id] = { items, costs: await profiled(pid, bench.inspectorPort, work) };
	}
	return found;
}

async function measure(bench: Bench, tarball: string, plan: Plan): Promise<Results> {
	const { latencyMs } = plan;
	// What runs for the first time is slow: that shall be nobody's disadvantage.
	await round(bench, { ...SHORT.near, ...plan.others, send: 30, httpSend: 30 }, 0, {
		keepsBodies: true,
	});
	say('Without latency ...');
	const near = await rounds(plan.rounds, async (turn) => await round(bench, plan.near, turn, {}));
	say(`With ${latencyMs} ms ...`);
	const far = await rounds(
		plan.rounds,
		async (turn) => await round(bench, plan.far, turn, { latencyMs }),
	);
	say('Beside an unrelated webhook ...');
	const others = await rounds(
		plan.otherRounds,
		async (turn) => await round(bench, plan.others, turn, { withOthers: true }),
	);
	const webhooks = await bench.webhooks(plan.webhooks, 5);
	say('Loading the package ...');
	const loading = await measureLoading(tarball, plan.loads);
	const manifest = readFileSync(join(hostFolder, 'node_modules', 'n8n', 'package.json'), 'utf8');
	say(`${plan.many.send} items one by one, ${plan.many.batch} in batches ...`);
	return {
		n8n: (JSON.parse(manifest) as { version: string }).version,
		cores: cpus().length,
		latencyMs,
		...{ near, far, others, webhooks, loading },
		many: await many(bench, plan.many),
		profiles: plan.inDepth ? await profiles(bench) : {},
		growth: plan.inDepth ? await growths(bench, plan.many.send) : undefined,
	};
}

function stopWhenAsked(bench: Bench): void {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => void bench.stop().then(() => process.exit(1)));
	}
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { short: { type: 'boolean', default: false }, tarball: { type: 'string' } },
	});
	if (!values.tarball) throw new Error('Start this with `npm run bench`.');
	const begun = Date.now();
	say('Starting n8n, a server and a client beside it ...');
	const bench = await Bench.start(values.tarball);
	stopWhenAsked(bench);
	try {
		const results = await measure(bench, values.tarball, values.short ? SHORT : FULL);
		printResults(results, values.short);
		if (!values.short) await writeReport(results);
		say(`Took ${Math.round((Date.now() - begun) / 1000)}s; all counts and orders are right.`);
	} finally {
		await bench.stop();
	}
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
		process.exit(1);
	},
);
