import { waitOptionsField } from '../../../shared/fields/options';
import { phoneField, requirePhone } from '../../../shared/fields/phone';
import { defineField, defineOperation } from '../../../shared/operation';
import type { Field, Params } from '../../../shared/operation';
import { compareCode, waitForCode } from '../../../shared/waiting/code';
import {
	codeWaitFields,
	codeWaitOptions,
	flashCallText,
	VOICE_CODE_TEXT,
} from '../../../shared/waiting/codeFields';
import {
	capacityOption,
	flashCallBody,
	spokenCode,
	voiceBody,
	voiceOptions,
} from '../../codeFields';
import { requestCode } from '../../voicePassword';

const channelField = defineField({
	displayName: 'Channel',
	name: 'channel',
	type: 'options',
	options: [
		{
			name: 'Flash Call',
			value: 'flashCall',
			description: 'The phone rings; the last digits of the calling number are the code',
		},
		{
			name: 'Voice Code',
			value: 'voiceCode',
			description: 'A voice speaks four digits nobody can foresee',
		},
	],
	default: 'flashCall',
	description: 'How the person learns the code',
});

/** An option of one of the channels; the other leaves it out. */
function only<const F extends Field>(channel: string, option: F): F {
	return { ...option, description: `${option.description}; with ${channel} only` };
}

const [callerIdOption, repeatOption] = voiceOptions;

const fields = [
	phoneField,
	channelField,
	...codeWaitFields,
	waitOptionsField(
		...codeWaitOptions,
		only('Voice Code', callerIdOption),
		only('Voice Code', repeatOption),
		only('Flash Call', capacityOption),
	),
] as const;

/**
 * Modes 1, 3, 4 and 5 of POST /api/voice-password/send/, then a wait for the code. Costs money, so
 * it is sent once and never again by itself.
 */
export const sendCodeAndWait = defineOperation({
	option: {
		name: 'Send Code and Wait',
		value: 'sendCodeAndWait',
		action: 'Send a code and wait for it',
		description:
			'Call the phone with a code and pause until the person has typed it. Costs one call.',
	},
	fields,
	costsMoney: true,
	onceFor: ({ phone }) => requirePhone(phone),
	wait: waitForCode<Params<typeof fields>>(
		async ({ api, params: { phone, channel, options } }) => {
			const number = requirePhone(phone);
			const body =
				channel === 'flashCall'
					? flashCallBody(number, options)
					: voiceBody(number, spokenCode('random'), options);
			const { code, phone: called, ...shown } = await requestCode(api, body);
			return { phone: called, secret: code, shown };
		},
		compareCode,
		({ channel, options }) =>
			channel === 'flashCall' ? flashCallText(options.capacity) : VOICE_CODE_TEXT,
	),
});
