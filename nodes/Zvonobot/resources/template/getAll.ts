import { optionsField } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { readTemplates } from '../../zvonobot.lists';

/** POST apiCalls/getTemplates. What a template holds is not documented: it comes as it is. */
export const getAll = defineOperation({
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many templates',
		description: 'List the templates that calls can be created from',
	},
	fields: [
		optionsField({
			displayName: 'Only Moderated',
			name: 'onlyModerated',
			type: 'boolean',
			default: true,
			description: 'Whether to list only templates that have passed moderation',
		}),
	],
	list: ({ api, params: { options } }) => readTemplates(api, options.onlyModerated),
});
