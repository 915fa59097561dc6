import type { IDataObject } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import type { Api } from './api';
import { runPool } from './concurrency';
import { asFailure, Failure } from './errors';
import type { AnyParams, Batch, BatchAnswer, BatchEntry, BatchPart } from './operation';
import type { Placed } from './placed';

/** What running a batch operation needs of the executor. */
export interface BatchRun {
	/** How many items there are. */
	count: number;
	api: Api;
	timezone: string;
	requestsAtOnce: number;
	/** Whether items go on when others fail; if not, one wrong item keeps all from being sent. */
	goOn: boolean;
	readParams(itemIndex: number): AnyParams;
	/** The outcome of an item that was sent before, in an earlier try of the same node. */
	recall(itemIndex: number, params: AnyParams): Placed | undefined;
	/** Is told each outcome as soon as it is known. */
	remember(itemIndex: number, outcome: Placed): void;
	/** Throws when nothing may be sent any more. */
	assertRunning(): void;
}

/** One request: its entries by target, and what became of them once it was sent. */
interface Request {
	shared: IDataObject;
	entries: Map<string, BatchEntry>;
	answer?: BatchAnswer | Failure;
}

/** The requests for items with the same settings. */
interface Group {
	/** Those with room. */
	open: Request[];
	/** By what they were asked for. */
	known: Map<string, Request>;
}

interface Asking {
	itemIndex: number;
	/** Where the answers to this item's entries will be found. */
	places: Array<{ request: Request; target: string }>;
}

/** Expressions take their time: n8n has to come to its other work between them. */
const MS_BETWEEN_PAUSES = 20;

/**
 * Works off all items with as few requests as their settings allow. Items that ask for the very same
 * ask once: nobody is called twice because a row stands twice in a list.
 */
export async function runBatches(batch: Batch<AnyParams>, run: BatchRun): Promise<Placed[]> {
	const outcomes: Placed[] = [];
	const packer = new Packer();
	const asking: Asking[] = [];
	let paused = Date.now();
	for (let itemIndex = 0; itemIndex < run.count; itemIndex++) {
		if (Date.now() - paused > MS_BETWEEN_PAUSES) {
			await sleep(0);
			paused = Date.now();
		}
		try {
			const params = run.readParams(itemIndex);
			const before = run.recall(itemIndex, params);
			if (before !== undefined) {
				outcomes[itemIndex] = before;
				continue;
			}
			const part = batch.prepare({ params, itemIndex, timezone: run.timezone });
			asking.push({ itemIndex, places: packer.add(part) });
		} catch (thrown) {
			outcomes[itemIndex] = { failure: asFailure(thrown) };
		}
	}
	if (!run.goOn && Object.values(outcomes).some((outcome) => 'failure' in outcome)) return outcomes;

	const settle = settler(asking, (ask, outcome) => {
		outcomes[ask.itemIndex] = outcome;
		run.remember(ask.itemIndex, outcome);
	});
	await runPool(packer.requests.length, run.requestsAtOnce, async (index) => {
		const request = packer.requests[index] as Request;
		const { shared } = request;
		try {
			run.assertRunning();
			const entries = [...request.entries.values()];
			request.answer = await batch.send({ api: run.api, shared, entries });
		} catch (thrown) {
			request.answer = asFailure(thrown);
		}
		settle(request);
		return run.goOn || !hasFailed(request.answer);
	});
	return outcomes;
}

/** Puts entries into requests: full ones first, in the order the items came. */
class Packer {
	readonly requests: Request[] = [];

	private readonly groups = new Map<string, Group>();

	add({ shared, entries, most }: BatchPart): Asking['places'] {
		const group = this.groupOf(JSON.stringify([shared, most]));
		return entries.map((entry) => {
			const { target } = entry;
			const sameness = JSON.stringify([target, entry.own]);
			const request = group.known.get(sameness) ?? this.roomFor(entry, group, shared, most);
			group.known.set(sameness, request);
			return { request, target };
		});
	}

	private groupOf(key: string): Group {
		const group = this.groups.get(key) ?? { open: [], known: new Map<string, Request>() };
		this.groups.set(key, group);
		return group;
	}

	/** The first request with room that does not carry the target already, for another purpose. */
	private roomFor(entry: BatchEntry, group: Group, shared: IDataObject, most: number): Request {
		let request = group.open.find(({ entries }) => !entries.has(entry.target));
		if (request === undefined) {
			request = { shared, entries: new Map() };
			this.requests.push(request);
			group.open.push(request);
		}
		request.entries.set(entry.target, entry);
		if (request.entries.size >= most) group.open.splice(group.open.indexOf(request), 1);
		return request;
	}
}

/** Whether a request failed, or something it asked for. */
function hasFailed(answer: Request['answer']): boolean {
	return (
		answer instanceof Failure || [...(answer?.values() ?? [])].some((one) => one instanceof Failure)
	);
}

/** Settles each item as soon as the requests that carry something of it say enough. */
function settler(
	asking: readonly Asking[],
	onSettled: (ask: Asking, outcome: Placed) => void,
): (request: Request) => void {
	const waiting = new Map<Request, Asking[]>();
	for (const ask of asking) {
		for (const request of new Set(ask.places.map((place) => place.request))) {
			const others = waiting.get(request);
			if (others === undefined) waiting.set(request, [ask]);
			else others.push(ask);
		}
	}
	return (request) => {
		for (const ask of waiting.get(request) ?? []) {
			const outcome = outcomeOf(ask);
			if (outcome !== undefined) onSettled(ask, outcome);
		}
	};
}

/** The item's outcome: the first failure as soon as there is one, rows once everything is answered. */
function outcomeOf({ places }: Asking): Placed | undefined {
	const rows: IDataObject[] = [];
	let isComplete = true;
	for (const { request, target } of places) {
		const { answer } = request;
		if (answer === undefined) isComplete = false;
		const result = answer instanceof Failure ? answer : answer?.get(target);
		if (result instanceof Failure) return { failure: result };
		// A copy: what one item's row goes through must not show in another's.
		for (const row of [result ?? []].flat()) rows.push({ ...row });
	}
	return isComplete ? { rows } : undefined;
}
