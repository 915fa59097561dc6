import type { Api } from '../shared/api';
import { invalidInput } from '../shared/errors';
import { defineField } from '../shared/operation';
import type { Judgement } from '../shared/waiting/code';
import { readData, textIn } from './plusofon.api';

/** Plusofon's words for a PIN that does not count: the first is documented, the others are likely ones. */
const REASONS: ReadonlyArray<[RegExp, string]> = [
	[/\bkey\b.*(not found|invalid|unknown)/i, 'key_not_found'],
	[/expired|lifetime|истек|истёк/i, 'expired'],
	[/\b(tries|attempts|limit)\b|попыт|лимит/i, 'too_many_attempts'],
	[/\bpin\b|пин|(wrong|invalid|incorrect) code|неверный код/i, 'wrong_pin'],
	[/ключ/i, 'key_not_found'],
];

export const pinOption = defineField({
	displayName: 'PIN',
	name: 'pin',
	type: 'string',
	default: '',
	placeholder: 'e.g. 0427',
	description:
		'Four digits that the calling number should end with. Left out, Plusofon chooses them, which is what it documents.',
});

/**
 * The same request for every operation that places a flash call.
 *
 * @param phone digits, as `requirePhone` gives them
 */
export async function placeFlashCall(
	api: Api,
	phone: string,
	givenPin = '',
): Promise<{ key: string; phone: string; operator?: string }> {
	const pin = givenPin.trim();
	if (pin !== '' && !/^\d{4}$/.test(pin)) {
		throw invalidInput('PIN', 'is not four digits', 'Enter it as text, e.g. 0427, or remove it.');
	}
	return await api.request({
		method: 'POST',
		path: '/api/v1/flash-call/send',
		body: { phone, ...(pin === '' ? {} : { pin }) },
		read: (body) => {
			const { key: given, operator } = readData(body);
			const key = textIn(given);
			if (key === undefined) return undefined;
			return { key, phone, ...(typeof operator === 'string' ? { operator } : {}) };
		},
	});
}

/** The same request for every operation that has a PIN checked. */
export async function askAboutPin(
	api: Api,
	key: string,
	pin: string,
): Promise<{ verified: boolean; reason: string; message?: string }> {
	// What cannot be a PIN is a wrong one: nobody has to be asked.
	if (!/^\d{3,10}$/.test(pin)) return { verified: false, reason: 'wrong_pin' };
	return await api.request<{ verified: boolean; reason: string; message?: string }>({
		method: 'POST',
		path: '/api/v1/flash-call/check',
		body: { key, pin },
		read: (body) => (body.success === true ? { verified: true, reason: 'verified' } : undefined),
		readOutcome: ({ status, body, text, words }) => {
			// A bare "no" to a key that exists can only mean the PIN.
			const bare = text === '' && body.success === false;
			const reason = bare ? 'wrong_pin' : reasonOf(text);
			if (reason !== undefined) return { verified: false, reason };
			// A refusal in unknown words counts as a "no" only in the documented form; anything else
			// may be about the request itself, which nobody has looked at then.
			const isNo = status === 200 && (body.message !== undefined || body.success === false);
			return isNo ? { verified: false, reason: 'rejected', message: words } : undefined;
		},
	});
}

function reasonOf(text: string): string | undefined {
	return REASONS.find(([words]) => words.test(text))?.[1];
}

/** The same for a wait. */
export async function judgePin(api: Api, key: string, pin: string): Promise<Judgement> {
	const { verified, reason } = await askAboutPin(api, key, pin);
	if (verified) return 'verified';
	if (reason === 'too_many_attempts') return 'too_many_attempts';
	// Plusofon forgets a key when its time is over.
	return reason === 'expired' || reason === 'key_not_found' ? 'expired' : 'wrong_code';
}
