import { readingsOf } from '../shared/phone';
import { sameSecret } from '../shared/secrets';
import { verifyHook } from '../shared/webhookSignature';
import type { Words } from '../shared/waiting/pageFields';
import type { Reply, WaitContext, WaitRequest } from '../shared/waiting/waiting';
import { HOOK_PURPOSE, textIn } from './plusofon.api';

/** What a wait for a person's call keeps. */
export interface CallWait {
	/** Digits of the person's number. */
	phone: string;
	/** Plusofon's key of the request. */
	key: string;
	/** The number the person has to dial. */
	callNumber: string;
	title: string;
	text: string;
	words: Words;
}

/** For the person, or the program that leads them: which number to dial, and until when. */
export function showCallNumber({ callNumber, title, text, words }: CallWait, until: number): Reply {
	const expiresAt = new Date(until).toISOString();
	return {
		status: 200,
		json: { status: 'waiting', callNumber, expiresAt },
		page: { title, text, call: { number: callNumber, note: words.afterCall } },
	};
}

/**
 * Whether a request is Plusofon's confirmation of this very call: signed for this wait, for the
 * person's number, and with the key that Plusofon gave.
 */
export async function confirmedBy(
	{ path, query, body }: WaitRequest,
	{ phone, key }: Pick<CallWait, 'phone' | 'key'>,
	{ api, id, now }: WaitContext,
): Promise<boolean> {
	const isCaller = readingsOf(textIn(body.phone) ?? '').includes(phone);
	if (!isCaller || !sameSecret(textIn(body.key) ?? '', key)) return false;
	const verdict = verifyHook({ path, query }, phone, await api.deriveKey(HOOK_PURPOSE), now);
	return verdict.genuine && verdict.requestId === id;
}
