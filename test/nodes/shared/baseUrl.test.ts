import { assertSameOrigin, readBaseUrl } from '../../../nodes/shared/baseUrl';
import { Failure } from '../../../nodes/shared/errors';

/** What an action throws, or undefined when it throws nothing. */
function refusalOf(action: () => unknown): Failure | undefined {
	try {
		action();
		return undefined;
	} catch (thrown) {
		expect(thrown).toBeInstanceOf(Failure);
		return thrown as Failure;
	}
}

describe('readBaseUrl', () => {
	it.each([
		['an https address', 'https://restapi.plusofon.ru', 'https://restapi.plusofon.ru'],
		['a slash at its end', 'https://restapi.plusofon.ru/', 'https://restapi.plusofon.ru'],
		['several slashes at its end', 'https://restapi.plusofon.ru//', 'https://restapi.plusofon.ru'],
		['blanks around it', ' https://restapi.plusofon.ru\n', 'https://restapi.plusofon.ru'],
		['a path', 'https://proxy.example/plusofon/', 'https://proxy.example/plusofon'],
		['a port', 'https://proxy.example:8443', 'https://proxy.example:8443'],
		['the usual port', 'https://proxy.example:443', 'https://proxy.example'],
		['capitals', 'HTTPS://Proxy.Example/API', 'https://proxy.example/API'],
	])('accepts %s', (_, given, expected) => {
		expect(readBaseUrl(given)).toBe(expected);
	});

	it.each([
		'http://localhost',
		'http://localhost:5678/api',
		'http://LOCALHOST:80',
		'http://127.0.0.1',
		'http://127.0.0.1:3000',
		'http://127.1.2.3',
		'http://[::1]',
		'http://[::1]:3000',
		'http://plusofon.localhost:3000',
	])('accepts plain http to a loopback address: %s', (given) => {
		expect(readBaseUrl(given)).toMatch(/^http:\/\//);
	});

	it.each([
		'http://restapi.plusofon.ru',
		'http://localhost.evil.com',
		'http://127.0.0.1.evil.com',
		'http://127.evil.com',
		'http://evil-localhost',
		'http://xlocalhost',
		'http://localhost.localdomain',
		'http://evil.com/127.0.0.1',
		'http://evil.com#localhost',
		'http://localhost@evil.com',
		'http://127.0.0.1:80@evil.com',
		'http://127.0.0.1%2eevil.com',
		'http://0.0.0.0',
		'http://10.0.0.1',
		'http://192.168.1.1',
		'http://[::2]',
		'http://[::ffff:127.0.0.1]',
		'http://[2001:db8::1]',
		'http://localh\u043est',
	])('refuses plain http to anything else: %s', (given) => {
		expect(refusalOf(() => readBaseUrl(given))).toMatchObject({
			code: 'unsafe_base_url',
			message: expect.stringContaining('http://'),
			hint: expect.stringContaining('https://'),
			ambiguous: false,
		});
	});

	it.each([
		['a user', 'https://user@restapi.plusofon.ru'],
		['a password', 'https://:secret@restapi.plusofon.ru'],
		['a query', 'https://restapi.plusofon.ru/?token=1'],
		['a query right behind the host', 'https://restapi.plusofon.ru?a'],
		['a fragment', 'https://restapi.plusofon.ru/#top'],
		['a user in front of a loopback address', 'http://user@127.0.0.1'],
	])('refuses %s', (_, given) => {
		expect(refusalOf(() => readBaseUrl(given))).toMatchObject({
			code: 'unsafe_base_url',
			message: 'Base URL of the credential holds more than a host and a path',
		});
	});

	it('does not repeat a password that stood in it', () => {
		const refusal = refusalOf(() => readBaseUrl('https://user:hunter2@restapi.plusofon.ru'));

		expect(`${refusal?.message} ${refusal?.hint}`).not.toContain('hunter2');
	});

	it.each([
		'',
		'   ',
		'restapi.plusofon.ru',
		'//restapi.plusofon.ru',
		'/api/v1',
		'ftp://restapi.plusofon.ru',
		'javascript:alert(1)',
		'file:///etc/passwd',
		'https://',
		'https://rest api.plusofon.ru',
		'http://127.0.0.256',
		undefined,
		null,
		443,
		true,
		{ href: 'https://restapi.plusofon.ru' },
		['https://restapi.plusofon.ru'],
	])('refuses what is not a web address: %j', (given) => {
		expect(refusalOf(() => readBaseUrl(given))).toMatchObject({
			code: 'unsafe_base_url',
			message: expect.stringMatching(
				/^Base URL of the credential is (empty|not a web address)$/,
			) as unknown,
		});
	});
});

describe('assertSameOrigin', () => {
	const BASE = 'https://restapi.plusofon.ru';

	it.each([
		['an absolute address', `${BASE}/api/v1/flash-call`, BASE],
		['a path', '/api/v1/flash-call', BASE],
		['the usual port', 'https://restapi.plusofon.ru:443/x', BASE],
		['capitals', 'https://RESTAPI.plusofon.ru/x', BASE],
		['another path of its base', '/x', `${BASE}/proxy`],
	])('lets the same origin pass: %s', (_, target, requestBase) => {
		expect(refusalOf(() => assertSameOrigin(target, requestBase, BASE))).toBeUndefined();
	});

	it.each([
		['another host', 'https://evil.example/', BASE],
		['a subdomain', 'https://a.restapi.plusofon.ru/', BASE],
		['the parent domain', 'https://plusofon.ru/', BASE],
		['a look-alike', 'https://restapi.plusofon.ru.evil.example/', BASE],
		['the host as a user name', 'https://restapi.plusofon.ru@evil.example/', BASE],
		['another port', 'https://restapi.plusofon.ru:8443/', BASE],
		['plain http', 'http://restapi.plusofon.ru/', BASE],
		['no scheme', '//evil.example/x', BASE],
		['backslashes', '\\\\evil.example/x', BASE],
		['backslashes behind a scheme', 'https:\\\\evil.example', BASE],
		['a path without a slash', 'api/v1/flash-call', BASE],
		['nothing', '', BASE],
		['blanks in front', ' \thttps://evil.example', BASE],
		['another scheme', 'data:text/plain,x', BASE],
		['a path relative to another host', '/x', 'https://evil.example'],
		['a path relative to nothing', '/x', ''],
		['a broken base', '/x', 'not a url'],
	])('stops %s', (_, target, requestBase) => {
		expect(refusalOf(() => assertSameOrigin(target, requestBase, BASE))).toMatchObject({
			code: 'unsafe_base_url',
			message: expect.stringContaining('restapi.plusofon.ru'),
			ambiguous: false,
		});
	});
});

it.each(['https://host.example/?', 'https://host.example?', 'https://host.example/#'])(
	'refuses the empty query or fragment of %s',
	(url) => {
		expect(() => readBaseUrl(url)).toThrow('holds more than a host and a path');
	},
);

it.each(['https:evil.example/x', 'https:/evil.example/x', '//evil.example/x', '/\\evil.example'])(
	'takes %s for another host',
	(target) => {
		const base = 'https://host.example';

		expect(() => assertSameOrigin(target, undefined, base)).toThrow('not sent to another host');
		expect(() => assertSameOrigin(target, base, base)).toThrow('not sent to another host');
	},
);
