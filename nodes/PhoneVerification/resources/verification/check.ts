import type { IDataObject } from 'n8n-workflow';
import { checkOutcome } from '../../../shared/checkCode';
import { maxAttemptsOption, PRESET_ATTEMPTS } from '../../../shared/fields/maxAttempts';
import { optionsField } from '../../../shared/fields/options';
import { namesPhone } from '../../../shared/fields/phone';
import { defineField, defineOperation } from '../../../shared/operation';
import type { Api, ApiDefinition } from '../../../shared/api';
import { asFailure } from '../../../shared/errors';
import { digestOf } from '../../../shared/secrets';
import { judgeCodes } from '../../codes';
import { providersField } from '../../fields';
import { bindingOf, openKey } from '../../key';
import type { OpenedKey } from '../../key';
import { keyAttempts } from '../../keyAttempts';

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
			maxAttemptsOption('the key stops working'),
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
	keptFor: ({ key, code }) => digestOf(key, code),
	async run({ params, open, isTool }): Promise<IDataObject> {
		const { checkedPhone, boundTo, maxAttempts = PRESET_ATTEMPTS } = params.options;
		const opened = await openKey(params.key, params.providers, open);
		const binding = boundTo === undefined ? undefined : bindingOf(boundTo);
		// An expression that brings nothing must not switch the comparison off.
		const isAnothers = checkedPhone !== undefined && !namesPhone(checkedPhone, opened?.phone ?? '');
		if (opened === undefined || opened.binding !== binding || isAnothers) {
			return { verified: false, reason: 'invalid_key', channel: null };
		}
		const judged = await attempt(opened, open, params.code.trim(), maxAttempts);
		return { ...checkOutcome(judged.reason, opened.phone, isTool), channel: judged.channel };
	},
});

async function attempt(
	{ id, channel, codes, expiresAt }: OpenedKey,
	open: (definition: ApiDefinition) => Api,
	typed: string,
	maxAttempts: number,
): Promise<{ reason: string; channel: string }> {
	const outcome = (reason: string, used: string = channel.value) => ({ reason, channel: used });
	const now = Date.now();
	if (now >= expiresAt * 1000) return outcome('expired');
	// The Plusofon Trigger says when the person has called: there is no code to check.
	if (codes.length === 0) return outcome('waiting_for_call');
	const refused = keyAttempts.begin(id, maxAttempts, expiresAt * 1000, now);
	if (refused !== undefined) return outcome(refused);
	const result = await judgeCodes(codes, typed, open).catch((thrown: unknown) => {
		keyAttempts.drop(id);
		return asFailure(thrown);
	});
	if (result instanceof Error) throw result;
	const verdict = keyAttempts.judge(id, result.judgement === 'verified');
	return outcome(verdict === 'wrong_code' ? result.judgement : verdict, result.channel);
}
