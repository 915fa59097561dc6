import { waitOptionsField } from '../../../shared/fields/options';
import { phoneField } from '../../../shared/fields/phone';
import { defineOperation } from '../../../shared/operation';
import type { Params } from '../../../shared/operation';
import { compareCode, waitForCode } from '../../../shared/waiting/code';
import { codeWaitFields, codeWaitOptions } from '../../../shared/waiting/codeFields';
import { randomPin, ringWithPin } from '../../pinCall';
import { requireCalled } from '../../zvonobot.fields';

const fields = [phoneField, ...codeWaitFields, waitOptionsField(...codeWaitOptions)] as const;

/**
 * POST apiVerificationPhones/confirmPhone with a random PIN, then a wait for it. Costs money, so it
 * is sent once and never again by itself.
 */
export const sendCodeAndWait = defineOperation({
	option: {
		name: 'Send Code and Wait',
		value: 'sendCodeAndWait',
		action: 'Send a code and wait for it',
		description:
			'Ring the phone with a PIN and pause until the person has typed it. Costs one verification call.',
	},
	fields,
	costsMoney: true,
	onceFor: ({ phone }) => requireCalled(phone),
	wait: waitForCode<Params<typeof fields>>(async ({ api, params }) => {
		const phone = requireCalled(params.phone);
		const pin = randomPin();
		await ringWithPin(api, phone, pin);
		return { phone, secret: pin, shown: {} };
	}, compareCode),
});
