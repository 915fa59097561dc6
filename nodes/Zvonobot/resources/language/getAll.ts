import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { readLanguages } from '../../zvonobot.lists';

/** GET apiCalls/getAvailableLanguages. */
export const getAll = defineOperation({
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many languages',
		description: 'List the languages that calls can speak and understand',
	},
	fields: [commonOptions],
	list: ({ api }) => readLanguages(api),
});
