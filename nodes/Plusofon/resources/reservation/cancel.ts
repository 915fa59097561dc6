import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { requireId } from '../../../shared/fields/id';
import { readDeleted } from '../../plusofon.api';

/** DELETE api/v1/number/reserve/{reserve_number_id}. */
export const cancel = defineOperation({
	option: {
		name: 'Cancel',
		value: 'cancel',
		action: 'Cancel a reservation',
		description: 'Give a reserved number back to the shop, where anybody may take it',
	},
	fields: [
		{
			displayName: 'Reservation',
			name: 'reservation',
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			required: true,
			description: 'The reservation to cancel',
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					typeOptions: { searchListMethod: 'searchReservations', searchable: true },
				},
				{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 5' },
			],
		},
		commonOptions,
	],
	async run({ api, params }) {
		const id = requireId(params.reservation, 'Reservation');
		return await api.request({
			method: 'DELETE',
			path: `/api/v1/number/reserve/${id}`,
			read: readDeleted,
		});
	},
});
