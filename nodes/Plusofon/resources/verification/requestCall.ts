import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { optionsField } from '../../../shared/fields/options';
import { phoneField, requirePhone } from '../../../shared/fields/phone';
import { defineOperation } from '../../../shared/operation';
import { phoneAsInput } from '../../../shared/phone';
import { rememberIssued } from '../../callConfirmation';
import { requestCallFrom } from '../../callToAuth';
import { requireHookUrl } from '../../hookUrl';

const PRESET_VALID_MINUTES = 15;

/**
 * POST api/v1/flash-call/call-to-auth: gives the number the person has to dial; their call is then
 * confirmed to the hook URL, which is signed so that nobody else can confirm it. Costs money.
 */
export const requestCall = defineOperation({
	option: {
		name: 'Request Call (CallToAuth)',
		value: 'requestCall',
		action: 'Request a call from the person',
		description:
			'Get a number the person dials; the Plusofon Trigger confirms their call. Costs one CallToAuth request.',
	},
	fields: [
		phoneField,
		{
			displayName: 'Hook URL',
			name: 'hookUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://n8n.example.com/webhook/…/webhook',
			description:
				'The production URL of a Plusofon Trigger node that uses the same credential. It is sent signed.',
		},
		optionsField({
			displayName: 'Valid For (Minutes)',
			name: 'validMinutes',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 1440, numberPrecision: 0 },
			default: PRESET_VALID_MINUTES,
			description:
				'How long the Plusofon Trigger accepts the confirmation of this call (1 to 1440)',
		}),
	],
	costsMoney: true,
	onceFor: ({ phone }) => requirePhone(phone),
	async run({ api, params, isManual }): Promise<IDataObject> {
		const phone = requirePhone(params.phone);
		const hookUrl = requireHookUrl(params.hookUrl, isManual);
		const validMinutes = params.options.validMinutes ?? PRESET_VALID_MINUTES;
		const expiresAt = Math.floor(Date.now() / 1000) + validMinutes * 60;
		const requestId = randomUUID();
		const request = { phone, requestId, expiresAt };
		const { key, callNumber } = await requestCallFrom(api, hookUrl, request);
		rememberIssued(requestId, key, expiresAt * 1000);
		const until = new Date(expiresAt * 1000).toISOString();
		return { key, phone: phoneAsInput(phone), callNumber, requestId, expiresAt: until };
	},
});
