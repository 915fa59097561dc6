import { commonBatchOptions } from '../../../shared/fields/options';
import { requireId } from '../../../shared/fields/id';
import { defineOperation } from '../../../shared/operation';
import { timeOf } from '../../callEvents';
import { changeCalls, entryFor, notFound } from '../../callIds';
import { readPlannedAt } from '../../plannedAt';
import { MOST_IN_REQUEST } from '../../zvonobot.api';
import { callIdField } from '../../zvonobot.fields';

const LATER = 'Choose a later time; without an offset it is read in the time zone of the workflow.';

/** POST apiCalls/update. */
export const reschedule = defineOperation({
	option: {
		name: 'Reschedule',
		value: 'reschedule',
		action: 'Reschedule a call',
		description: 'Give a planned call another time',
	},
	fields: [
		callIdField,
		{
			displayName: 'Planned At',
			name: 'plannedAt',
			type: 'dateTime',
			default: '',
			required: true,
			description: 'When to call instead',
		},
		commonBatchOptions,
	],
	batch: {
		prepare({ params: { callId, plannedAt }, timezone }) {
			const replannedAt = readPlannedAt(plannedAt, timezone, LATER);
			return {
				shared: {},
				entries: [{ ...entryFor(requireId(callId, 'Call ID')), own: { replannedAt } }],
				most: MOST_IN_REQUEST,
			};
		},
		send: async ({ api, entries }) =>
			await changeCalls(
				api,
				'/apiCalls/update',
				{ callList: entries.map(({ target, own }) => ({ id: Number(target), ...own })) },
				entries,
				(callId, { own }) => ({ callId, plannedAt: timeOf(own?.replannedAt) }),
				(callId) =>
					notFound(
						`Call ${callId} was not rescheduled: it is not planned any more, or not known`,
						'Only a call with a planned time that has not begun can be moved. Get the call to see its status.',
					),
			),
	},
});
