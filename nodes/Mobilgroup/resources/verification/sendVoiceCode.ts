import { randomInt } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { sealingOptions } from '../../../shared/checkCode';
import { invalidInput } from '../../../shared/errors';
import { optionsField } from '../../../shared/fields/options';
import { phoneField, requirePhone } from '../../../shared/fields/phone';
import { defineOperation } from '../../../shared/operation';
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
		optionsField(
			{
				displayName: 'Caller ID',
				name: 'callerId',
				type: 'string',
				default: '',
				placeholder: 'e.g. +7 495 999-99-99',
				description: 'A number of your Mobilgroup account to call from',
			},
			{
				displayName: 'Repeat',
				name: 'repeat',
				type: 'boolean',
				default: true,
				description: 'Whether to speak the code twice',
			},
			...sealingOptions,
		),
	],
	costsMoney: true,
	onceFor: ({ phone }) => requirePhone(phone),
	async run({ api, params: { phone, codeSource, code, options } }) {
		const number = requirePhone(phone);
		const voice: IDataObject = {
			...spoken(codeSource, code),
			...(options.repeat === true ? { repeat: '1' } : {}),
			...(options.callerId ? { ani: requirePhone(options.callerId, 'Caller ID') } : {}),
		};
		// An empty `voice` matters: without it the phone would only ring.
		return await sendCode(api, { number, voice }, options);
	},
});

function spoken(source: 'lastDigits' | 'own' | 'random', own: string | undefined): IDataObject {
	if (source === 'lastDigits') return {};
	if (source === 'random') return { code: String(randomInt(10_000)).padStart(4, '0') };
	const code = own?.trim() ?? '';
	if (/^\d{4}$/.test(code)) return { code };
	throw invalidInput('Code', 'is not four digits', 'Enter it as text, e.g. 0427.');
}
