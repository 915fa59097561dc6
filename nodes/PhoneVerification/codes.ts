import type { Api, ApiDefinition } from '../shared/api';
import { asFailure } from '../shared/errors';
import type { Failure } from '../shared/errors';
import type { Judgement } from '../shared/waiting/code';
import type { Step } from './chain';
import { channelOf } from './channels';

/** A code that a person was told: over which channel, and what that channel knows it by. */
export type ToldCode = [channel: string, secret: string];

/** The codes that a step told, the last first. */
export function codesOf({ channel, reached, earlier }: Step): ToldCode[] {
	const own: ToldCode[] = channel.kind === 'code' ? [[channel.value, reached.secret]] : [];
	return [...own, ...(earlier === undefined ? [] : codesOf(earlier))];
}

/**
 * Judges what the person typed by every code they were told, the last first.
 *
 * @returns with the channel whose code it was
 * @throws Failure when a provider could not be asked, and no other code was compared
 */
export async function judgeCodes(
	codes: readonly ToldCode[],
	typed: string,
	open: (definition: ApiDefinition) => Api,
): Promise<{ judgement: Judgement; channel?: string }> {
	const judgements: Judgement[] = [];
	let failure: Failure | undefined;
	for (const [value, secret] of codes) {
		const channel = channelOf(value);
		const judgement = await channel.judge(open(channel.api), secret, typed).catch(asFailure);
		if (judgement === 'verified') return { judgement, channel: value };
		if (judgement instanceof Error) failure ??= judgement;
		else judgements.push(judgement);
	}
	// A code that was compared and is wrong counts, whatever another provider could not say: or a
	// provider that fails would make guesses at the codes of others free.
	if (failure !== undefined && !judgements.includes('wrong_code')) throw failure;
	// As long as one code still counts, the person may try again.
	const [last = 'wrong_code'] = judgements;
	return { judgement: judgements.includes('wrong_code') ? 'wrong_code' : last };
}
