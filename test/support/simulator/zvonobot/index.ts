import type { Clock } from '../clock';
import type { Journal } from '../journal';
import type { Provider, ProviderAnswer, ProviderRequest } from '../types';
import type { ZvonobotCall } from './call';
import { ENDPOINTS, type Scene } from './endpoints';
import { answer, enter, OUTCOMES, type Outcome, type PlayStep } from './life';
import { DEFAULT_OPTIONS, PRESET_ZVONOBOT, type ZvonobotOptions } from './options';
import type { CallTarget, PlayOptions } from './play';
import { MESSAGES, Refusal } from './refusal';
import { readBody } from './request';
import { ZvonobotState, type ZvonobotRecord } from './state';
import {
	ivrNotice,
	MOST_TRIES,
	send,
	statusNotice,
	wasTaken,
	type Notice,
	type Sending,
	type WebhookDelivery,
} from './webhooks';

const RECORDINGS = '/recordings/';
const PREFIXES = ['/apiCalls/', '/apiVerificationPhones/', RECORDINGS];

/** Everything about the provider that a test may want to look at. Safe to send as JSON. */
export interface ZvonobotSnapshot {
	apiKey: string;
	options: ZvonobotOptions;
	/** Rubles left, without what is set aside for calls. */
	balance: number;
	/** In the order of their creation, removed ones included. */
	calls: ZvonobotCall[];
	records: ZvonobotRecord[];
	/** The newest pin of confirmPhone, by phone. */
	pins: Record<string, string>;
	/** Phones whose owners asked not to be called. */
	blocked: string[];
}

/** Zvonobot: the robocalls of one account, `/apiCalls/` and `/apiVerificationPhones/`. */
export class ZvonobotSimulator implements Provider {
	readonly name = 'zvonobot';
	readonly apiKey = PRESET_ZVONOBOT;
	/** Where the recordings are fetched from; known once the server listens. */
	origin = '';

	private readonly initial: ZvonobotOptions;
	private current: ZvonobotOptions;
	private state: ZvonobotState;

	constructor(
		private readonly clock: Clock,
		private readonly journal: Journal,
		private readonly closing: AbortSignal,
		options: Partial<ZvonobotOptions> = {},
	) {
		this.initial = structuredClone({ ...DEFAULT_OPTIONS, ...options });
		this.current = structuredClone(this.initial);
		this.state = new ZvonobotState(clock, journal, this.current.balance);
	}

	/** Whether a path belongs to this provider and not to another one on the same port. */
	static owns(path: string): boolean {
		return PREFIXES.some((prefix) => path.startsWith(prefix));
	}

	get options(): Readonly<ZvonobotOptions> {
		return this.current;
	}

	handle(request: ProviderRequest): ProviderAnswer {
		try {
			if (request.path.startsWith(RECORDINGS)) return this.recording(request);
			const endpoint = ENDPOINTS[request.path];
			if (endpoint === undefined) return failure(404, 'Not found');
			const method = this.current.languagesByPost ? 'POST' : (endpoint.method ?? 'POST');
			if (request.method !== method) {
				return { ...failure(405, 'Method not allowed'), headers: { allow: method } };
			}
			const { apiKey, ...body } = readBody(request, method, endpoint.form === true);
			// Who asks is settled before what is asked for.
			if (apiKey !== this.apiKey) throw new Refusal(MESSAGES.wrongKey);
			const data = endpoint.handle(body, this.scene(), request.form ?? []);
			const isBare = this.current.wrapping === 'bare' && endpoint.bare === true;
			return { status: 200, body: isBare ? data : { status: 'success', data } };
		} catch (error) {
			if (error instanceof Refusal) return failure(this.current.refusalStatus, error.message);
			// A mistake in here: shown as what it looks like from outside, with its reason.
			return { status: 500, body: { message: `simulator: ${String(error)}` } };
		}
	}

	/** Changes behaviour; see ZvonobotOptions. */
	setOptions(patch: Partial<ZvonobotOptions>): void {
		this.current = structuredClone({ ...this.current, ...patch });
		if (patch.balance !== undefined) this.state.balance = patch.balance;
	}

	/** Back to an account without calls and the options the simulator was started with. */
	reset(): void {
		this.current = structuredClone(this.initial);
		this.state = new ZvonobotState(this.clock, this.journal, this.current.balance);
	}

	snapshot(): ZvonobotSnapshot {
		const { balance, calls, records, pins, blocked } = this.state;
		return structuredClone({
			apiKey: this.apiKey,
			options: this.current,
			balance,
			calls: [...calls.values()],
			records: [...records.values()],
			pins: Object.fromEntries(pins),
			blocked: [...blocked],
		});
	}

	/** A call as it is now. Throws when there is none. */
	call(target: CallTarget): ZvonobotCall {
		return structuredClone(this.find(target));
	}

	/**
	 * Lets a call live through the steps, and reports each to the webhooks as the provider would: with up
	 * to three tries, which the next step waits for. A call that was not moderated stays as it is.
	 */
	async play(
		target: CallTarget,
		steps: Outcome | readonly PlayStep[],
		how: PlayOptions = {},
	): Promise<WebhookDelivery[]> {
		const call = this.find(target);
		if (!this.current.moderated) return [];
		const deliver = async (notice: CallNotice) => await this.report(call, notice, how);
		const atTheEnd: CallNotice[] = [];
		const deliveries: WebhookDelivery[] = [];
		for (const step of typeof steps === 'string' ? OUTCOMES[steps] : steps) {
			const notice = this.take(call, step);
			if (notice === undefined || how.silent === true) continue;
			if (how.outOfOrder === true || how.parallel === true) atTheEnd.push(notice);
			else deliveries.push(await deliver(notice));
		}
		if (how.outOfOrder === true) atTheEnd.reverse();
		if (how.parallel === true) return await Promise.all(atTheEnd.map(deliver));
		for (const notice of atTheEnd) deliveries.push(await deliver(notice));
		return deliveries;
	}

	/** POSTs anything to anywhere, once: for webhooks that no call of this account stands behind. */
	async deliver(notice: Notice): Promise<WebhookDelivery> {
		return await send(notice, this.sending({ mostTries: 1, repeat: 0 }));
	}

	/** One step of a life, and the webhook that is due for it. */
	private take(call: ZvonobotCall, step: PlayStep): CallNotice | undefined {
		const { state, current } = this;
		if (typeof step === 'object') {
			const given = 'digit' in step ? step.digit : step.word;
			const action = answer(call, given, state.now);
			if (action?.needBlock === true) state.blocked.add(call.phone);
			if (action?.webhook === undefined) return undefined;
			return { isFinal: false, ...ivrNotice(call.phone, given, action.webhook) };
		}

		enter(call, step, state.now);
		const isFinal = step === 'finished' || step === 'canceled';
		if (isFinal) state.settle(call, step === 'finished');
		if (step === 'finished' && call.needRecording) {
			call.recordFilePath = this.link(`call-${call.id}`);
		}
		if (step === 'canceled') state.repeat(call, current);
		if (call.webhook === null) return undefined;
		return { isFinal, ...statusNotice(call, call.webhook, current.webhookShape) };
	}

	private async report(
		call: ZvonobotCall,
		{ isFinal, ...notice }: CallNotice,
		{ headers, repeat = 0 }: PlayOptions,
	): Promise<WebhookDelivery> {
		const delivery = await send(
			{ ...notice, headers: changed(notice.headers, headers ?? {}) },
			this.sending({ mostTries: MOST_TRIES, repeat }),
		);
		if (isFinal) {
			call.webhookSent = wasTaken(delivery);
			call.webhookTry = delivery.tries.length;
		}
		return delivery;
	}

	private sending(how: Pick<Sending, 'mostTries' | 'repeat'>): Sending {
		const { hookTimeoutMs, retryDelayMs } = this.current;
		return {
			...how,
			journal: this.journal,
			timeoutMs: hookTimeoutMs,
			delayMs: retryDelayMs,
			signal: this.closing,
		};
	}

	/** The audio behind a link: what was uploaded, or as many bytes as the option wants. */
	private recording({ method, path }: ProviderRequest): ProviderAnswer {
		if (method !== 'GET') {
			return { ...failure(405, 'Method not allowed'), headers: { allow: 'GET' } };
		}
		const [, prefix, number] = /^\/recordings\/(call-)?([0-9]{1,10})\.mp3$/.exec(path) ?? [];
		const id = Number(number);
		const { calls, records, uploads } = this.state;
		const isThere =
			prefix === undefined
				? records.get(id)?.deletedAt === null
				: typeof calls.get(id)?.recordFilePath === 'string';
		if (!isThere) return failure(404, 'Not found');
		const upload = prefix === undefined ? uploads.get(id) : undefined;
		return {
			status: 200,
			headers: { 'content-type': upload?.mime ?? 'audio/mpeg' },
			body: upload?.bytes ?? sound(this.current.recordingBytes),
		};
	}

	private find(target: CallTarget): ZvonobotCall {
		const call = 'id' in target ? this.state.calls.get(target.id) : this.state.lastOf(target.phone);
		if (call === undefined || call.removed) {
			throw new Error(`there is no call ${JSON.stringify(target)}`);
		}
		return call;
	}

	private scene(): Scene {
		return { state: this.state, options: this.current, link: (name) => this.link(name) };
	}

	private link(name: string): string {
		return `${this.origin}${RECORDINGS}${name}.mp3`;
	}
}

/** `isFinal`: the call is over, and `webhookSent` tells about this one. */
type CallNotice = Notice & { isFinal: boolean };

function failure(status: number, message: string): ProviderAnswer {
	return { status, body: { status: 'error', message } };
}

/** Headers with some replaced or taken away, however these are spelled. */
function changed(
	headers: Record<string, string>,
	changes: Record<string, string | null>,
): Record<string, string> {
	const names = Object.keys(changes).map((name) => name.toLowerCase());
	const kept = Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase()));
	const added = Object.entries(changes).filter(
		(pair): pair is [string, string] => pair[1] !== null,
	);
	return Object.fromEntries([...kept, ...added]);
}

/** Not a sound that can be heard, but one that starts as an MP3 file does and is not all zeros. */
function sound(size: number): Buffer {
	const bytes = Buffer.from(Array.from({ length: size }, (_, index) => index % 251));
	bytes.write('ID3', 'latin1');
	return bytes;
}

export type { CallStatus, ZvonobotCall } from './call';
export type { Outcome, PlayStep } from './life';
export { PRESET_ZVONOBOT, type WebhookShape, type ZvonobotOptions } from './options';
export type { CallTarget, PlayOptions, PlayRequest } from './play';
export { MESSAGES } from './refusal';
export { CALLER_IDS, LANGUAGES, TEMPLATES, type ZvonobotRecord } from './state';
export type { Notice, WebhookDelivery, WebhookTry } from './webhooks';
