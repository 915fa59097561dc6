import { optionsField } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { requireId } from '../../../shared/fields/id';
import { readDeleted } from '../../plusofon.api';

/** DELETE api/v1/number/{number_id}; the sample also sends a `pin`. */
export const deleteNumber = defineOperation({
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete a phone number',
		description: 'Give a number of the cabinet back. It cannot be undone.',
	},
	fields: [
		{
			displayName: 'Number',
			name: 'number',
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			required: true,
			description: 'The number to delete',
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					typeOptions: { searchListMethod: 'searchNumbers', searchable: true },
				},
				{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 31' },
			],
		},
		optionsField({
			displayName: 'PIN',
			name: 'pin',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. 1234',
			description: 'The PIN of the cabinet, if it asks for one when a number is deleted',
		}),
	],
	async run({ api, params }) {
		const id = requireId(params.number, 'Number');
		const { pin } = params.options;
		return await api.request({
			method: 'DELETE',
			path: `/api/v1/number/${id}`,
			...(pin ? { body: { pin } } : {}),
			read: readDeleted,
		});
	},
});
