const MOST_COUNTED = 100_000;

export type Attempt = 'verified' | 'wrong_code' | 'too_many_attempts' | 'used';

interface Count {
	wrong: number;
	/** Tries that are being judged: they count as wrong until it is known. */
	pending: number;
	/** What was right, and counts no more. */
	used: Set<string>;
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
		return this.begin(id, allowed, expiresAt, now) ?? this.judge(id, right);
	}

	/**
	 * Starts an attempt that somebody else has to judge; or says why there is none.
	 *
	 * @param before how many wrong attempts are known from elsewhere, at least
	 * @param codeId names what may be used once, where several codes share their attempts
	 */
	begin(
		id: string,
		allowed: number,
		expiresAt: number,
		now: number,
		before = 0,
		codeId = id,
	): 'used' | 'too_many_attempts' | undefined {
		const count = this.countOf(id, expiresAt, now);
		count.wrong = Math.max(count.wrong, before);
		if (count.used.has(codeId)) return 'used';
		if (count.wrong + count.pending >= allowed) return 'too_many_attempts';
		count.pending++;
		return undefined;
	}

	/** Ends an attempt that was started. */
	judge(id: string, right: boolean, codeId = id): 'verified' | 'wrong_code' | 'used' {
		const count = this.endOf(id);
		if (count?.used.has(codeId) === true) return 'used';
		if (!right) {
			if (count !== undefined) count.wrong++;
			return 'wrong_code';
		}
		count?.used.add(codeId);
		return 'verified';
	}

	/** Ends an attempt that nobody could judge: it does not count. */
	drop(id: string): void {
		this.endOf(id);
	}

	/** How many wrong attempts were counted. */
	wrong(id: string): number {
		return this.counts.get(id)?.wrong ?? 0;
	}

	/** Whether it was right once. */
	isUsed(id: string): boolean {
		return this.counts.get(id)?.used.has(id) ?? false;
	}

	private endOf(id: string): Count | undefined {
		const count = this.counts.get(id);
		if (count !== undefined) count.pending--;
		return count;
	}

	private countOf(id: string, expiresAt: number, now: number): Count {
		const known = this.counts.get(id);
		if (known !== undefined) return known;
		for (const [oldest, count] of this.counts) {
			if (count.expiresAt > now && this.counts.size < this.most) break;
			this.counts.delete(oldest);
		}
		const fresh = { wrong: 0, pending: 0, used: new Set<string>(), expiresAt };
		this.counts.set(id, fresh);
		return fresh;
	}
}
