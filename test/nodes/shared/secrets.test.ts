import crypto from 'node:crypto';
import { deriveKey, quotable, sameSecret } from '../../../nodes/shared/secrets';

describe('deriveKey', () => {
	it('gives the same key for the same secret and purpose on every process', () => {
		// A literal: a changed salt, hash or length would make every issued hook URL invalid.
		expect(deriveKey('secret', 'plusofon/call-to-auth-hook/v1').toString('hex')).toBe(
			'478df59efca3d6e531bb6a7080d7dee92665dc8cddf66714085d3628b3732d7d',
		);
	});

	it('gives another key for another secret, and for another purpose', () => {
		const keys = [
			deriveKey('secret', 'a/v1'),
			deriveKey('secret', 'a/v2'),
			deriveKey('Secret', 'a/v1'),
			deriveKey('secreta', '/v1'),
		].map((key) => key.toString('hex'));

		expect(new Set(keys).size).toBe(4);
	});

	it('gives 32 bytes that do not show the secret', () => {
		const key = deriveKey('secret', 'purpose');

		expect(key).toHaveLength(32);
		expect(key.toString('latin1')).not.toContain('secret');
	});
});

describe('quotable', () => {
	it.each([
		['a key', 'Token abcd-1234 is bad', ['abcd-1234'], 'Token *** is bad'],
		['a key each time it occurs', 'abcd, again abcd', ['abcd'], '***, again ***'],
		['a code', 'The pin 0427 is wrong', ['0427'], 'The pin *** is wrong'],
		['several', 'key KEYKEY pin 0427', ['KEYKEY', '0427'], 'key *** pin ***'],
		['characters that mean something in patterns', 'a$&b.c', ['$&b.'], 'a***c'],
	])('hides %s', (_, text, withheld, shown) => {
		expect(quotable(text, withheld)).toBe(shown);
	});

	it.each([
		['digits', 'The phone 79991112233 is barred', 'The phone *33 is barred'],
		['a plus', 'The phone +79991112233 is barred', 'The phone +*33 is barred'],
		['brackets and hyphens', 'Call 8 (999) 111-22-33 now', 'Call *33 now'],
		['no-break spaces', 'Call 8\u00a0999\u00a0111\u00a022\u00a033', 'Call *33'],
		['several', '79991112233,79991112244', '*33,*44'],
	])('hides a phone number written with %s, but its end', (_, text, shown) => {
		expect(quotable(text, [])).toBe(shown);
	});

	it.each(['Balance 1234.50', 'code 422', 'error 100001', 'at 12:30'])(
		'leaves "%s" as it is',
		(text) => {
			expect(quotable(text, [])).toBe(text);
		},
	);

	it('leaves words that only begin like something short that was sent', () => {
		expect(quotable('a number of 10 digits', ['a', '10', ''])).toBe('a number of 10 digits');
	});

	it('gives one line of at most 200 characters', () => {
		expect(quotable('  a\r\n\tb  \n c ', [])).toBe('a b c');
		expect(quotable('x'.repeat(10_000), [])).toHaveLength(200);
	});

	it('does not cut a secret so that its beginning stays', () => {
		expect(quotable(`${'x'.repeat(195)} secret-key`, ['secret-key'])).not.toContain('secr');
	});
});

it.each(['8.999.111.22.33', '8\u2011999\u2011111\u201122\u201133'])(
	'quotes no phone: %s',
	(text) => {
		expect(quotable(text, [])).not.toContain('111');
	},
);

it('quotes nothing of a secret that holds another one', () => {
	expect(quotable('secretsecret2', ['secret', 'secretsecret2'])).toBe('***');
});

describe('comparing codes', () => {
	it.each([
		['0042', '0042', true],
		['0042', '0043', false],
		['0042', '42', false],
		['42', '0042', false],
		['0042', '00420', false],
		['0042', ' 0042', false],
		['0042', '', false],
		['', '', true],
		// As many letters, but not as many bytes, and the other way round.
		['0042', '٠042', false],
		['٠٠', '0042', false],
	])('"%s" with "%s" gives %s', (given, expected, same) => {
		expect(sameSecret(given, expected)).toBe(same);
	});

	it('takes a time that does not tell where they differ', () => {
		const compared = jest.spyOn(crypto, 'timingSafeEqual');

		sameSecret('9042', '0042');
		sameSecret('0049', '0042');

		expect(compared).toHaveBeenCalledTimes(2);
		compared.mockRestore();
	});
});
