import type { IDataObject } from 'n8n-workflow';
import type { Api } from '../shared/api';
import { asFailure, Failure } from '../shared/errors';
import type { Progress, Target } from './chain';
import type { Channel, Reached } from './channels';

/** What became of one channel. */
export interface Attempt extends IDataObject {
	channel: string;
	outcome: 'sent' | 'refused' | 'may_have_been_sent';
	/** Why it was refused, or `sent`. */
	code: string;
	/** How long it took, in milliseconds. */
	ms: number;
	price?: string;
}

/** Tries to reach a person over one channel, and notes what became of it. */
export async function tryChannel(
	channel: Channel,
	balanceFloor: number,
	progress: Progress,
	{ phone, open, hook }: Target,
): Promise<{ progress: Progress; reached: Reached } | { progress: Progress; failure: Failure }> {
	const began = Date.now();
	const { attempts, requestIds } = progress;
	const add = (outcome: Attempt['outcome'], code: string, more: { price?: string } = {}) => ({
		...progress,
		attempts: [
			...attempts,
			{ channel: channel.value, outcome, code, ms: Date.now() - began, ...more },
		],
	});
	try {
		const api = open(channel.api);
		await checkBalance(channel, api, balanceFloor);
		const reached = await channel.reach({ api, phone, hook, before: requestIds });
		const { price, requestId, operator } = reached;
		return {
			reached,
			progress: {
				...add('sent', 'sent', price === undefined ? {} : { price }),
				...(operator === undefined ? {} : { operator }),
				requestIds:
					requestId === undefined ? requestIds : { ...requestIds, [channel.value]: requestId },
			},
		};
	} catch (thrown) {
		const failure = asFailure(thrown);
		const outcome = failure.ambiguous ? 'may_have_been_sent' : 'refused';
		return { progress: add(outcome, failure.code), failure };
	}
}

async function checkBalance(channel: Channel, api: Api, floor: number): Promise<void> {
	if (floor <= 0 || channel.balance === undefined) return;
	const balance = await channel.balance(api).catch((thrown: unknown) => {
		const { code, message, hint } = asFailure(thrown);
		// Only asking has failed: nobody was reached.
		throw new Failure({ code, message, hint });
	});
	if (balance >= floor) return;
	throw new Failure({
		code: 'balance_floor',
		message: `${channel.name} was skipped: ${balance} RUB are left, less than Balance Floor`,
		hint: 'Top up the balance, or lower Balance Floor in the options.',
	});
}
