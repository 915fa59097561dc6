import {
	isRecord,
	parseJson,
	type JsonObject,
	type JsonValue,
	type ProviderRequest,
} from '../types';
import { Refusal, unknownRequest } from './refusal';

/** What one `POST /api/voice-password/send/` asks for, its form checked. */
export type Order =
	| { mode: 'flash-call'; number: string; capacity: number }
	| { mode: 'voice'; number: string; code?: string; repeat: boolean; ani?: string }
	| { mode: 'sms'; id: string };

const DEFAULT_CAPACITY = 4;

/** The body of the request; a query string is refused as well: nothing is passed there. */
export function readBody({ headers, query, rawBody }: ProviderRequest): JsonObject {
	const type = (headers['content-type'] ?? '').split(';')[0] ?? '';
	if (type.trim().toLowerCase() !== 'application/json') throw unknownRequest();
	const body = parseJson(rawBody);
	if (body === undefined || !isRecord(body) || query.length > 0) throw unknownRequest();
	return body;
}

/**
 * The key, from the header or from the section `security`. The documents: whoever sends the header does
 * without the section; both at once are refused, to catch a key that slips into a body needlessly.
 */
export function readKey(header: string | undefined, { security }: JsonObject): string | undefined {
	if (security === undefined) return header;
	if (header !== undefined) throw unknownRequest();
	return optional(section(security, ['apiKey']).apiKey, /^/);
}

/** The six documented samples, flat as they are shown there; nothing beside their fields is let through. */
export function readOrder(body: JsonObject): Order {
	if (body.sms !== undefined) {
		const { sms } = section(body, ['security', 'sms']);
		return { mode: 'sms', id: text(section(sms, ['id']).id, /^/) };
	}

	const { number, capacity, voice } = section(body, ['security', 'number', 'capacity', 'voice']);
	// PHP's `empty` makes no difference between these.
	if (number === undefined || number === null || number === '') {
		throw new Refusal('number_is_empty');
	}
	const called = text(number, /^[0-9]{10,15}$/);
	const digits = Number(optional(capacity, /^([4-9]|10)$/) ?? DEFAULT_CAPACITY);
	if (voice === undefined) return { mode: 'flash-call', number: called, capacity: digits };

	// More than four digits only "при FlashCall без проговаривания кода".
	if (digits > DEFAULT_CAPACITY) throw unknownRequest();
	// The table makes each of the three optional by itself; the samples only add one to the other.
	const spoken = section(voice, ['code', 'repeat', 'ani']);
	const code = optional(spoken.code, /^[0-9]{4}$/);
	const ani = optional(spoken.ani, /^[0-9]{11}$/);
	return {
		mode: 'voice',
		number: called,
		repeat: optional(spoken.repeat, /^[01]$/) === '1',
		...(code === undefined ? {} : { code }),
		...(ani === undefined ? {} : { ani }),
	};
}

function section(value: JsonValue | undefined, allowed: readonly string[]): JsonObject {
	// An empty PHP array, `[]`, is not the empty object that the documents show.
	if (value === undefined || !isRecord(value)) throw unknownRequest();
	if (Object.keys(value).some((name) => !allowed.includes(name))) throw unknownRequest();
	return value;
}

function text(value: JsonValue | undefined, form: RegExp): string {
	if (typeof value !== 'string' || !form.test(value)) throw unknownRequest();
	return value;
}

function optional(value: JsonValue | undefined, form: RegExp): string | undefined {
	return value === undefined ? undefined : text(value, form);
}
