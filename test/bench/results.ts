import type { Measured } from './bench';
import type { Loading } from './loading';
import type { Cost } from './profile';
import type { WayId } from './ways';

/** A run without what came out, which is large. */
export type Run = Omit<Measured, 'outputs'> & { received: number };

/** One run of each way, one right after the other. */
export type Round = Partial<Record<WayId | 'raw', Run>>;

interface Finished {
	items: number;
	seconds: number;
}

/** Bytes by which n8n grew. */
export interface Growth {
	/** Its whole process, garbage included. */
	atMost: number | undefined;
	/** The same in a process that has done as much before: V8 has its room already. */
	again: number | undefined;
	/** What it could not let go of before the node was through. */
	held: number | undefined;
}

export interface Results {
	n8n: string;
	cores: number;
	latencyMs: number;
	/** Without latency. */
	near: Round[];
	/** With latency. */
	far: Round[];
	/** Beside an unrelated webhook. */
	others: Round[];
	webhooks: { calls: number[]; empty: number[] };
	loading: Loading;
	many: { send: Finished; batch: Finished };
	growth: { items: number; own: Growth; http: Growth } | undefined;
	profiles: Partial<Record<'plain' | 'batch', { items: number; costs: Cost[] }>>;
}

export function median(values: readonly number[]): number | undefined {
	const sorted = [...values].sort((one, other) => one - other);
	const [low, high] = [
		sorted[Math.floor((sorted.length - 1) / 2)],
		sorted[Math.ceil((sorted.length - 1) / 2)],
	];
	return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** The median over the rounds of something that a way came to. */
export function medianOf(
	rounds: readonly Round[],
	id: WayId | 'raw',
	of: (run: Run) => number | undefined,
): number | undefined {
	return median(rounds.map((round) => round[id] && of(round[id])).filter(isNumber));
}

/** How many times as fast one way is as another: the median of the ratios within each round. */
export function ratioOf(
	rounds: readonly Round[],
	id: WayId | 'raw',
	beside: WayId | 'raw',
): number | undefined {
	const ratios = rounds.map(({ [id]: one, [beside]: other }) =>
		one && other ? one.perSecond / other.perSecond : undefined,
	);
	return median(ratios.filter(isNumber));
}

function isNumber(value: number | undefined): value is number {
	return value !== undefined;
}

/** A goal, and what came of it. */
export interface Goal {
	measure: string;
	goal: string;
	/** What was seen with throwaway code that did nothing else. */
	bestSeen: string;
	value: number | undefined;
	unit?: string;
	isMet: boolean;
	/** Why it is missed, when it is. */
	why: string | undefined;
}

const WHY = {
	helper:
		"What is left is n8n's request helper and the connection that it opens for every request; the share of this package stands below. Sending without the helper would be faster, and would pass by n8n's proxy, certificate and access settings. What a connection costs differs between machines, and this ratio with it: from 3.3 to 5.9 was seen.",
	none: 'The goal was set beside a node with one expression: without any, the HTTP Request node is faster, too.',
	evaluator: "Both have n8n's evaluator work twice for each item, and that takes most of the time.",
	thread:
		'Without latency nothing is waited for: the one thread of n8n is the limit, and several items at once cannot help it.',
	batch:
		'What is left for each item is mostly the check of its phone number and the memory of what was sent for money. It differs between machines: from 76 to 124 was seen.',
	memory:
		'Nearly all of it is garbage, most of that of the connections and the request helper; how much of it there is depends on when V8 collects it.',
};

interface Wanted {
	measure: string;
	value: number | undefined;
	bestSeen?: string;
	unit?: string;
	why?: string;
}

const least = (wanted: number, { bestSeen = '', why, ...rest }: Wanted): Goal => ({
	...rest,
	goal: `≥ ${wanted}`,
	bestSeen,
	isMet: rest.value !== undefined && rest.value >= wanted,
	why,
});

const most = (wanted: number, { bestSeen = '', why, ...rest }: Wanted): Goal => ({
	...rest,
	goal: `≤ ${wanted}${rest.unit ?? ''}`,
	bestSeen,
	isMet: rest.value !== undefined && rest.value <= wanted,
	why,
});

function quotient(one: number | undefined, other: number | undefined): number | undefined {
	return one === undefined || other === undefined ? undefined : one / other;
}

export function goalsOf({ near, far, others, webhooks, growth, loading }: Results): Goal[] {
	const slowest = medianOf(others, 'fixed', ({ slowestOther }) => slowestOther);
	return [
		least(5, {
			measure: 'no expression / HTTP Request with one',
			value: ratioOf(near, 'fixed', 'httpOne'),
			bestSeen: '5.3',
			why: WHY.helper,
		}),
		least(5, {
			measure: 'no expression / HTTP Request with none',
			value: ratioOf(near, 'fixed', 'httpFixed'),
			why: WHY.none,
		}),
		least(4, {
			measure: 'two plain paths / HTTP Request',
			value: ratioOf(near, 'plain', 'httpTwo'),
			bestSeen: '1.4',
			why: WHY.helper,
		}),
		least(1.5, {
			measure: 'two other expressions / HTTP Request',
			value: ratioOf(near, 'other', 'httpTwo'),
			bestSeen: '1.4',
			why: WHY.evaluator,
		}),
		least(0.45, {
			measure: 'no expression / axios alone',
			value: ratioOf(near, 'fixed', 'raw'),
			bestSeen: '0.50',
			why: WHY.helper,
		}),
		least(0.85, {
			measure: 'the same at 100 ms',
			value: ratioOf(far, 'fixed', 'raw'),
			bestSeen: '0.91',
			why: WHY.helper,
		}),
		least(2, {
			measure: 'two plain paths / one after another (Mattermost node)',
			value: ratioOf(near, 'plain', 'mattermost'),
			bestSeen: '2.4',
		}),
		least(7, {
			measure: 'the same at 100 ms',
			value: ratioOf(far, 'plain', 'mattermost'),
			bestSeen: '7.7',
		}),
		least(2, {
			measure: 'no expression / the same with Items at Once 1',
			value: ratioOf(near, 'fixed', 'oneByOne'),
			why: WHY.thread,
		}),
		least(7, {
			measure: 'the same at 100 ms',
			value: ratioOf(far, 'fixed', 'oneByOne'),
		}),
		least(100, {
			measure: '100 items a request / HTTP Request',
			value: ratioOf(near, 'batch', 'httpCreate'),
			bestSeen: '106',
			why: WHY.batch,
		}),
		least(15, {
			measure: '100 items a request / 1 item a request',
			value: ratioOf(near, 'batch', 'single'),
			bestSeen: '18',
			why: WHY.batch,
		}),
		most(1, {
			measure: 'slowest unrelated webhook while 1,000 items run',
			value: quotient(slowest, 1000),
			bestSeen: '0.66 s',
			unit: ' s',
		}),
		most(0.15, {
			measure: 'memory held over 10,000 items / HTTP Request',
			value: quotient(growth?.own.held, growth?.http.held),
		}),
		most(0.15, {
			measure: 'the same with the garbage, in a process that did it before',
			value: quotient(growth?.own.again, growth?.http.again),
			bestSeen: '0.10',
			why: WHY.memory,
		}),
		most(0.15, {
			measure: 'the same with the garbage, in a fresh process',
			value: quotient(growth?.own.atMost, growth?.http.atMost),
			why: WHY.memory,
		}),
		most(1.4, {
			measure: 'webhook, call, answer at 5 a second / empty flow, p50',
			value: quotient(median(webhooks.calls), median(webhooks.empty)),
			bestSeen: '1.3',
		}),
		most(250, {
			measure: 'properties of the largest node',
			value: Math.max(...Object.values(loading.properties)),
		}),
		most(25, {
			measure: 'loading all nodes when n8n starts',
			value: median(loading.known),
			bestSeen: '13 ms',
			unit: ' ms',
		}),
		most(400, { measure: 'package, packed', value: loading.packedBytes / 1000, unit: ' kB' }),
	];
}
