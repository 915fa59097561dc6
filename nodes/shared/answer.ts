import type { IDataObject } from 'n8n-workflow';
import type { ApiCall, ApiDefinition } from './api';
import { Failure } from './errors';
import type { Answer } from './http';
import { refusalFor } from './refusal';
import { quotable } from './secrets';
import { sentSecrets } from './sentSecrets';

/** Statuses with which a provider may tell the outcome of a check, beside the good ones. */
const OUTCOME_STATUSES = [400, 404, 409, 410, 422];
const NEVER_AN_OUTCOME = new Set(['wrong_credential', 'forbidden']);
/** Characters of a provider's words: looking for known ones must not take long, however many come. */
const MOST_READ = 1000;
/** What is shorter is no real key, and would be found in anything. */
const SHORTEST_KEY = 8;

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
	if (status >= 300 && status < 400) throw redirected(definition, status, isDone(status, body));
	const isGood =
		body === undefined
			? status < 400
			: (definition.isSuccess?.(body) ?? false) || (status < 400 && !definition.isRefusal(body));
	if (isGood) {
		const result = body === undefined ? undefined : call.read(body);
		if (result === undefined) throw unexpected(definition, answer);
		return result;
	}

	// Neither done nor refused: "accepted" or "queued" may still ring a phone.
	const isPending = status > 200 && status < 300;
	if (
		isPending ||
		(status === 200 && body !== undefined && definition.isUnclear?.(body) === true)
	) {
		throw unexpected(definition, answer);
	}

	const said = (body && definition.messageOf(body)) ?? '';
	const words = quotable(said, [key, ...sentSecrets([call.query, call.body])]);
	const text = said.slice(0, MOST_READ);
	const refusal = refusalFor(definition, answer, text, words);
	const mayBeOutcome =
		(status < 300 || OUTCOME_STATUSES.includes(status)) && !NEVER_AN_OUTCOME.has(refusal.code);
	const outcome =
		mayBeOutcome && body !== undefined
			? call.readOutcome?.({ status, body, text, words })
			: undefined;
	if (outcome !== undefined) return outcome;
	throw isDone(status, body)
		? new Failure({ ...refusal, message: refusal.message, ambiguous: true })
		: refusal;
}

/**
 * An answer without the key that it was asked for with, should the provider quote it: what a provider
 * says comes out of the node.
 */
export function withoutKey(answer: Answer, key: string): Answer {
	const { text, body } = answer;
	const quoted = JSON.stringify(key).slice(1, -1);
	const mayHoldIt = text.includes(quoted) || text.includes('\\');
	if (body === undefined || key.length < SHORTEST_KEY || !mayHoldIt) return answer;
	const written = JSON.stringify(body);
	if (!written.includes(quoted)) return answer;
	return { ...answer, body: JSON.parse(written.replaceAll(quoted, '***')) as unknown };
}

/** As deep as results stand in answers: `data.calls[0].id`. */
const LEVELS = 4;
/** Members of one part that are looked at: a long answer must not hold up everything else. */
const MOST_MEMBERS = 200;
/** Where an answer tells what is wrong; an ID in there is not of something that was done. */
const COMPLAINTS = /^errors?$/i;
/** An ID or a key, and not a sentence about one. */
const NAME = /^(?!0*$)[^\s]+$/;
/** Whoever answers so has not begun. */
const NOT_BEGUN = [401, 429];

/** Whether a refusal brings an ID or a key, as only something that was done has. */
function isDone(status: number, body: IDataObject | undefined): boolean {
	return !NOT_BEGUN.includes(status) && namesResult(body, LEVELS);
}

function namesResult(part: unknown, levels: number): boolean {
	if (typeof part !== 'object' || part === null || levels === 0) return false;
	let looked = 0;
	for (const name in part) {
		if (++looked > MOST_MEMBERS) return false;
		const value: unknown = (part as IDataObject)[name];
		if (typeof value === 'string' || typeof value === 'number') {
			if ((name === 'id' || name === 'key') && NAME.test(String(value))) return true;
		} else if (!COMPLAINTS.test(name) && namesResult(value, levels - 1)) return true;
	}
	return false;
}

function redirected(
	{ provider, credentialName }: ApiDefinition,
	status: number,
	isCarriedOut: boolean,
): Failure {
	return new Failure({
		code: 'redirect_refused',
		message: `The server answered with a redirect (HTTP ${status}) instead of ${provider}'s answer. It was not followed, because the key would have gone along`,
		hint: `Check the base URL in the "${credentialName}" credential: https, the right host, nothing behind it.`,
		status,
		// 301, 307 and 308 say "ask there instead"; 302 and 303 may follow a request that was carried out.
		ambiguous: isCarriedOut || ![301, 307, 308].includes(status),
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
		hint: `Check the base URL in the "${credentialName}" credential. If it is right, look for a newer version of this package.`,
		status: answer.status,
		ambiguous: true,
	});
}

function objectIn(json: unknown): IDataObject | undefined {
	const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
	return isObject ? (json as IDataObject) : undefined;
}
