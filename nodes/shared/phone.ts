import {
	isSupportedCountry,
	parsePhoneNumberFromString,
	validatePhoneNumberLength,
} from './libphonenumber';

/** A phone number that was understood: `digits` is what the providers want, E.164 without the plus. */
export interface Phone {
	readonly digits: string;
	readonly country: string | undefined;
}

/** Why a phone number was refused, worded to follow the field's name: "Phone is empty". */
interface PhoneProblem {
	readonly problem: string;
	readonly hint: string;
}

const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const SEVERAL = /[,;|/\n\r\t]|\+.*\+/;
const WRITTEN_WITH = /^\(?\+?[\d\s().\-\u2010-\u2015\u2212]+$/;
const MOST_DIGITS = 15;
/** No spelling of one number is longer. */
const LONGEST = 64;
/** A number that was calculated with, and is no phone any more. */
const CALCULATED = /^-\d|^\d{9,}\.\d+$/;

/** An item's number is asked for several times, and the one to call from by every item. */
const recent = new Map<string, Phone | PhoneProblem>();
const MOST_RECENT = 100;

const HOW = 'Enter one number, e.g. +7 999 111-22-33.';
const HOW_ABROAD =
	'Russian numbers may start with +7, 7, 8 or the area code. Write a number of any other country with + and its country code.';

/**
 * Turns what people type into the digits the providers want (`79991112233`).
 *
 * Russian numbers are understood with `+7`, `7`, `8` or nothing in front, whatever separates the
 * digits; numbers of other countries only with `+` and their country code. Nothing is guessed:
 * a number that is too short, too long, not in use in its country, or not alone in the field comes
 * back as a problem.
 */
export function readPhone(input: string): Phone | PhoneProblem {
	// Strangers' texts come here before anybody has asked who they are: nothing long is kept.
	if (input.length > LONGEST) return parsePhone(input);
	const known = recent.get(input);
	if (known !== undefined) return known;
	const result = parsePhone(input);
	const oldest = recent.keys().next();
	if (recent.size >= MOST_RECENT && !oldest.done) recent.delete(oldest.value);
	recent.set(input, result);
	return result;
}

function parsePhone(input: string): Phone | PhoneProblem {
	const text = input.replace(INVISIBLE, '').trim();
	if (text === '') return { problem: 'is empty', hint: HOW };
	if (SEVERAL.test(text)) {
		return {
			problem: 'holds more than one number',
			hint: 'Enter one number per item. To reach several people, give each an item of its own.',
		};
	}
	if (!WRITTEN_WITH.test(text) || CALCULATED.test(text)) {
		return { problem: 'holds characters that do not belong in a phone number', hint: HOW };
	}

	const digits = text.replace(/\D/g, '');
	if (digits.length > MOST_DIGITS) return { problem: 'is too long for one number', hint: HOW };
	return /^\(?\+/.test(text) ? readInternational(`+${digits}`) : readRussian(digits);
}

/** Russian numbers, which mean the same with and without their plus. */
const RUSSIAN = /^7[^67]\d{9}$/;

/**
 * A number as a Phone field takes it, for whoever passes an output on: of another country it has its
 * plus, because some such digits are a Russian number as well, and would ring a stranger.
 *
 * @param digits as `readPhone` gives them
 */
export function phoneAsInput(digits: string): string {
	return RUSSIAN.test(digits) || digits === '' ? digits : `+${digits}`;
}

/** The same for what a provider calls a number; what is none stays as it is. */
export function providersPhoneAsInput(text: string): string {
	if (RUSSIAN.test(text) || !/^\d+$/.test(text)) return text;
	return isPhone(readPhone(`+${text}`)) ? `+${text}` : text;
}

/**
 * The numbers, as digits, that a provider or an earlier node may mean by a text: digits alone begin
 * with their country code, or are a Russian number without it.
 */
export function readingsOf(text: string): string[] {
	const trimmed = text.trim();
	const spellings = /^\d/.test(trimmed) ? [`+${trimmed}`, trimmed] : [trimmed];
	const digits = spellings.map(readPhone).flatMap((phone) => (isPhone(phone) ? phone.digits : []));
	return [...new Set(digits)];
}

/** Whether `readPhone` understood the number. */
export function isPhone(result: Phone | PhoneProblem): result is Phone {
	return 'digits' in result;
}

/** What kind of number it is, as far as its digits tell. */
export type NumberType =
	| 'mobile'
	| 'fixedLine'
	/** In some countries the digits do not tell which of the two. */
	| 'fixedLineOrMobile'
	| 'tollFree'
	| 'voip'
	/** Numbers that cost whoever calls them more than a call: premium, shared cost, satellite, pagers. */
	| 'costly'
	| 'other';

const TYPES: Readonly<Record<string, NumberType>> = {
	MOBILE: 'mobile',
	FIXED_LINE: 'fixedLine',
	FIXED_LINE_OR_MOBILE: 'fixedLineOrMobile',
	TOLL_FREE: 'tollFree',
	VOIP: 'voip',
	PREMIUM_RATE: 'costly',
	SHARED_COST: 'costly',
	PAGER: 'costly',
	// They lead anywhere, at whatever price that has.
	PERSONAL_NUMBER: 'costly',
};

/** Satellite and other networks without a country, and Russia's satellite phones among its mobile ones. */
const SATELLITE = /^(87\d|88[1238]|979|7954)/;

/** @param digits as `readPhone` gives them */
export function numberTypeOf(digits: string): NumberType {
	if (SATELLITE.test(digits)) return 'costly';
	const type = parsePhoneNumberFromString(`+${digits}`)?.getType() ?? '';
	return TYPES[type] ?? 'other';
}

/** The country of a number as two letters; undefined where there is none. */
export function countryOf(digits: string): string | undefined {
	return parsePhoneNumberFromString(`+${digits}`)?.country;
}

/** Whether two letters stand for a country with phone numbers. */
export function isCountry(code: string): boolean {
	return isSupportedCountry(code);
}

/** A number of which only its beginning and end can be seen, e.g. `7916*****67`. */
export function masked(digits: string): string {
	const [start, end] = [digits.slice(0, 4), digits.slice(-2)];
	return `${start}${'*'.repeat(Math.max(0, digits.length - 6))}${end}`;
}

function readInternational(e164: string): Phone | PhoneProblem {
	const phone = inUse(e164);
	if (phone !== undefined) return phone;
	const length = validatePhoneNumberLength(e164);
	if (length === 'TOO_SHORT') return { problem: 'is too short', hint: HOW };
	if (length === 'TOO_LONG') return { problem: 'is too long', hint: HOW };
	return {
		problem: 'is not a number in use in its country',
		hint: 'Check the country code after the plus and count the digits.',
	};
}

function readRussian(digits: string): Phone | PhoneProblem {
	if (digits.length < 10) return { problem: 'is too short', hint: `${HOW} ${HOW_ABROAD}` };
	if (digits.length > 11) return { problem: 'is too long', hint: `${HOW} ${HOW_ABROAD}` };
	const national = digits.length === 10 ? digits : digits.replace(/^[78]/, '');
	const phone = inUse(`+7${national}`);
	// +7 is also Kazakhstan's code: without a plus it would be a guess which of the two is meant.
	if (phone?.country === 'RU') return phone;
	return { problem: 'is not a Russian number', hint: HOW_ABROAD };
}

function inUse(e164: string): Phone | undefined {
	const number = parsePhoneNumberFromString(e164);
	// The library drops a trunk prefix it meets ("+7 8 999..."): another number than the one typed.
	if (number === undefined || number.number !== e164 || !number.isValid()) return undefined;
	return { digits: e164.slice(1), country: number.country };
}
