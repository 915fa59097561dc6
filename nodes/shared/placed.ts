import type { IDataObject } from 'n8n-workflow';
import { asFailure } from './errors';
import type { Failure } from './errors';

/** What became of an item: its rows, or why it has none. */
export type Placed = { rows: IDataObject[] } | { failure: Failure };

/** Runs beyond so many items make room, if nothing has been heard of them for so long. */
const MOST_REMEMBERED = 50_000;
const OVER_AFTER_MS = 60 * 60_000;

/** What one run of a node has sent; a retry of it follows within seconds. */
interface Run {
	touchedAt: number;
	sent: Map<string, Placed>;
}

/**
 * What was already sent for money in executions that are not over: n8n's Retry On Fail runs a node
 * again with all its items, in the same process, and whoever was called must not be called again.
 * Process-wide on purpose, and forgotten once an execution's node is through. Of a run that goes on
 * nothing is forgotten, however many items it has: n8n holds them all in memory as well.
 */
const runs = new Map<string, Run>();

/** The memory of one run of one node in one execution. */
export class PlacedCalls {
	/**
	 * @param scope names execution, node, run and operation
	 * @param now milliseconds since 1970
	 */
	constructor(
		private readonly scope: string,
		private readonly now: () => number = Date.now,
	) {}

	/**
	 * Sends once for an item and its target. A second time the first result is given again, or the
	 * first failure if the provider may have acted on the request.
	 */
	async once(
		itemIndex: number,
		target: string,
		send: () => Promise<IDataObject[]>,
	): Promise<IDataObject[]> {
		const outcome =
			this.recall(itemIndex, target) ??
			(await send().then(
				(rows) => ({ rows }),
				(thrown: unknown) => ({ failure: asFailure(thrown) }),
			));
		this.remember(itemIndex, target, outcome);
		if ('failure' in outcome) throw outcome.failure;
		return outcome.rows;
	}

	/** What became of an item that was sent to this target before. */
	recall(itemIndex: number, target: string): Placed | undefined {
		const run = runs.get(this.scope);
		if (run !== undefined) run.touchedAt = this.now();
		return run?.sent.get(keyOf(itemIndex, target));
	}

	/** Keeps what was sent, or may have been: a definite refusal may be tried again. */
	remember(itemIndex: number, target: string, placed: Placed): void {
		if ('failure' in placed && !placed.failure.ambiguous) return;
		const run = runs.get(this.scope) ?? { touchedAt: 0, sent: new Map<string, Placed>() };
		run.touchedAt = this.now();
		run.sent.set(keyOf(itemIndex, target), placed);
		if (!runs.has(this.scope)) {
			makeRoom(this.now());
			runs.set(this.scope, run);
		}
	}

	/** To be called when no item failed: then nothing runs this node again with these items. */
	forget(): void {
		runs.delete(this.scope);
	}
}

function keyOf(itemIndex: number, target: string): string {
	return JSON.stringify([itemIndex, target]);
}

/** Forgets runs that ended badly long ago. */
function makeRoom(now: number): void {
	const items = [...runs.values()].reduce((sum, { sent }) => sum + sent.size, 0);
	if (items < MOST_REMEMBERED) return;
	for (const [scope, { touchedAt }] of runs) {
		if (touchedAt < now - OVER_AFTER_MS) runs.delete(scope);
	}
}
