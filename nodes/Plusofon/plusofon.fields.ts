import { invalidInput } from '../shared/errors';
import { defineField } from '../shared/operation';

const AS_SEARCH_FOUND = '={{ $json.owner_type }}';

export const ownerTypeField = defineField({
	displayName: 'Owner Type',
	name: 'ownerType',
	type: 'options',
	options: [
		{ name: 'Business', value: 'business', description: 'Many lines, for the logic of the PBX' },
		{ name: 'Personal', value: 'personal', description: 'One line, for one person' },
	],
	default: AS_SEARCH_FOUND,
	description: 'How the number is used; preset to what Search found',
});

export const phoneTypeField = defineField({
	displayName: 'Phone Type',
	name: 'phoneType',
	type: 'options',
	options: [
		{ name: '8-800', value: '800' },
		{ name: 'Any', value: '' },
		{ name: 'City', value: 'abc' },
		{ name: 'Mobile', value: 'def' },
	],
	default: '',
	description: 'Which kind of number to list',
});

export const accountField = defineField({
	displayName: 'Account',
	name: 'account',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The Flash Call account',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchAccounts', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 42' },
	],
});

export const numbersField = defineField({
	displayName: 'Number Names or IDs',
	name: 'numbers',
	type: 'multiOptions',
	typeOptions: { loadOptionsMethod: 'getNumbers' },
	default: [],
	required: true,
	description:
		'The numbers of the cabinet, all changed in one request; an expression may also bring the phone numbers themselves. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
});

/**
 * A number of the shop as Plusofon wants it: ten digits with the city code. Lists show it with the 7
 * in front.
 */
export function requireShopNumber(value: string, field: string): string {
	const digits = value.replace(/[\s()+-]/g, '');
	const national = /^[78]\d{10}$/.test(digits) ? digits.slice(1) : digits;
	if (/^[1-9]\d{9}$/.test(national)) return national;
	throw invalidInput(
		field,
		'is not a number of ten digits',
		'Enter it with its city code, with or without the 7 in front, e.g. 4951332210.',
	);
}
