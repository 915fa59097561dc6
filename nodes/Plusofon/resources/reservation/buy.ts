import type { IDataObject } from 'n8n-workflow';
import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { readSuccess } from '../../plusofon.api';
import { ownerTypeField, requireShopNumber } from '../../plusofon.fields';

/** POST api/v1/number/buy. Costs money, so it is sent once and never again by itself. */
export const buy = defineOperation({
	option: {
		name: 'Buy',
		value: 'buy',
		action: 'Buy reserved phone numbers',
		description: 'Buy numbers that are reserved. Costs their connection price and monthly fee.',
	},
	fields: [
		{
			displayName: 'Number Names or IDs',
			name: 'numbers',
			type: 'multiOptions',
			typeOptions: { loadOptionsMethod: 'getReservedNumbers' },
			default: [],
			required: true,
			description:
				'The reserved numbers, bought in one request; an expression may also bring the number that Search or Create gave. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		},
		ownerTypeField,
		commonOptions,
	],
	costsMoney: true,
	onceFor: ({ numbers }) => shopNumbers(numbers).join(),
	async run({ api, params }): Promise<IDataObject> {
		const numbers = shopNumbers(params.numbers);
		const owner = params.ownerType;
		const [number] = numbers;
		return await api.request({
			method: 'POST',
			path: '/api/v1/number/buy',
			body: { numbers, owner_type: owner },
			read: (body) =>
				readSuccess(body, {
					// One number under the name that Set Forwarding and the lists know it by.
					...(numbers.length === 1 ? { number } : {}),
					numbers,
					owner_type: owner,
				}),
		});
	},
});

function shopNumbers(numbers: readonly string[]): string[] {
	const wanted = numbers.map((number) => requireShopNumber(number, 'Number Names or IDs'));
	// One number may come in two spellings, and must not be paid for twice.
	return [...new Set(wanted)];
}
