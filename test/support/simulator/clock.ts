/** The time the providers live in. Tests move it forward instead of waiting. */
export class Clock {
	private offset = 0;

	constructor(private readonly source: () => number = Date.now) {}

	/** Milliseconds since the epoch. */
	now(): number {
		return this.source() + this.offset;
	}

	advance(ms: number): void {
		this.offset += ms;
	}

	reset(): void {
		this.offset = 0;
	}
}

const MOSCOW_OFFSET_MS = 3 * 60 * 60 * 1000;

/**
 * `YYYY-MM-DD HH:MM:SS`, as `reserved_untill` and `end_packet_time` are written.
 * The documents name no time zone; Moscow time is the plausible one for this provider.
 */
export function moscowTime(ms: number): string {
	return new Date(ms + MOSCOW_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** The last second of the month that `ms` falls into, in Moscow time. */
export function endOfMonth(ms: number): number {
	const local = new Date(ms + MOSCOW_OFFSET_MS);
	return Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 1) - 1000 - MOSCOW_OFFSET_MS;
}
