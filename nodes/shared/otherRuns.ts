import { Expiring } from './expiring';
import type { Kept } from './placed';

/** What other runs of a node have sent that n8n does not tell this one of. */
export interface OtherRuns {
	find(key: string): Kept | undefined;
	tell(key: string, kept: Kept): void;
	/** Waits for another run that is just sending the same. */
	inTurn<T>(key: string, run: () => Promise<T>): Promise<T>;
}

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;
const TOOL_MINUTES = 10;
const MOST_FAILED_CALLS = 10_000;

/** In the memory of this process. */
const retried = new Expiring<Kept>();
const failedCalls = new Expiring<{ kept: Kept; at: number }>(MOST_FAILED_CALLS);

/**
 * Retries of the same failed execution: each begins with what that one had sent, and n8n tells none
 * of them what another has done.
 *
 * @param name the execution and the run of the node
 * @param isWait whether what was sent belongs to a wait, which is that of its own execution
 */
export function otherRetries(name: string, isWait: boolean): OtherRuns {
	const placeOf = (key: string) => `${name}/${key}`;
	return {
		find(key) {
			const kept = retried.get(placeOf(key), Date.now());
			return isWait && kept !== undefined && 'rows' in kept ? { failure: WAITED_FOR } : kept;
		},
		tell(key, kept) {
			const now = Date.now();
			retried.add(placeOf(key), kept, now + DAY_MS, now);
		},
		// The whole run has its turn.
		inTurn: async (_, run) => await run(),
	};
}

const WAITED_FOR = {
	code: 'cannot_wait',
	message:
		'Another retry of this execution has called this person already, and waits for them. Nothing was sent',
	hint: 'Look at that execution. To call the person again, run the workflow anew.',
};

/**
 * Calls of the same tool: an agent that was told of a failure may ask for the same again, in another
 * step or another execution. What went through it may well want once more.
 */
export function otherToolCalls(name: string): OtherRuns {
	const placeOf = (key: string) => `${name}/${key}`;
	return {
		find(key) {
			const known = failedCalls.get(placeOf(key), Date.now());
			return known && notAgain(known.kept, known.at);
		},
		tell(key, kept) {
			const at = Date.now();
			if ('rows' in kept) return;
			failedCalls.add(placeOf(key), { kept, at }, at + TOOL_MINUTES * MINUTE_MS, at);
		},
		inTurn: async (key, run) => await inTurn(`tool/${placeOf(key)}`, run),
	};
}

/** The failure of an earlier call, for one that was not made because of it. */
function notAgain(kept: Kept, at: number): Kept {
	if ('rows' in kept) return kept;
	const { failure } = kept;
	const until = new Date(at + TOOL_MINUTES * MINUTE_MS).toISOString();
	return {
		failure: {
			...failure,
			message: `Nothing was sent now, because of an earlier request for the same phone or ID. ${failure.message}`,
			hint: `${failure.hint} This tool may send it again after ${until}.`,
		},
	};
}

const turns = new Map<string, Promise<unknown>>();

/** Lets the runs of one name take place one after another; one without a name at once. */
export async function inTurn<T>(name: string | undefined, run: () => Promise<T>): Promise<T> {
	if (name === undefined) return await run();
	const before = turns.get(name) ?? Promise.resolve();
	const own = before.then(run, run);
	turns.set(name, own);
	try {
		return await own;
	} finally {
		if (turns.get(name) === own) turns.delete(name);
	}
}
