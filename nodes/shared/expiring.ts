const MOST_REMEMBERED = 100_000;

/**
 * Remembers things by ID until they expire. Bounded: when full, the oldest is dropped before its
 * time. All times are milliseconds since 1970.
 */
export class Expiring<T> {
	private readonly entries = new Map<string, { value: T; expiresAt: number }>();

	constructor(private readonly most = MOST_REMEMBERED) {}

	/**
	 * Adds `id` unless it is there. Deciding and remembering are one step, so that of several at once
	 * only the first succeeds.
	 */
	add(id: string, value: T, expiresAt: number, now: number): boolean {
		if (this.get(id, now) !== undefined) return false;
		this.entries.delete(id);
		this.makeRoom(now);
		this.entries.set(id, { value, expiresAt });
		return true;
	}

	remove(id: string): void {
		this.entries.delete(id);
	}

	get(id: string, now: number): T | undefined {
		const entry = this.entries.get(id);
		return entry !== undefined && entry.expiresAt > now ? entry.value : undefined;
	}

	/** The IDs that have not expired with when they will, the oldest first. */
	expiries(now: number): Array<[id: string, expiresAt: number]> {
		return [...this.entries]
			.map(([id, { expiresAt }]): [string, number] => [id, expiresAt])
			.filter(([, expiresAt]) => expiresAt > now);
	}

	private makeRoom(now: number): void {
		for (const [id, { expiresAt }] of this.entries) {
			if (expiresAt > now && this.entries.size < this.most) return;
			this.entries.delete(id);
		}
	}
}
