import { sealingOptions } from '../../../shared/checkCode';
import { optionsField } from '../../../shared/fields/options';
import { phoneField, requirePhone } from '../../../shared/fields/phone';
import { defineOperation } from '../../../shared/operation';
import { spokenCode, voiceBody, voiceOptions } from '../../codeFields';
import { sendCode } from '../../voicePassword';

/** Modes 2 to 5 of POST /api/voice-password/send/: `{number, voice: {code?, repeat?, ani?}}`. */
export const sendVoiceCode = defineOperation({
	option: {
		name: 'Send Voice Code',
		value: 'sendVoiceCode',
		action: 'Send a voice code',
		description: 'Call the phone and speak a four-digit code. Costs one call.',
	},
	fields: [
		phoneField,
		{
			displayName: 'Code Source',
			name: 'codeSource',
			type: 'options',
			options: [
				{
					name: 'Last Digits of the Caller',
					value: 'lastDigits',
					description: 'Mobilgroup speaks the last four digits of the calling number',
				},
				{ name: 'Own Code', value: 'own', description: 'Four digits of your choice' },
				{ name: 'Random', value: 'random', description: 'Four digits nobody can foresee' },
			],
			default: 'random',
			description: 'Where the code comes from',
		},
		{
			displayName: 'Code',
			name: 'code',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 0427',
			description: 'Four digits, as text so that leading zeros stay',
			displayOptions: { show: { codeSource: ['own'] } },
		},
		optionsField(...voiceOptions, ...sealingOptions),
	],
	costsMoney: true,
	onceFor: ({ phone }) => requirePhone(phone),
	async run({ api, params: { phone, codeSource, code, options } }) {
		const spoken = spokenCode(codeSource, code);
		return await sendCode(api, voiceBody(requirePhone(phone), spoken, options), options);
	},
});
