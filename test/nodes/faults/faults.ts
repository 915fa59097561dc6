import type { Fault } from '../../support/simulator/faults';
import type { JsonValue } from '../../support/simulator/types';

/** Longer than any test: an answer that is late comes after everything is over. */
const NEVER = 600_000;

export type Provider = 'plusofon' | 'mobilgroup' | 'zvonobot';

/** How a fault of the table comes about. */
export type Cause = Fault | 'nobody listens' | 'nothing';

/** HTTP 200 with a refusal in the words of each provider, none of which is a known one. */
const REFUSALS: Record<Provider, JsonValue> = {
	plusofon: { success: false, message: 'Barred' },
	mobilgroup: { result: 'error', error_code: 'barred' },
	zvonobot: { status: 'error', message: 'Barred' },
};

/** HTTP 200 with a word that says neither that it was done nor that it was refused. */
const QUEUED: Record<Provider, JsonValue> = {
	plusofon: { status: 'queued' },
	mobilgroup: { result: 'queued', message: 'Queued' },
	zvonobot: { status: 'queued', message: 'Queued' },
};

const status = (code: number, headers: Record<string, string> = {}): Fault => ({
	kind: 'status',
	status: code,
	headers,
});

const shape = (value: JsonValue): Fault => ({ kind: 'wrongShape', shape: value });

const redirect = (code: number, location: string): Fault => ({
	kind: 'redirect',
	status: code,
	location,
});

/**
 * What causes the faults of the table.
 *
 * @param elsewhere the address of another host, which must never get anything
 */
export function causes(provider: Provider, elsewhere: string): Record<string, Cause> {
	return {
		none: 'nothing',
		'connection refused': 'nobody listens',
		'reset, nothing was read': { kind: 'resetUnread' },
		'reset before the work': { kind: 'resetBefore' },
		'reset after the work': { kind: 'resetAfter' },
		'cut off in mid-answer': { kind: 'truncated' },
		'too late, without the work': { kind: 'slow', ms: NEVER },
		'too late, after the work': { kind: 'slow', ms: NEVER, phase: 'answer' },
		'too slow, byte by byte': { kind: 'slow', ms: 4000, phase: 'trickle' },
		'silent in mid-answer': { kind: 'slow', ms: NEVER, phase: 'middle' },
		'401': status(401),
		'403': status(403),
		'404': status(404),
		'408': status(408),
		'422': status(422),
		'429': status(429),
		'429, Retry-After: 1': status(429, { 'retry-after': '1' }),
		'429, Retry-After: 31': status(429, { 'retry-after': '31' }),
		'500 after the work': { kind: 'statusAfter', status: 500 },
		'502 with a page, after the work': { kind: 'statusAfter', status: 502 },
		'503, Retry-After: 1': status(503, { 'retry-after': '1' }),
		'503, Retry-After: 31': status(503, { 'retry-after': '31' }),
		'200, refused': shape(REFUSALS[provider]),
		'202, accepted': { kind: 'statusAfter', status: 202, body: { message: 'Accepted' } },
		'200, queued': shape(QUEUED[provider]),
		'200, broken JSON': { kind: 'brokenJson' },
		'200, empty': { kind: 'empty' },
		'200, a page': { kind: 'html' },
		'200, of another content type': { kind: 'wrongContentType' },
		'200, null': shape(null),
		'200, a word': shape('done'),
		'200, a list of numbers': shape([1, 2]),
		'200, an object without fields': shape({}),
		'200, 100 MB': { kind: 'huge', megabytes: 100 },
		'redirect to another host (301)': redirect(301, elsewhere),
		'redirect to another host (302)': redirect(302, elsewhere),
		'redirect to another host (307)': redirect(307, elsewhere),
		'redirect without end (308)': { kind: 'redirectLoop', status: 308 },
	};
}

/** Whether a fault shows only when the time is up. */
export function isSlow(cause: Cause | undefined): boolean {
	return typeof cause === 'object' && cause.kind === 'slow';
}
