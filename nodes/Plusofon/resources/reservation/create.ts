import { optionsField } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { readSuccess } from '../../plusofon.api';
import { ownerTypeField, requireShopNumber } from '../../plusofon.fields';

/** POST api/v1/number/reserve. Free; the answer names no ID, Get Many does. */
export const create = defineOperation({
	option: {
		name: 'Create',
		value: 'create',
		action: 'Reserve a phone number',
		description: 'Keep a number of the shop for a while, without buying it',
	},
	fields: [
		{
			displayName: 'Number',
			name: 'number',
			type: 'string',
			default: '={{ $json.number }}',
			required: true,
			placeholder: 'e.g. 4951332210',
			description: 'A number that Search found, with its city code; the 7 in front may be there',
		},
		ownerTypeField,
		optionsField({
			displayName: 'For One Hour',
			name: 'short',
			type: 'boolean',
			default: true,
			description: 'Whether to reserve the number for one hour only',
		}),
	],
	// Plusofon refuses to reserve a number twice, as if it belonged to somebody else.
	onceFor: ({ number }) => requireShopNumber(number, 'Number'),
	async run({ api, params }) {
		const number = requireShopNumber(params.number, 'Number');
		const owner = params.ownerType;
		return await api.request({
			method: 'POST',
			path: '/api/v1/number/reserve',
			body: {
				number: Number(number),
				owner_type: owner,
				...(params.options.short === true ? { short: 1 } : {}),
			},
			read: (body) => readSuccess(body, { number, owner_type: owner }),
		});
	},
});
