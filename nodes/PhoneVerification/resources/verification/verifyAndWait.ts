import { waitOptionsField } from '../../../shared/fields/options';
import { phoneField, requirePhone } from '../../../shared/fields/phone';
import { defineOperation } from '../../../shared/operation';
import { triesAndPageOptions } from '../../../shared/waiting/codeFields';
import { timeLimitField } from '../../../shared/waiting/limit';
import { chainWords, ownText, pageWordsOption, wordsIn } from '../../../shared/waiting/pageFields';
import { hasNext, NOTHING_YET } from '../../chain';
import { begin, requireCallable } from '../../begin';
import { chainOptions, channelsField, providersField, readChain, readPatience } from '../../fields';
import {
	chainOver,
	firstState,
	NOT_VERIFIED,
	nextState,
	patienceOf,
	receiveForChain,
	timedOut,
	VERIFIED,
} from '../../wait';
import type { ChainWait } from '../../wait';

const PRESET_SECONDS = 300;

/**
 * Reaches the person channel by channel until they have typed a code or called, or the time is up.
 * Costs money; no channel is used twice.
 */
export const verifyAndWait = defineOperation({
	option: {
		name: 'Verify and Wait',
		value: 'verifyAndWait',
		action: 'Verify a phone and wait',
		description:
			'Reach the person, pause until they have confirmed, and try the next channel when they do not. Costs what the channels cost.',
	},
	fields: [
		providersField,
		phoneField,
		channelsField,
		timeLimitField(PRESET_SECONDS),
		waitOptionsField(...chainOptions, ...triesAndPageOptions, pageWordsOption(chainWords)),
	],
	costsMoney: true,
	onceFor: ({ phone }) => requirePhone(phone),
	wait: {
		outputs: { names: [VERIFIED, NOT_VERIFIED], failure: NOT_VERIFIED },
		limitSeconds: ({ timeLimit }) => timeLimit,
		patienceSeconds: (state) => patienceOf(state as unknown as ChainWait),
		async start({ params, open, nodeId, hook }) {
			const phone = requireCallable(params.phone, params);
			const chain = readChain(params);
			const claim = { phone, requestId: hook.id, expiresAt: Math.ceil(hook.until / 1000) };
			const target = { phone, open, hook: { url: hook.url, claim } };
			const step = await begin(params, nodeId, chain, NOTHING_YET, target);
			const hasOwnText = ownText(params.options) !== undefined;
			const words = wordsIn(params.options, hasOwnText);
			const settings = { phone, chain, patience: readPatience(params), hasOwnText, words };
			return await firstState(settings, step, params.options, { open, hook });
		},
		receive: async (request, context) => await receiveForChain(request, context),
		over: chainOver,
		async timeOut(context) {
			const wait = context.state as unknown as ChainWait;
			const isOver = context.now >= context.until || !hasNext(wait.chain, wait.progress);
			return isOver ? await timedOut(context) : await nextState(context);
		},
	},
});
