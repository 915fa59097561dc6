import { Expiring } from '../expiring';
import type { Suspended } from './suspension';
import type { Reply } from './waiting';

/**
 * n8n before 2.10 lets an execution go on as often as it is asked to: for each of several requests at
 * the same moment, and once more when the time is up although the flow has long gone on. There, and
 * in what cannot be told from it, this process sees to it that a wait ends once.
 */
const ended = new Expiring<true>();
const said = new Expiring<WeakRef<Suspended>>();

/** How long after its limit n8n may still come back to a wait that is over. */
const LATE_MS = 60 * 60_000;

/** Whether a request has ended the wait, although n8n still has it. */
export function hasEnded({ id }: Suspended, now: number): boolean {
	return ended.get(id, now) !== undefined;
}

/** Whether a request may end the wait: of several only the first. */
export function mayEnd({ id, until }: Suspended, now: number): boolean {
	return ended.add(id, true, until, now);
}

/**
 * Whether this run of the node says what came of the wait: of several in one execution only the
 * first, also when n8n tries it again.
 */
export function maySay(executionId: string, wait: Suspended, now: number): boolean {
	const id = `${executionId}/${wait.id}`;
	const before = said.get(id, now);
	if (before !== undefined) return before.deref() === wait;
	return said.add(id, new WeakRef(wait), Math.max(wait.until, now) + LATE_MS, now);
}

const endings = new Expiring<Reply>(10_000);

/** Keeps with what a request has ended a wait. */
export function keepEnding(
	executionId: string,
	{ id, until }: Suspended,
	reply: Reply,
	now: number,
): void {
	endings.add(`${executionId}/${id}`, reply, until, now);
}

/**
 * With what a request has ended a wait before this one, if n8n has not kept that: it had just let the
 * execution go on by itself, and so this wait followed.
 */
export function lostEnding(
	executionId: string,
	{ earlier }: Suspended,
	now: number,
): Reply | undefined {
	return earlier
		.map((id) => endings.get(`${executionId}/${id}`, now))
		.find((reply) => reply !== undefined);
}
