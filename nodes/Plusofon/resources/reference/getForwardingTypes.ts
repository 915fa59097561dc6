import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { readWhole } from '../../plusofon.lists';

/** GET api/v1/number/follow-types. */
export const getForwardingTypes = defineOperation({
	option: {
		name: 'Get Forwarding Types',
		value: 'getForwardingTypes',
		action: 'Get the forwarding types',
		description: 'List the kinds of forwarding, and for which owner types each is allowed',
	},
	fields: [commonOptions],
	list: ({ api }) => readWhole(api, '/api/v1/number/follow-types', 'follow_types'),
});
