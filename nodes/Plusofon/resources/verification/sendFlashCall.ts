import type { IDataObject } from 'n8n-workflow';
import { optionsField } from '../../../shared/fields/options';
import { phoneField, requirePhone } from '../../../shared/fields/phone';
import { defineOperation } from '../../../shared/operation';
import { phoneAsInput } from '../../../shared/phone';
import { pinOption, placeFlashCall } from '../../flashCall';

/**
 * POST api/v1/flash-call/send: rings the phone once from a number that ends with the PIN.
 * Costs money, so it is sent once and never again by itself.
 */
export const sendFlashCall = defineOperation({
	option: {
		name: 'Send Flash Call',
		value: 'sendFlashCall',
		action: 'Send a flash call',
		description:
			'Ring the phone from a number whose last digits are the PIN. Does not always reach MTS. Costs one flash call.',
	},
	fields: [phoneField, optionsField(pinOption)],
	costsMoney: true,
	onceFor: ({ phone }) => requirePhone(phone),
	async run({ api, params }): Promise<IDataObject> {
		const phone = requirePhone(params.phone);
		const sent = await placeFlashCall(api, phone, params.options.pin);
		return { ...sent, phone: phoneAsInput(phone) };
	},
});
