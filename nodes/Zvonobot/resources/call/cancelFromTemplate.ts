import { commonBatchOptions } from '../../../shared/fields/options';
import { requireId } from '../../../shared/fields/id';
import { defineOperation } from '../../../shared/operation';
import { changeCalls, entryFor, idsOf, notFound } from '../../callIds';
import { MOST_IN_REQUEST } from '../../zvonobot.api';
import { callIdField } from '../../zvonobot.fields';

/** POST apiCalls/remove with `isTemplate`, without which these calls are not removed. */
export const cancelFromTemplate = defineOperation({
	option: {
		name: 'Cancel Template Calls',
		value: 'cancelFromTemplate',
		action: 'Cancel a call created from a template',
		description: 'Take back a planned call that was created from a template',
	},
	fields: [callIdField, commonBatchOptions],
	batch: {
		prepare: ({ params }) => ({
			shared: {},
			entries: [entryFor(requireId(params.callId, 'Call ID'))],
			most: MOST_IN_REQUEST,
		}),
		send: async ({ api, entries }) =>
			await changeCalls(
				api,
				'/apiCalls/remove',
				{ idList: idsOf(entries), isTemplate: 1 },
				entries,
				(callId) => ({ callId, cancelled: true }),
				(callId) =>
					notFound(
						`Call ${callId} was not cancelled: it is not planned any more, or not known`,
						'If it was not created from a template, use Cancel. Get the call to see its status.',
					),
			),
	},
});
