import { Failure, invalidInput } from '../shared/errors';
import { countryOf, isCountry, numberTypeOf } from '../shared/phone';
import type { NumberType } from '../shared/phone';

export interface NumberRules {
	/** Two-letter codes, or `*` for every country. */
	countries: string;
	types: readonly string[];
}

/**
 * Refuses numbers that must not be called: those of other countries and types than allowed, and
 * always those that cost extra.
 *
 * @param phone digits, as `requirePhone` gives them
 * @throws Failure `country_not_allowed` or `number_type_not_allowed` before anything is sent
 */
export function checkNumber(phone: string, { countries, types }: NumberRules): void {
	const allowed = readCountries(countries);
	const country = countryOf(phone);
	const type = numberTypeOf(phone);
	if (types.length === 0) {
		throw invalidInput('Allowed Number Types', 'is empty', 'Choose at least one type.');
	}
	if (type === 'costly') {
		throw refused(
			'number_type_not_allowed',
			'Phone is a premium, satellite or other number that costs extra to call',
			'Ask the person for a mobile number. Such numbers are never called.',
		);
	}
	if (allowed !== '*' && (country === undefined || !allowed.includes(country))) {
		throw refused(
			'country_not_allowed',
			`Phone belongs to ${country ?? 'no country'}, and only ${allowed.join(', ')} is allowed`,
			'Add the country under Allowed Countries in the options, if people there may sign up.',
		);
	}
	if (!isAllowedType(type, types)) {
		throw refused(
			'number_type_not_allowed',
			`Phone is not of an allowed type (${types.join(', ')})`,
			'Ask the person for a mobile number, or add the type under Allowed Number Types.',
		);
	}
}

function isAllowedType(type: NumberType, allowed: readonly string[]): boolean {
	if (type !== 'fixedLineOrMobile') return allowed.includes(type);
	return allowed.includes('mobile') || allowed.includes('fixedLine');
}

function readCountries(text: string): '*' | string[] {
	const codes = text
		.split(/[\s,;]+/)
		.filter((code) => code !== '')
		.map((code) => code.toUpperCase());
	if (codes.includes('*')) return '*';
	const unknown = codes.find((code) => !isCountry(code));
	if (codes.length > 0 && unknown === undefined) return codes;
	throw invalidInput(
		'Allowed Countries',
		unknown === undefined ? 'is empty' : `holds "${unknown}", which is no country`,
		'Use two-letter codes with commas between them, e.g. RU, KZ, or * for every country.',
	);
}

export interface StartRules {
	/** Seconds between two starts for a phone; 0 for none. */
	coolDown: number;
	/** How many starts a phone may have within the window; 0 for any number. */
	maxStarts: number;
	windowMinutes: number;
}

const MOST_PHONES = 100_000;

/**
 * Counts starts per phone. In the memory of this process, on purpose: with N processes there are at
 * most N times the starts. Bounded: when full, the phone that was started longest ago is forgotten.
 */
export class Starts {
	private readonly times = new Map<string, number[]>();

	constructor(private readonly most = MOST_PHONES) {}

	/**
	 * Counts a start. Deciding and counting are one step, so that starts at the same time do not
	 * slip through.
	 *
	 * @param key the node and the phone
	 * @param now milliseconds since 1970
	 * @returns takes the start back, when nothing was sent after all
	 * @throws Failure `cool_down` or `too_many_starts`
	 */
	count(key: string, { coolDown, maxStarts, windowMinutes }: StartRules, now: number): () => void {
		const window = Math.max(windowMinutes * 60_000, coolDown * 1000);
		const known = (this.times.get(key) ?? []).filter((time) => time > now - window);
		const ready = (known.at(-1) ?? -Infinity) + coolDown * 1000;
		if (ready > now) {
			throw refused(
				'cool_down',
				`Phone was called a moment ago; the next try is possible in ${Math.ceil((ready - now) / 1000)} seconds`,
				'Let the person wait, or lower Cool-Down in the options.',
			);
		}
		if (maxStarts > 0 && known.length >= maxStarts) {
			throw refused(
				'too_many_starts',
				`Phone was started as often within ${windowMinutes} minutes as Max Starts per Phone allows: ${maxStarts}`,
				'Somebody may be playing with this number. Raise Max Starts per Phone in the options if it is too low.',
			);
		}
		this.times.delete(key);
		this.times.set(key, [...known, now]);
		const oldest = this.times.keys().next();
		if (this.times.size > this.most && !oldest.done) this.times.delete(oldest.value);
		return () => this.takeBack(key, now);
	}

	private takeBack(key: string, time: number): void {
		const known = this.times.get(key) ?? [];
		const index = known.lastIndexOf(time);
		if (index >= 0) known.splice(index, 1);
		if (known.length === 0) this.times.delete(key);
	}
}

function refused(code: string, message: string, hint: string): Failure {
	return new Failure({ code, message: `${message}. Nothing was sent`, hint });
}
