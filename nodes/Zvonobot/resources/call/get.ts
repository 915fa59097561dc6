import { requireId } from '../../../shared/fields/id';
import { defineOperation } from '../../../shared/operation';
import { entryFor, notFound, readCalls } from '../../callIds';
import type { CallQuery } from '../../callIds';
import { MOST_IN_REQUEST } from '../../zvonobot.api';
import { callIdField, fromTemplateField, getOptions } from '../../zvonobot.fields';

/** POST apiCalls/get, or apiCalls/getWithTemplates, for many items at once. */
export const get = defineOperation({
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get a call',
		description: 'Get the status, answers and cost of a call',
	},
	fields: [callIdField, fromTemplateField, getOptions],
	batch: {
		prepare({ params: { callId, fromTemplate, options } }) {
			const shared: CallQuery = { fromTemplate, simplify: options.simplify ?? true };
			return {
				shared,
				entries: [entryFor(requireId(callId, 'Call ID'))],
				most: MOST_IN_REQUEST,
			};
		},
		async send({ api, shared, entries }) {
			const found = await readCalls(api, shared as CallQuery, entries);
			const missing = (id: string) =>
				notFound(
					`Zvonobot knows no call ${id} among those ${shared.fromTemplate === true ? '' : 'not '}created from a template`,
					'Check the ID, and whether Created From Template is set as it was created.',
				);
			return new Map(entries.map(({ target }) => [target, found.get(target) ?? missing(target)]));
		},
	},
});
