import { requestCallFrom } from '../../Plusofon/callToAuth';
import { judgePin, placeFlashCall } from '../../Plusofon/flashCall';
import { flashCallAccountApi } from '../../Plusofon/plusofon.api';
import { Failure } from '../../shared/errors';
import { FLASH_CALL_PROMPT } from './channel';
import type { Channel } from './channel';

const plusofon = { provider: 'plusofon', api: flashCallAccountApi } as const;

export const plusofonFlashCall: Channel = {
	...plusofon,
	value: 'plusofonFlashCall',
	name: 'Plusofon Flash Call',
	kind: 'code',
	prompt: FLASH_CALL_PROMPT,
	async reach({ api, phone }) {
		const { key, operator } = await placeFlashCall(api, phone);
		return { secret: key, ...(operator === undefined ? {} : { operator }) };
	},
	judge: judgePin,
};

export const plusofonCallToAuth: Channel = {
	...plusofon,
	value: 'plusofonCallToAuth',
	name: 'Plusofon CallToAuth',
	kind: 'call',
	prompt: 'Call this number from your phone. Nobody answers; you can hang up.',
	async reach({ api, hook }) {
		if (hook === undefined) throw noHook();
		const { key, callNumber } = await requestCallFrom(api, hook.url, hook.claim);
		return { secret: key, callNumber };
	},
	// The person's call verifies, never a code.
	judge: async () => await Promise.resolve('wrong_code'),
};

function noHook(): Failure {
	return new Failure({
		code: 'invalid_input',
		message: 'Plusofon CallToAuth has no Hook URL to confirm the call to',
		hint: 'Add the option Hook URL with the production URL of a Plusofon Trigger, or use Verify and Wait.',
	});
}
