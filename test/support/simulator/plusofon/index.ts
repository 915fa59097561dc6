import type { Clock } from '../clock';
import type { HookDelivery, Journal } from '../journal';
import type { Provider, ProviderAnswer, ProviderRequest } from '../types';
import { flashCallRoutes } from './flash-call';
import { FlashCallState, type Account, type KeyRecord, type Settings } from './flash-call-state';
import { ringHook, type UserCallOptions } from './hooks';
import { numberRoutes } from './numbers';
import { NumbersState, type OwnedNumber } from './numbers-state';
import { DEFAULT_OPTIONS, PRESET_ACCESS, PRESET_CABINET, type PlusofonOptions } from './options';
import { Router } from './router';

export type UserCallTarget = { key: string } | { phone: string };

/** Everything about the provider that a test may want to look at. Safe to send as JSON. */
export interface PlusofonSnapshot {
	cabinetToken: string;
	accessToken: string;
	options: PlusofonOptions;
	accounts: Account[];
	settings: Settings;
	keys: KeyRecord[];
	owned: OwnedNumber[];
	reserved: Array<{ id: number; number: string; until: number }>;
	/** How many numbers the shop still offers. */
	shop: number;
}

/** Plusofon: the Flash Call API and the numbers API of one customer. */
export class PlusofonSimulator implements Provider {
	readonly name = 'plusofon';
	readonly cabinetToken = PRESET_CABINET;
	readonly accessToken = PRESET_ACCESS;

	private current: PlusofonOptions;
	private flashCall: FlashCallState;
	private numbers: NumbersState;
	private readonly router: Router<Account>;
	private readonly initial: PlusofonOptions;

	constructor(
		private readonly clock: Clock,
		private readonly journal: Journal,
		options: Partial<PlusofonOptions> = {},
	) {
		this.initial = { ...DEFAULT_OPTIONS, ...options };
		this.current = { ...this.initial };
		this.flashCall = new FlashCallState(clock, journal);
		this.numbers = new NumbersState(clock, journal, this.current);
		this.router = new Router<Account>(
			[
				...flashCallRoutes(
					() => this.flashCall,
					() => this.current,
				),
				...numberRoutes<Account>(() => this.numbers),
			],
			{
				clientId: () => this.current.clientId,
				refusalStatus: () => this.current.refusalStatus,
				isCabinet: (token) => token === this.cabinetToken,
				accountOf: (token) => this.flashCall.accountOf(token),
			},
		);
	}

	get options(): Readonly<PlusofonOptions> {
		return this.current;
	}

	handle(request: ProviderRequest): ProviderAnswer {
		return this.router.dispatch(request);
	}

	/** Changes behaviour; see PlusofonOptions. */
	setOptions(patch: Partial<PlusofonOptions>): void {
		this.current = { ...this.current, ...patch };
		if (patch.shopSize !== undefined || patch.ownedCount !== undefined) {
			this.numbers = new NumbersState(this.clock, this.journal, this.current);
		}
	}

	/** Back to the preset state and the options the simulator was started with. */
	reset(): void {
		this.current = { ...this.initial };
		this.flashCall = new FlashCallState(this.clock, this.journal);
		this.numbers = new NumbersState(this.clock, this.journal, this.current);
	}

	snapshot(): PlusofonSnapshot {
		return structuredClone({
			cabinetToken: this.cabinetToken,
			accessToken: this.accessToken,
			options: this.current,
			accounts: [...this.flashCall.accounts.values()],
			settings: this.flashCall.settings,
			keys: [...this.flashCall.keys.values()],
			owned: this.numbers.owned,
			reserved: this.numbers
				.reserved()
				.map(({ id, item, until }) => ({ id, number: `7${item.number}`, until })),
			shop: this.numbers.search({}).length,
		});
	}

	/** The PIN of a key made by `POST flash-call/send`. Throws when there is none. */
	pinOf(key: string): string {
		const { pin } = this.keyRecord(key);
		if (pin === undefined) throw new Error(`the key ${key} has no PIN: it waits for a call`);
		return pin;
	}

	/** The newest key of a phone, of either kind. Throws when there is none. */
	lastKey(phone: string): string {
		const record = this.flashCall.lastOf(phone);
		if (record === undefined) throw new Error(`no key was made for the phone ${phone}`);
		return record.key;
	}

	/** The hook of a key made by `POST flash-call/call-to-auth`; undefined when it was made without one. */
	hookUrlOf(key: string): string | undefined {
		return this.keyRecord(key).hookUrl;
	}

	/**
	 * The person calls the number of a `POST flash-call/call-to-auth`, and the provider reports it to the
	 * hook. No deliveries when there is no hook. The lifetime does not matter: the documents call it the
	 * PIN's, and a late report is something a caller has to survive.
	 */
	async userCalls(target: UserCallTarget, how: UserCallOptions = {}): Promise<HookDelivery[]> {
		const record =
			'key' in target
				? this.keyRecord(target.key)
				: this.flashCall.lastOf(target.phone, ({ kind }) => kind === 'call-to-auth');
		if (record === undefined || record.kind !== 'call-to-auth') {
			throw new Error(`no call is expected for ${JSON.stringify(target)}`);
		}
		if (record.hookUrl === undefined) return [];
		return await ringHook(
			record.hookUrl,
			{ phone: record.phone, key: record.key },
			how,
			this.journal,
			this.current.hookTimeoutMs,
		);
	}

	private keyRecord(key: string): KeyRecord {
		const record = this.flashCall.keys.get(key);
		if (record === undefined) throw new Error(`there is no key ${key}`);
		return record;
	}
}

export type { Account, KeyRecord, Settings } from './flash-call-state';
export type { UserCallOptions } from './hooks';
export type { OwnedNumber } from './numbers-state';
export {
	PRESET_ACCESS,
	PRESET_ACCOUNT_ID,
	PRESET_CABINET,
	type PlusofonOptions,
	type WrongPinStyle,
} from './options';
