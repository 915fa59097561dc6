import { invalidInput } from '../errors';
import { defineField } from '../operation';
import { isPhone, readingsOf, readPhone } from '../phone';

export const phoneField = defineField({
	displayName: 'Phone',
	name: 'phone',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. +7 999 111-22-33',
	description:
		'The number of the person, in any spelling. Numbers outside Russia need + and their country code.',
});

/**
 * The phone number of an item as the providers want it, e.g. `79991112233`.
 *
 * @throws Failure `invalid_input` naming the field and what is wrong with it
 */
export function requirePhone(value: string, field: string = phoneField.displayName): string {
	const phone = readPhone(value);
	if (isPhone(phone)) return phone.digits;
	throw invalidInput(field, phone.problem, phone.hint);
}

/**
 * Whether a field in which a phone is compared names this number.
 *
 * @throws Failure `invalid_input` when it names none at all
 */
export function namesPhone(given: string, digits: string): boolean {
	const phone = readPhone(given);
	// As a field for a number to call reads it; digits alone may only else be of another country.
	if (isPhone(phone)) return phone.digits === digits;
	const readings = readingsOf(given);
	return readings.length === 0 ? requirePhone(given) === digits : readings.includes(digits);
}
