import { waitOptionsField } from '../../../shared/fields/options';
import { phoneField, requirePhone } from '../../../shared/fields/phone';
import { defineOperation } from '../../../shared/operation';
import type { Params } from '../../../shared/operation';
import { waitForCode } from '../../../shared/waiting/code';
import { codeWaitFields, codeWaitOptions } from '../../../shared/waiting/codeFields';
import { judgePin, pinOption, placeFlashCall } from '../../flashCall';

const fields = [
	phoneField,
	...codeWaitFields,
	waitOptionsField(...codeWaitOptions, pinOption),
] as const;

/**
 * POST api/v1/flash-call/send, then a wait in which what the person types is checked with POST
 * api/v1/flash-call/check. Costs money, so it is sent once and never again by itself.
 */
export const sendCodeAndWait = defineOperation({
	option: {
		name: 'Send Code and Wait',
		value: 'sendCodeAndWait',
		action: 'Send a code and wait for it',
		description:
			'Place a flash call and pause until the person has typed its last digits. Does not always reach MTS. Costs one flash call.',
	},
	fields,
	costsMoney: true,
	onceFor: ({ phone }) => requirePhone(phone),
	wait: waitForCode<Params<typeof fields>>(async ({ api, params }) => {
		const { key, ...sent } = await placeFlashCall(
			api,
			requirePhone(params.phone),
			params.options.pin,
		);
		const { phone, ...shown } = sent;
		return { phone, secret: key, shown };
	}, judgePin),
});
