import type { IDataObject } from 'n8n-workflow';
import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';

/** Plusofon's words for a PIN that does not count: the first from the seed, the others likely ones. */
const REASONS: ReadonlyArray<[RegExp, string]> = [
	[/\bkey\b.*(not found|invalid|unknown)/i, 'key_not_found'],
	[/expired|lifetime|истек|истёк/i, 'expired'],
	[/\b(tries|attempts|limit)\b|попыт|лимит/i, 'too_many_attempts'],
	[/\bpin\b|пин|(wrong|invalid|incorrect) code|неверный код/i, 'wrong_pin'],
	[/ключ/i, 'key_not_found'],
];

/**
 * POST api/v1/flash-call/check. That the PIN is wrong is an outcome, not a failure: the answer says
 * `verified: false`. Only `success: true` verifies.
 */
export const checkPin = defineOperation({
	option: {
		name: 'Check PIN',
		value: 'checkPin',
		action: 'Check a PIN',
		description: 'Find out whether the digits the person typed are those of the flash call',
	},
	fields: [
		{
			displayName: 'Key',
			name: 'key',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. {{ $json.key }}',
			description: 'The key that Send Flash Call gave for this person',
		},
		{
			displayName: 'PIN',
			name: 'pin',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 0427',
			description: 'The digits the person typed, as text so that leading zeros stay',
		},
		commonOptions,
	],
	async run({ api, params }): Promise<IDataObject> {
		const key = params.key.trim();
		const pin = params.pin.trim();
		// What cannot be a PIN is a wrong one: nobody has to be asked.
		if (!/^\d{3,10}$/.test(pin)) return { verified: false, reason: 'wrong_pin' };
		return await api.request<IDataObject>({
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
	},
});

function reasonOf(text: string): string | undefined {
	return REASONS.find(([words]) => words.test(text))?.[1];
}
