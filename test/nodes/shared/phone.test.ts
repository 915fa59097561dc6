import * as fc from 'fast-check';
import {
	isPhone,
	phoneAsInput,
	providersPhoneAsInput,
	readingsOf,
	readPhone,
} from '../../../nodes/shared/phone';

function digitsOf(input: string): string | undefined {
	const phone = readPhone(input);
	return isPhone(phone) ? phone.digits : undefined;
}

function problemOf(input: string): string | undefined {
	const phone = readPhone(input);
	return isPhone(phone) ? undefined : phone.problem;
}

describe('a Russian number', () => {
	it.each([
		['8 and brackets', '8 (999) 111-22-33'],
		['+7 and spaces', '+7 999 111 22 33'],
		['7', '79991112233'],
		['nothing in front', '9991112233'],
		['8 alone', '89991112233'],
		['+7 alone', '+79991112233'],
		['+7 and brackets', '+7(999)111-22-33'],
		['hyphens', '8-999-111-22-33'],
		['full stops', '8.999.111.22.33'],
		['a space after each digit', '7 9 9 9 1 1 1 2 2 3 3'],
		['brackets around the 8', '(8) 999 111 22 33'],
		['a bracket that is never closed', '+7 (999 111-22-33'],
		['unusual groups', '8 999 111 2 233'],
		['a hyphen at its end', '79991112233-'],
		['blanks around it', '  79991112233  '],
		['a line break at its end', '79991112233\r\n'],
		['a tab in front', '\t79991112233'],
	])('is understood with %s', (_, input) => {
		expect(readPhone(input)).toEqual({ digits: '79991112233', country: 'RU' });
	});

	it.each([
		['no-break spaces', '+7\u00a0999\u00a0111\u00a022\u00a033'],
		['narrow no-break spaces', '8\u202f999\u202f111\u202f22\u202f33'],
		['thin spaces', '8\u2009999\u2009111\u200922\u200933'],
		['a zero-width space in front', '\u200b79991112233'],
		['a zero-width joiner inside', '7999\u200d1112233'],
		['a byte-order mark', '\ufeff79991112233'],
		['marks of direction around it', '\u202a+79991112233\u202c'],
		['isolates around it', '\u2068+79991112233\u2069'],
		['a word joiner', '8999\u20601112233'],
		['no-break hyphens', '+7 999 111\u201122\u201133'],
		['en dashes', '8\u2013999\u2013111\u201322\u201333'],
		['em dashes', '8\u2014999\u2014111\u201422\u201433'],
		['minus signs', '8\u2212999\u2212111\u221222\u221233'],
	])('is understood when it was copied with %s', (_, input) => {
		expect(digitsOf(input)).toBe('79991112233');
	});

	it.each([
		['a city', '8 (495) 123-45-67', '74951234567'],
		['a city without 8', '4951234567', '74951234567'],
		['a free number', '8 800 555-35-35', '78005553535'],
	])('may be that of %s', (_, input, digits) => {
		expect(digitsOf(input)).toBe(digits);
	});

	it('keeps the digits it begins with when 7 or 8 is part of the area code', () => {
		expect(digitsOf('8002000600')).toBe('78002000600');
		expect(digitsOf('88002000600')).toBe('78002000600');
	});

	it.each([
		['one digit short', '7999111223', 'is not a Russian number'],
		['one digit short, with 8', '8999111223', 'is not a Russian number'],
		['one digit short, with +7', '+7999111223', 'is too short'],
		['nine digits', '999111223', 'is too short'],
		['one digit too many', '799911122334', 'is too long'],
		['one digit too many, with +7', '+799911122334', 'is not a number in use in its country'],
		['eleven digits that begin with 9', '99911122334', 'is not a Russian number'],
		['a trunk prefix after +7', '+7 8 999 111 22 33', 'is not a number in use in its country'],
		[
			'a trunk prefix after +7, short',
			'+7 8 999 111 22 3',
			'is not a number in use in its country',
		],
		['a plus in front of 8', '+8 999 111 22 33', 'is not a number in use in its country'],
		['a 0 in front', '0 999 111 22 33', 'is not a Russian number'],
		['00 in front', '0079991112233', 'is too long'],
		['an area code nobody has', '8 101 234 56 78', 'is not a Russian number'],
		['zeros only', '00000000000', 'is not a Russian number'],
		['ones only', '1111111111', 'is not a Russian number'],
		['an emergency number', '112', 'is too short'],
		['7 alone', '7', 'is too short'],
		['+7 alone', '+7', 'is too short'],
	])('is refused with %s', (_, input, problem) => {
		expect(problemOf(input)).toBe(problem);
	});
});

describe('a number of another country', () => {
	it.each([
		['Kazakhstan', '+7 701 234-56-78', '77012345678', 'KZ'],
		['Kazakhstan, a city', '+7 727 250-00-00', '77272500000', 'KZ'],
		['Belarus', '+375 29 123-45-67', '375291234567', 'BY'],
		['Ukraine', '+380 (50) 123 45 67', '380501234567', 'UA'],
		['Uzbekistan', '+998 90 123 45 67', '998901234567', 'UZ'],
		['Germany', '+49 30 901820', '4930901820', 'DE'],
		['the United Kingdom', '+44 20 7946 0958', '442079460958', 'GB'],
		['the United States', '+1 (202) 456-1111', '12024561111', 'US'],
	])('is understood with + (%s)', (_, input, digits, country) => {
		expect(readPhone(input)).toEqual({ digits, country });
	});

	it.each([
		['Kazakhstan, with 7', '77012345678', 'is not a Russian number'],
		['Kazakhstan, with 8', '8 701 234 56 78', 'is not a Russian number'],
		['Kazakhstan, ten digits', '7012345678', 'is not a Russian number'],
		['Kazakhstan, a city', '87272500000', 'is not a Russian number'],
		['Belarus', '375291234567', 'is too long'],
		['Ukraine', '380501234567', 'is too long'],
		['the United States', '12024561111', 'is not a Russian number'],
	])('is not guessed without + (%s)', (_, input, problem) => {
		expect(problemOf(input)).toBe(problem);
	});

	it('says how to write it when there is no +', () => {
		expect(readPhone('77012345678')).toMatchObject({
			hint: expect.stringContaining('with + and its country code'),
		});
	});

	it.each([
		['an unknown country code', '+999 123 456 78'],
		['an area code nobody has', '+1 111 456 1111'],
		['a trunk prefix after the country code', '+44 (0)20 7946 0958'],
	])('is refused with %s', (_, input) => {
		expect(problemOf(input)).toBe('is not a number in use in its country');
	});

	it.each([
		['too short', '+380 50 123', 'is too short'],
		['too long', '+1 202 456 1111 22', 'is too long'],
		['longer than any number', '+1234567890123456', 'is too long for one number'],
	])('is refused when it is %s', (_, input, problem) => {
		expect(problemOf(input)).toBe(problem);
	});
});

describe('what is not one number', () => {
	it.each([
		['nothing', ''],
		['blanks', '   '],
		['invisible characters only', '\u200b\ufeff\u2060'],
		['line breaks only', '\r\n'],
	])('is empty: %s', (_, input) => {
		expect(problemOf(input)).toBe('is empty');
	});

	it.each([
		['a comma', '79991112233, 79991112244'],
		['a semicolon', '79991112233;79991112244'],
		['a line break', '79991112233\n79991112244'],
		['a tab', '79991112233\t79991112244'],
		['a vertical bar', '79991112233|79991112244'],
		['a slash', '8 999 111-22-33 / 44'],
		['a plus', '+79991112233+79991112244'],
		['a space and a plus', '+79991112233 +79991112244'],
	])('holds more than one number: parted by %s', (_, input) => {
		expect(problemOf(input)).toBe('holds more than one number');
	});

	it('holds more than one number, parted by a space: too many digits for one', () => {
		expect(problemOf('79991112233 79991112244')).toBe('is too long for one number');
	});

	it.each([
		['a letter', '8999111223a'],
		['a word', 'phone'],
		['an extension', '8 999 111-22-33 ext. 5'],
		['an extension in Russian', '8 999 111-22-33 доб. 5'],
		['a scheme', 'tel:+79991112233'],
		['letters that stand for digits', '8 800 FLOWERS'],
		['a letter O for a zero', '8 800 555-O5-35'],
		['full-width digits', '８９９９１１１２２３３'],
		['Arabic digits', '٧٩٩٩١١١٢٢٣٣'],
		['an exponent', '7.9991112233E10'],
		['a plus inside', '7+9991112233'],
		['a plus alone', '+'],
		['a hash', '79991112233#'],
		['a star', '*79991112233'],
		['a zero byte', '7\u00009991112233'],
		['the text of an object', '[object Object]'],
		['the word null', 'null'],
	])('holds characters that do not belong: %s', (_, input) => {
		expect(problemOf(input)).toBe('holds characters that do not belong in a phone number');
	});

	it('is not kept in memory when it is longer than any number', () => {
		const long = 'x'.repeat(65);

		expect(readPhone(long)).not.toBe(readPhone(long));
		expect(readPhone('x')).toBe(readPhone('x'));
	});

	it.each(['7916123456.7', '-79161234567', '79161234567.0'])(
		'is a number that was calculated with: "%s"',
		(input) => {
			expect(problemOf(input)).toBe('holds characters that do not belong in a phone number');
		},
	);

	it.each(['-', '()', '. .'])('is too short when it has no digit: "%s"', (input) => {
		expect(problemOf(input)).toBe('is too short');
	});
});

it('gives every problem a hint on what to do', () => {
	for (const input of ['', 'x', '1', '1,2', '+0', '12024561111', '7'.repeat(16)]) {
		expect(readPhone(input)).toEqual({
			problem: expect.stringMatching(/^(is|holds) /),
			hint: expect.stringMatching(/^[A-Z].{15}/),
		});
	}
});

it.each(['7\u00ad999\u00ad1112233', '(+7) 999 111-22-33'])('understands %s', (text) => {
	expect(readPhone(text)).toMatchObject({ digits: '79991112233' });
});

describe('a number that goes on to a Phone field', () => {
	it.each([
		['79991112233', '79991112233'],
		['74951234567', '74951234567'],
		// A Vietnamese mobile, which without its plus is a number near Moscow.
		['84961234567', '+84961234567'],
		['4747212345', '+4747212345'],
		// Kazakhstan shares its country code with Russia.
		['77011234567', '+77011234567'],
		['4915112345678', '+4915112345678'],
	])('is written so that it is the same number there: %s', (digits, text) => {
		expect(phoneAsInput(digits)).toBe(text);
		expect(digitsOf(text)).toBe(digits);
	});

	it('is the same number there, whatever its country', () => {
		const codes = ['1', '7', '36', '39', '47', '48', '49', '7495', '7701', '82', '84', '86', '92'];
		fc.assert(
			fc.property(
				fc.constantFrom(...codes),
				fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 5, maxLength: 10 }),
				(code, rest) => {
					const digits = digitsOf(`+${code}${rest}`);
					fc.pre(digits !== undefined);
					expect(digitsOf(phoneAsInput(digits ?? ''))).toBe(digits);
					expect(readingsOf(digits ?? '')).toContain(digits);
				},
			),
			{ numRuns: 2_000 },
		);
	});

	it.each([
		['79991112233', '79991112233'],
		['84961234567', '+84961234567'],
		['+84961234567', '+84961234567'],
		['9991112233', '9991112233'],
		['', ''],
		['anonymous', 'anonymous'],
	])('is understood as providers write it: "%s"', (given, text) => {
		expect(providersPhoneAsInput(given)).toBe(text);
	});
});

describe('digits that a provider reports', () => {
	it.each<[string, string[]]>([
		['79991112233', ['79991112233']],
		['89991112233', ['79991112233']],
		['+7 (999) 111-22-33', ['79991112233']],
		['84961234567', ['84961234567', '74961234567']],
		['+84961234567', ['84961234567']],
		['12', []],
		['', []],
	])('"%s" may stand for %j', (given, numbers) => {
		expect(readingsOf(given)).toEqual(numbers);
	});
});
