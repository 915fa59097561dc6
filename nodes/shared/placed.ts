import type { IDataObject } from 'n8n-workflow';
import { asFailure } from './errors';
import type { Failure } from './errors';

type Placed = { json: IDataObject } | { failure: Failure };

const MOST_REMEMBERED = 50_000;

/**
 * What was already sent for money in executions that are not over: n8n's Retry On Fail runs a node
 * again with all its items, in the same process, and whoever was called must not be called again.
 * Process-wide on purpose, bounded, and forgotten once an execution's node is through.
 */
const remembered = new Map<string, Placed>();

/** The memory of one run of one node in one execution. */
export class PlacedCalls {
	private readonly keys = new Set<string>();

	/** @param scope names execution, node, run and operation */
	constructor(private readonly scope: string) {}

	/**
	 * Sends once for an item and its target. A second time the first result is given again, or the
	 * first failure if the provider may have acted on the request.
	 */
	async once(
		itemIndex: number,
		target: string,
		send: () => Promise<IDataObject>,
	): Promise<IDataObject> {
		const key = JSON.stringify([this.scope, itemIndex, target]);
		const before = remembered.get(key);
		if (before !== undefined) {
			this.keys.add(key);
			if ('failure' in before) throw before.failure;
			return before.json;
		}
		try {
			const json = await send();
			this.remember(key, { json });
			return json;
		} catch (thrown) {
			const failure = asFailure(thrown);
			if (failure.ambiguous) this.remember(key, { failure });
			throw failure;
		}
	}

	/** To be called when no item failed: then nothing runs this node again with these items. */
	forget(): void {
		for (const key of this.keys) remembered.delete(key);
	}

	private remember(key: string, placed: Placed): void {
		this.keys.add(key);
		remembered.set(key, placed);
		const oldest = remembered.keys().next();
		if (remembered.size > MOST_REMEMBERED && !oldest.done) remembered.delete(oldest.value);
	}
}
