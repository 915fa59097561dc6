import { requireIds } from '../../../shared/fields/id';
import { defineOperation } from '../../../shared/operation';
import { entryFor, readCalls } from '../../callIds';
import type { CallQuery } from '../../callIds';
import { MOST_IN_REQUEST } from '../../zvonobot.api';
import { fromTemplateField, getOptions } from '../../zvonobot.fields';

/** POST apiCalls/get, or apiCalls/getWithTemplates, for a list of IDs. */
export const getAll = defineOperation({
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many calls',
		description: 'Get the calls of a list of IDs; those that Zvonobot does not know are left out',
	},
	fields: [
		{
			displayName: 'Call IDs',
			name: 'callIds',
			// Lets an expression bring a list as it is.
			type: 'json',
			default: '',
			required: true,
			placeholder: 'e.g. 500001, 500002',
			description: 'The IDs, as a list or separated by commas',
		},
		fromTemplateField,
		getOptions,
	],
	batch: {
		prepare({ params: { callIds, fromTemplate, options } }) {
			const shared: CallQuery = { fromTemplate, simplify: options.simplify ?? true };
			return {
				shared,
				entries: requireIds(callIds, 'Call IDs').map(entryFor),
				most: MOST_IN_REQUEST,
			};
		},
		send: async ({ api, shared, entries }) => await readCalls(api, shared as CallQuery, entries),
	},
});
