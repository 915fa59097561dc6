import { assertReachable } from '../Plusofon/callToAuth';
import { asFailure } from '../shared/errors';
import { Expiring } from '../shared/expiring';
import { requirePhone } from '../shared/fields/phone';
import { plusofonCallToAuth } from './channels/plusofon';
import { takeStep } from './chain';
import type { Chain, Progress, Step, Target } from './chain';
import { readNumberRules, readStartRules } from './fields';
import type { ChainParams } from './fields';
import { checkNumber, Starts } from './guards';

/** Starts of this process. */
const starts = new Starts();

/** Keys of this process that another start has gone on with. */
const goneOnWith = new Expiring<true>();

/**
 * Takes the first step of a chain for a phone, past the guards: refused numbers and phones that were
 * started too often cost nothing.
 *
 * @param earlier the key of an earlier start that this one goes on with
 */
export async function begin(
	params: ChainParams,
	nodeId: string,
	chain: Chain,
	progress: Progress,
	target: Target,
	earlier?: { id: string; expiresAt: number },
): Promise<Step> {
	const rules = readStartRules(params);
	if (target.hook !== undefined && chain.channels.includes(plusofonCallToAuth.value)) {
		await assertReachable(target.open(plusofonCallToAuth.api), target.hook.url);
	}
	// Whoever asks for another way has waited long enough, once.
	const now = Date.now();
	const goesOn =
		earlier !== undefined &&
		// A key that is over would be forgotten at once, and so would count again and again.
		now < earlier.expiresAt * 1000 &&
		goneOnWith.add(earlier.id, true, earlier.expiresAt * 1000, now);
	let takeBack: (() => void) | undefined;
	try {
		const key = `${nodeId}/${target.phone}`;
		takeBack = starts.count(key, goesOn ? { ...rules, coolDown: 0 } : rules, now);
		return await takeStep(chain, progress, target);
	} catch (thrown) {
		const failure = asFailure(thrown);
		if (!failure.ambiguous) {
			takeBack?.();
			if (goesOn) goneOnWith.remove(earlier.id);
		}
		throw failure;
	}
}

/**
 * The phone of an item, if it may be called.
 *
 * @throws Failure before anything is sent
 */
export function requireCallable(phone: string, params: ChainParams): string {
	const digits = requirePhone(phone);
	checkNumber(digits, readNumberRules(params));
	return digits;
}
