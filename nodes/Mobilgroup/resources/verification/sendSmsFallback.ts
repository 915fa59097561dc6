import { sealingOptions } from '../../../shared/checkCode';
import { invalidInput } from '../../../shared/errors';
import { optionsField } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { sendCode } from '../../voicePassword';

/** Mode 6 of POST /api/voice-password/send/: `{sms: {id}}`, without a number. */
export const sendSmsFallback = defineOperation({
	option: {
		name: 'Send SMS Fallback',
		value: 'sendSmsFallback',
		action: 'Send the code by SMS',
		description:
			'Send the code of an earlier call by SMS, when it was not answered. Costs one SMS.',
	},
	fields: [
		{
			displayName: 'Request ID',
			name: 'requestId',
			type: 'string',
			// Not preset: what else has an `id` would cost an SMS to whomever that is.
			default: '',
			required: true,
			placeholder: 'e.g. 1234',
			description:
				'The ID that Send Flash Call or Send Voice Code gave; drag it here from their output',
		},
		optionsField(...sealingOptions),
	],
	costsMoney: true,
	onceFor: ({ requestId }) => requestId.trim(),
	async run({ api, params }) {
		const id = params.requestId.trim();
		if (!/^[\w-]{1,64}$/.test(id)) {
			throw invalidInput('Request ID', 'is not an ID', 'Pass on the id of the first request.');
		}
		return await sendCode(api, { sms: { id } }, params.options);
	},
});
