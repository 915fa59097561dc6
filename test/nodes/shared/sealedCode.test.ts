import crypto from 'node:crypto';
import { openCode, sealCode } from '../../../nodes/shared/sealedCode';

const PURPOSE = 'mobilgroup/code/v1';
const SECRET = crypto.randomBytes(32);
const SEALED = { code: '0042', phone: '79991112233', expiresAt: 1_700_000_000 };
const IV_BYTES = 12;
const TAG_BYTES = 16;

const seal = (sealed = SEALED) => sealCode(sealed, SECRET, PURPOSE);
const open = (key: string) => openCode(key, SECRET, PURPOSE);
const bytesOf = (key: string) => Buffer.from(key.split('.')[1] ?? '', 'base64url');
const keyOf = (bytes: Buffer) => `fc1.${bytes.toString('base64url')}`;

function expectRefused(keys: readonly string[]): void {
	expect(keys.filter((key) => open(key) !== undefined)).toEqual([]);
}

describe('a sealed key', () => {
	it('gives back what was sealed, leading zeros included, and a name of its own', () => {
		expect(open(seal())).toEqual({ ...SEALED, id: expect.stringMatching(/^[\w-]{22}$/) });
	});

	it.each([
		['a code of ten digits', { ...SEALED, code: '4951000042' }],
		['no phone', { ...SEALED, phone: '' }],
		['text beyond ASCII', { ...SEALED, code: 'код "\u0000"', phone: '☎' }],
	])('gives back %s', (_, sealed) => {
		expect(open(seal(sealed))).toMatchObject(sealed);
	});

	it('is another one each time, so that equal codes cannot be told', () => {
		const keys = Array.from({ length: 1000 }, () => seal());

		expect(new Set(keys).size).toBe(1000);
		expect(new Set(keys.map((key) => open(key)?.id)).size).toBe(1000);
		expect(new Set(keys.map((key) => key.slice(4, 12))).size).toBe(1000);
	});

	it('is as long for one code as for another', () => {
		expect(seal({ ...SEALED, code: '9999' })).toHaveLength(seal().length);
	});

	it('shows neither code nor phone, however it is read', () => {
		const key = seal({ ...SEALED, code: '4951000042' });
		const spellings = [key, bytesOf(key).toString('latin1'), bytesOf(key).toString('hex')];

		for (const secret of ['4951000042', SEALED.phone, String(SEALED.expiresAt)]) {
			const hidden = Buffer.from(secret).toString('hex');
			expect(spellings.some((text) => text.includes(secret) || text.includes(hidden))).toBe(false);
		}
	});

	it('fits into a URL and a header as it is', () => {
		expect(seal()).toMatch(/^fc1\.[\w-]{60,100}$/);
	});

	it('opens only with the secret and for the purpose it was sealed with', () => {
		const key = seal();

		expect(openCode(key, crypto.randomBytes(32), PURPOSE)).toBeUndefined();
		for (const purpose of ['', 'mobilgroup/code/v2', 'mobilgroup/code/v1 ', 'plusofon/hook/v1']) {
			expect(openCode(key, SECRET, purpose)).toBeUndefined();
		}
		expect(open(key)).toBeDefined();
	});
});

describe('a forged key does not open', () => {
	it('with any single bit of its bytes flipped', () => {
		const bytes = bytesOf(seal());
		const forged = Array.from({ length: bytes.length * 8 }, (_, bit) => {
			const altered = Buffer.from(bytes);
			altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
			return keyOf(altered);
		});

		expect(forged.length).toBeGreaterThan(400);
		expectRefused(forged);
	});

	it('with any single bit of its text flipped', () => {
		const key = seal();
		const forged = Array.from({ length: key.length * 8 }, (_, bit) => {
			const altered = Buffer.from(key, 'latin1');
			altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
			return altered.toString('latin1');
		});

		expectRefused(forged);
	});

	it('cut short at either end, in its text or in its bytes', () => {
		const key = seal();
		const bytes = bytesOf(key);

		expectRefused([...key].map((_, length) => key.slice(0, length)));
		expectRefused([...key].map((_, from) => key.slice(from + 1)));
		expectRefused([...bytes].map((_, length) => keyOf(bytes.subarray(0, length))));
		expectRefused([...bytes].map((_, from) => keyOf(bytes.subarray(from + 1))));
	});

	it('with anything added', () => {
		const key = seal();
		const bytes = bytesOf(key);

		expectRefused([...'A0_-=. \n\0é'].flatMap((extra) => [key + extra, extra + key]));
		expectRefused([
			keyOf(Buffer.concat([bytes, Buffer.alloc(1)])),
			keyOf(Buffer.concat([Buffer.alloc(1), bytes])),
			keyOf(Buffer.concat([bytes, bytes])),
		]);
	});

	it('in another spelling of the same bytes', () => {
		// 61 bytes: the last character of the text carries four bits that mean nothing.
		const key = seal();
		const bytes = bytesOf(key);
		const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
		const spellings = [
			...[...alphabet].map((last) => key.slice(0, -1) + last),
			`${key}=`,
			`${key}==`,
			`fc1.${bytes.toString('base64')}`,
			`${key.slice(0, 30)}\n${key.slice(30)}`,
			`${key.slice(0, 30)} ${key.slice(30)}`,
			`${key.slice(0, 30)}*${key.slice(30)}`,
		].filter((spelling) => spelling !== key && bytesOf(spelling).equals(bytes));

		expect(spellings).toHaveLength(21);
		expectRefused(spellings);
	});

	it('with another version, or parts that are missing or too many', () => {
		const key = seal();
		const [, text = ''] = key.split('.');

		expectRefused([
			`fc2.${text}`,
			`fc0.${text}`,
			`FC1.${text}`,
			`fc1${text}`,
			`.${text}`,
			text,
			`${key}.`,
			`${key}.${text}`,
			`fc1.fc1.${text}`,
			`fc1..${text}`,
			`fc1,${text}`,
			`fc1．${text}`,
			'fc1.',
			'fc1',
		]);
	});

	it('put together from parts of two real ones', () => {
		const [one, other] = [seal(), seal({ ...SEALED, code: '4242' })].map((key) => {
			const bytes = bytesOf(key);
			return [
				bytes.subarray(0, IV_BYTES),
				bytes.subarray(IV_BYTES, -TAG_BYTES),
				bytes.subarray(-TAG_BYTES),
			];
		}) as [Buffer[], Buffer[]];
		const mixed = Array.from({ length: 6 }, (_, index) =>
			// 1 to 6: every choice of three parts but those of one key alone.
			one.map((part, at) => ((index + 1) & (1 << at) ? (other[at] ?? part) : part)),
		);

		expectRefused(mixed.map((parts) => keyOf(Buffer.concat(parts))));
		expect(open(keyOf(Buffer.concat(one)))).toBeDefined();
	});

	it('made of random bytes of any length, or of nothing', () => {
		expectRefused(Array.from({ length: 1000 }, (_, length) => keyOf(crypto.randomBytes(length))));
	});

	it.each([
		['nothing', ''],
		['blanks', '   '],
		['a thousand dots', '.'.repeat(1000)],
		['letters beyond ASCII', 'fc1.ключ'],
		['an emoji cut in half', 'fc1.\ud83d'],
		['a NUL', 'fc1.\0'],
		['JSON', '["0042","79991112233",1700000000]'],
		['the name of an object member', '__proto__'],
		['a word behind the version', 'fc1.constructor'],
	])('made of %s', (_, key) => {
		expect(open(key)).toBeUndefined();
	});

	it('longer than any real one, though it was sealed', () => {
		const long = sealCode({ ...SEALED, phone: '7'.repeat(8000) }, SECRET, PURPOSE);

		expect(long.length).toBeGreaterThan(8000);
		expect(open(long)).toBeUndefined();
	});

	it('of many megabytes', () => {
		expectRefused([`fc1.${'A'.repeat(4_000_000)}`, 'é'.repeat(4_000_000)]);
	});
});
