import type { IDataObject } from 'n8n-workflow';
import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { digestOf } from '../../../shared/secrets';
import { askAboutPin } from '../../flashCall';

/**
 * POST api/v1/flash-call/check. That the PIN is wrong is an outcome, not a failure: the answer says
 * `verified: false`. Only `success: true` verifies.
 */
export const checkPin = defineOperation({
	option: {
		name: 'Check PIN',
		value: 'checkPin',
		action: 'Check a PIN',
		description: 'Find out whether the digits the person typed are those of the flash call',
	},
	fields: [
		{
			displayName: 'Key',
			name: 'key',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. {{ $json.key }}',
			description: 'The key that Send Flash Call gave for this person',
		},
		{
			displayName: 'PIN',
			name: 'pin',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 0427',
			description: 'The digits the person typed, as text so that leading zeros stay',
		},
		commonOptions,
	],
	keptFor: ({ key, pin }) => digestOf(key, pin),
	async run({ api, params }): Promise<IDataObject> {
		return await askAboutPin(api, params.key.trim(), params.pin.trim());
	},
});
