import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { readWhole } from '../../plusofon.lists';

/** GET api/v1/flash-call/proposals. Amounts are strings in roubles, as they come. */
export const getAll = defineOperation({
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many packages',
		description: 'List the packages of flash calls that can be attached, with their prices',
	},
	fields: [commonOptions],
	list: ({ api }) => readWhole(api, '/api/v1/flash-call/proposals', 'data'),
});
