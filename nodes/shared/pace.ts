import { sleep } from 'n8n-workflow';

/**
 * Decides when requests leave: at most so many in any second, and none while the provider wants to
 * be left alone. Who asks first goes first.
 */
export class Pace {
	private readonly starts: number[] = [];
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
	 */
	async turn(assertRunning: () => void): Promise<void> {
		const mine = this.tail.then(async () => await this.leave(assertRunning));
		this.tail = mine.catch(() => undefined);
		await mine;
	}

	/** Lets no request leave for a while. */
	hold(ms: number): void {
		this.heldUntil = Math.max(this.heldUntil, this.now() + ms);
	}

	get isHeld(): boolean {
		return this.heldUntil > this.now();
	}

	private async leave(assertRunning: () => void): Promise<void> {
		for (let left = this.untilFree(); left > 0; left = this.untilFree()) {
			await this.wait(Math.ceil(left));
			assertRunning();
		}
		if (this.perSecond === undefined) return;
		this.starts.push(this.now());
		if (this.starts.length > this.perSecond) this.starts.shift();
	}

	/** Milliseconds until the next request may leave. */
	private untilFree(): number {
		const full = this.perSecond !== undefined && this.starts.length >= this.perSecond;
		// A thousand and one: timers have whole milliseconds.
		const afterOthers = full ? (this.starts[0] ?? 0) + 1001 : 0;
		return Math.max(this.heldUntil, afterOthers) - this.now();
	}
}
