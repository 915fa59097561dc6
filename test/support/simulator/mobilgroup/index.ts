import type { Journal } from '../journal';
import type { JsonObject, Provider, ProviderAnswer, ProviderRequest } from '../types';
import { DEFAULT_OPTIONS, PRESET_MOBILGROUP, type MobilgroupOptions } from './options';
import { Refusal } from './refusal';
import { readBody, readKey, readOrder } from './request';
import { MobilgroupState, type MobilgroupRequest } from './state';

const BASE = '/api/voice-password';
const SEND = `${BASE}/send/`;

/** Everything about the provider that a test may want to look at. Safe to send as JSON. */
export interface MobilgroupSnapshot {
	apiKey: string;
	options: MobilgroupOptions;
	/** Rubles left. */
	balance: number;
	/** By id. */
	requests: Record<string, MobilgroupRequest>;
}

/** Mobilgroup: `POST /api/voice-password/send/` of one account. */
export class MobilgroupSimulator implements Provider {
	readonly name = 'mobilgroup';
	readonly apiKey = PRESET_MOBILGROUP;

	private readonly initial: MobilgroupOptions;
	private current: MobilgroupOptions;
	private state: MobilgroupState;

	constructor(
		private readonly journal: Journal,
		options: Partial<MobilgroupOptions> = {},
	) {
		this.initial = structuredClone({ ...DEFAULT_OPTIONS, ...options });
		this.current = structuredClone(this.initial);
		this.state = new MobilgroupState(journal, this.current.balance);
	}

	/** Whether a path belongs to this provider and not to another one on the same port. */
	static owns(path: string): boolean {
		return path === BASE || path.startsWith(`${BASE}/`);
	}

	get options(): Readonly<MobilgroupOptions> {
		return this.current;
	}

	handle(request: ProviderRequest): ProviderAnswer {
		const { method, path, query } = request;
		// The web server's own doing, before any program runs: a redirect that turns a POST into a GET.
		if (`${path}/` === SEND) {
			const search = query.length === 0 ? '' : `?${new URLSearchParams(query).toString()}`;
			return page(301, 'Moved Permanently', { location: SEND + search });
		}
		if (path !== SEND) return page(404, 'Not Found');
		if (method !== 'POST') return page(405, 'Method Not Allowed', { allow: 'POST' });
		try {
			return { status: 200, body: this.send(request) };
		} catch (error) {
			if (error instanceof Refusal) {
				return {
					status: this.current.refusalStatus,
					body: { result: 'error', error_code: error.errorCode },
				};
			}
			// A mistake in here: shown as what it looks like from outside, with its reason.
			return { status: 500, body: { message: `simulator: ${String(error)}` } };
		}
	}

	/** Changes behaviour; see MobilgroupOptions. */
	setOptions(patch: Partial<MobilgroupOptions>): void {
		this.current = structuredClone({ ...this.current, ...patch });
		if (patch.balance !== undefined) this.state.balance = patch.balance;
	}

	/** Back to an account without requests and the options the simulator was started with. */
	reset(): void {
		this.current = structuredClone(this.initial);
		this.state = new MobilgroupState(this.journal, this.current.balance);
	}

	snapshot(): MobilgroupSnapshot {
		return structuredClone({
			apiKey: this.apiKey,
			options: this.current,
			balance: this.state.balance,
			requests: Object.fromEntries(this.state.requests),
		});
	}

	/** The code of a request, of any mode. Throws when there is none. */
	codeOf(id: string): string {
		const request = this.state.requests.get(id);
		if (request === undefined) throw new Error(`there is no request ${id}`);
		return request.code;
	}

	/** The newest code of a number. Throws when there is none. */
	lastCode(number: string): string {
		const request = this.state.lastOf(number);
		if (request === undefined) throw new Error(`no code was made for the number ${number}`);
		return request.code;
	}

	/** `POST /api/voice-password/send/`. Who asks is settled before what is asked for. */
	private send(request: ProviderRequest): JsonObject {
		const body = readBody(request);
		// The key as it is: with a `Bearer ` in front it is another key.
		if (readKey(request.headers.authorization, body) !== this.apiKey) {
			throw new Refusal('authorisation_failed');
		}
		const { blocked, unknownErrorCode } = this.current;
		if (unknownErrorCode !== '') throw new Refusal(unknownErrorCode);
		if (blocked) throw new Refusal('user_disabled');
		const { id, number, price, code } = this.state.fulfil(readOrder(body), this.current);
		return { result: 'ok', id, number, price, code };
	}
}

function page(status: number, title: string, headers: Record<string, string> = {}): ProviderAnswer {
	const heading = `${status} ${title}`;
	const body = `<html>\n<head><title>${heading}</title></head>\n<body>\n<center><h1>${heading}</h1></center>\n</body>\n</html>\n`;
	return { status, headers, body };
}

export { PRESET_MOBILGROUP, type MobilgroupOptions } from './options';
export type { MobilgroupRequest } from './state';
