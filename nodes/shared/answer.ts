import type { IDataObject } from 'n8n-workflow';
import type { ApiCall, ApiDefinition } from './api';
import { Failure } from './errors';
import type { Answer } from './http';
import { quotable } from './secrets';

const NEVER_AN_OUTCOME = new Set(['wrong_credential', 'forbidden', 'rate_limited']);

/**
 * Reads a complete answer: the operation's result, an outcome, or a refusal in the provider's words.
 *
 * @throws Failure for everything else; `ambiguous` where the provider may have acted all the same
 */
export function readAnswer<T>(
	definition: ApiDefinition,
	call: ApiCall<T>,
	answer: Answer,
	key: string,
): T {
	const { status } = answer;
	const body = isObject(answer.body) ? answer.body : undefined;
	if (status >= 300 && status < 400) throw redirected(definition, status);

	const text = body === undefined ? undefined : definition.messageOf(body);
	if (status >= 400 || (body !== undefined && definition.isRefusal(body))) {
		const refusal = refusalFor(definition, call, answer, text, key);
		const settled = status < 500 && !NEVER_AN_OUTCOME.has(refusal.code);
		const outcome =
			settled && body !== undefined
				? call.readOutcome?.({ status, body, text: text ?? '' })
				: undefined;
		if (outcome === undefined) throw refusal;
		return outcome;
	}

	const result = body === undefined ? undefined : call.read(body);
	if (result === undefined) throw unexpected(definition, answer);
	return result;
}

function refusalFor(
	{ provider, credentialName, refusals }: ApiDefinition,
	call: { body?: IDataObject },
	{ status, retryAfterSeconds }: Answer,
	text: string | undefined,
	key: string,
): Failure {
	const known = refusals.find(
		(row) =>
			(row.status === undefined || row.status === status) &&
			(row.text === undefined || row.text.test(text ?? '')),
	);
	if (known !== undefined) {
		return new Failure({ code: known.code, message: known.message, hint: known.hint, status });
	}

	const words = text === undefined ? '' : quotable(text, [key, ...sentSecrets(call.body)]);
	const quote = words === '' ? `HTTP ${status}` : `"${words}"`;
	if (status === 401) {
		return new Failure({
			code: 'wrong_credential',
			message: `${provider} did not accept the key of the credential (HTTP 401)`,
			hint: `Copy the key again into the "${credentialName}" credential and test it there.`,
			status,
		});
	}
	if (status === 403) {
		return new Failure({
			code: 'forbidden',
			message: `${provider} does not allow this with the chosen credential: ${quote}`,
			hint: `Check in the ${provider} cabinet what this key may do.`,
			status,
		});
	}
	if (status === 404) {
		return new Failure({
			code: 'not_found',
			message: `${provider} did not find what was asked for: ${quote}`,
			hint: 'Check the ID or key in the fields of the node, and the base URL of the credential.',
			status,
		});
	}
	if (status === 429) {
		const wait = retryAfterSeconds === undefined ? 'a while' : `${retryAfterSeconds} seconds`;
		return new Failure({
			code: 'rate_limited',
			message: `${provider} takes no more requests for now`,
			hint: `Wait ${wait}, then run the node again, with fewer items at once if it happens often.`,
			status,
		});
	}
	if (status >= 500 || status === 408) {
		return new Failure({
			code: 'provider_down',
			message: `${provider} could not handle the request: ${quote}`,
			hint: 'Try again later.',
			status,
			ambiguous: true,
		});
	}
	return new Failure({
		code: 'refused',
		message: `${provider} refused the request: ${quote}`,
		hint: 'Change what the message names, then run the node again.',
		status,
	});
}

/** What was sent and might be a key, a code or a number; a plain word is not. */
function sentSecrets(body: IDataObject = {}): string[] {
	return Object.values(body).filter(
		(value): value is string => typeof value === 'string' && /\d|.{12}/.test(value),
	);
}

function redirected({ provider, credentialName }: ApiDefinition, status: number): Failure {
	return new Failure({
		code: 'redirect_refused',
		message: `The server answered with a redirect (HTTP ${status}) instead of ${provider}'s answer. It was not followed, because the key would have gone along`,
		hint: `Check the base URL in the "${credentialName}" credential: https, the right host, nothing behind it.`,
		status,
		// 301, 307 and 308 say "ask there instead"; 302 and 303 may follow a request that was carried out.
		ambiguous: ![301, 307, 308].includes(status),
	});
}

function unexpected({ provider, credentialName }: ApiDefinition, answer: Answer): Failure {
	const what = answer.isEmpty
		? 'an empty answer'
		: answer.body === undefined
			? 'something that is not JSON'
			: 'JSON that lacks the documented fields';
	return new Failure({
		code: 'unexpected_answer',
		message: `${provider} sent ${what} (HTTP ${answer.status})`,
		hint: `Check the base URL in the "${credentialName}" credential. If it is right, try again later.`,
		status: answer.status,
		ambiguous: true,
	});
}

function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
