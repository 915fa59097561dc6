import type { IDataObject, IExecuteData } from 'n8n-workflow';
import { asFailure, Failure } from './errors';
import type { FailureDetails } from './errors';
import type { OtherRuns } from './otherRuns';

/** What became of an item: its rows, or why it has none. */
export type Placed = { rows: IDataObject[] } | { failure: Failure };

/** The same as n8n can save it. */
export type Kept = { rows: IDataObject[] } | { failure: FailureDetails };

/** By scope, then by item and target. */
type Memory = Record<string, Record<string, Kept>>;

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
	/** What this try has dealt with: all that it may forget, since other tools may share the step. */
	private readonly own = new Set<string>();

	/**
	 * @param step as n8n keeps it
	 * @param scope names node, run and operation: a step that was changed to do something else begins anew
	 * @param options.keepsFailures whether the provider is not asked again where it may have acted
	 * @param options.others runs that n8n tells nothing of this step
	 */
	constructor(
		private readonly step: Pick<IExecuteData, 'metadata'>,
		private readonly scope: string,
		private readonly options: { keepsFailures: boolean; others?: OtherRuns | undefined } = {
			keepsFailures: true,
		},
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
		const act = async (): Promise<Placed> => {
			const outcome =
				this.recall(itemIndex, target) ??
				(await send().then(
					(rows) => ({ rows }),
					(thrown: unknown) => ({ failure: asFailure(thrown) }),
				));
			this.remember(itemIndex, target, outcome);
			return outcome;
		};
		const key = keyOf(itemIndex, target);
		const outcome = await (this.options.others === undefined
			? act()
			: this.options.others.inTurn(key, act));
		if ('failure' in outcome) throw outcome.failure;
		return outcome.rows;
	}

	/** What became of an item that was sent to this target before. */
	recall(itemIndex: number, target: string): Placed | undefined {
		const key = keyOf(itemIndex, target);
		const kept = this.memory[this.scope]?.[key] ?? this.adopted(key);
		if (kept === undefined) return undefined;
		this.own.add(key);
		return 'rows' in kept ? { rows: copied(kept.rows) } : { failure: new Failure(kept.failure) };
	}

	/** What another run knows; it is kept with this step, too, which may be retried elsewhere or later. */
	private adopted(key: string): Kept | undefined {
		const kept = this.options.others?.find(key);
		const isPlaced = kept !== undefined && ('rows' in kept || kept.failure.ambiguous === true);
		if (isPlaced) this.sent[key] = kept;
		return kept;
	}

	/** Keeps what was sent, or may have been: a definite refusal may be tried again. */
	remember(itemIndex: number, target: string, placed: Placed): void {
		const isKept = 'rows' in placed || (this.options.keepsFailures && placed.failure.ambiguous);
		if (!isKept) return;
		const key = keyOf(itemIndex, target);
		this.own.add(key);
		const kept =
			'rows' in placed ? { rows: copied(placed.rows) } : { failure: detailsOf(placed.failure) };
		this.sent[key] = kept;
		this.options.others?.tell(key, kept);
	}

	/** To be called when nothing runs this node again with these items. */
	forget(): void {
		const { [this.scope]: sent = {}, ...others } = this.memory;
		const rest = Object.entries(sent).filter(([key]) => !this.own.has(key));
		const left = rest.length > 0 ? { ...others, [this.scope]: Object.fromEntries(rest) } : others;
		const hasMore = Object.keys(left).length > 0;
		const { metadata } = this.step;
		this.step.metadata = hasMore ? withSent(metadata, left) : withoutSent(metadata);
	}

	private get memory(): Memory {
		return (this.step.metadata as { [MARK]?: Memory } | undefined)?.[MARK] ?? {};
	}

	/** The part of this scope, to be added to. */
	private get sent(): Record<string, Kept> {
		const known = this.memory[this.scope];
		if (known !== undefined) return known;
		const begun = {};
		this.step.metadata = withSent(this.step.metadata, { ...this.memory, [this.scope]: begun });
		return begun;
	}
}

function withSent(metadata: IExecuteData['metadata'], memory: Memory): IExecuteData['metadata'] {
	return { ...metadata, [MARK]: memory } as IExecuteData['metadata'];
}

/** What n8n keeps of a step, for another step that begins with an empty memory. */
export function withoutSent(metadata: IExecuteData['metadata']): IExecuteData['metadata'] {
	return Object.fromEntries(Object.entries(metadata ?? {}).filter(([name]) => name !== MARK));
}

// What later nodes make of a row must not show in what is remembered.
function copied(rows: readonly IDataObject[]): IDataObject[] {
	return rows.map((row) => ({ ...row }));
}

function keyOf(itemIndex: number, target: string): string {
	return JSON.stringify([itemIndex, target]);
}

function detailsOf({ code, message, hint, status, ambiguous, facts }: Failure): FailureDetails {
	return { code, message, hint, ambiguous, facts, ...(status === undefined ? {} : { status }) };
}
