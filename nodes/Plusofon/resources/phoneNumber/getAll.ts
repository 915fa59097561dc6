import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { phoneTypeField } from '../../plusofon.fields';
import { readPaged } from '../../plusofon.lists';

/** GET api/v1/number, pages of 15 with a total. */
export const getAll = defineOperation({
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many phone numbers',
		description: 'List the numbers of the cabinet with their prices and forwarding',
	},
	fields: [phoneTypeField, commonOptions],
	list: ({ api, params: { phoneType } }) =>
		readPaged(api, '/api/v1/number', phoneType === '' ? {} : { phone_type: phoneType }),
});
