import type { JsonValue } from './types';

/**
 * `pending`: not answered yet; `reset`: the socket was destroyed instead of an answer;
 * `aborted`: the client went away first. A number is the status that was sent.
 */
export type RequestStatus = number | 'pending' | 'reset' | 'aborted';

export interface RequestEntry {
	/** Real time in ms, not the providers' clock: distances between requests are worth testing. */
	at: number;
	/** When the last byte was handed over or the socket was closed. */
	endedAt?: number;
	provider: string;
	method: string;
	path: string;
	query: Record<string, string | string[]>;
	headers: Record<string, string>;
	/** Parsed JSON; the fields of a form, files without their bytes; the raw text of anything else; null when there was no body. */
	body: JsonValue;
	status: RequestStatus;
	/** The kind of the fault that was applied. */
	fault?: string;
	/** Why the exchange broke off by itself: the client left in mid-request, or a mistake in the simulator. */
	error?: string;
}

/** Something that costs money or rings a phone. Written when it happened, answered or not. */
export interface ChargeEntry {
	at: number;
	provider: string;
	/** For example `flash-call/send`, `flash-call/call-to-auth`, `number/buy`. */
	operation: string;
	phone?: string;
	detail: JsonValue;
}

/** One POST to a hook URL. `status` and `answer` when it was answered, otherwise `error`. */
export interface HookDelivery {
	at: number;
	url: string;
	body: JsonValue;
	status?: number;
	answer?: string;
	error?: string;
}

export interface JournalSnapshot {
	requests: RequestEntry[];
	charges: ChargeEntry[];
	deliveries: HookDelivery[];
	/** The highest number of provider requests that were in flight at once. */
	maxConcurrent: number;
	/** TCP connections that carried at least one provider request. */
	connections: number;
}

/** Everything that happened at the simulator's edge since it started or was last cleared. */
export class Journal implements JournalSnapshot {
	requests: RequestEntry[] = [];
	charges: ChargeEntry[] = [];
	deliveries: HookDelivery[] = [];
	maxConcurrent = 0;
	connections = 0;

	private inFlight = 0;
	private sockets = new WeakSet<object>();

	/** Opens an entry; the returned function closes it and may be called more than once. */
	open(entry: RequestEntry, socket: object): (status: RequestStatus) => void {
		this.requests.push(entry);
		if (!this.sockets.has(socket)) {
			this.sockets.add(socket);
			this.connections += 1;
		}
		this.inFlight += 1;
		this.maxConcurrent = Math.max(this.maxConcurrent, this.inFlight);
		return (status) => {
			if (entry.status !== 'pending') return;
			entry.status = status;
			entry.endedAt = Date.now();
			this.inFlight -= 1;
		};
	}

	charge(entry: Omit<ChargeEntry, 'at'>): void {
		this.charges.push({ at: Date.now(), ...entry });
	}

	/** The requests with this method and path, in order of arrival. */
	requestsTo(method: string, path: string): RequestEntry[] {
		return this.requests.filter((entry) => entry.method === method && entry.path === path);
	}

	snapshot(): JournalSnapshot {
		const { requests, charges, deliveries, maxConcurrent, connections } = this;
		return structuredClone({ requests, charges, deliveries, maxConcurrent, connections });
	}

	/** Forgets the past. Requests still in flight keep counting towards concurrency. */
	clear(): void {
		this.requests = [];
		this.charges = [];
		this.deliveries = [];
		this.maxConcurrent = this.inFlight;
		this.connections = 0;
		this.sockets = new WeakSet();
	}
}
