import type { IDataObject } from 'n8n-workflow';
import type { ApiCall, ApiDefinition } from './api';
import { Failure } from './errors';
import type { Answer } from './http';
import { refusalFor } from './refusal';
import { quotable } from './secrets';

/** Statuses with which a provider may tell the outcome of a check, beside the good ones. */
const OUTCOME_STATUSES = [400, 404, 409, 410, 422];
const NEVER_AN_OUTCOME = new Set(['wrong_credential', 'forbidden']);

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
	const body = (definition.unify ?? objectIn)(answer.body);
	if (status >= 300 && status < 400) throw redirected(definition, status);
	const isGood =
		body === undefined
			? status < 400
			: (definition.isSuccess?.(body) ?? false) || (status < 400 && !definition.isRefusal(body));
	if (isGood) {
		const result = body === undefined ? undefined : call.read(body);
		if (result === undefined) throw unexpected(definition, answer);
		return result;
	}

	const text = (body && definition.messageOf(body)) ?? '';
	const words = quotable(text, [key, ...sentSecrets(call.body)]);
	const refusal = refusalFor(definition, answer, text, words);
	const mayBeOutcome =
		(status < 300 || OUTCOME_STATUSES.includes(status)) && !NEVER_AN_OUTCOME.has(refusal.code);
	const outcome =
		mayBeOutcome && body !== undefined
			? call.readOutcome?.({ status, body, text, words })
			: undefined;
	if (outcome === undefined) throw refusal;
	return outcome;
}

/** What was sent and might be a key, a code or a number; a plain word is not. */
function sentSecrets(sent: unknown): string[] {
	if (typeof sent === 'string') return /\d|.{12}/.test(sent) ? [sent] : [];
	return typeof sent === 'object' && sent !== null ? Object.values(sent).flatMap(sentSecrets) : [];
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

function objectIn(json: unknown): IDataObject | undefined {
	const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
	return isObject ? (json as IDataObject) : undefined;
}
