import type { Journal } from '../journal';
import type { MobilgroupOptions } from './options';
import { Refusal, unknownRequest } from './refusal';
import type { Order } from './request';

/** A call or a message that was paid for. */
export interface MobilgroupRequest {
	id: string;
	mode: Order['mode'];
	number: string;
	code: string;
	price: string;
	/** The number that called; not there for a message. */
	from?: string;
	/** voice: whether the code is spoken twice. */
	repeat?: boolean;
	/** sms: the request whose code it repeats. */
	of?: string;
}

/** The sample's `id`. */
const FIRST_ID = 1234;
/** Prices have up to four decimals; sums of whole units do not drift as floats would. */
const UNITS_PER_RUBLE = 10_000;
/** Kazakhstan shares the 7. Abroad only Armenia, Belarus, Tajikistan, Kyrgyzstan and Uzbekistan are reached. */
const ROUTABLE = /^(7[0-9]{10}|374[0-9]{8}|(375|992|996|998)[0-9]{9})$/;

/** The requests and the money of the one simulated account. */
export class MobilgroupState {
	readonly requests = new Map<string, MobilgroupRequest>();

	private units = 0;
	private callsMade = 0;

	constructor(
		private readonly journal: Journal,
		balance: number,
	) {
		this.balance = balance;
	}

	/** Rubles left. */
	get balance(): number {
		return this.units / UNITS_PER_RUBLE;
	}

	set balance(rubles: number) {
		this.units = Math.round(rubles * UNITS_PER_RUBLE);
	}

	/** Does what was ordered and takes the money for it, or throws why not. */
	fulfil(order: Order, options: Readonly<MobilgroupOptions>): MobilgroupRequest {
		if (order.mode === 'sms') return this.message(order.id, options);
		checkNumber(order.number, options);
		if (order.mode === 'voice' && order.ani !== undefined) {
			if (!options.ownNumbers.includes(order.ani)) throw new Refusal('ani_phone_not_valid');
		}
		return this.call(order, options);
	}

	/** The newest request of a number, messages included. */
	lastOf(number: string): MobilgroupRequest | undefined {
		return [...this.requests.values()].filter((request) => request.number === number).at(-1);
	}

	private call(
		order: Exclude<Order, { mode: 'sms' }>,
		{ price }: Readonly<MobilgroupOptions>,
	): MobilgroupRequest {
		const { mode, number } = order;
		this.pay(price);
		if (mode === 'flash-call') {
			const from = this.nextCaller();
			return this.keep({ mode, number, code: from.slice(-order.capacity), price, from });
		}
		const from = order.ani ?? this.nextCaller();
		const code = order.code ?? from.slice(-4);
		return this.keep({ mode, number, code, price, from, repeat: order.repeat });
	}

	private message(id: string, { price }: Readonly<MobilgroupOptions>): MobilgroupRequest {
		const first = this.requests.get(id);
		// The documents: the id "при первом запросе голосового кода", so another message's will not do.
		if (first === undefined || first.mode === 'sms') throw unknownRequest();
		this.pay(price);
		return this.keep({ mode: 'sms', number: first.number, code: first.code, price, of: id });
	}

	private pay(price: string): void {
		const cost = Math.round(Number(price) * UNITS_PER_RUBLE);
		if (this.units < cost) throw new Refusal('not_enough_money');
		this.units -= cost;
	}

	private keep(made: Omit<MobilgroupRequest, 'id'>): MobilgroupRequest {
		const request = { id: String(FIRST_ID + this.requests.size), ...made };
		const { id, mode, number, price } = request;
		this.requests.set(id, request);
		this.journal.charge({
			provider: 'mobilgroup',
			operation: `voice-password/${mode}`,
			phone: number,
			detail: { id, price },
		});
		return request;
	}

	/**
	 * A fixed sequence of Moscow numbers whose last four digits run through all 10,000 codes. The first
	 * ends in 0042 (000042 with a capacity of six), to catch codes kept as numbers.
	 */
	private nextCaller(): string {
		const subscriber = (1_000_042 + this.callsMade * 3_721_637) % 10_000_000;
		this.callsMade += 1;
		return `7495${String(subscriber).padStart(7, '0')}`;
	}
}

function checkNumber(number: string, options: Readonly<MobilgroupOptions>): void {
	if (!ROUTABLE.test(number) || options.unroutable.includes(number)) {
		throw new Refusal('number_not_valid');
	}
	if (options.barred.includes(number)) throw new Refusal('number_not_permitted');
	if (options.spam.includes(number)) throw new Refusal('number_in_spam_list');
}
