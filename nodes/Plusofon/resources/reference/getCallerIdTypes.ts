import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { readWhole } from '../../plusofon.lists';

/** GET api/v1/number/cli-types. */
export const getCallerIdTypes = defineOperation({
	option: {
		name: 'Get Caller ID Types',
		value: 'getCallerIdTypes',
		action: 'Get the caller ID types',
		description: 'List what the called side can be shown',
	},
	fields: [commonOptions],
	list: ({ api }) => readWhole(api, '/api/v1/number/cli-types', 'cli_types'),
});
