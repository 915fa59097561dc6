import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { numberIds } from '../../numberIds';
import { readSuccess } from '../../plusofon.api';
import { numbersField } from '../../plusofon.fields';

/** PATCH api/v1/number/contact-list with a list. */
export const setBlockList = defineOperation({
	option: {
		name: 'Set Block List',
		value: 'setBlockList',
		action: 'Set the block list of phone numbers',
		description: 'Let a contact list of the cabinet decide who may not call one or more numbers',
	},
	fields: [
		numbersField,
		{
			displayName: 'Contact List ID',
			name: 'contactListId',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 0,
			required: true,
			description: 'The contact list of the cabinet whose callers are blocked',
		},
		commonOptions,
	],
	async run({ api, params }) {
		const numbers = await numberIds(api, params.numbers);
		return await api.request({
			method: 'PATCH',
			path: '/api/v1/number/contact-list',
			body: { contact_list_id: params.contactListId, numbers },
			read: (body) => readSuccess(body, { contact_list_id: params.contactListId, numbers }),
		});
	},
});
