import type { IDataObject } from 'n8n-workflow';
import { invalidInput } from '../../../shared/errors';
import { commonOptions } from '../../../shared/fields/options';
import { defineField, defineOperation } from '../../../shared/operation';
import { readSuccess } from '../../plusofon.api';

const settingsField = defineField({
	displayName: 'Settings',
	name: 'settings',
	type: 'collection',
	placeholder: 'Add setting',
	default: {},
	description: 'Only what is added here is changed',
	options: [
		{
			displayName: 'Calls per Day',
			name: 'calls_per_day',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 400,
			description: 'How many requests a day are allowed in all',
		},
		{
			displayName: 'Calls per Hour',
			name: 'calls_per_hour',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 100,
			description: 'How many requests an hour are allowed in all',
		},
		{
			displayName: 'Calls per Number and Day',
			name: 'calls_per_user_day',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 15,
			description: 'How many requests a day one phone number may get',
		},
		{
			displayName: 'Calls per Number and Hour',
			name: 'calls_per_user_hour',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 7,
			description: 'How many requests an hour one phone number may get',
		},
		{
			displayName: 'Operator Bans (JSON)',
			name: 'operators',
			type: 'json',
			default: '[]',
			placeholder: 'e.g. []',
			description:
				'A JSON array with the bans of single operators, in the form the Plusofon documentation shows',
		},
		{
			displayName: 'PIN Lifetime (Seconds)',
			name: 'token_lifetime_sec',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 180,
			description: 'How long a PIN can be checked',
		},
		{
			displayName: 'PIN Tries',
			name: 'pin_tries',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 3,
			description: 'How often a PIN may be tried',
		},
		{
			displayName: 'Return Operator',
			name: 'return_operator',
			type: 'boolean',
			default: true,
			description: 'Whether Send Flash Call also answers with the mobile operator of the number',
		},
	],
});

/** POST api/v1/flash-call/settings: sends only the settings the user added. */
export const update = defineOperation({
	option: {
		name: 'Update',
		value: 'update',
		action: 'Update the flash call settings',
		description: 'Change limits and settings that all Flash Call accounts share',
	},
	fields: [settingsField, commonOptions],
	async run({ api, params }) {
		const { operators, ...plain } = params.settings;
		const body: IDataObject = { ...plain };
		if (operators !== undefined) body.operators = readOperators(operators);
		if (Object.keys(body).length === 0) {
			throw invalidInput('Settings', 'has nothing to change', 'Add at least one setting.');
		}
		return await api.request({
			method: 'POST',
			path: '/api/v1/flash-call/settings',
			body,
			read: (answer) => readSuccess(answer, {}),
		});
	},
});

function readOperators(json: string): IDataObject[] {
	try {
		const operators: unknown = JSON.parse(json);
		if (Array.isArray(operators)) return operators;
	} catch {
		// Told below, in the same words as JSON of another kind.
	}
	throw invalidInput('Operator Bans (JSON)', 'is not a JSON array', 'Enter it as [ … ].');
}
