import type { JsonObject, JsonValue } from '../types';
import {
	CLI_TYPES,
	FOLLOW_TYPES,
	NUMBER_TYPES,
	OWNER_TYPES,
	PHONE_TYPES,
	REGIONS,
	showOwned,
	showReserved,
	showShop,
	showSms,
	type FollowPlan,
	type NumbersState,
	type SearchFilter,
} from './numbers-state';
import { fullPage, simplePage } from './paging';
import { refuse } from './refusal';
import type { Route } from './router';
import {
	array,
	integer,
	integers,
	oneOf,
	optional,
	phone,
	queryInteger,
	required,
	text,
	type Reader,
} from './validate';

const BASE = '/api/v1/number';
const LIST_PAGE = 15;
const SEARCH_PAGE = 20;

/** The field each simple forwarding type takes, and how it is read. */
const TARGETS: Record<string, { field: string; read: Reader<number> | Reader<string> }> = {
	sip: { field: 'sip_id', read: integer(1) },
	number: { field: 'destination_number', read: phone },
	group: { field: 'group_id', read: integer(1) },
	scenario: { field: 'scenario_id', read: integer(1) },
	call_queue: { field: 'call_queue_id', read: integer(1) },
	sip_uri: { field: 'destination_uri', read: text },
};
const TARGET_FIELDS = Object.values(TARGETS).map(({ field }) => field);
const INTEGRATION_FIELDS = ['host', 'type_default', 'cli_type_default'];
const INTEGRATIONS = ['bitrix', 'amo'];
const TYPES = [...Object.keys(TARGETS), ...INTEGRATIONS, 'empty'];

const ownerType = oneOf(OWNER_TYPES);
const phoneType = oneOf(PHONE_TYPES);
const cliType = oneOf(CLI_TYPES.map(({ type }) => type));

/** The thirteen endpoints of the numbers API. The state is asked for anew each time: a reset replaces it. */
export function numberRoutes<Account>(state: () => NumbersState): Array<Route<Account>> {
	return [
		{
			method: 'GET',
			path: BASE,
			token: 'cabinet',
			query: ['phone_type', 'page'],
			handle: ({ query }) => {
				const type = optional(query, 'phone_type', phoneType);
				const numbers = state().owned.filter((of) => type === undefined || of.phone_type === type);
				return fullPage(BASE, numbers.map(showOwned), pageOf(query), LIST_PAGE);
			},
		},
		{
			method: 'GET',
			path: `${BASE}/sms`,
			token: 'cabinet',
			query: ['page'],
			handle: ({ query }) => {
				const numbers = state().owned.filter(({ sms }) => sms);
				return fullPage(`${BASE}/sms`, numbers.map(showSms), pageOf(query), LIST_PAGE);
			},
		},
		{
			method: 'DELETE',
			path: `${BASE}/{number_id}`,
			token: 'cabinet',
			// The sample sends `pin` in the body of a DELETE and the text does not mention it: the one
			// bodiless method where a body is accepted. Laravel reads both places.
			query: ['pin'],
			body: ['pin'],
			handle: ({ params, query, body }) => {
				optional(query, 'pin', text);
				optional(body, 'pin', text);
				state().remove(params.number_id);
				return { success: true };
			},
		},
		{
			method: 'POST',
			path: `${BASE}/follow`,
			token: 'cabinet',
			body: ['type', 'numbers', 'cli_type', ...TARGET_FIELDS, ...INTEGRATION_FIELDS],
			handle: ({ body }) => {
				const plan = readFollow(body);
				state().follow(required(body, 'numbers', integers), plan);
				return { success: true };
			},
		},
		{
			method: 'PATCH',
			path: `${BASE}/contact-list`,
			token: 'cabinet',
			body: ['contact_list_id', 'numbers'],
			handle: ({ body }) => {
				const list = optional(body, 'contact_list_id', integer(1));
				state().setBlackList(required(body, 'numbers', integers), list ?? null);
				return { success: true };
			},
		},
		{
			method: 'GET',
			path: `${BASE}/follow-types`,
			token: 'cabinet',
			handle: () => ({
				follow_types: FOLLOW_TYPES.map((type) => ({ ...type, owner_types: [...type.owner_types] })),
			}),
		},
		{
			method: 'GET',
			path: `${BASE}/cli-types`,
			token: 'cabinet',
			handle: () => ({ cli_types: CLI_TYPES.map((type) => ({ ...type })) }),
		},
		{
			method: 'GET',
			path: `${BASE}/search`,
			token: 'cabinet',
			query: [
				'owner_type',
				'region',
				'city_code',
				'phone_number',
				'number_type',
				'phone_type',
				'page',
			],
			handle: ({ query }) => {
				const found = state().search(readSearch(query)).map(showShop);
				return simplePage(`${BASE}/search`, found, pageOf(query), SEARCH_PAGE);
			},
		},
		{
			method: 'GET',
			path: `${BASE}/code-regions`,
			token: 'cabinet',
			// "Не имеет параметров", and yet the sample carries `type`: taken and ignored.
			query: ['type'],
			handle: () => ({
				code_regions: REGIONS.map((region) => ({ ...region, code: [...region.code] })),
				success: true,
			}),
		},
		{
			method: 'POST',
			path: `${BASE}/reserve`,
			token: 'cabinet',
			body: ['number', 'owner_type', 'short'],
			handle: ({ body }) => {
				const number = required(body, 'number', tenDigits);
				const owner = required(body, 'owner_type', ownerType);
				state().reserve(number, owner, optional(body, 'short', one) ?? false);
				return { success: true };
			},
		},
		{
			method: 'DELETE',
			path: `${BASE}/reserve/{reserve_number_id}`,
			token: 'cabinet',
			handle: ({ params }) => {
				state().cancelReserve(params.reserve_number_id);
				return { success: true };
			},
		},
		{
			method: 'GET',
			path: `${BASE}/reserve`,
			token: 'cabinet',
			query: ['phone_type', 'page'],
			handle: ({ query }) => {
				const type = optional(query, 'phone_type', phoneType);
				const items = state()
					.reserved()
					.filter(({ item }) => type === undefined || item.phone_type === type);
				return fullPage(`${BASE}/reserve`, items.map(showReserved), pageOf(query), LIST_PAGE);
			},
		},
		{
			method: 'POST',
			path: `${BASE}/buy`,
			token: 'cabinet',
			body: ['numbers', 'owner_type'],
			handle: ({ body }) => {
				const numbers = required(body, 'numbers', phonesToBuy);
				state().buy(numbers, required(body, 'owner_type', ownerType));
				return { success: true };
			},
		},
	];
}

function pageOf(query: JsonObject): number {
	return optional(query, 'page', queryInteger) ?? 1;
}

function readSearch(query: JsonObject): SearchFilter {
	const filter: SearchFilter = {};
	const owner = optional(query, 'owner_type', ownerType);
	if (owner !== undefined) filter.owner_type = owner;
	const region = optional(query, 'region', queryInteger);
	if (region !== undefined) filter.region = region;
	const city = optional(query, 'city_code', queryInteger);
	if (city !== undefined) filter.city_code = city;
	const mask = optional(query, 'phone_number', numberMask);
	if (mask !== undefined) filter.phone_number = mask;
	const number = optional(query, 'number_type', oneOf(NUMBER_TYPES));
	if (number !== undefined) filter.number_type = number;
	const type = optional(query, 'phone_type', phoneType);
	if (type !== undefined) filter.phone_type = type;
	return filter;
}

function readFollow(body: JsonObject): FollowPlan {
	const type = required(body, 'type', oneOf(TYPES));
	if (type === 'empty') {
		refuseForeign(body, []);
		optional(body, 'cli_type', cliType);
		return { type, following: null, integration_following: null };
	}
	const cli = cliTitle(required(body, 'cli_type', cliType));
	const target = TARGETS[type];
	if (target !== undefined) {
		refuseForeign(body, [target.field]);
		const to = required<number | string>(body, target.field, target.read);
		return {
			type,
			following: { name: followName(type, to), cli_type: cli },
			integration_following: null,
		};
	}

	// bitrix and amo: the host decides, and a default may catch what the integration does not answer.
	const typeDefault = optional(body, 'type_default', oneOf(Object.keys(TARGETS)));
	const fallback = typeDefault === undefined ? undefined : TARGETS[typeDefault];
	refuseForeign(body, [...INTEGRATION_FIELDS, ...(fallback === undefined ? [] : [fallback.field])]);
	const host = required(body, 'host', text);
	const cliDefault = optional(body, 'cli_type_default', cliType);
	const to = fallback && optional<number | string>(body, fallback.field, fallback.read);
	return {
		type,
		following:
			typeDefault === undefined
				? null
				: {
						name: followName(typeDefault, to ?? ''),
						cli_type: cliDefault === undefined ? cli : cliTitle(cliDefault),
					},
		integration_following: { host, type, cli_type: cli },
	};
}

/** "только для типа ...": a field of another type is a mistake. */
function refuseForeign(body: JsonObject, allowed: string[]): void {
	for (const field of [...TARGET_FIELDS, ...INTEGRATION_FIELDS]) {
		if (field in body && !allowed.includes(field)) {
			throw refuse(422, `The ${field} field is not allowed for this type`);
		}
	}
}

function followName(type: string, to: number | string): string {
	const title = FOLLOW_TYPES.find((known) => known.type === type)?.title ?? type;
	return `${title} ${to}`.trim();
}

function cliTitle(code: string): string {
	return CLI_TYPES.find(({ type }) => type === code)?.title ?? code;
}

const numberMask: Reader<string> = (name, value) => {
	const mask = text(name, value);
	if (!/^[0-9?*]{1,20}$/.test(mask)) throw refuse(422, `The ${name} format is invalid`);
	return mask;
};

/** The number to reserve: a JSON integer of 10 digits. */
const tenDigits: Reader<string> = (name, value) => {
	const digits = String(integer()(name, value));
	if (digits.length !== 10) throw refuse(422, `The ${name} must be 10 digits`);
	return digits;
};

/** The numbers to buy. The documents do not say whether as integers or as strings: both pass. */
const phonesToBuy: Reader<string[]> = (name, value) =>
	array(name, value).map((item: JsonValue, index) =>
		typeof item === 'string' && /^[0-9]{10}$/.test(item)
			? item
			: tenDigits(`${name}.${index}`, item),
	);

/** `short` is 1 or absent. */
const one: Reader<boolean> = (name, value) => {
	if (value !== 1) throw refuse(422, `The selected ${name} is invalid`);
	return true;
};
