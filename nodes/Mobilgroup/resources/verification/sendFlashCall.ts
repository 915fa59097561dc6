import { sealingOptions } from '../../../shared/checkCode';
import { optionsField } from '../../../shared/fields/options';
import { phoneField, requirePhone } from '../../../shared/fields/phone';
import { defineOperation } from '../../../shared/operation';
import { capacityOption, flashCallBody } from '../../codeFields';
import { sendCode } from '../../voicePassword';

/** Mode 1 of POST /api/voice-password/send/: `{number, capacity}`. */
export const sendFlashCall = defineOperation({
	option: {
		name: 'Send Flash Call',
		value: 'sendFlashCall',
		action: 'Send a flash call',
		description: 'Ring the phone from a number whose last digits are the code. Costs one call.',
	},
	fields: [phoneField, optionsField(capacityOption, ...sealingOptions)],
	costsMoney: true,
	onceFor: ({ phone }) => requirePhone(phone),
	async run({ api, params: { phone, options } }) {
		return await sendCode(api, flashCallBody(requirePhone(phone), options), options);
	},
});
