import type { Api, ApiDefinition } from '../shared/api';
import { Failure } from '../shared/errors';
import type { HookClaim } from '../shared/webhookSignature';
import { tryChannel } from './attempt';
import type { Attempt } from './attempt';
import { channelOf } from './channels';
import type { Channel, Reached } from './channels';
import { sameOperator } from './operators';

/** Which channels are used, and when the next one is. */
export interface Chain {
	/** In the order in which they are tried. */
	channels: readonly string[];
	/** Whether a channel that may have reached the person leads to the next one. */
	goOnWhenUnsure: boolean;
	/** After a channel told the operator: which channel reaches it better. */
	operatorRules: ReadonlyArray<{ operator: string; channel: string }>;
	/** Rubles that have to be left where the provider tells the balance. */
	balanceFloor: number;
}

/** How far a chain has come; what a waiting execution keeps of it. */
export interface Progress {
	attempts: Attempt[];
	/** Channels that an earlier start has tried. */
	skipped: readonly string[];
	/** IDs of requests by channel, for channels that build on others. */
	requestIds: Record<string, string>;
	operator?: string;
}

/** Who is to be reached, and through what. */
export interface Target {
	phone: string;
	open(definition: ApiDefinition): Api;
	hook: { url: string; claim: HookClaim } | undefined;
}

/** A channel that reached the person, and how far the chain has come with it. */
export interface Step {
	channel: Channel;
	reached: Reached;
	progress: Progress;
	/** What reached them just before, on the way to a channel that reaches their operator better. */
	earlier?: Step;
}

export const NOTHING_YET: Progress = { attempts: [], skipped: [], requestIds: {} };

/** Whether a chain has a channel that was not tried yet. */
export function hasNext({ channels }: Chain, progress: Progress): boolean {
	return untried(channels, progress).length > 0;
}

function untried(channels: readonly string[], { attempts, skipped }: Progress): string[] {
	const tried = [...skipped, ...attempts.map(({ channel }) => channel)];
	return channels.filter((value) => !tried.includes(value));
}

/**
 * Tries the channels that were not tried yet, in order, until one has reached the person. A channel
 * that was refused before it reached them hands over to the next one.
 *
 * @throws Failure `no_channel_left`, or `may_have_been_sent` where nothing may follow by itself
 */
export async function takeStep(chain: Chain, before: Progress, target: Target): Promise<Step> {
	let progress = before;
	let step: Step | undefined;
	const failures: Failure[] = [];
	for (let [value] = untried(chain.channels, progress); value !== undefined; ) {
		const channel = channelOf(value);
		const result = await tryChannel(channel, chain.balanceFloor, progress, target);
		progress = result.progress;
		if ('failure' in result) {
			// Whoever was reached on the way, to be reached better, was reached all the same.
			if (step !== undefined) return { ...step, progress };
			failures.push(result.failure);
			if (result.failure.ambiguous && !chain.goOnWhenUnsure) {
				throw withAttempts(result.failure, progress);
			}
			[value] = untried(chain.channels, progress);
			continue;
		}
		const earlier = step === undefined ? {} : { earlier: step };
		step = { channel, reached: result.reached, progress, ...earlier };
		value = betterFor(result.reached.operator, chain, progress);
	}
	if (step !== undefined) return step;
	throw noChannelLeft(failures, progress);
}

/** The channel that a rule prefers for an operator, if it is in the chain and was not tried. */
function betterFor(
	operator: string | undefined,
	{ channels, operatorRules }: Chain,
	progress: Progress,
): string | undefined {
	if (operator === undefined) return undefined;
	const rule = operatorRules.find((one) => sameOperator(one.operator, operator));
	return untried(channels, progress).find((value) => value === rule?.channel);
}

function withAttempts(failure: Failure, { attempts }: Progress): Failure {
	const { code, message, hint, status, ambiguous } = failure;
	return new Failure({
		code,
		message,
		hint,
		ambiguous,
		facts: { attempts },
		...(status === undefined ? {} : { status }),
	});
}

function noChannelLeft(failures: readonly Failure[], { attempts }: Progress): Failure {
	const tried = attempts.map(({ channel, code }) => `${channelOf(channel).name} (${code})`);
	const hints = failures.map(({ message, hint }) => `${message}. ${hint}`);
	return new Failure({
		code: 'no_channel_left',
		message:
			tried.length === 0
				? 'No channel is left: the earlier start has tried them all'
				: `No channel could reach the phone: ${tried.join(', ')}`,
		hint: hints.length === 0 ? 'Add another channel to the list.' : hints.join(' '),
		// One of them may have reached the person: then nothing may be repeated by itself.
		ambiguous: failures.some(({ ambiguous }) => ambiguous),
		facts: { attempts },
	});
}
