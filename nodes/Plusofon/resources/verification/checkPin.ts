import type { IDataObject } from 'n8n-workflow';
import { invalidInput } from '../../../shared/errors';
import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { quotable } from '../../../shared/secrets';

/** Plusofon's words for a PIN that does not count, from the seed and likely others. */
const REASONS: ReadonlyArray<[RegExp, string]> = [
	[/key.*(not found|invalid|unknown)|ключ/i, 'key_not_found'],
	[/expired|lifetime|истек|истёк/i, 'expired'],
	[/tries|attempts|попыт/i, 'too_many_attempts'],
	[/pin|code|пин|код/i, 'wrong_pin'],
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
		if (!/^\d{3,10}$/.test(pin)) {
			throw invalidInput(
				'PIN',
				'is not made of digits only',
				'Pass on just the last digits of the calling number, as text so that leading zeros stay.',
			);
		}
		return await api.request<IDataObject>({
			method: 'POST',
			path: '/api/v1/flash-call/check',
			body: { key, pin },
			read: (body) => (body.success === true ? { verified: true, reason: 'verified' } : undefined),
			readOutcome: ({ body, text }) => {
				// Only `error`, and no `message`: the path does not exist, nobody looked at the PIN.
				if (body.message === undefined && body.success === undefined) return undefined;
				const reason = reasonOf(text);
				const words = quotable(text, [key, pin]);
				return { verified: false, reason, ...(reason === 'rejected' ? { message: words } : {}) };
			},
		});
	},
});

// A bare "no" to a key that exists can only mean the PIN.
function reasonOf(text: string): string {
	if (text === '') return 'wrong_pin';
	return REASONS.find(([words]) => words.test(text))?.[1] ?? 'rejected';
}
