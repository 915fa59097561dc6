import type { Fault } from './faults';
import type { HookDelivery, JournalSnapshot } from './journal';
import type { MobilgroupOptions, MobilgroupSnapshot } from './mobilgroup';
import type {
	KeyRecord,
	PlusofonOptions,
	PlusofonSnapshot,
	UserCallOptions,
	UserCallTarget,
} from './plusofon';
import type {
	CallTarget,
	Notice,
	PlayRequest,
	WebhookDelivery,
	ZvonobotOptions,
	ZvonobotSnapshot,
} from './zvonobot';

/** Steers a simulator that runs in another process, through its `/_sim/` addresses. */
export class SimulatorClient {
	constructor(readonly url: string) {}

	async journal(): Promise<JournalSnapshot> {
		return await this.ask('GET', 'journal');
	}

	async clearJournal(): Promise<void> {
		await this.ask('DELETE', 'journal');
	}

	async faults(): Promise<Fault[]> {
		return await this.ask('GET', 'faults');
	}

	async addFaults(...faults: Fault[]): Promise<void> {
		await this.ask('POST', 'faults', faults);
	}

	async clearFaults(): Promise<void> {
		await this.ask('DELETE', 'faults');
	}

	async reset(): Promise<void> {
		await this.ask('POST', 'reset');
	}

	/** Moves the providers' clock forward. */
	async advance(ms: number): Promise<void> {
		await this.ask('POST', 'clock', { advanceMs: ms });
	}

	async plusofon(): Promise<PlusofonSnapshot> {
		return await this.ask('GET', 'plusofon');
	}

	async setPlusofon(options: Partial<PlusofonOptions>): Promise<PlusofonOptions> {
		return await this.ask('PATCH', 'plusofon', options);
	}

	/** See PlusofonSimulator.userCalls. */
	async userCalls(target: UserCallTarget, how: UserCallOptions = {}): Promise<HookDelivery[]> {
		return await this.ask('POST', 'plusofon/user-calls', { ...target, how });
	}

	/** Throws when the key is unknown or has no PIN. */
	async pinOf(key: string): Promise<string> {
		const { pin } = await this.keyRecord(key);
		if (pin === undefined) throw new Error(`the key ${key} has no PIN: it waits for a call`);
		return pin;
	}

	/** Throws when no key was made for the phone. */
	async lastKey(phone: string): Promise<string> {
		const { keys } = await this.plusofon();
		const record = keys.filter((candidate) => candidate.phone === phone).at(-1);
		if (record === undefined) throw new Error(`no key was made for the phone ${phone}`);
		return record.key;
	}

	async hookUrlOf(key: string): Promise<string | undefined> {
		return (await this.keyRecord(key)).hookUrl;
	}

	async mobilgroup(): Promise<MobilgroupSnapshot> {
		return await this.ask('GET', 'mobilgroup');
	}

	async setMobilgroup(options: Partial<MobilgroupOptions>): Promise<MobilgroupOptions> {
		return await this.ask('PATCH', 'mobilgroup', options);
	}

	/** The code of a Mobilgroup request. Throws when the id is unknown. */
	async codeOf(id: string): Promise<string> {
		const request = (await this.mobilgroup()).requests[id];
		if (request === undefined) throw new Error(`there is no request ${id}`);
		return request.code;
	}

	/** The newest code Mobilgroup made for the number. Throws when there is none. */
	async lastCode(number: string): Promise<string> {
		const requests = Object.values((await this.mobilgroup()).requests);
		const request = requests.filter((candidate) => candidate.number === number).at(-1);
		if (request === undefined) throw new Error(`no code was made for the number ${number}`);
		return request.code;
	}

	async zvonobot(): Promise<ZvonobotSnapshot> {
		return await this.ask('GET', 'zvonobot');
	}

	async setZvonobot(options: Partial<ZvonobotOptions>): Promise<ZvonobotOptions> {
		return await this.ask('PATCH', 'zvonobot', options);
	}

	/** See ZvonobotSimulator.play. */
	async playCall(target: CallTarget, play: PlayRequest): Promise<WebhookDelivery[]> {
		const call = 'id' in target ? target.id : target.phone;
		return await this.ask('POST', `zvonobot/calls/${call}/play`, play);
	}

	/** POSTs any webhook whatever, true or forged. */
	async deliver(notice: Notice): Promise<WebhookDelivery> {
		return await this.ask('POST', 'zvonobot/deliveries', notice);
	}

	private async keyRecord(key: string): Promise<KeyRecord> {
		const { keys } = await this.plusofon();
		const record = keys.find((candidate) => candidate.key === key);
		if (record === undefined) throw new Error(`there is no key ${key}`);
		return record;
	}

	/** The answers are trusted: both sides of this connection share their types. */
	private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await fetch(`${this.url}/_sim/${path}`, {
			method,
			...(body === undefined
				? {}
				: { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} /_sim/${path}: ${response.status} ${text}`);
		return JSON.parse(text) as T;
	}
}
