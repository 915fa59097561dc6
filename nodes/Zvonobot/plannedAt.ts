import { invalidInput } from '../shared/errors';
import { toUnixSeconds } from '../shared/time';

/** Clocks differ, and a flow takes its time. */
const GRACE_SECONDS = 60;

/**
 * When a call is to be placed, in UNIX seconds.
 *
 * @param timezone IANA name, for a text without an offset
 * @param hint what to do about a moment that is over
 * @throws Failure `invalid_input` when the value is no moment, or lies in the past
 */
export function readPlannedAt(value: unknown, timezone: string, hint: string): number {
	const seconds = toUnixSeconds(value, 'Planned At', timezone);
	if (seconds >= Date.now() / 1000 - GRACE_SECONDS) return seconds;
	// In the way of ISO, which no country reads in another order.
	const moment = new Date(seconds * 1000).toLocaleString('sv-SE', { timeZone: timezone });
	throw invalidInput('Planned At', `lies in the past (${moment}, ${timezone})`, hint);
}
