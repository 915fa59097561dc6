import { createHmac } from 'node:crypto';
import { secretHeader, verifySecret } from '../../../nodes/Zvonobot/webhookSecret';

const KEY = Buffer.alloc(32, 7);
const HOOK_URL = 'https://n8n.example.com/webhook/3f8b/webhook';
const PATH = '/webhook/3f8b/webhook';
const SECRET = secretHeader(KEY, HOOK_URL, 'request-1');
const [, SIGNATURE = ''] = SECRET.split('.');

function isGenuine(headerValue: unknown, { path = PATH, key = KEY } = {}): boolean {
	return verifySecret(key, path, headerValue).genuine;
}

describe('a secret as it was made', () => {
	it('is genuine and says for which request', () => {
		expect(verifySecret(KEY, PATH, SECRET)).toEqual({
			genuine: true,
			requestId: 'request-1',
			source: 'request-1',
		});
	});

	it('is HMAC-SHA256 over the end of the path and the request', () => {
		const expected = createHmac('sha256', KEY)
			.update('[["3f8b","webhook"],"request-1"]')
			.digest('base64url');

		expect(SECRET).toBe(`request-1.${expected}`);
	});

	it('may name an action of the request', () => {
		const secrets = [0, 1, 12].map((action) => secretHeader(KEY, HOOK_URL, 'request-1', action));

		expect(secrets.map((secret) => verifySecret(KEY, PATH, secret))).toEqual([
			{ genuine: true, requestId: 'request-1', source: 'request-1~0' },
			{ genuine: true, requestId: 'request-1', source: 'request-1~1' },
			{ genuine: true, requestId: 'request-1', source: 'request-1~12' },
		]);
	});

	it('shows nothing of the key', () => {
		const secret = secretHeader(Buffer.from('a-key-in-plain-text'), HOOK_URL, 'r');

		expect(secret).not.toContain('plain');
	});

	it.each([
		['for testing', '/webhook-test/3f8b/webhook'],
		['with its prefix taken away', '/3f8b/webhook'],
		['below another prefix', '/some/where/n8n/webhook/3f8b/webhook'],
		['with a slash at the end', '/webhook/3f8b/webhook/'],
		['with doubled slashes', '//webhook//3f8b//webhook'],
	])('counts for the same webhook %s', (_, path) => {
		expect(isGenuine(SECRET, { path })).toBe(true);
	});

	it.each([
		['a query', `${HOOK_URL}?a=1`],
		['a fragment', `${HOOK_URL}#a`],
		['a port', 'http://127.0.0.1:5678/webhook/3f8b/webhook'],
	])('does not depend on %s of the URL', (_, url) => {
		expect(secretHeader(KEY, url, 'request-1')).toBe(SECRET);
	});

	it('is made for a URL with less than two parts as well', () => {
		expect(isGenuine(secretHeader(KEY, 'https://example.com/hook', 'r'), { path: '/hook' })).toBe(
			true,
		);
		expect(isGenuine(secretHeader(KEY, 'https://example.com', 'r'), { path: '/' })).toBe(true);
	});
});

describe('it is not genuine', () => {
	it.each([
		['for another webhook', '/webhook/4f8b/webhook'],
		['for another end', '/webhook/3f8b/hook'],
		['for only the end', '/webhook'],
		['with something behind', '/webhook/3f8b/webhook/x'],
		['with the parts joined', '/webhook/3f8bwebhook'],
		['with the slash encoded', '/webhook/3f8b%2Fwebhook'],
		['with the parts exchanged', '/webhook/3f8b'],
		['in capitals', '/WEBHOOK/3F8B/WEBHOOK'],
		['for nothing', ''],
	])('%s', (_, path) => {
		expect(isGenuine(SECRET, { path })).toBe(false);
	});

	it('with another key', () => {
		expect(isGenuine(SECRET, { key: Buffer.alloc(32, 8) })).toBe(false);
	});

	it.each([
		['nothing', undefined],
		['null', null],
		['an empty text', ''],
		['a number', 1],
		['a list', [SECRET]],
		['an object', { 0: SECRET }],
		['two secrets', `${SECRET}, ${SECRET}`],
		['only the request', 'request-1'],
		['only the signature', SIGNATURE],
		['an empty request', `.${SIGNATURE}`],
		['an empty signature', 'request-1.'],
		['another request', `request-2.${SIGNATURE}`],
		['the request in capitals', `REQUEST-1.${SIGNATURE}`],
		['a request that breaks out of the signed text', `request-1","x.${SIGNATURE}`],
		['a very long request', `${'r'.repeat(65)}.${SIGNATURE}`],
		['an action it was not made for', `request-1~1.${SIGNATURE}`],
		['an action that is no number', `request-1~x.${SIGNATURE}`],
		['a cut signature', SECRET.slice(0, -1)],
		['half a signature', `request-1.${SIGNATURE.slice(0, 20)}`],
		['a padded signature', `${SECRET}=`],
		['a longer signature', `${SECRET}A`],
		['a blank before', ` ${SECRET}`],
		['a blank behind', `${SECRET} `],
		['a line break behind', `${SECRET}\n`],
		[
			'the signature in hexadecimal',
			`request-1.${Buffer.from(SIGNATURE, 'base64url').toString('hex')}`,
		],
		['zeros', `request-1.${Buffer.alloc(32).toString('base64url')}`],
		['very much', 'a'.repeat(100_000)],
	])('with %s in the header', (_, value) => {
		expect(verifySecret(KEY, PATH, value)).toEqual({ genuine: false });
	});

	it('with any character replaced, also where that leaves the bytes the same', () => {
		const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=.';
		const accepted: string[] = [];
		for (let index = 0; index < SECRET.length; index++) {
			for (const character of alphabet) {
				const altered = SECRET.slice(0, index) + character + SECRET.slice(index + 1);
				if (altered !== SECRET && isGenuine(altered)) accepted.push(altered);
			}
		}

		expect(accepted).toEqual([]);
	});

	it('with the secret that a third party got for a URL of its own', () => {
		const others = [
			'https://evil.example.com/3f8b/webhook/x',
			'https://evil.example.com/webhook/3f8b',
			'https://evil.example.com/3f8b',
			'https://evil.example.com/?/3f8b/webhook',
			'https://evil.example.com/#/3f8b/webhook',
		];
		for (const url of others) expect(isGenuine(secretHeader(KEY, url, 'request-1'))).toBe(false);
	});
});
