import type { JsonObject, JsonValue } from '../types';
import { DocumentedRefusal, refuse } from './refusal';

/** Reads one field or throws a 422. */
export type Reader<T> = (name: string, value: JsonValue) => T;

/** The field, which must be there. Documented at `POST flash-call`: "The name field is required" with code 400. */
export function required<T>(input: JsonObject, name: string, read: Reader<T>): T {
	const value = input[name];
	// Laravel's `required` counts an empty string, an empty array and null as missing.
	if (value === undefined || value === null || value === '' || isEmptyArray(value)) {
		throw new DocumentedRefusal(`The ${name} field is required`);
	}
	return read(name, value);
}

/** The field, or undefined when it is absent. An explicit null is a type error. */
export function optional<T>(input: JsonObject, name: string, read: Reader<T>): T | undefined {
	const value = input[name];
	return value === undefined ? undefined : read(name, value);
}

/** Unknown fields are ignored by a plain Laravel application; here they are refused to catch typing errors. */
export function only(input: JsonObject, allowed: readonly string[], where: string): void {
	for (const name of Object.keys(input)) {
		if (!allowed.includes(name))
			throw refuse(422, `The ${name} field is not allowed in the ${where}`);
	}
}

function isEmptyArray(value: JsonValue): boolean {
	return Array.isArray(value) && value.length === 0;
}

export const text: Reader<string> = (name, value) => {
	if (typeof value !== 'string') throw refuse(422, `The ${name} must be a string`);
	return value;
};

export const boolean: Reader<boolean> = (name, value) => {
	if (typeof value !== 'boolean') throw refuse(422, `The ${name} field must be true or false`);
	return value;
};

export const array: Reader<JsonValue[]> = (name, value) => {
	if (!Array.isArray(value)) throw refuse(422, `The ${name} must be an array`);
	return value;
};

/** A JSON number: a string of digits is refused. */
export function integer(least = 0): Reader<number> {
	return (name, value) => {
		if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
			throw refuse(422, `The ${name} must be an integer`);
		}
		if (value < least) throw refuse(422, `The ${name} must be at least ${least}`);
		return value;
	};
}

/** An integer in a query string, where everything is text. */
export const queryInteger: Reader<number> = (name, value) => {
	if (typeof value !== 'string' || !/^[1-9][0-9]{0,8}$/.test(value)) {
		throw refuse(422, `The ${name} must be an integer`);
	}
	return Number(value);
};

export function oneOf<T extends string>(allowed: readonly T[]): Reader<T> {
	return (name, value) => {
		const found = allowed.find((item) => item === value);
		if (found === undefined) throw refuse(422, `The selected ${name} is invalid`);
		return found;
	};
}

export const integers: Reader<number[]> = (name, value) =>
	array(name, value).map((item, index) => integer(1)(`${name}.${index}`, item));

/**
 * A phone as the API wants it: a string of digits, 11 of them after the Russian 7, 10-15 elsewhere.
 * 89... is the domestic spelling of a Russian mobile number, never a country code.
 */
export const phone: Reader<string> = (name, value) => {
	const digits = text(name, value);
	const valid = digits.startsWith('7')
		? /^7[0-9]{10}$/.test(digits)
		: /^[0-9]{10,15}$/.test(digits) && !/^89[0-9]{9}$/.test(digits);
	if (!valid) throw refuse(422, `The ${name} format is invalid`);
	return digits;
};

export const pin: Reader<string> = (name, value) => {
	const digits = text(name, value);
	if (!/^[0-9]{4}$/.test(digits)) throw refuse(422, `The ${name} must be 4 digits`);
	return digits;
};

const LONGEST_URL = 2048;

export const hookUrl: Reader<string> = (name, value) => {
	const given = text(name, value);
	if (given.length > LONGEST_URL) {
		throw refuse(422, `The ${name} may not be greater than ${LONGEST_URL} characters`);
	}
	if (!/^https?:\/\/[^\s/]/i.test(given) || !URL.canParse(given)) {
		throw refuse(422, `The ${name} format is invalid`);
	}
	return given;
};
