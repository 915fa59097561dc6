import { sleep } from 'n8n-workflow';

/** A request that has left, in milliseconds. */
interface Start {
	left: number;
	/** When it was answered: it has arrived before. */
	answered?: number;
}

/** A request that takes longer than this is with the provider, and not on its way there. */
const LONGEST_WAY_MS = 200;
/** A thousand and one: timers have whole milliseconds. */
const SECOND_MS = 1001;

/**
 * Decides when requests leave: so that at most so many arrive in any second, however long they are on
 * their way, and none while the provider wants to be left alone. Who asks first goes first.
 */
export class Pace {
	private readonly starts: Start[] = [];
	private heldUntil = 0;
	/** Settles when whoever asked last has left: when they may is decided one after another. */
	private tail: Promise<unknown> = Promise.resolve();

	/** @param perSecond most requests in any second; undefined for any number */
	constructor(
		private readonly perSecond?: number,
		private readonly wait: (ms: number) => Promise<void> = sleep,
		// The clock on the wall may be set while somebody waits.
		private readonly now: () => number = () => performance.now(),
	) {}

	/**
	 * Waits until a request may leave.
	 *
	 * @param assertRunning throws when nothing may leave any more; asked after every wait
	 * @returns to be called when the request is over
	 */
	async turn(assertRunning: () => void): Promise<() => void> {
		const mine = this.tail.then(async () => await this.leave(assertRunning));
		this.tail = mine.catch(() => undefined);
		return await mine;
	}

	/** Lets no request leave for a while. */
	hold(ms: number): void {
		this.heldUntil = Math.max(this.heldUntil, this.now() + ms);
	}

	get isHeld(): boolean {
		return this.heldUntil > this.now();
	}

	private async leave(assertRunning: () => void): Promise<() => void> {
		for (let left = this.untilFree(); left > 0; left = this.untilFree()) {
			await this.wait(Math.ceil(left));
			assertRunning();
		}
		if (this.perSecond === undefined) return () => undefined;
		const start: Start = { left: this.now() };
		this.starts.push(start);
		if (this.starts.length > this.perSecond) this.starts.shift();
		return () => (start.answered = this.now());
	}

	/** Milliseconds until the next request may leave, or until that can be told better. */
	private untilFree(): number {
		const now = this.now();
		const full = this.perSecond !== undefined && this.starts.length >= this.perSecond;
		const [first] = this.starts;
		const afterOthers = full && first !== undefined ? freeAfter(first, now) : 0;
		return Math.max(this.heldUntil, afterOthers) - now;
	}
}

/** When the second of a request is over, which began when it arrived. */
function freeAfter({ left, answered }: Start, now: number): number {
	// It may be answered soon: then more is known.
	if (answered === undefined && now < left + SECOND_MS) return left + SECOND_MS;
	return Math.min(answered ?? Infinity, left + LONGEST_WAY_MS) + SECOND_MS;
}
