import type { IDataObject } from 'n8n-workflow';
import { waitOptionsField } from '../../../shared/fields/options';
import { phoneField, requirePhone } from '../../../shared/fields/phone';
import { defineOperation } from '../../../shared/operation';
import { phoneAsInput } from '../../../shared/phone';
import { timeLimitField } from '../../../shared/waiting/limit';
import {
	callWords,
	ownText,
	pageTextOption,
	pageTitleOption,
	pageWordsOption,
	PRESET_TITLE,
	wordsIn,
} from '../../../shared/waiting/pageFields';
import { confirmedBy, showCallNumber } from '../../callWait';
import type { CallWait } from '../../callWait';
import { requestCallFrom } from '../../callToAuth';

const PRESET_SECONDS = 300;
const PRESET_TEXT = 'Call this number from your phone. Nobody answers; you can hang up.';

/**
 * POST api/v1/flash-call/call-to-auth with the address of the waiting execution as hook URL: the
 * person's call resumes the flow. Costs money, so it is sent once.
 */
export const requestCallAndWait = defineOperation({
	option: {
		name: 'Request Call and Wait (CallToAuth)',
		value: 'requestCallAndWait',
		action: 'Request a call from the person and wait for it',
		description:
			'Get a number the person dials, and pause until they have called it. Costs one CallToAuth request.',
	},
	fields: [
		phoneField,
		timeLimitField(PRESET_SECONDS),
		waitOptionsField(pageTextOption, pageTitleOption, pageWordsOption(callWords)),
	],
	costsMoney: true,
	onceFor: ({ phone }) => requirePhone(phone),
	wait: {
		outputs: { names: ['Verified', 'Not Verified'], failure: 'Not Verified' },
		limitSeconds: ({ timeLimit }) => timeLimit,
		async start({ api, params, hook }) {
			const phone = requirePhone(params.phone);
			const claim = { phone, requestId: hook.id, expiresAt: Math.ceil(hook.until / 1000) };
			const { key, callNumber } = await requestCallFrom(api, hook.url, claim);
			const { pageTitle } = params.options;
			const state: CallWait = {
				phone,
				key,
				callNumber,
				title: pageTitle ?? PRESET_TITLE,
				text: ownText(params.options) ?? PRESET_TEXT,
				words: wordsIn(params.options),
			};
			return { ...state };
		},
		over(state) {
			const { title, words } = state as unknown as CallWait;
			return { title, text: words.over };
		},
		async receive(request, context) {
			const wait = context.state as unknown as CallWait;
			if (request.method === 'GET') return showCallNumber(wait, context.until);
			if (!(await confirmedBy(request, wait, context))) {
				return { status: 401, json: { error: 'unauthorized' } };
			}
			return {
				status: 200,
				json: { success: true },
				outcome: { output: 'Verified', json: outcome(wait, true, 'verified') },
			};
		},
		async timeOut({ state }) {
			const json = outcome(state as unknown as CallWait, false, 'timeout');
			return await Promise.resolve({ output: 'Not Verified', json });
		},
	},
});

function outcome(
	{ phone, callNumber, key }: CallWait,
	verified: boolean,
	reason: string,
): IDataObject {
	return { verified, reason, phone: phoneAsInput(phone), callNumber, key };
}
