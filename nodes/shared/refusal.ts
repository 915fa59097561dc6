import type { ApiDefinition, KnownRefusal } from './api';
import { Failure } from './errors';
import type { Answer } from './http';

/** Servers and gateways that are only overloaded, or starting again, answer so. */
const PASSING_STATUSES = [500, 502, 503, 504];

/** Whether a provider that answers so may well answer properly a moment later. */
export function isPassing(status: number): boolean {
	return PASSING_STATUSES.includes(status);
}

/**
 * The sentence for a refusal: by the status where the status says it all, then by the provider's
 * table of known words, then by the status again.
 *
 * @param text the provider's own words, to look up
 * @param words the same, fit to be shown
 */
export function refusalFor(
	definition: ApiDefinition,
	answer: Answer,
	text: string,
	words: string,
): Failure {
	const { provider, refusals } = definition;
	const { status } = answer;
	const quote = words === '' ? `HTTP ${status}` : `"${words}"`;
	const known = refusals.find(
		(row) =>
			(row.status === undefined || row.status === status) &&
			(row.text === undefined || row.text.test(text)),
	);
	// Some providers say in so many words what became of a request, and the status counts for nothing.
	if (known !== undefined && definition.isSuccess !== undefined) return refusal(known, status);
	if (status === 429) return tooMany(provider, answer);
	// Whatever it says: a server that failed may have acted before it did.
	if (status >= 500 || status === 408) {
		return new Failure({
			code: 'provider_down',
			message: `${provider} could not handle the request: ${quote}`,
			hint: 'Try again later.',
			status,
			ambiguous: true,
			passing: isPassing(status),
			retryAfterSeconds: answer.retryAfterSeconds,
		});
	}
	return known === undefined ? byStatus(definition, status, quote) : refusal(known, status);
}

function refusal({ code, message, hint }: KnownRefusal, status: number): Failure {
	return new Failure({ code, message, hint, status });
}

export function tooMany(
	provider: string,
	{ status, retryAfterSeconds }: Pick<Answer, 'status' | 'retryAfterSeconds'>,
): Failure {
	const seconds = retryAfterSeconds === 1 ? '1 second' : `${retryAfterSeconds} seconds`;
	const wait = retryAfterSeconds === undefined ? 'a while' : seconds;
	return new Failure({
		code: 'rate_limited',
		message: `${provider} takes no more requests for now`,
		hint: `Wait ${wait}, then run the node again, with fewer items at once if it happens often.`,
		status,
		retryAfterSeconds,
	});
}

function byStatus(
	{ provider, credentialName }: ApiDefinition,
	status: number,
	quote: string,
): Failure {
	switch (status) {
		case 401:
			return new Failure({
				code: 'wrong_credential',
				message: `${provider} did not accept the key of the credential (HTTP 401)`,
				hint: `Copy the key again into the "${credentialName}" credential and test it there.`,
				status,
			});
		case 403:
			return new Failure({
				code: 'forbidden',
				message: `${provider} does not allow this with the chosen credential: ${quote}`,
				hint: `Check in the ${provider} cabinet what this key may do.`,
				status,
			});
		case 404:
			return new Failure({
				code: 'not_found',
				message: `${provider} did not find what was asked for: ${quote}`,
				hint: 'Check the base URL of the credential, and the ID or key in the fields of the node where it has one.',
				status,
			});
		default:
			return new Failure({
				code: 'refused',
				message: `${provider} refused the request: ${quote}`,
				hint: 'Change what the message names, then run the node again.',
				status,
			});
	}
}
