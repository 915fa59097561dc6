import type { IDataObject, IExecuteData } from 'n8n-workflow';
import { asFailure, Failure } from './errors';
import type { FailureDetails } from './errors';

/** What became of an item: its rows, or why it has none. */
export type Placed = { rows: IDataObject[] } | { failure: Failure };

/** The same as n8n can save it. */
type Kept = { rows: IDataObject[] } | { failure: FailureDetails };

interface Memory {
	scope: string;
	sent: Record<string, Kept>;
}

/** Where the memory stands among what n8n keeps of a step. */
const MARK = 'flashcallSent';

/**
 * What a step of an execution has already sent for money: n8n's Retry On Fail runs a node again with
 * all its items, and so does a retry of the execution from the editor; whoever was called must not be
 * called again.
 *
 * It stands in what n8n itself keeps of the step, and so goes where the step goes: to the next try,
 * and with an execution that failed into the database and from there to its retry, in whatever
 * process that is. It ends when the node is through.
 */
export class PlacedCalls {
	/**
	 * @param step as n8n keeps it
	 * @param scope names node, run and operation: a step that was changed to do something else begins anew
	 */
	constructor(
		private readonly step: Pick<IExecuteData, 'metadata'>,
		private readonly scope: string,
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
		const kept = this.memory?.sent[keyOf(itemIndex, target)];
		if (kept === undefined) return undefined;
		return 'rows' in kept ? kept : { failure: new Failure(kept.failure) };
	}

	/** Keeps what was sent, or may have been: a definite refusal may be tried again. */
	remember(itemIndex: number, target: string, placed: Placed): void {
		if ('failure' in placed && !placed.failure.ambiguous) return;
		const memory = this.memory ?? { scope: this.scope, sent: {} };
		memory.sent[keyOf(itemIndex, target)] =
			'rows' in placed ? placed : { failure: detailsOf(placed.failure) };
		this.step.metadata = { ...this.step.metadata, [MARK]: memory } as IExecuteData['metadata'];
	}

	/** To be called when nothing runs this node again with these items. */
	forget(): void {
		this.step.metadata = withoutSent(this.step.metadata);
	}

	private get memory(): Memory | undefined {
		const memory = (this.step.metadata as { [MARK]?: Memory } | undefined)?.[MARK];
		return memory?.scope === this.scope ? memory : undefined;
	}
}

/** What n8n keeps of a step, for another step that begins with an empty memory. */
export function withoutSent(metadata: IExecuteData['metadata']): IExecuteData['metadata'] {
	return Object.fromEntries(Object.entries(metadata ?? {}).filter(([name]) => name !== MARK));
}

function keyOf(itemIndex: number, target: string): string {
	return JSON.stringify([itemIndex, target]);
}

function detailsOf({ code, message, hint, status, ambiguous, facts }: Failure): FailureDetails {
	return { code, message, hint, ambiguous, facts, ...(status === undefined ? {} : { status }) };
}
