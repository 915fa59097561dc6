import { randomBytes } from 'node:crypto';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { SEALING_PURPOSE } from '../../../nodes/Mobilgroup/mobilgroup.api';
import { sealCode } from '../../../nodes/shared/sealedCode';
import { deriveKey } from '../../../nodes/shared/secrets';
import type { NodeRun } from '../../support/engine';
import { runMobilgroup } from '../../support/mobilgroup';
import { PRESET_MOBILGROUP } from '../../support/simulator/mobilgroup';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterEach(() => jest.restoreAllMocks());
afterAll(async () => await simulator.close());

const PHONE = '79991112233';

async function run(
	operation: string,
	parameters: INodeParameters,
	items?: IDataObject[],
	options?: Partial<NodeRun>,
) {
	return await runMobilgroup(simulator, operation, parameters, items, options);
}

/** A key as Send Voice Code gives it, for a code of one's choice. */
async function sentKey(code = '0042', phone = PHONE): Promise<string> {
	const { json } = await run('sendVoiceCode', { phone, codeSource: 'own', code });
	return String(json[0]?.key);
}

/** What Check Code makes of one code after the other. */
async function check(key: string, codes: string[], options: INodeParameters = {}) {
	const parameters = { key, code: '={{ $json.typed }}', options: { itemsAtOnce: 1, ...options } };
	const { json, error } = await run(
		'checkCode',
		parameters,
		codes.map((typed) => ({ typed })),
	);
	expect(error).toBeUndefined();
	for (const { verified, reason } of json) expect(verified).toBe(reason === 'verified');
	return json.map(({ reason }) => reason);
}

const times = <T>(count: number, value: T) => Array.from({ length: count }, () => value);

describe('a code', () => {
	it('is verified when it is right, without asking anybody', async () => {
		const key = await sentKey();
		simulator.journal.clear();

		const { json } = await run('checkCode', { key, code: '0042' });

		expect(json).toEqual([{ verified: true, reason: 'verified', phone: PHONE }]);
		expect(simulator.journal.requests).toEqual([]);
	});

	it('may be pasted with blanks around it and around its key', async () => {
		const key = await sentKey();

		expect(await check(`\n ${key} \t`, [' 0042\n'])).toEqual(['verified']);
	});

	it('is wrong when a digit, its length or its order differs', async () => {
		const wrong = ['0043', '1042', '00420', '2400', '000042', '100042'];

		expect(await check(await sentKey(), wrong, { maxAttempts: 100 })).toEqual(
			times(wrong.length, 'wrong_code'),
		);
	});

	it('of ten digits is compared to the last one', async () => {
		const { json } = await run('sendFlashCall', { phone: PHONE, options: { capacity: 10 } });

		expect(await check(String(json[0]?.key), ['4951000043', '4951000042'])).toEqual([
			'wrong_code',
			'verified',
		]);
	});

	it('that came as a JSON number and lost its zeros is never verified', async () => {
		const { json } = await run(
			'checkCode',
			{ key: '={{ $json.key }}', code: '={{ $json.code }}' },
			[
				{ key: await sentKey('0042'), code: 42 },
				{ key: await sentKey('4271'), code: 4271 },
			],
			{ onError: 'continueRegularOutput' },
		);

		expect(json).toEqual([
			{ verified: false, reason: 'wrong_code' },
			{ verified: true, reason: 'verified', phone: PHONE },
		]);
	});

	it.each([
		['letters', '00a2'],
		['digits of another script', '٠٠٤٢'],
		['a sign', '-042'],
		['a decimal point', '42.0'],
		['an exponent', '42e0'],
		['a blank between', '00 42'],
		['too few digits', '42'],
		['too many digits', '0'.repeat(16)],
	])('made of %s is a wrong one', async (_, code) => {
		const key = await sentKey();

		expect(await check(key, [code, '0042'], { maxAttempts: 2 })).toEqual([
			'wrong_code',
			'verified',
		]);
	});

	it.each([
		['nothing', ''],
		['a list', ['0042']],
		['an object', { code: '0042' }],
		['true', true],
		['null', null],
	])('made of %s is refused, and costs no attempt', async (_, code) => {
		const key = await sentKey();

		const { json } = await run(
			'checkCode',
			{ key, code: '={{ $json.code }}', options: { maxAttempts: 1 } },
			[{ code }],
			{ onError: 'continueRegularOutput' },
		);

		expect(json).toMatchObject([{ code: 'invalid_input' }]);
		expect(await check(key, ['0042'], { maxAttempts: 1 })).toEqual(['verified']);
	});
});

describe('a key', () => {
	it('is accepted once', async () => {
		const key = await sentKey();

		expect(await check(key, ['0042', '0042', '0043'])).toEqual(['verified', 'used', 'used']);
		expect(await check(key, ['0042'])).toEqual(['used']);
	});

	it('is accepted once by executions at the same moment', async () => {
		const key = await sentKey();

		const reasons = await Promise.all(
			times(20, key).map(async (one) => await check(one, ['0042'])),
		);

		expect(reasons.flat().sort()).toEqual([...times(19, 'used'), 'verified']);
	});

	it.each([
		[undefined, 3],
		[1, 1],
		[5, 5],
		[100, 100],
	])('stops working after Max Attempts wrong codes: %s', async (maxAttempts, allowed) => {
		const options: INodeParameters = maxAttempts === undefined ? {} : { maxAttempts };
		const reasons = await check(
			await sentKey(),
			[...times(allowed, '1111'), '0042', '1111'],
			options,
		);

		expect(reasons).toEqual([
			...times(allowed, 'wrong_code'),
			'too_many_attempts',
			'too_many_attempts',
		]);
	});

	it('is accepted at its last attempt, and starts no new count in a later execution', async () => {
		const [one, other] = [await sentKey(), await sentKey()];

		expect(await check(one, ['1111', '1111'])).toEqual(['wrong_code', 'wrong_code']);
		expect(await check(one, ['0042'])).toEqual(['verified']);
		for (const typed of ['1111', '1112', '1113']) {
			expect(await check(other, [typed])).toEqual(['wrong_code']);
		}
		expect(await check(other, ['0042'])).toEqual(['too_many_attempts']);
	});

	it('has a count of its own, also beside one for the same phone and code', async () => {
		const [one, other] = [await sentKey(), await sentKey()];

		expect(await check(one, ['1111', '1111', '1111', '0042'])).toContain('too_many_attempts');
		expect(await check(other, ['0042'])).toEqual(['verified']);
	});

	it.each([0, 101, 1.5, 'many'])('is not checked with Max Attempts %j', async (maxAttempts) => {
		const { error } = await run('checkCode', {
			key: await sentKey(),
			code: '0042',
			options: { maxAttempts },
		});

		expect(error?.message).toBe('Max Attempts is not a whole number from 1 to 100');
	});

	describe('in time', () => {
		const clock = Date.now.bind(Date);
		const atTime = (now: number) => jest.spyOn(Date, 'now').mockImplementation(() => now);

		it('works until the moment it expires, and not from then on', async () => {
			const { json } = await run('sendFlashCall', { phone: PHONE, options: { validMinutes: 1 } });
			const key = String(json[0]?.key);
			const end = Date.parse(String(json[0]?.expiresAt));

			atTime(end);
			expect(await check(key, ['0042', '1111', '1111', '1111', '1111'])).toEqual(
				times(5, 'expired'),
			);
			atTime(end - 1);
			expect(await check(key, ['0042'])).toEqual(['verified']);
		});

		it.each([
			['two days', 2 * 24 * 60],
			['three minutes', 3],
		])('is expired after %s, used or not', async (_, minutes) => {
			const [used, fresh] = [await sentKey(), await sentKey()];
			await check(used, ['0042']);

			atTime(clock() + minutes * 60_000);

			expect(await check(used, ['0042'])).toEqual(['expired']);
			expect(await check(fresh, ['0042'])).toEqual(['expired']);
		});
	});
});

describe('the phone', () => {
	it.each([
		[PHONE, '+7 (999) 111-22-33'],
		[PHONE, '8 999 111 22 33'],
		[PHONE, '9991112233'],
		[PHONE, 79991112233],
		[PHONE, '7-999-111-22-33'],
		[PHONE, '+7\u00a0999\u00a01112233\u200b'],
		['+374 10 123456', '37410123456'],
		['+374 10 123456', '+374 (10) 12-34-56'],
		['+998 90 123 45 67', '998901234567'],
		['+7 701 123 45 67', '77011234567'],
	])('of a key for %s matches %j', async (phone, given) => {
		const { json } = await run('checkCode', {
			key: await sentKey('0042', phone),
			code: '0042',
			options: { phone: given },
		});

		const digits = phone.replace(/\D/g, '');
		const isForeign = digits !== PHONE;
		expect(json).toEqual([
			{ verified: true, reason: 'verified', phone: isForeign ? `+${digits}` : digits },
		]);
	});

	it.each(['79991112234', '+374 99 911122'])(
		'of another key does not match, and no attempt is counted',
		async (phone) => {
			const key = await sentKey();
			const typed = ['0042', '1111', '1111', '1111'];

			expect(await check(key, typed, { phone })).toEqual(times(4, 'invalid_key'));
			expect(await check(key, ['0042'], { phone: PHONE })).toEqual(['verified']);
		},
	);

	it.each([
		'7999111223',
		'1112233',
		'not a phone',
		`${PHONE}, 79991112244`,
		'\u200b',
		'x'.repeat(100_000),
	])('is refused when it is none, and no attempt is counted', async (phone) => {
		const key = await sentKey();

		const { error } = await run('checkCode', { key, code: '1111', options: { phone } });

		expect(error?.context.code).toBe('invalid_input');
		expect(await check(key, ['0042'], { maxAttempts: 1 })).toEqual(['verified']);
	});

	it.each(['9607123456', '84951234567', '4951234567'])(
		'means a Russian number, as where it was called, and no foreign one: %s',
		async (phone) => {
			const foreign = `+${phone}`;
			const shape = { result: 'ok', id: '7', number: phone, code: '0042', price: '1' };
			simulator.faults.add({ kind: 'wrongShape', shape });
			const sent = await run('sendFlashCall', { phone: foreign });
			const code = '0042';
			const checkAs = async (as: string) =>
				await run('checkCode', { key: String(sent.json[0]?.key), code, options: { phone: as } });

			const asRussian = await checkAs(phone);
			const asForeign = await checkAs(foreign);

			expect(asRussian.json).toMatchObject([{ verified: false, reason: 'invalid_key' }]);
			expect(asForeign.json).toMatchObject([{ verified: true, phone: foreign }]);
		},
	);

	it('need not be given', async () => {
		expect(await check(await sentKey(), ['0042'], {})).toEqual(['verified']);
	});

	it.each(['', '   ', null, undefined])(
		'is not left unchecked when its expression brings %j',
		async (phone) => {
			const { json } = await run(
				'checkCode',
				{ key: await sentKey(), code: '0042', options: { phone: '={{ $json.phone }}' } },
				[phone === undefined ? {} : { phone }],
				{ onError: 'continueRegularOutput' },
			);

			expect(json).toHaveLength(1);
			expect(json[0]?.verified).not.toBe(true);
		},
	);
});

describe('a key that was not made here', () => {
	const sealed = () => ({
		code: '0042',
		phone: PHONE,
		expiresAt: Math.floor(Date.now() / 1000) + 60,
	});

	it('is invalid when another API key sealed it', async () => {
		const key = await sentKey();

		const { json } = await run('checkCode', { key, code: '0042' }, [{}], {
			credentials: { mobilgroupApi: { apiKey: 'another-key', baseUrl: simulator.url } },
		});

		expect(json).toEqual([{ verified: false, reason: 'invalid_key' }]);
		expect(await check(key, ['0042'])).toEqual(['verified']);
	});

	it('is valid for the same API key, however it was pasted', async () => {
		const { json } = await run('checkCode', { key: await sentKey(), code: '0042' }, [{}], {
			credentials: {
				mobilgroupApi: { apiKey: ` Bearer ${PRESET_MOBILGROUP}\n`, baseUrl: simulator.url },
			},
		});

		expect(json).toEqual([{ verified: true, reason: 'verified', phone: PHONE }]);
	});

	it('is invalid when it was sealed for another purpose or with the API key itself', async () => {
		const secret = (purpose: string) => deriveKey(PRESET_MOBILGROUP, purpose);
		const bare = Buffer.alloc(32, PRESET_MOBILGROUP);
		const keys = [
			sealCode(sealed(), secret('mobilgroup/code/v2'), 'mobilgroup/code/v2'),
			sealCode(sealed(), secret(SEALING_PURPOSE), 'mobilgroup/code/v2'),
			sealCode(sealed(), secret('mobilgroup/code/v2'), SEALING_PURPOSE),
			sealCode(sealed(), secret('plusofon/hook/v1'), 'plusofon/hook/v1'),
			sealCode(sealed(), bare, SEALING_PURPOSE),
			sealCode(sealed(), Buffer.alloc(32), SEALING_PURPOSE),
		];

		for (const key of keys) expect(await check(key, ['0042'])).toEqual(['invalid_key']);
		const own = sealCode(sealed(), secret(SEALING_PURPOSE), SEALING_PURPOSE);
		expect(await check(own, ['0042'])).toEqual(['verified']);
	});

	it('is invalid in every forgery, and spoils nothing for the real one', async () => {
		const [key, other] = [await sentKey(), await sentKey('4242')];
		const bytes = Buffer.from(key.slice(4), 'base64url');
		const otherBytes = Buffer.from(other.slice(4), 'base64url');
		const keyOf = (...parts: Buffer[]) => `fc1.${Buffer.concat(parts).toString('base64url')}`;
		const flipped = Array.from({ length: bytes.length * 8 }, (_, bit) => {
			const altered = Buffer.from(bytes);
			altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
			return keyOf(altered);
		});
		const forged = [
			...flipped,
			...[...key].map((_, length) => key.slice(0, length)),
			...[...key].map((_, from) => key.slice(from + 1)),
			...[12, 20, bytes.length - 16].flatMap((at) => [
				keyOf(bytes.subarray(0, at), otherBytes.subarray(at)),
				keyOf(otherBytes.subarray(0, at), bytes.subarray(at)),
			]),
			...Array.from({ length: 400 }, (_, length) => keyOf(randomBytes(length))),
			...[`${key}=`, `${key}.`, `${key}.${key}`, `${key} ${key}`, key.replace('fc1', 'fc2')],
			...['0042', 'null', '{}', '__proto__', 'fc1.ключ', '\ud83d', '.'.repeat(5000)],
			'A'.repeat(1_000_000),
		].filter((candidate) => candidate !== key);

		const { json, items } = await run(
			'checkCode',
			{
				key: '={{ $json.key }}',
				code: '0042',
				options: { itemsAtOnce: 100, phone: PHONE },
			},
			forged.map((candidate) => ({ key: candidate })),
			{ onError: 'continueRegularOutput' },
		);

		expect(forged.length).toBeGreaterThan(1000);
		expect(items).toHaveLength(forged.length);
		const outcomes = new Set(json.map(({ reason, error }) => reason ?? error));
		// The two that are cut down to nothing are refused as an empty field.
		const empty = json.filter(({ error }) => error !== undefined);
		expect(empty).toHaveLength(2);
		expect(empty.every(({ error }) => String(error).endsWith('Key is empty'))).toBe(true);
		expect([...outcomes].filter((outcome) => !String(outcome).endsWith('is empty'))).toEqual([
			'invalid_key',
		]);
		expect(await check(key, ['0042'], { maxAttempts: 1 })).toEqual(['verified']);
	});

	it.each([
		['a list', ['fc1.x'], 'Key holds a list'],
		['an object', { key: 'fc1.x' }, 'Key holds an object'],
		['true', true, 'Key holds'],
		['nothing', null, 'Key is empty'],
	])('is refused when it is %s', async (_, key, message) => {
		const { error } = await run('checkCode', { key: '={{ $json.key }}', code: '0042' }, [{ key }]);

		expect(error?.message).toContain(message);
		expect(error?.context.code).toBe('invalid_input');
	});
});

describe('guessing all codes in one execution', () => {
	const all = Array.from({ length: 10_000 }, (_, code) => ({
		typed: String(code).padStart(4, '0'),
	}));

	async function guess(code: string, guesses = all) {
		const { json, error } = await run(
			'checkCode',
			{ key: await sentKey(code), code: '={{ $json.typed }}', options: { itemsAtOnce: 100 } },
			guesses,
		);
		expect(error).toBeUndefined();
		return json.map(({ reason }) => reason);
	}

	it('judges three and refuses all others', async () => {
		expect(await guess('0042')).toEqual([
			...times(3, 'wrong_code'),
			...times(9_997, 'too_many_attempts'),
		]);
	});

	it('finds a code only among the first ones, and uses the key up', async () => {
		expect(await guess('0002', all.slice(0, 1_000))).toEqual([
			...times(2, 'wrong_code'),
			'verified',
			...times(997, 'used'),
		]);
	});

	it('judges three when they are spread over executions at the same moment', async () => {
		const key = await sentKey();

		const reasons = await Promise.all(
			Array.from(
				{ length: 50 },
				async (_, guessed) => await check(key, [String(1000 + guessed), '0042']),
			),
		);

		const judged = reasons.flat();
		expect(judged).toHaveLength(100);
		const count = (reason: string) => judged.filter((one) => one === reason).length;
		expect(count('wrong_code')).toBeLessThanOrEqual(3);
		expect(count('verified')).toBeLessThanOrEqual(1);
		expect(count('wrong_code') + count('verified')).toBeLessThanOrEqual(3);
	});
});
