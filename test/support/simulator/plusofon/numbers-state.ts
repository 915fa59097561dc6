import { moscowTime, type Clock } from '../clock';
import type { Journal } from '../journal';
import type { JsonObject } from '../types';
import { DocumentedRefusal } from './refusal';

export const OWNER_TYPES = ['business', 'personal'] as const;
export const PHONE_TYPES = ['abc', 'def', '800'] as const;
export const NUMBER_TYPES = ['0', '1', '2', '3', '4', '5'] as const;

export type OwnerType = (typeof OWNER_TYPES)[number];
export type PhoneType = (typeof PHONE_TYPES)[number];

interface Region {
	id: number;
	title: string;
	code: string[];
}

/** A number in the shop window: 10 digits, prices in whole roubles. */
export interface ShopNumber {
	number: string;
	number_type: number;
	owner_type: OwnerType;
	phone_type: PhoneType;
	buy_price: number;
	period_price: number;
}

export interface ReservedNumber {
	id: number;
	item: ShopNumber;
	owner_type: OwnerType;
	until: number;
}

/** A connected number: 11 digits. */
export interface OwnedNumber {
	id: number;
	number: string;
	phone_type: PhoneType;
	owner_type: OwnerType;
	period_price: number;
	buy_price: number;
	black_list: number | null;
	aon_for_sips: Array<{ id: number; name: string }>;
	following: { name: string; cli_type: string } | null;
	integration_following: { host: string; type: string; cli_type: string } | null;
	sms: boolean;
}

export interface SearchFilter {
	owner_type?: OwnerType;
	region?: number;
	city_code?: number;
	phone_number?: string;
	number_type?: string;
	phone_type?: PhoneType;
}

/** What `number/follow` does once its fields were read. Null detaches. */
export interface FollowPlan {
	type: string;
	following: OwnedNumber['following'];
	integration_following: OwnedNumber['integration_following'];
}

/** 65 and 23 are the sample's. */
export const REGIONS: readonly Region[] = [
	{ id: 1, title: 'Москва (495, 499)', code: ['495', '499'] },
	{ id: 2, title: 'Санкт-Петербург (812)', code: ['812'] },
	{ id: 65, title: 'Улан-Удэ (301)', code: ['301'] },
	{ id: 23, title: 'Ижевск(341)', code: ['341'] },
];

/** The sample's four; the other types of the request table are known by their fields only. */
export const FOLLOW_TYPES: ReadonlyArray<{
	type: string;
	title: string;
	owner_types: OwnerType[];
}> = [
	{ type: 'sip', title: 'Sip аккаунт', owner_types: ['personal', 'business'] },
	{ type: 'number', title: 'Номер', owner_types: ['personal', 'business'] },
	{ type: 'group', title: 'Группа', owner_types: ['business'] },
	{ type: 'scenario', title: 'Сценарий', owner_types: ['business'] },
];

export const CLI_TYPES: ReadonlyArray<{ type: string; title: string }> = [
	{ type: 'Y', title: 'Номер и имя звонящего' },
	{ type: 'N', title: 'Переадресующий номер' },
];

const HOUR_MS = 60 * 60 * 1000;
/** How long a reservation lasts without `short`; the documents only say what `short` means. */
const LONG_RESERVE_MS = 24 * HOUR_MS;
const CODE_LENGTH = 3;
const CITY_CODES = REGIONS.flatMap(({ code }) => code);

/** The shop, the reservations and the connected numbers of the one simulated customer. */
export class NumbersState {
	readonly owned: OwnedNumber[];
	private readonly shopWindow: ShopNumber[];
	private reservations: ReservedNumber[] = [];
	private nextReserveId = 5;
	private nextOwnedId: number;

	constructor(
		private readonly clock: Clock,
		private readonly journal: Journal,
		sizes: { shopSize: number; ownedCount: number },
	) {
		this.shopWindow = Array.from({ length: sizes.shopSize }, (_, index) => makeShopNumber(index));
		this.owned = Array.from({ length: sizes.ownedCount }, (_, index) => makeOwnedNumber(index));
		this.nextOwnedId = 1000;
	}

	/** Reservations that have not run out. */
	reserved(): ReservedNumber[] {
		this.reservations = this.reservations.filter(({ until }) => until > this.clock.now());
		return this.reservations;
	}

	search(filter: SearchFilter): ShopNumber[] {
		const codes = filter.region === undefined ? undefined : regionCodes(filter.region);
		const mask = filter.phone_number === undefined ? undefined : maskOf(filter.phone_number);
		return this.available().filter(
			(item) =>
				(filter.owner_type === undefined || item.owner_type === filter.owner_type) &&
				(filter.phone_type === undefined || item.phone_type === filter.phone_type) &&
				(filter.number_type === undefined || String(item.number_type) === filter.number_type) &&
				(codes === undefined || codes.includes(item.number.slice(0, CODE_LENGTH))) &&
				(filter.city_code === undefined || item.number.startsWith(String(filter.city_code))) &&
				(mask === undefined || mask.test(item.number.slice(CODE_LENGTH))),
		);
	}

	reserve(number: string, ownerType: OwnerType, short: boolean): void {
		const item = this.available().find((candidate) => candidate.number === number);
		if (item === undefined) throw new DocumentedRefusal('The number is not available');
		this.reservations.push({
			id: this.nextReserveId,
			item,
			owner_type: ownerType,
			until: this.clock.now() + (short ? HOUR_MS : LONG_RESERVE_MS),
		});
		this.nextReserveId += 1;
	}

	cancelReserve(id: string | undefined): void {
		const found = this.reserved().find((reservation) => String(reservation.id) === id);
		if (found === undefined) {
			throw new DocumentedRefusal('The reserve number id must belong to the customer');
		}
		this.reservations = this.reservations.filter((reservation) => reservation !== found);
	}

	/** All or nothing: one number that is not reserved stops the whole purchase. */
	buy(numbers: string[], ownerType: OwnerType): void {
		const wanted = [...new Set(numbers)].map((number) => {
			const found = this.reserved().find(({ item }) => item.number === number);
			if (found === undefined) throw new DocumentedRefusal(`The number ${number} is not reserved`);
			return found;
		});
		for (const reservation of wanted) {
			const { item } = reservation;
			this.reservations = this.reservations.filter((other) => other !== reservation);
			this.shopWindow.splice(this.shopWindow.indexOf(item), 1);
			this.owned.push({
				...makeOwned(this.nextOwnedId, item.number, item.phone_type, ownerType),
				buy_price: item.buy_price,
				period_price: item.period_price,
			});
			this.journal.charge({
				provider: 'plusofon',
				operation: 'number/buy',
				phone: `7${item.number}`,
				detail: { id: this.nextOwnedId, owner_type: ownerType, price: item.buy_price },
			});
			this.nextOwnedId += 1;
		}
	}

	remove(id: string | undefined): void {
		const index = this.owned.findIndex((number) => String(number.id) === id);
		if (index < 0) throw new DocumentedRefusal('The number id must belong to the customer');
		this.owned.splice(index, 1);
	}

	follow(ids: number[], plan: FollowPlan): void {
		const numbers = this.ownedByIds(ids);
		const owners = FOLLOW_TYPES.find(({ type }) => type === plan.type)?.owner_types;
		for (const { owner_type } of numbers) {
			if (owners !== undefined && !owners.includes(owner_type)) {
				throw new DocumentedRefusal(
					`The type ${plan.type} is not available for ${owner_type} numbers`,
				);
			}
		}
		for (const number of numbers) {
			number.following = plan.following;
			number.integration_following = plan.integration_following;
		}
	}

	setBlackList(ids: number[], list: number | null): void {
		for (const number of this.ownedByIds(ids)) number.black_list = list;
	}

	private available(): ShopNumber[] {
		const taken = new Set(this.reserved().map(({ item }) => item));
		return this.shopWindow.filter((item) => !taken.has(item));
	}

	private ownedByIds(ids: number[]): OwnedNumber[] {
		return ids.map((id) => {
			const found = this.owned.find((number) => number.id === id);
			if (found === undefined)
				throw new DocumentedRefusal('The numbers must belong to the customer');
			return found;
		});
	}
}

/** `GET number`: forwarding is shown as titles, never as the codes that requests want. */
export function showOwned(number: OwnedNumber): JsonObject {
	return {
		id: number.id,
		number: number.number,
		phone_type: number.phone_type,
		owner_type: number.owner_type,
		period_price: number.period_price,
		buy_price: number.buy_price,
		black_list: number.black_list,
		aon_for_sips: number.aon_for_sips.map((sip) => ({ ...sip })),
		following: number.following,
		integration_following: number.integration_following,
	};
}

/** `GET number/sms`. */
export function showSms({ id, number, phone_type, owner_type }: OwnedNumber): JsonObject {
	return {
		id,
		number,
		phone_type,
		owner_type,
		sms_packet: {
			packet: '8460040d-374c-a7d8-abbe-6241614add81',
			packet_name: 'Пакет СМС 500',
			sms_amount: 500,
			price: '300.00',
			sms_remaining: 500,
		},
	};
}

/** `GET number/search`: 10 digits, and prices as strings. */
export function showShop({ buy_price, period_price, ...item }: ShopNumber): JsonObject {
	return {
		number_type: item.number_type,
		number: item.number,
		buy_price: buy_price.toFixed(2),
		period_price: period_price.toFixed(2),
		owner_type: item.owner_type,
		phone_type: item.phone_type,
	};
}

/** `GET number/reserve`: 11 digits, prices as numbers, and `reserved_untill` spelled so. */
export function showReserved({ id, item, owner_type, until }: ReservedNumber): JsonObject {
	return {
		id,
		number: `7${item.number}`,
		reserved_untill: moscowTime(until),
		phone_type: item.phone_type,
		owner_type,
		buy_price: item.buy_price,
		period_price: item.period_price,
	};
}

function regionCodes(id: number): readonly string[] {
	return REGIONS.find((region) => region.id === id)?.code ?? [];
}

/** `?` is one character, `*` any number of them; the mask covers the whole number after the code. */
function maskOf(mask: string): RegExp {
	return new RegExp(`^${mask.replaceAll('?', '.').replaceAll('*', '.*')}$`);
}

function makeShopNumber(index: number): ShopNumber {
	const phone_type: PhoneType = index % 10 === 9 ? '800' : index % 5 === 4 ? 'def' : 'abc';
	const city = CITY_CODES[index % CITY_CODES.length] ?? '495';
	const code = phone_type === 'abc' ? city : phone_type === 'def' ? '930' : '800';
	const number_type = index % 7 === 6 ? 1 + (Math.floor(index / 7) % 5) : 0;
	return {
		number: `${code}${1_332_210 + index}`,
		number_type,
		owner_type: index % 2 === 0 ? 'personal' : 'business',
		phone_type,
		buy_price: number_type === 0 ? 99 : 790,
		period_price: number_type === 0 ? 99 : 150,
	};
}

/** The first two are the sample's, forwarding and all; the rest only fill pages. */
function makeOwnedNumber(index: number): OwnedNumber {
	if (index === 0) {
		return {
			...makeOwned(15, '9309993750', 'def', 'business'),
			following: { name: 'Sip аккаунт test@plusofontest.ru', cli_type: 'Номер и имя звонящего' },
			integration_following: {
				host: 'test.amocrm.ru',
				type: 'amo',
				cli_type: 'Переадресующий номер',
			},
		};
	}
	if (index === 1) {
		return {
			...makeOwned(17, '4951334527', 'abc', 'personal'),
			period_price: 150,
			buy_price: 1,
			aon_for_sips: [{ id: 73, name: 'test@plusofontest.ru' }],
		};
	}
	const phoneType = index % 3 === 2 ? 'def' : 'abc';
	const number = `${phoneType === 'def' ? '930' : '495'}${9_992_500 + index}`;
	return makeOwned(20 + index, number, phoneType, index % 2 === 0 ? 'personal' : 'business');
}

function makeOwned(
	id: number,
	number: string,
	phone_type: PhoneType,
	owner_type: OwnerType,
): OwnedNumber {
	return {
		id,
		number: `7${number}`,
		phone_type,
		owner_type,
		period_price: 99,
		buy_price: 99,
		black_list: null,
		aon_for_sips: [],
		following: null,
		integration_following: null,
		sms: phone_type === 'def',
	};
}
