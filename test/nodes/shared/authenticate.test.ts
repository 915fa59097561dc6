import { isDomainAllowed } from 'n8n-workflow';
import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { keyInFields, keyInHeaders, readKey } from '../../../nodes/shared/authenticate';

const BASE = 'https://restapi.plusofon.ru';

const authenticate = keyInHeaders(({ key }) => ({
	Authorization: `Bearer ${readKey(key, 'Key')}`,
}));

async function authenticated(
	request: Partial<IHttpRequestOptions> & { uri?: string },
	credentials: ICredentialDataDecryptedObject = {},
): Promise<IHttpRequestOptions> {
	if (typeof authenticate !== 'function') throw new Error('authenticate is not a function');
	return await authenticate(
		{ key: 'the-key', baseUrl: BASE, ...credentials },
		// n8n's older options have `uri` and no `url`.
		request as IHttpRequestOptions,
	);
}

describe('keyInHeaders', () => {
	it.each([
		['an absolute url', { url: `${BASE}/api/v1/flash-call` }],
		['an absolute uri', { uri: `${BASE}/api/v1/flash-call` }],
		['a url relative to the base URL', { url: '/api/v1/flash-call' }],
		['a url relative to its own baseURL', { url: '/v1/flash-call', baseURL: `${BASE}/api` }],
		['a url, whatever uri says', { url: `${BASE}/x`, uri: 'https://evil.example/' }],
	])('puts the key on a request with %s', async (_, request) => {
		expect((await authenticated(request)).headers).toEqual({ Authorization: 'Bearer the-key' });
	});

	it.each([
		['a url', { url: 'https://evil.example/x' }],
		['a uri', { uri: 'https://evil.example/x' }],
		['a uri without a scheme', { uri: '//evil.example/x' }],
		['a baseURL', { url: '/x', baseURL: 'https://evil.example' }],
		['a baseURL without a scheme', { url: '/x', baseURL: '//evil.example' }],
		['a url that beats its baseURL', { url: 'https://evil.example/x', baseURL: BASE }],
		['a url, whatever uri says', { url: 'https://evil.example/x', uri: BASE }],
		['a look-alike', { url: 'https://restapi.plusofon.ru.evil.example/x' }],
		['plain http', { url: 'http://restapi.plusofon.ru/x' }],
	])('puts it on no request that another host is told by %s', async (_, request) => {
		await expect(authenticated(request)).rejects.toMatchObject({
			cause: { code: 'unsafe_base_url' },
		});
	});

	it.each([
		{ skipSslCertificateValidation: true },
		{ rejectUnauthorized: false },
		{ agentOptions: { rejectUnauthorized: false } },
	])('puts it on no request to a server that need not prove itself: %j', async (options) => {
		await expect(authenticated({ url: `${BASE}/x`, ...options })).rejects.toMatchObject({
			message: expect.stringContaining('Ignore SSL Issues'),
			cause: { code: 'unsafe_base_url' },
		});
		const baseUrl = 'http://127.0.0.1:3000';
		expect((await authenticated({ url: baseUrl, ...options }, { baseUrl })).headers).toBeDefined();
	});

	it('puts it on no request when the base URL itself is unsafe', async () => {
		const baseUrl = 'http://restapi.plusofon.ru';

		await expect(authenticated({ url: `${baseUrl}/x` }, { baseUrl })).rejects.toMatchObject({
			cause: { code: 'unsafe_base_url' },
		});
	});

	it('keeps what the request had', async () => {
		const request = {
			url: `${BASE}/x`,
			method: 'POST' as const,
			body: { phone: '79991112233' },
			headers: { Accept: 'application/json' },
			timeout: 1000,
		};

		expect(await authenticated(request)).toMatchObject({
			...request,
			headers: { Accept: 'application/json', Authorization: 'Bearer the-key' },
		});
	});

	it('does not change the request it was given', async () => {
		const request = { url: `${BASE}/x`, headers: { Accept: 'application/json' } };

		await authenticated(request);

		expect(request).toEqual({ url: `${BASE}/x`, headers: { Accept: 'application/json' } });
	});

	it('replaces a key that already stood there', async () => {
		const request = { url: `${BASE}/x`, headers: { Authorization: 'Bearer other' } };

		expect((await authenticated(request)).headers).toEqual({ Authorization: 'Bearer the-key' });
	});

	it('forbids n8n to send it along on a redirect, whatever the request allowed', async () => {
		const request = {
			url: `${BASE}/x`,
			sendCredentialsOnCrossOriginRedirect: true,
			allowedDomains: 'evil.example',
		};

		expect(await authenticated(request)).toMatchObject({
			sendCredentialsOnCrossOriginRedirect: false,
			allowedDomains: 'restapi.plusofon.ru',
		});
	});

	it.each([
		'https://restapi.plusofon.ru:8443/x',
		'http://127.0.0.1:3000',
		'http://[::1]:3000',
		'http://localhost:3000',
		'https://плюсофон.рф',
	])('names a domain that n8n takes for the one of %s', async (baseUrl) => {
		const { allowedDomains = '' } = await authenticated({ url: baseUrl }, { baseUrl });

		expect(isDomainAllowed({ url: baseUrl, allowedDomains })).toBe(true);
		expect(isDomainAllowed({ url: 'https://evil.example', allowedDomains })).toBe(false);
	});
});

describe('readKey', () => {
	it.each([
		['as it is', 'abc.DEF-123_/+='],
		['with blanks around it', '  abc.DEF-123_/+=  '],
		['with a line break behind it', 'abc.DEF-123_/+=\r\n'],
		['with "Bearer" in front', 'Bearer abc.DEF-123_/+='],
		['with "bearer" and blanks in front', '  bearer   abc.DEF-123_/+= '],
		['with "BEARER" and a tab in front', 'BEARER\tabc.DEF-123_/+='],
	])('reads a key that was pasted %s', (_, pasted) => {
		expect(readKey(pasted, 'Token')).toBe('abc.DEF-123_/+=');
	});

	it('keeps a key that only begins like "Bearer"', () => {
		expect(readKey('Bearerabc', 'Token')).toBe('Bearerabc');
	});

	it.each([undefined, null, '', '   ', '\n', 5, true, {}, ['abc']])(
		'refuses an empty one: %j',
		(given) => {
			expect(() => readKey(given, 'Token')).toThrow(
				expect.objectContaining({
					code: 'wrong_credential',
					message: 'Token of the credential is empty',
				}),
			);
		},
	);

	it.each([
		['a blank', 'abc def'],
		['a line break', 'abc\ndef'],
		['a line break and a header', 'abc\r\nX-Evil: 1'],
		['a zero byte', 'abc\0'],
		['an invisible character', 'abc\u200bdef'],
		['a letter of another alphabet', 'аbc'],
		['dots of a shortened key', 'abc\u2026'],
		['"Bearer" twice', 'Bearer Bearer abc'],
		['the whole header', 'Authorization: Bearer abc'],
	])('refuses one with %s, without repeating it', (_, given) => {
		expect(() => readKey(given, 'Token')).toThrow(
			expect.objectContaining({
				code: 'wrong_credential',
				message: 'Token of the credential holds characters no key has',
				hint: expect.not.stringContaining('abc'),
			}),
		);
	});
});

it('takes the word "Bearer" alone for no key', () => {
	expect(() => readKey('Bearer ', 'Token')).toThrow('Token of the credential is empty');
});

describe('keyInFields', () => {
	const inFields = keyInFields(
		'apiKey',
		({ key }) => readKey(key, 'Key'),
		() => BASE,
	);

	async function sent(
		request: Partial<IHttpRequestOptions> & Record<string, unknown>,
	): Promise<IHttpRequestOptions & Record<string, unknown>> {
		if (typeof inFields !== 'function') throw new Error('authenticate is not a function');
		const whole = { url: `${BASE}/x`, method: 'POST', ...request };
		return { ...(await inFields({ key: 'the-key' }, whole as IHttpRequestOptions)) };
	}

	it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
		['a GET', { method: 'GET', qs: { all: 1 } }, { qs: { all: 1, apiKey: 'the-key' } }],
		['no method', { method: undefined }, { qs: { apiKey: 'the-key' } }],
		['no body', {}, { body: { apiKey: 'the-key' } }],
		['an empty body', { body: '' }, { body: { apiKey: 'the-key' } }],
		['an object', { body: { a: 1 } }, { body: { a: 1, apiKey: 'the-key' } }],
		['an object with another key', { body: { apiKey: 'x' } }, { body: { apiKey: 'the-key' } }],
		['JSON', { body: '{"a": 1}' }, { body: '{"a":1,"apiKey":"the-key"}' }],
		[
			'the older form fields',
			{ form: { a: 1 }, body: undefined },
			{ form: { a: 1, apiKey: 'the-key' } },
		],
		[
			'the older multipart fields',
			{ formData: { a: 1 } },
			{ formData: { a: 1, apiKey: 'the-key' } },
		],
	])('puts the key into %s', async (_, request, expected) => {
		expect(await sent(request)).toMatchObject(expected);
	});

	it('leaves the body of a GET alone, and the query of a POST', async () => {
		expect(await sent({ method: 'GET' })).not.toHaveProperty('body');
		expect(await sent({ qs: { a: 1 } })).toMatchObject({ qs: { a: 1 } });
	});

	it('adds it to fields that can only be added to', async () => {
		const body = new URLSearchParams({ a: '1' });

		expect(String((await sent({ body })).body)).toBe('a=1&apiKey=the-key');
	});

	it('encodes a form, with its file, under the boundary in its header', async () => {
		const form = new FormData();
		form.append('name', 'Greeting');
		form.append('file', new Blob(['sound'], { type: 'audio/wav' }), 'привет.wav');

		const { body, headers } = await sent({
			body: form,
			headers: { Accept: 'application/json', 'content-type': 'application/json' },
		});

		expect(Object.keys(headers ?? {})).toEqual(['Accept', 'Content-Type']);
		expect(Buffer.isBuffer(body)).toBe(true);
		const read = await new Response(body as Buffer, {
			headers: { 'content-type': String(headers?.['Content-Type']) },
		}).formData();
		const file = read.get('file') as File;
		expect(read.get('name')).toBe('Greeting');
		expect(read.get('apiKey')).toBe('the-key');
		expect([file.name, file.type, await file.text()]).toEqual(['привет.wav', 'audio/wav', 'sound']);
		expect(form.has('apiKey')).toBe(false);
	});

	it.each<[string, IHttpRequestOptions['body']]>([
		['bytes', Buffer.from('{}')],
		['a list', [1]],
		['JSON of a list', '[1]'],
		['text', 'a=1'],
	])('refuses %s as a body', async (_, body) => {
		await expect(sent({ body })).rejects.toMatchObject({ cause: { code: 'invalid_input' } });
	});

	it.each([
		['a url', { url: 'https://evil.example/x' }],
		['a uri', { url: undefined, uri: 'https://evil.example/x' }],
		['a baseURL', { url: '/x', baseURL: 'https://evil.example' }],
	])('puts it on no request that another host is told by %s', async (_, request) => {
		await expect(sent(request)).rejects.toMatchObject({
			cause: { code: 'unsafe_base_url' },
		});
	});

	it('lets no redirect be followed, in either kind of options', async () => {
		const request = { followRedirect: true, followAllRedirects: true, allowedDomains: '*' };

		expect(await sent(request)).toMatchObject({
			disableFollowRedirect: true,
			followRedirect: false,
			followAllRedirects: false,
			sendCredentialsOnCrossOriginRedirect: false,
			allowedDomains: 'restapi.plusofon.ru',
		});
	});
});
