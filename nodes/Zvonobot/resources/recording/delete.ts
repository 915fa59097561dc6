import type { IDataObject } from 'n8n-workflow';
import { Failure } from '../../../shared/errors';
import { commonBatchOptions } from '../../../shared/fields/options';
import { requireId } from '../../../shared/fields/id';
import { defineOperation } from '../../../shared/operation';
import { textOf, timeOf } from '../../callEvents';
import { entryFor, idsOf, notFound } from '../../callIds';
import { MOST_IN_REQUEST, rowsIn } from '../../zvonobot.api';

/** POST apiCalls/removeRecord. One record is documented as its answer, though it takes a list. */
export const deleteRecording = defineOperation({
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete a recording',
		description: 'Delete a recording of the account, for good',
	},
	fields: [
		{
			displayName: 'Recording ID',
			name: 'recordingId',
			type: 'string',
			default: '={{ $json.recordingId }}',
			required: true,
			placeholder: 'e.g. 1342',
			description: 'As the cabinet shows it, or as creating the recording gave it',
		},
		commonBatchOptions,
	],
	batch: {
		prepare: ({ params }) => ({
			shared: {},
			entries: [entryFor(requireId(params.recordingId, 'Recording ID'))],
			most: MOST_IN_REQUEST,
		}),
		async send({ api, entries }) {
			const rows = await api.request({
				method: 'POST',
				path: '/apiCalls/removeRecord',
				body: { idList: idsOf(entries) },
				read: (body) => rowsIn(body)?.map((row) => ({ row, isList: Array.isArray(body.data) })),
			});
			const byId = new Map(rows.map(({ row }) => [String(row.id), row]));
			// One record for several IDs, as documented, says nothing of the others.
			const saysLittle = entries.length > 1 && rows.some(({ isList }) => !isList);
			return new Map(
				entries.map(({ target }): [string, IDataObject | Failure] => {
					const row = byId.get(target);
					return [target, row === undefined ? notNamed(target, saysLittle) : deleted(target, row)];
				}),
			);
		},
	},
});

function deleted(id: string, { name, deletedAt }: IDataObject): IDataObject {
	return {
		recordingId: Number(id),
		deleted: true,
		name: textOf(name),
		deletedAt: timeOf(deletedAt),
	};
}

function notNamed(id: string, saysLittle: boolean): Failure {
	if (saysLittle) {
		return new Failure({
			code: 'unexpected_answer',
			message: `Zvonobot took the request, and does not say of recording ${id} whether it was deleted`,
			hint: 'Look in the Zvonobot cabinet whether it is still there. If so, delete it again.',
		});
	}
	return notFound(
		`Zvonobot does not say that recording ${id} was deleted: most likely there is none`,
		'Check the ID in the Zvonobot cabinet.',
	);
}
