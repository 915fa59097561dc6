import type { IDataObject } from 'n8n-workflow';
import { invalidInput } from '../../../shared/errors';
import { optionsField } from '../../../shared/fields/options';
import { phoneField, requirePhone } from '../../../shared/fields/phone';
import { defineOperation } from '../../../shared/operation';
import { readData, textIn } from '../../plusofon.api';

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
			'Ring the phone from a number whose last digits are the PIN. Costs one flash call.',
	},
	fields: [
		phoneField,
		optionsField({
			displayName: 'PIN',
			name: 'pin',
			type: 'string',
			default: '',
			placeholder: 'e.g. 0427',
			description:
				'Four digits that the calling number should end with. Left out, Plusofon chooses them, which is what it documents.',
		}),
	],
	costsMoney: true,
	onceFor: ({ phone }) => requirePhone(phone),
	async run({ api, params }): Promise<IDataObject> {
		const phone = requirePhone(params.phone);
		const pin = params.options.pin?.trim();
		if (pin && !/^\d{4}$/.test(pin)) {
			throw invalidInput('PIN', 'is not four digits', 'Enter it as text, e.g. 0427, or remove it.');
		}
		return await api.request({
			method: 'POST',
			path: '/api/v1/flash-call/send',
			body: { phone, ...(pin ? { pin } : {}) },
			read: (body) => {
				const { key: given, operator } = readData(body);
				const key = textIn(given);
				if (key === undefined) return undefined;
				return { key, phone, ...(typeof operator === 'string' ? { operator } : {}) };
			},
		});
	},
});
