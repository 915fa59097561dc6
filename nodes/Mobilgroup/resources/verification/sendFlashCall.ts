import { sealingOptions } from '../../../shared/checkCode';
import { optionsField } from '../../../shared/fields/options';
import { phoneField, requirePhone } from '../../../shared/fields/phone';
import { defineOperation } from '../../../shared/operation';
import { sendCode } from '../../voicePassword';

/** Mode 1 of POST /api/voice-password/send/: `{number, capacity}`. */
export const sendFlashCall = defineOperation({
	option: {
		name: 'Send Flash Call',
		value: 'sendFlashCall',
		action: 'Send a flash call',
		description: 'Ring the phone from a number whose last digits are the code. Costs one call.',
	},
	fields: [
		phoneField,
		optionsField(
			{
				displayName: 'Code Length',
				name: 'capacity',
				type: 'number',
				typeOptions: { minValue: 4, maxValue: 10, numberPrecision: 0 },
				default: 4,
				description: 'How many last digits of the calling number are the code (4 to 10)',
			},
			...sealingOptions,
		),
	],
	costsMoney: true,
	onceFor: ({ phone }) => requirePhone(phone),
	async run({ api, params: { phone, options } }) {
		const { capacity } = options;
		const length = capacity === undefined ? {} : { capacity: String(capacity) };
		return await sendCode(api, { number: requirePhone(phone), ...length }, options);
	},
});
