import type { IDataObject } from 'n8n-workflow';
import { Attempts } from '../../../shared/attempts';
import { optionsField } from '../../../shared/fields/options';
import { requirePhone } from '../../../shared/fields/phone';
import { defineField, defineOperation } from '../../../shared/operation';
import type { Api, ApiDefinition } from '../../../shared/api';
import { asFailure } from '../../../shared/errors';
import { digitsOfPhone } from '../../../shared/phone';
import { judgeCodes } from '../../codes';
import { providersField } from '../../fields';
import { bindingOf, openKey } from '../../key';
import type { OpenedKey } from '../../key';

const PRESET_ATTEMPTS = 3;

/** Attempts on all keys of this process. */
const attempts = new Attempts();

/** Asks the provider, or compares where the provider leaves that to its customers. */
export const check = defineOperation({
	option: {
		name: 'Check',
		value: 'check',
		action: 'Check a code',
		description: 'Find out whether the person typed the code they were told, whatever the channel',
	},
	fields: [
		providersField,
		defineField({
			displayName: 'Key',
			name: 'key',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. {{ $json.key }}',
			description: 'The key that Start gave for this person',
		}),
		defineField({
			displayName: 'Code',
			name: 'code',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 0427',
			description: 'What the person typed, as text so that leading zeros stay',
		}),
		optionsField(
			defineField({
				displayName: 'Bound To',
				name: 'boundTo',
				type: 'string',
				default: '',
				placeholder: 'e.g. order 1234',
				description:
					'The same as in Start: a key that was bound to something else, or to nothing, is refused',
			}),
			defineField({
				displayName: 'Max Attempts',
				name: 'maxAttempts',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
				default: PRESET_ATTEMPTS,
				description: 'How often a wrong code may be typed before the key stops working (1 to 100)',
			}),
			defineField({
				displayName: 'Phone',
				name: 'checkedPhone',
				type: 'string',
				default: '',
				placeholder: 'e.g. +7 999 111-22-33',
				description: 'When given, the key must have been made for this number',
			}),
		),
	],
	async run({ params, open }): Promise<IDataObject> {
		const { checkedPhone, boundTo, maxAttempts = PRESET_ATTEMPTS } = params.options;
		// An expression that brings nothing must not switch the comparison off.
		const phone =
			checkedPhone === undefined
				? undefined
				: (digitsOfPhone(checkedPhone) ?? requirePhone(checkedPhone));
		const opened = await openKey(params.key, params.providers, open);
		const binding = boundTo === undefined ? undefined : bindingOf(boundTo);
		if (
			opened === undefined ||
			opened.binding !== binding ||
			(phone !== undefined && phone !== opened.phone)
		) {
			return { verified: false, reason: 'invalid_key', channel: null };
		}
		return await attempt(opened, open, params.code.trim(), maxAttempts);
	},
});

async function attempt(
	{ id, channel, codes, expiresAt }: OpenedKey,
	open: (definition: ApiDefinition) => Api,
	typed: string,
	maxAttempts: number,
): Promise<IDataObject> {
	const outcome = (reason: string, used: string = channel.value) => ({
		verified: reason === 'verified',
		reason,
		channel: used,
	});
	const now = Date.now();
	if (now >= expiresAt * 1000) return outcome('expired');
	// The Plusofon Trigger says when the person has called: there is no code to check.
	if (codes.length === 0) return outcome('waiting_for_call');
	const refused = attempts.begin(id, maxAttempts, expiresAt * 1000, now);
	if (refused !== undefined) return outcome(refused);
	const result = await judgeCodes(codes, typed, open).catch((thrown: unknown) => {
		attempts.drop(id);
		return asFailure(thrown);
	});
	if (result instanceof Error) throw result;
	const verdict = attempts.judge(id, result.judgement === 'verified');
	return outcome(verdict === 'wrong_code' ? result.judgement : verdict, result.channel);
}
