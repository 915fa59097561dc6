import { randomInt } from 'node:crypto';

import { endOfMonth, moscowTime, type Clock } from '../clock';
import type { Journal } from '../journal';
import type { JsonObject, JsonValue } from '../types';
import { PRESET_ACCESS, PRESET_ACCOUNT_ID } from './options';
import { DocumentedRefusal } from './refusal';

export interface Account {
	id: number;
	access_token: string;
	name: string;
}

export interface Settings {
	calls_per_user_hour: number;
	calls_per_user_day: number;
	token_lifetime_sec: number;
	pin_tries: number;
	calls_per_hour: number;
	calls_per_day: number;
	return_operator: boolean;
}

export type SettingsPatch = Partial<Settings> & { operators?: JsonValue[] };

/** A verification under way. `pin` is absent for call-to-auth, where the person's call is the proof. */
export interface KeyRecord {
	key: string;
	kind: 'send' | 'call-to-auth';
	phone: string;
	pin?: string;
	accountId: number;
	expiresAt: number;
	triesLeft: number;
	used: boolean;
	hookUrl?: string;
	/** call-to-auth: the number the person has to dial. */
	dialPhone?: string;
}

/** A packet on an account. */
interface Attachment {
	id: number;
	customer_id: number;
	account_id: number;
	proposal_id: string;
	calls_left: number;
	endsAt: number;
}

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const CUSTOMER_ID = 113751;
const KEY_LENGTH = 25;
const ACCESS_LENGTH = 32;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The sample of `GET flash-call/settings`. */
const SAMPLE_SETTINGS: Settings = {
	calls_per_user_hour: 7,
	calls_per_user_day: 15,
	token_lifetime_sec: 180,
	pin_tries: 3,
	calls_per_hour: 100,
	calls_per_day: 400,
	return_operator: true,
};

/** The sample of `GET flash-call/proposals`, and two more of the same make. */
const PROPOSALS: JsonObject[] = [
	{
		id: '100b3613-653a-c128-75a6-62c295fb6ab8',
		count_call: '5000.0000',
		amount: '1750.0000',
		amount_in_packet: '0.3500',
		amount_out_packet: '0.3800',
		name: 'пакет 5 000',
	},
	{
		id: '23001dac-42b1-8978-2275-62c28f55bda1',
		count_call: '100.0000',
		amount: '40.0000',
		amount_in_packet: '0.4000',
		amount_out_packet: '0.4200',
		name: 'пакет 100',
	},
	{
		id: '5f0c2c1e-9a57-e0d4-11b8-62c295fb6ab9',
		count_call: '20000.0000',
		amount: '6000.0000',
		amount_in_packet: '0.3000',
		amount_out_packet: '0.3300',
		name: 'пакет 20 000',
	},
];

/** The sample's number first. */
const DIAL_POOL = ['79993332211', '79993332212', '79993332213'];

const OPERATORS: Array<[prefix: RegExp, operator: string]> = [
	[/^7(91[0-9]|98[0-9]|999)/, 'mts'],
	[/^7(92[0-9]|93[0-9])/, 'megafon'],
	[/^7(90[0-24-8]|95[0-3]|977)/, 'tele2'],
];

/** Accounts, settings, packets and verifications of the one simulated customer. */
export class FlashCallState {
	readonly accounts = new Map<number, Account>();
	readonly keys = new Map<string, KeyRecord>();
	settings: Settings = { ...SAMPLE_SETTINGS };
	/** Stored as given and never enforced: the documents lost its format. */
	operators: JsonValue[] = [];

	private readonly attachments = new Map<number, Attachment>();
	/**
	 * The call limits that were set through the API. Only these are enforced: with the sample's 100 an
	 * hour no test could pass 1,000 items through.
	 */
	private readonly limits = new Set<keyof Settings>();
	private calls: Array<{ at: number; phone: string }> = [];
	private nextAccountId = PRESET_ACCOUNT_ID + 1;
	private nextAttachmentId = 9;
	private nextDial = 0;
	private pinsMade = 0;

	constructor(
		private readonly clock: Clock,
		private readonly journal: Journal,
	) {
		this.accounts.set(PRESET_ACCOUNT_ID, {
			id: PRESET_ACCOUNT_ID,
			access_token: PRESET_ACCESS,
			name: 'simulator',
		});
	}

	createAccount(name: string): Account {
		const account = { id: this.nextAccountId, access_token: randomText(ACCESS_LENGTH), name };
		this.nextAccountId += 1;
		this.accounts.set(account.id, account);
		return account;
	}

	/** The account of a path. `DELETE flash-call/{accountId}` documents the refusal. */
	accountAt(id: string | undefined): Account {
		const account =
			id !== undefined && /^[0-9]+$/.test(id) ? this.accounts.get(Number(id)) : undefined;
		if (account === undefined) {
			throw new DocumentedRefusal('The account id must belong to the customer');
		}
		return account;
	}

	accountOf(token: string): Account | undefined {
		return [...this.accounts.values()].find((account) => account.access_token === token);
	}

	deleteAccount(id: number): void {
		this.accounts.delete(id);
		this.attachments.delete(id);
		for (const record of this.keys.values()) {
			if (record.accountId === id) this.keys.delete(record.key);
		}
	}

	changeSettings({ operators, ...patch }: SettingsPatch): void {
		this.settings = { ...this.settings, ...patch };
		if (operators !== undefined) this.operators = operators;
		for (const name of ['calls_per_hour', 'calls_per_day'] as const) {
			if (patch[name] !== undefined) this.limits.add(name);
		}
		for (const name of ['calls_per_user_hour', 'calls_per_user_day'] as const) {
			if (patch[name] !== undefined) this.limits.add(name);
		}
	}

	proposals(): JsonObject[] {
		return structuredClone(PROPOSALS);
	}

	attach(accountId: number, proposalId: string): void {
		const proposal = PROPOSALS.find(({ id }) => id === proposalId);
		if (proposal === undefined) throw new DocumentedRefusal('The selected proposal id is invalid');
		this.attachments.set(accountId, {
			id: this.nextAttachmentId,
			customer_id: CUSTOMER_ID,
			account_id: accountId,
			proposal_id: proposalId,
			calls_left: Number(proposal.count_call),
			endsAt: endOfMonth(this.clock.now()),
		});
		this.nextAttachmentId += 1;
		this.journal.charge({
			provider: 'plusofon',
			operation: 'flash-call/proposals',
			detail: { accountId, proposalId, price: Number(proposal.amount) },
		});
	}

	/** The documents do not say what removing a packet that is not there answers: refused like a wrong id. */
	detach(accountId: number): void {
		if (!this.attachments.delete(accountId)) {
			throw new DocumentedRefusal('The account has no proposal');
		}
	}

	/** The packet of an account as `GET flash-call/proposals/{accountId}` shows it: a list of none or one. */
	attached(accountId: number): JsonObject[] {
		const attachment = this.attachments.get(accountId);
		if (attachment === undefined) return [];
		const { endsAt, ...shown } = attachment;
		const hours = Math.max(0, Math.floor((endsAt - this.clock.now()) / HOUR_MS));
		return [
			{
				...shown,
				end_packet_time: moscowTime(endsAt),
				time_left: `+${Math.floor(hours / 24)} дней ${hours % 24} часов`,
			},
		];
	}

	/** Rings a phone; the last four digits of the calling number are the PIN. */
	sendCall(account: Account, phone: string, pin: string | undefined): KeyRecord {
		const record = this.open(account, { kind: 'send', phone, pin: pin ?? this.makePin() });
		const attachment = this.attachments.get(account.id);
		if (attachment !== undefined && attachment.calls_left > 0) attachment.calls_left -= 1;
		this.journal.charge({
			provider: 'plusofon',
			operation: 'flash-call/send',
			phone,
			detail: { key: record.key, accountId: account.id },
		});
		return record;
	}

	/** Hands out a number to dial. */
	expectCall(account: Account, phone: string, hookUrl: string | undefined): KeyRecord {
		const free = DIAL_POOL.filter((number) => number !== phone);
		const dialPhone = free[this.nextDial % free.length] ?? DIAL_POOL[0];
		this.nextDial += 1;
		const record = this.open(account, {
			kind: 'call-to-auth',
			phone,
			dialPhone,
			...(hookUrl === undefined ? {} : { hookUrl }),
		});
		this.journal.charge({
			provider: 'plusofon',
			operation: 'flash-call/call-to-auth',
			phone,
			detail: { key: record.key, accountId: account.id },
		});
		return record;
	}

	/**
	 * Compares a PIN. A key is good once, for `token_lifetime_sec`, for `pin_tries` attempts and for the
	 * account that made it; after that it is as if it never was.
	 */
	checkPin(account: Account, key: string, pin: string): 'right' | 'wrong' | 'no key' {
		const record = this.keys.get(key);
		if (
			record === undefined ||
			record.kind !== 'send' ||
			record.accountId !== account.id ||
			record.used ||
			this.clock.now() >= record.expiresAt
		) {
			return 'no key';
		}
		if (record.pin === pin) {
			record.used = true;
			return 'right';
		}
		record.triesLeft -= 1;
		if (record.triesLeft <= 0) this.keys.delete(key);
		return 'wrong';
	}

	operatorOf(phone: string): string {
		return OPERATORS.find(([prefix]) => prefix.test(phone))?.[1] ?? 'beeline';
	}

	/** The newest verification of a phone that satisfies the condition. */
	lastOf(
		phone: string,
		accepts: (record: KeyRecord) => boolean = () => true,
	): KeyRecord | undefined {
		return [...this.keys.values()]
			.filter((record) => record.phone === phone && accepts(record))
			.at(-1);
	}

	private open(
		account: Account,
		what: Pick<KeyRecord, 'kind' | 'phone' | 'pin' | 'hookUrl' | 'dialPhone'>,
	): KeyRecord {
		const at = this.clock.now();
		this.enforceLimits(at, what.phone);
		const record: KeyRecord = {
			key: randomText(KEY_LENGTH),
			...what,
			accountId: account.id,
			expiresAt: at + this.settings.token_lifetime_sec * 1000,
			triesLeft: this.settings.pin_tries,
			used: false,
		};
		this.keys.set(record.key, record);
		return record;
	}

	/** "лимит запросов": both kinds of requests count. The answer is not in the documents. */
	private enforceLimits(at: number, phone: string): void {
		if (this.limits.size > 0) {
			this.calls = this.calls.filter((call) => call.at > at - DAY_MS);
			const hour = this.calls.filter((call) => call.at > at - HOUR_MS);
			const counts: Array<
				[
					name: 'calls_per_hour' | 'calls_per_day' | 'calls_per_user_hour' | 'calls_per_user_day',
					made: number,
				]
			> = [
				['calls_per_hour', hour.length],
				['calls_per_day', this.calls.length],
				['calls_per_user_hour', hour.filter((call) => call.phone === phone).length],
				['calls_per_user_day', this.calls.filter((call) => call.phone === phone).length],
			];
			for (const [name, made] of counts) {
				if (this.limits.has(name) && made >= this.settings[name]) {
					throw new DocumentedRefusal(`The limit ${name} is exceeded`);
				}
			}
		}
		this.calls.push({ at, phone });
	}

	/** A fixed sequence of all 10,000 PINs; the first starts with a zero, to catch PINs kept as numbers. */
	private makePin(): string {
		const pin = (427 + this.pinsMade * 1637) % 10_000;
		this.pinsMade += 1;
		return String(pin).padStart(4, '0');
	}
}

function randomText(length: number): string {
	return Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}
