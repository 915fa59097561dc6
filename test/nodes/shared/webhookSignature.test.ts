import { createHmac } from 'node:crypto';
import type { HookClaim } from '../../../nodes/shared/webhookSignature';
import { signHookUrl, verifyHook } from '../../../nodes/shared/webhookSignature';

const KEY = Buffer.alloc(32, 7);
const PHONE = '79991112233';
const EXPIRES_AT = 1_800_000_000;
const IN_TIME = EXPIRES_AT * 1000 - 1;
const PATH = '/webhook/abc/webhook';
const URL_OF_HOOK = `https://n8n.example.com${PATH}`;

const claim: HookClaim = { phone: PHONE, expiresAt: EXPIRES_AT, requestId: 'request-1' };

/** The query parameters a call of the signed URL comes with. */
function queryOf(signed: string): Record<string, string> {
	return Object.fromEntries(new URL(signed).searchParams);
}

const query = queryOf(signHookUrl(URL_OF_HOOK, claim, KEY));
const signature = String(query.fc_signature);

function isGenuine(
	given: Readonly<Record<string, unknown>>,
	{ phone = PHONE, key = KEY, now = IN_TIME, path = PATH } = {},
): boolean {
	return verifyHook({ path, query: given }, phone, key, now).genuine;
}

describe('a hook URL as it was signed', () => {
	it('is genuine and says for which request', () => {
		expect(verifyHook({ path: PATH, query }, PHONE, KEY, IN_TIME)).toEqual({
			genuine: true,
			requestId: 'request-1',
			expiresAt: EXPIRES_AT,
		});
	});

	it.each(['/n8n/webhook/abc/webhook', '/webhook-test/abc/webhook', 'abc/webhook'])(
		'is genuine wherever n8n stands: %s',
		(path) => {
			expect(isGenuine(query, { path })).toBe(true);
		},
	);

	it.each(['/webhook/other/webhook', '/webhook-waiting/7', '/webhook/abc', '/', ''])(
		'is worth nothing at another place: %s',
		(path) => {
			expect(isGenuine(query, { path })).toBe(false);
		},
	);

	it('keeps what it had, in its order', () => {
		const signed = new URL(signHookUrl(`${URL_OF_HOOK}?a=1&b=%20x&a=2`, claim, KEY));

		expect(signed.href.startsWith(URL_OF_HOOK)).toBe(true);
		expect([...signed.searchParams].slice(0, 3)).toEqual([
			['a', '1'],
			['b', ' x'],
			['a', '2'],
		]);
		expect(isGenuine(queryOf(signed.href))).toBe(true);
	});

	it('is genuine beside parameters that were added on its way', () => {
		expect(isGenuine({ ...query, utm_source: 'proxy', a: ['1', '2'] })).toBe(true);
	});

	it('has one signature only when it was signed twice, the newer', () => {
		const first = signHookUrl(URL_OF_HOOK, { ...claim, requestId: 'older' }, KEY);
		const signed = new URL(signHookUrl(first, claim, KEY));

		expect(signed.searchParams.getAll('fc_signature')).toHaveLength(1);
		expect(
			verifyHook({ path: PATH, query: queryOf(signed.href) }, PHONE, KEY, IN_TIME),
		).toMatchObject({
			requestId: 'request-1',
		});
	});

	it('shows neither the phone nor the key', () => {
		const signed = signHookUrl(URL_OF_HOOK, claim, Buffer.from('a-secret-of-the-credential'));

		expect(signed).not.toContain(PHONE);
		expect(signed).not.toContain('a-secret');
	});

	it('carries HMAC-SHA256 over place, phone, expiry and request', () => {
		const expected = createHmac('sha256', KEY)
			.update(`[["abc","webhook"],"${PHONE}",${EXPIRES_AT},"request-1"]`)
			.digest('base64url');

		expect(signature).toBe(expected);
	});
});

describe('it stops being genuine', () => {
	it.each([
		['a millisecond before it expires', EXPIRES_AT * 1000 - 1, true],
		['when it expires', EXPIRES_AT * 1000, false],
		['a millisecond later', EXPIRES_AT * 1000 + 1, false],
		['a year later', EXPIRES_AT * 1000 + 3e10, false],
	])('by time: %s', (_, now, genuine) => {
		expect(isGenuine(query, { now })).toBe(genuine);
	});

	it.each([
		['another phone', '79991112234'],
		['no phone', ''],
		['the phone with a plus', '+79991112233'],
		['the phone with a blank', '79991112233 '],
		['the beginning of the phone', '7999111223'],
	])('with %s', (_, phone) => {
		expect(isGenuine(query, { phone })).toBe(false);
	});

	it('with another key', () => {
		expect(isGenuine(query, { key: Buffer.alloc(32, 8) })).toBe(false);
	});

	it.each([
		['a later expiry', { fc_expires: String(EXPIRES_AT + 1) }],
		['the expiry in another spelling', { fc_expires: `0${EXPIRES_AT}` }],
		['the expiry with a blank', { fc_expires: ` ${EXPIRES_AT}` }],
		['the expiry with a sign', { fc_expires: `+${EXPIRES_AT}` }],
		['the expiry with a fraction', { fc_expires: `${EXPIRES_AT}.0` }],
		['the expiry with an exponent', { fc_expires: '18e8' }],
		['the expiry in hexadecimal', { fc_expires: `0x${EXPIRES_AT.toString(16)}` }],
		['the expiry as a number', { fc_expires: EXPIRES_AT }],
		['an endless expiry', { fc_expires: '9'.repeat(13) }],
		['an expiry that is no number', { fc_expires: 'NaN' }],
		['an empty expiry', { fc_expires: '' }],
		['no expiry', { fc_expires: undefined }],
		['another request', { fc_request: 'request-2' }],
		['the request in capitals', { fc_request: 'REQUEST-1' }],
		['an empty request', { fc_request: '' }],
		['a request with a blank', { fc_request: 'request-1 ' }],
		['a request that breaks out of the signed text', { fc_request: 'request-1","x' }],
		['a very long request', { fc_request: 'r'.repeat(65) }],
		['no request', { fc_request: undefined }],
		['no signature', { fc_signature: undefined }],
		['an empty signature', { fc_signature: '' }],
		['a signature that is no text', { fc_signature: true }],
		['an expiry given twice', { fc_expires: [String(EXPIRES_AT), String(EXPIRES_AT)] }],
		['an expiry given as a list of one', { fc_expires: [String(EXPIRES_AT)] }],
		['a request given twice', { fc_request: ['request-1', 'request-1'] }],
		['a signature given twice', { fc_signature: [signature, signature] }],
		['a signature given as a list of one', { fc_signature: [signature] }],
		['a signature given as an object', { fc_signature: { 0: signature } }],
		['nothing but null', { fc_expires: null, fc_request: null, fc_signature: null }],
	])('with %s', (_, altered) => {
		expect(isGenuine({ ...query, ...altered })).toBe(false);
	});

	it('with any single bit of the signature flipped', () => {
		const bytes = Buffer.from(signature, 'base64url');
		const accepted: number[] = [];
		for (let bit = 0; bit < bytes.length * 8; bit++) {
			const flipped = Buffer.from(bytes);
			flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
			if (isGenuine({ ...query, fc_signature: flipped.toString('base64url') })) accepted.push(bit);
		}

		expect(bytes).toHaveLength(32);
		expect(accepted).toEqual([]);
	});

	it('with any character of the signature replaced, also where that leaves its bytes the same', () => {
		const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=';
		const accepted: string[] = [];
		for (let index = 0; index < signature.length; index++) {
			for (const character of alphabet) {
				const altered = signature.slice(0, index) + character + signature.slice(index + 1);
				if (altered !== signature && isGenuine({ ...query, fc_signature: altered })) {
					accepted.push(altered);
				}
			}
		}

		expect(accepted).toEqual([]);
	});

	it.each([
		['cut by one character', signature.slice(0, -1)],
		['cut to its half', signature.slice(0, signature.length / 2)],
		['cut to nothing but its first character', signature.slice(0, 1)],
		['followed by a character', `${signature}A`],
		['followed by itself', `${signature}${signature}`],
		['padded', `${signature}=`],
		['with a blank', `${signature} `],
		['with a line break inside', `${signature.slice(0, 10)}\n${signature.slice(10)}`],
		['in capitals', signature.toUpperCase()],
		['in hexadecimal', Buffer.from(signature, 'base64url').toString('hex')],
		['of zeros', Buffer.alloc(32).toString('base64url')],
	])('with its signature %s', (_, altered) => {
		expect(isGenuine({ ...query, fc_signature: altered })).toBe(false);
	});

	it('with its signature in the other alphabet of base64', () => {
		// One that has a character in which the two alphabets differ.
		const claims = Array.from({ length: 50 }, (_, index) => ({ ...claim, requestId: `r${index}` }));
		const spelled = claims.map((given) => queryOf(signHookUrl(URL_OF_HOOK, given, KEY)));
		const differing = spelled.find(({ fc_signature }) => /[-_]/.test(String(fc_signature)));
		const standard = String(differing?.fc_signature).replaceAll('-', '+').replaceAll('_', '/');

		expect(isGenuine({ ...differing })).toBe(true);
		expect(isGenuine({ ...differing, fc_signature: standard })).toBe(false);
	});

	it('with the signature of another phone, expiry or request', () => {
		const others: HookClaim[] = [
			{ ...claim, phone: '79991112244' },
			{ ...claim, expiresAt: EXPIRES_AT + 60 },
			{ ...claim, requestId: 'request-2' },
		];
		for (const other of others) {
			const { fc_signature } = queryOf(signHookUrl(URL_OF_HOOK, other, KEY));
			expect(isGenuine({ ...query, fc_signature })).toBe(false);
		}
	});

	it.each([
		['no parameter', {}],
		['parameters under __proto__', JSON.parse(JSON.stringify({ x: 1 }).replace('x', '__proto__'))],
		['a signed query under __proto__', JSON.parse(`{"__proto__":${JSON.stringify(query)}}`)],
		['names of every object', { constructor: query, toString: signature }],
		['names in capitals', { FC_EXPIRES: query.fc_expires, FC_REQUEST: query.fc_request }],
		['names with brackets', { 'fc_expires[]': query.fc_expires }],
	])('with %s', (_, given) => {
		expect(isGenuine(given)).toBe(false);
	});
});

it('says nothing but that a hook is not genuine, whatever the reason', () => {
	const verdicts = [
		verifyHook({ path: PATH, query: {} }, PHONE, KEY, IN_TIME),
		verifyHook({ path: PATH, query: { ...query, fc_signature: 'x' } }, PHONE, KEY, IN_TIME),
		verifyHook({ path: PATH, query }, '79991112244', KEY, IN_TIME),
		verifyHook({ path: PATH, query }, PHONE, KEY, EXPIRES_AT * 1000),
		verifyHook({ path: '/webhook/other/webhook', query }, PHONE, KEY, IN_TIME),
	];

	expect(verdicts).toEqual(verdicts.map(() => ({ genuine: false })));
});
