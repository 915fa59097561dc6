import type { Failure } from '../../shared/errors';
import { isPhone, readPhone } from '../../shared/phone';

/** Makes the error for the value at hand: what is wrong with it, and what to do. */
export type Refuse = (problem: string, hint: string) => Failure;

/** Reads one value that is not blank; undefined when nothing is to be sent. */
export type Reader<T> = (value: unknown, refuse: Refuse) => T;

/** A flag of the API. */
export type Flag = 0 | 1;

const PHONE_DIGITS = 11;

/** Whether a value says no more than if it were left out. */
export function isBlank(value: unknown): boolean {
	const text = value ?? '';
	return typeof text === 'string' && text.trim() === '';
}

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const flag: Reader<Flag> = (value, refuse) => {
	if (value === 1 || value === true || value === '1') return 1;
	if (value === 0 || value === false || value === '0') return 0;
	throw refuse('is neither 0 nor 1', 'Write 1 for yes, 0 for no.');
};

export function wholeNumber(least: number, most = Infinity): Reader<number> {
	return (value, refuse) => {
		const isDigits = typeof value === 'string' && /^\d+$/.test(value.trim());
		const number = isDigits ? Number(value) : value;
		if (Number.isSafeInteger(number)) {
			const whole = Number(number);
			if (whole >= least && whole <= most) return whole;
		}
		const range = most === Infinity ? `from ${least}` : `from ${least} to ${most}`;
		throw refuse(`is not a whole number ${range}`, 'Write it in digits, without a fraction.');
	};
}

export const id: Reader<number> = (value, refuse) =>
	wholeNumber(1)(value, () =>
		refuse('is not an ID', 'Write the number that the cabinet shows, e.g. 42.'),
	);

export function text(longest = Infinity): Reader<string> {
	return (value, refuse) => {
		if (typeof value !== 'string' && !Number.isFinite(value)) {
			throw refuse('is not text', 'Write it in quotation marks.');
		}
		const trimmed = String(value).trim();
		const { length } = [...trimmed];
		if (length <= longest) return trimmed;
		throw refuse(
			`has ${shown(length)} characters`,
			`Shorten it to ${shown(longest)} characters or fewer.`,
		);
	};
}

export function oneOf<const T extends string>(...known: readonly T[]): Reader<T> {
	return (value, refuse) => {
		const match = known.find((one) => one === value);
		if (match !== undefined) return match;
		throw refuse(`is not ${known.join(' or ')}`, 'Correct it, or leave it out.');
	};
}

/** Keywords in one text or as a list, as the API separates them. */
export const words: Reader<string> = (value, refuse) => {
	const parts = (Array.isArray(value) ? value : [value]).flatMap((part: unknown) =>
		text()(part, () =>
			refuse('is not a list of words', 'Write the words in one text, e.g. "yes|confirm".'),
		).split(/[,|\n]/),
	);
	const found = new Map<string, string>();
	for (const part of parts) {
		const word = part.normalize().replace(/\s+/g, ' ').trim();
		if (word !== '' && !found.has(sameWord(word))) found.set(sameWord(word), word);
	}
	if (found.size > 0) return [...found.values()].join('|');
	throw refuse('holds no word', 'Enter at least one word, or leave it empty.');
};

/** What two keywords have in common that the API cannot tell apart. */
export function sameWord(word: string): string {
	return word.toLowerCase();
}

export const phone: Reader<string> = (value, refuse) => {
	const read = readPhone(text()(value, refuse));
	if (!isPhone(read)) throw refuse(read.problem, read.hint);
	if (read.digits.length === PHONE_DIGITS) return read.digits;
	throw refuse(
		`is not a number of ${PHONE_DIGITS} digits`,
		'Zvonobot connects to such numbers only, e.g. +7 999 111-22-33.',
	);
};

export function url(longest: number): Reader<string> {
	return (value, refuse) => {
		const address = text(longest)(value, refuse);
		// URL itself would drop line breaks and encode blanks.
		if (/^https?:\/\/[^\s/]\S*$/i.test(address) && URL.canParse(address)) return address;
		throw refuse('is not a web address', 'Enter one that begins with https:// or http://.');
	};
}

/** Names with values, as an object or as JSON; sent as JSON, in which all values are text. */
export const parameters: Reader<string | undefined> = (value, refuse) =>
	asJson(Object.entries(flatObject(value, refuse)));

/** As `parameters`, for names and values that can stand in the head of an HTTP request. */
export const headers: Reader<string | undefined> = (value, refuse) => {
	const entries = Object.entries(flatObject(value, refuse));
	const taken = new Set<string>();
	for (const [name, content] of entries) {
		if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
			throw refuse('has a name no HTTP header can have', 'Use letters, digits and hyphens in it.');
		}
		if (!/^[\t\x20-\x7e]*$/.test(content)) {
			throw refuse(
				`has a value in ${name} that no HTTP header can have`,
				'Use Latin letters, digits and punctuation, all in one line.',
			);
		}
		if (taken.has(name.toLowerCase())) throw repeated(name, refuse);
		taken.add(name.toLowerCase());
	}
	return asJson(entries);
};

export function repeated(name: string, refuse: Refuse): Failure {
	return refuse(`has ${name} twice`, 'Remove one of them.');
}

function flatObject(value: unknown, refuse: Refuse): Record<string, string> {
	const given = typeof value === 'string' ? parsed(value) : value;
	if (!isObject(given)) {
		throw refuse('is not an object', 'Write names with values, e.g. {"orderId": "42"}.');
	}
	const entries = Object.entries(given).map(([name, content]): [string, string] => {
		if (name.trim() === '' || name === '__proto__') {
			throw refuse('has a value without a usable name', 'Give each value a name, e.g. orderId.');
		}
		if (typeof content === 'string' || typeof content === 'boolean' || Number.isFinite(content)) {
			return [name, String(content)];
		}
		throw refuse(
			`has neither text nor a number in ${name}`,
			'Give each name a single value. Leave out what has none.',
		);
	});
	return Object.fromEntries(entries);
}

function asJson(entries: Array<[string, string]>): string | undefined {
	return entries.length === 0 ? undefined : JSON.stringify(Object.fromEntries(entries));
}

function parsed(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch {
		return undefined;
	}
}

export function shown(count: number): string {
	return count.toLocaleString('en-US');
}
