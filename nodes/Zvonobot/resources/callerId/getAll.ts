import { optionsField } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { readCallerIds } from '../../zvonobot.lists';

/** POST apiCalls/getPhones. */
export const getAll = defineOperation({
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many caller IDs',
		description: 'List the numbers that calls can be made from',
	},
	fields: [
		optionsField({
			displayName: 'All',
			name: 'all',
			type: 'boolean',
			default: true,
			description: 'Whether to list the shared numbers, too',
		}),
	],
	list: ({ api, params: { options } }) => readCallerIds(api, options.all),
});
