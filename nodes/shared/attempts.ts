const MOST_COUNTED = 100_000;

export type Attempt = 'verified' | 'wrong_code' | 'too_many_attempts' | 'used';

interface Count {
	wrong: number;
	used: boolean;
	expiresAt: number;
}

/**
 * Counts how often a code was tried, and lets it be used once. In the memory of this process, on
 * purpose: with N processes there are at most N times the attempts. Bounded: when full, the oldest
 * count is dropped. Times are milliseconds since 1970.
 */
export class Attempts {
	private readonly counts = new Map<string, Count>();

	constructor(private readonly most = MOST_COUNTED) {}

	/**
	 * Counts one attempt. Deciding and counting are one step, so that guesses made at the same time
	 * do not multiply.
	 *
	 * @param allowed how many wrong attempts a code may have
	 */
	take(id: string, right: boolean, allowed: number, expiresAt: number, now: number): Attempt {
		const count = this.countOf(id, expiresAt, now);
		if (count.used) return 'used';
		if (count.wrong >= allowed) return 'too_many_attempts';
		if (right) {
			count.used = true;
			return 'verified';
		}
		count.wrong++;
		return 'wrong_code';
	}

	private countOf(id: string, expiresAt: number, now: number): Count {
		const known = this.counts.get(id);
		if (known !== undefined) return known;
		for (const [oldest, count] of this.counts) {
			if (count.expiresAt > now && this.counts.size < this.most) break;
			this.counts.delete(oldest);
		}
		const fresh = { wrong: 0, used: false, expiresAt };
		this.counts.set(id, fresh);
		return fresh;
	}
}
