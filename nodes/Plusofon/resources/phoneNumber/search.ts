import type { IDataObject } from 'n8n-workflow';
import { invalidInput } from '../../../shared/errors';
import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { requireId } from '../../../shared/fields/id';
import { ownerTypeField, phoneTypeField } from '../../plusofon.fields';
import { readPaged } from '../../plusofon.lists';

/** GET api/v1/number/search, pages of 20 without a total. */
export const search = defineOperation({
	option: {
		name: 'Search',
		value: 'search',
		action: 'Search for phone numbers to buy',
		description: 'Find numbers in the shop. Reserve takes its results as they come.',
	},
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'City Code Name or ID',
					name: 'cityCode',
					type: 'options',
					typeOptions: {
						loadOptionsMethod: 'getCityCodes',
						loadOptionsDependsOn: ['filters.region'],
					},
					default: '',
					description:
						'The code in front of the number. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
				},
				{
					displayName: 'Number Mask',
					name: 'mask',
					type: 'string',
					default: '',
					placeholder: 'e.g. 133?2*',
					description:
						'The digits after the city code; ? stands for one digit, * for any number of them',
				},
				{
					displayName: 'Number Type',
					name: 'numberType',
					type: 'options',
					options: [
						{ name: 'Bronze', value: '5' },
						{ name: 'Exclusive', value: '4' },
						{ name: 'Gold', value: '2' },
						{ name: 'Plain', value: '0' },
						{ name: 'Platinum', value: '3' },
						{ name: 'Silver', value: '1' },
					],
					default: '0',
					description: 'How memorable the number is, which decides its price',
				},
				{
					displayName: 'Owner Type',
					name: 'ownerType',
					type: 'options',
					options: ownerTypeField.options,
					default: 'business',
					description: 'How the number will be used: many lines, or one for one person',
				},
				phoneTypeField,
				{
					displayName: 'Region Name or ID',
					name: 'region',
					type: 'options',
					typeOptions: { loadOptionsMethod: 'getRegions' },
					default: '',
					description:
						'Where the number belongs to. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
				},
			],
		},
		commonOptions,
	],
	list({ api, params }) {
		const { region, cityCode, mask = '', ownerType, numberType, phoneType } = params.filters;
		if (!/^[\d?*]*$/.test(mask)) {
			throw invalidInput(
				'Number Mask',
				'may hold only digits, ? and *',
				'Enter the digits after the city code, e.g. 133?2*.',
			);
		}
		const query: IDataObject = {
			...(ownerType ? { owner_type: ownerType } : {}),
			...(region ? { region: requireId(region, 'Region') } : {}),
			...(cityCode ? { city_code: requireId(cityCode, 'City Code') } : {}),
			...(mask ? { phone_number: mask } : {}),
			...(numberType ? { number_type: numberType } : {}),
			...(phoneType ? { phone_type: phoneType } : {}),
		};
		return readPaged(api, '/api/v1/number/search', query);
	},
});
