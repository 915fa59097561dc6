import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { readPaged } from '../../plusofon.lists';

/** GET api/v1/number/sms, pages of 15 with a total. */
export const getAllSms = defineOperation({
	option: {
		name: 'Get Many With SMS',
		value: 'getAllSms',
		action: 'Get many phone numbers with SMS',
		description: 'List the numbers that can exchange SMS, with their SMS packages',
	},
	fields: [commonOptions],
	list: ({ api }) => readPaged(api, '/api/v1/number/sms', {}),
});
