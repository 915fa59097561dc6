import { isRecord, parseJson, type JsonObject, type JsonValue } from '../types';
import { MESSAGES, Refusal, wrong } from './refusal';

/** Reads one field or throws a Refusal. */
export type Reader<T> = (name: string, value: JsonValue) => T;

/** "не более, чем о 5000 звонках"; public clients meet the same limit in the other lists. */
const MOST_ITEMS = 5000;

export function required<T>(input: JsonObject, name: string, read: Reader<T>, within = ''): T {
	const value = input[name];
	// Laravel's `required` counts an empty string and null as missing.
	if (value === undefined || value === null || value === '') {
		throw wrong(within + name, 'обязательно для заполнения');
	}
	return read(within + name, value);
}

/** The field, or undefined when it is absent. An explicit null is a type error. */
export function optional<T>(
	input: JsonObject,
	name: string,
	read: Reader<T>,
	within = '',
): T | undefined {
	const value = input[name];
	return value === undefined ? undefined : read(within + name, value);
}

/** Unknown fields are ignored by a plain Laravel application; here they are refused to catch typing errors. */
export function only(input: JsonObject, allowed: readonly string[], within = ''): void {
	for (const name of Object.keys(input)) {
		if (!allowed.includes(name)) throw wrong(within + name, 'не поддерживается');
	}
}

export const object: Reader<JsonObject> = (name, value) => {
	// An empty PHP array, `[]`, is not an object.
	if (!isRecord(value)) throw wrong(name, 'должно быть объектом');
	return value;
};

export function text(longest = Infinity): Reader<string> {
	return (name, value) => {
		if (typeof value !== 'string' || value.trim() === '') {
			throw wrong(name, 'должно быть непустой строкой');
		}
		// As Laravel's `max` counts: characters, not bytes.
		if ([...value].length > longest)
			throw wrong(name, `не должно быть длиннее ${longest} символов`);
		return value;
	};
}

/** A JSON number: a string of digits is refused. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Reader<number> {
	return (name, value) => {
		if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
			throw wrong(name, 'должно быть целым числом');
		}
		if (value < least || value > most) throw wrong(name, `должно быть от ${least} до ${most}`);
		return value;
	};
}

/** "0 или 1": neither a boolean nor a string. */
export const flag: Reader<boolean> = (name, value) => integer(0, 1)(name, value) === 1;

export const boolean: Reader<boolean> = (name, value) => {
	if (typeof value !== 'boolean') throw wrong(name, 'должно быть true или false');
	return value;
};

export function oneOf<T extends string>(allowed: readonly T[]): Reader<T> {
	return (name, value) => {
		const found = allowed.find((item) => item === value);
		if (found === undefined) throw wrong(name, `должно быть одним из: ${allowed.join(', ')}`);
		return found;
	};
}

export function matching(form: RegExp, what: string): Reader<string> {
	return (name, value) => {
		if (typeof value !== 'string' || !form.test(value)) throw wrong(name, what);
		return value;
	};
}

/** string(11). */
export const phone = matching(/^[0-9]{11}$/, 'должно быть строкой из 11 цифр');

export const pin = matching(/^[0-9]{4}$/, 'должно быть строкой из 4 цифр');

export const dayTime = matching(
	/^([01][0-9]|2[0-3]):[0-5][0-9]$/,
	'должно быть временем в формате 00:00',
);

/** date_format:U. Milliseconds, which would be thousands of years away, are refused. */
export const unixSeconds = integer(0, 99_999_999_999);

/** A list of 1 to 5000 different values. */
export function list<T>(read: Reader<T>, identity: (item: T) => unknown = (item) => item) {
	return (name: string, value: JsonValue): T[] => {
		if (!Array.isArray(value) || value.length === 0) {
			throw wrong(name, 'должно быть непустым массивом');
		}
		if (value.length > MOST_ITEMS) throw new Refusal(MESSAGES.tooMany);
		const items = value.map((item, index) => read(`${name}.${index}`, item));
		// A phone given twice would ring twice, an id given twice is a mistake of the caller.
		if (new Set(items.map(identity)).size !== items.length) {
			throw wrong(name, 'содержит повторы');
		}
		return items;
	};
}

export function url(longest = Infinity): Reader<string> {
	return (name, value) => {
		const given = text(longest)(name, value);
		if (!/^https?:\/\/[^\s/]/i.test(given) || !URL.canParse(given)) {
			throw wrong(name, 'должно быть адресом http или https');
		}
		return given;
	};
}

/** "Json-строка": an object of strings inside a string. */
export const jsonStrings: Reader<Record<string, string>> = (name, value) => {
	const parsed = typeof value === 'string' ? parseJson(value) : undefined;
	if (!isRecord(parsed)) throw wrong(name, 'должно быть json-строкой с объектом');
	const strings: Record<string, string> = {};
	for (const [key, item] of Object.entries(parsed)) {
		if (typeof item !== 'string') throw wrong(`${name}.${key}`, 'должно быть строкой');
		strings[key] = item;
	}
	return strings;
};
