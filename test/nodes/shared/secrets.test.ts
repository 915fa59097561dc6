import crypto from 'node:crypto';
import { deriveKey, quotable, sameSecret } from '../../../nodes/shared/secrets';
import { sentSecrets } from '../../../nodes/shared/sentSecrets';
import { signHookUrl } from '../../../nodes/shared/webhookSignature';

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

describe('what was sent, in another spelling,', () => {
	const KEY = 'aB3dEf-9hIjKl';
	const spaced = (text: string, by: string) => [...text].join(by);
	const base64 = (text: string) => Buffer.from(text).toString('base64');
	const entities = (text: string) => text.replace(/./g, (char) => `&#${char.charCodeAt(0)};`);

	it.each([
		['a code with blanks', '0 4 2 7', '0427'],
		['a code with hyphens', '0-4-2-7', '0427'],
		['a code in base64', 'MDQyNw==', '0427'],
		['a code in HTML entities', '&#48;&#52;&#50;&#55;', '0427'],
		['a code in hexadecimal entities', '&#x30;&#x34;&#x32;&#x37;', '0427'],
		['a code in entities that were escaped again', '&amp;#48;&amp;#52;&amp;#50;&amp;#55;', '0427'],
		['a code in percent signs', '%30%34%32%37', '0427'],
		['a code in JSON escapes', '\\u0030\\u0034\\u0032\\u0037', '0427'],
		['a code in wide digits', '０４２７', '0427'],
		['a long code in entities', entities('0427558'), '0427558'],
		['a key in upper case', KEY.toUpperCase(), KEY],
		['a key with blanks', spaced(KEY, ' '), KEY],
		['a key in groups', 'aB3d-Ef9h-IjKl', KEY],
		['a key in base64', base64(KEY), KEY],
		['a key as a password in base64', `Basic ${base64(`user:${KEY}`)}`, KEY],
		['a key in entities', entities(KEY), KEY],
		['a code in JavaScript escapes', '\\x30\\x34\\x32\\x37', '0427'],
		['a code in long JavaScript escapes', '\\u{30}\\u{0034}\\u{32}\\u{37}', '0427'],
		['a code in old URL escapes', '%u0030%u0034%u0032%u0037', '0427'],
		['a code in octal', '\\060\\064\\062\\067', '0427'],
		['a code in CSS escapes', '\\30 \\34 \\32 \\37 ', '0427'],
		['a code in quoted-printable', '=30=34=32=37', '0427'],
		['a code in hex with colons', '30:34:32:37', '0427'],
		['a code in hex numbers', '0x30,0x34,0x32,0x37', '0427'],
		['a code as a list of bytes', '[48, 52, 50, 55]', '0427'],
		['a code between tags', '0<br>4<b></b>2<i>7</i>', '0427'],
		['a code in Arabic digits', '٠٤٢٧', '0427'],
		['a code in Devanagari digits', '०४२७', '0427'],
		['a code with marks', '0\u03014\u03012\u03017\u0301', '0427'],
		['a code in base64 twice', base64(base64('0427')), '0427'],
		['a key in base64 with a letter in front', `x${base64(KEY)}`, KEY],
		[
			'a key in base64 in lines',
			base64(`{"apiKey":"${KEY}","phone":"x"}`).replace(/(.{16})/g, '$1\r\n'),
			KEY,
		],
		['a key in escapes within base64', base64(KEY.replace('-', '%2D')), KEY],
	])('withholds all words: %s', (_, spelling, secret) => {
		expect(quotable(`You sent ${spelling} to us`, [secret])).toBe('');
	});

	it('leaves words without digits as they are', () => {
		const text = 'Недостаточно средств. Top up, please: &laquo;Balance&raquo; 100% (MDQ)';

		expect(quotable(text, ['0427', '4270'])).toBe(text);
	});

	it('leaves a phone number that is masked anyway', () => {
		expect(quotable('Phone 7 (999) 111-22-33 is barred', ['79991112233'])).toBe(
			'Phone *33 is barred',
		);
	});

	it.each([
		['a token', 'bad 7f0c1d2e3b4a5968778695a4 here', 'bad *** here'],
		['a signature in a URL', '/h?fc_signature=ab-c&b=1', '/h?fc_signature=***&b=1'],
		['an escaped signature', '?signature%3Dab-c%26', '?signature%3D***'],
		['a header', 'X-Flashcall-Secret: r1.abc, x', 'X-Flashcall-Secret: ***, x'],
		['a header in JSON', '{"X-Flashcall-Secret":"r1.abc"}', '{"X-Flashcall-Secret":"***"}'],
	])('masks %s whoever sent it', (_, text, shown) => {
		expect(quotable(text, [])).toBe(shown);
	});

	it.each(['a-very-long-name-without-digits', '12345', 'The signature is wrong'])(
		'masks no "%s"',
		(text) => {
			expect(quotable(text, [])).toBe(text);
		},
	);

	it('shows no half of a secret at the end of what is read', () => {
		const phones = '79991112233,'.repeat(82);

		expect(quotable(`${phones} ${KEY}${'x'.repeat(100)}`, [KEY])).not.toContain('aB3');
	});

	it('takes no time over a long text', () => {
		const hostile = ['1 '.repeat(1e6), '&amp;'.repeat(1e6), '%25'.repeat(1e6), 'a1'.repeat(1e6)];
		const begun = performance.now();

		for (const text of hostile) quotable(text, ['0427', KEY]);

		expect(performance.now() - begun).toBeLessThan(500);
	});
});

describe('what counts as sent', () => {
	it.each<[string, unknown, string[]]>([
		[
			'a code and a key',
			{ pin: '0427', deep: [{ key: 'abcdefghijkl' }] },
			['0427', 'abcdefghijkl'],
		],
		['no plain word', { lang: 'kk', say: 'text', id: 7 }, []],
		['values in JSON', { a: '{"X":"r1.abc","n":"x"}' }, ['{"X":"r1.abc","n":"x"}', 'r1.abc']],
		['what looks like JSON', ['{1}'], ['{1}']],
		[
			'values in a URL',
			'https://u:p%401@h.example/w?a=b&fc_signature=ab1',
			['https://u:p%401@h.example/w?a=b&fc_signature=ab1', 'ab1', 'p@1'],
		],
		['a token', 'Bearer abc1', ['Bearer abc1', 'abc1']],
		['a password', 'Basic dTpwOjEyMw==', ['Basic dTpwOjEyMw==', 'dTpwOjEyMw==', 'p:123']],
		['nothing', undefined, []],
	])('%s', (_, sent, secrets) => {
		expect(sentSecrets(sent)).toEqual(secrets);
	});

	it('the fields of a form', () => {
		const form = new FormData();
		form.append('apiKey', 'key-1');
		form.append('file', new Blob(['12']));

		expect(sentSecrets(form)).toEqual(['key-1']);
	});
});

describe.each([
	['with its & escaped', (url: string) => url.replaceAll('&', '&amp;')],
	['URL-encoded', encodeURIComponent],
	['without its host', (url: string) => url.replace('https://n8n.example.com', '')],
	['without its last character', (url: string) => url.slice(0, -1)],
	['in upper case', (url: string) => url.toUpperCase()],
	['in base64', (url: string) => Buffer.from(url).toString('base64')],
])('a signed hook URL that comes back %s', (_, spelled) => {
	it('shows nothing of its signature', () => {
		const claim = { phone: '79991112233', expiresAt: 1_900_000_000, requestId: 'r-1' };
		const url = signHookUrl('https://n8n.example.com/webhook/a/b', claim, Buffer.alloc(32, 7));
		const signature = new URL(url).searchParams.get('fc_signature') ?? '';

		const words = quotable(`The hook ${spelled(url)} is refused`, sentSecrets({ hook_url: url }));

		const shown = words.toLowerCase().replace(/[^a-z\d]/g, '');
		const parts = signature.toLowerCase().match(/[a-z\d]{6}/g) ?? [];
		expect(parts.length).toBeGreaterThan(3);
		expect(parts.filter((part) => shown.includes(part))).toEqual([]);
	});
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
