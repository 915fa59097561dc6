import { sleep } from 'n8n-workflow';
import { asFailure, Failure } from './errors';
import type { Pace } from './pace';

/**
 * What a request does, which decides when it may be made again: nothing, it only asks; something
 * that may be done twice, but not without need, since a check counts as a try, say; or something that
 * must be done once, because it costs money, rings a phone or creates.
 */
export type Effect = 'none' | 'change' | 'once';

interface RepeatSettings {
	/** What keeps requests from leaving while the provider wants none; left out where there are few of them. */
	hold?: Pace;
	/** Throws when nothing may be sent any more. */
	assertRunning?(): void;
}

/** How long a node waits when a provider says how long, and how often it makes one request. */
const LONGEST_HOLD_SECONDS = 30;
const MOST_TRIES = 3;
/** A provider that goes on failing is not waited for again and again. */
const MOST_IN_VAIN = 5;
/** Before the second try; the next pause is three times as long. */
const FIRST_PAUSE_MS = 300;

/** Makes requests again where that is safe and may help. */
export class Repeater {
	/** Requests in a row for which waiting was of no use. */
	private inVain = 0;

	constructor(
		private readonly settings: RepeatSettings,
		private readonly wait: (ms: number) => Promise<void> = sleep,
	) {}

	/** @throws Failure of the last try */
	async run<T>(effect: Effect, send: () => Promise<T>): Promise<T> {
		for (let tries = 1; ; tries++) {
			const result = await send().then((answer) => ({ answer }), asFailure);
			if (!(result instanceof Failure)) {
				this.inVain = 0;
				return result.answer;
			}
			const isHeld = this.hold(result);
			if (this.mayHelp(result, isHeld) && isSafe(effect, result) && tries < MOST_TRIES) {
				// What the pace holds waits for its turn.
				if (!isHeld) await this.pause(FIRST_PAUSE_MS * 3 ** (tries - 1));
				continue;
			}
			if (isHeld || tries > 1) this.inVain++;
			throw result;
		}
	}

	/** Whether the provider said how long to wait; then the other requests wait, too. */
	private hold({ retryAfterSeconds: seconds }: Failure): boolean {
		const { hold } = this.settings;
		if (hold === undefined || seconds === undefined) return false;
		if (seconds > LONGEST_HOLD_SECONDS || this.inVain >= MOST_IN_VAIN) return false;
		hold.hold(seconds * 1000);
		return true;
	}

	private mayHelp({ retryAfterSeconds, passing }: Failure, isHeld: boolean): boolean {
		// Whoever says how long to wait is not asked sooner.
		if (retryAfterSeconds !== undefined) return isHeld;
		return passing && this.inVain < MOST_IN_VAIN;
	}

	private async pause(ms: number): Promise<void> {
		await this.wait(ms);
		this.settings.assertRunning?.();
	}
}

/** Whether nothing is done twice when a request that failed so is made again. */
function isSafe(effect: Effect, { code, ambiguous }: Failure): boolean {
	// Nobody has got it.
	if (code === 'not_reached') return true;
	return effect === 'none' || (effect === 'change' && !ambiguous);
}
