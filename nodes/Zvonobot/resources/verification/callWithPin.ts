import { sealedOutput, sealingOptions } from '../../../shared/checkCode';
import { invalidInput } from '../../../shared/errors';
import { optionsField } from '../../../shared/fields/options';
import { phoneField } from '../../../shared/fields/phone';
import { defineOperation } from '../../../shared/operation';
import { phoneAsInput } from '../../../shared/phone';
import { randomPin, ringWithPin } from '../../pinCall';
import { SEALING_PURPOSE } from '../../zvonobot.api';
import { requireCalled } from '../../zvonobot.fields';

/**
 * POST apiVerificationPhones/confirmPhone: rings the phone from a number that ends with the PIN.
 * Costs money, so it is sent once.
 */
export const callWithPin = defineOperation({
	option: {
		name: 'Call With PIN',
		value: 'callWithPin',
		action: 'Call a phone with a PIN',
		description:
			'Ring the phone from a number whose last four digits are the PIN. Costs one verification call.',
	},
	fields: [
		phoneField,
		{
			displayName: 'PIN Source',
			name: 'pinSource',
			type: 'options',
			options: [
				{ name: 'Own PIN', value: 'own', description: 'Four digits of your choice' },
				{ name: 'Random', value: 'random', description: 'Four digits nobody can foresee' },
			],
			default: 'random',
			description: 'Where the PIN comes from',
		},
		{
			displayName: 'PIN',
			name: 'pin',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 0427',
			description: 'Four digits, as text so that leading zeros stay',
			displayOptions: { show: { pinSource: ['own'] } },
		},
		optionsField(...sealingOptions),
	],
	costsMoney: true,
	onceFor: ({ phone }) => requireCalled(phone),
	async run({ api, params }) {
		const phone = requireCalled(params.phone);
		const code = params.pinSource === 'random' ? randomPin() : requirePin(params.pin);
		await ringWithPin(api, phone, code);
		return {
			phone: phoneAsInput(phone),
			...(await sealedOutput(api, SEALING_PURPOSE, { code, phone }, params.options)),
		};
	},
});

function requirePin(given = ''): string {
	const pin = given.trim();
	if (/^\d{4}$/.test(pin)) return pin;
	throw invalidInput('PIN', 'is not four digits', 'Enter it as text, e.g. 0427.');
}
