/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { inspect } from 'node:util';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { NodeResult, NodeRun } from '../../support/engine';
import { runMobilgroup } from '../../support/mobilgroup';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

async function run(
	operation: string,
	parameters: INodeParameters,
	items?: IDataObject[],
	options?: Partial<NodeRun>,
) {
	return await runMobilgroup(simulator, operation, parameters, items, options);
}

const PHONE = '79991112233';

const SENT = {
	id: '1234',
	phone: PHONE,
	price: '0.35',
	key: expect.stringMatching(/^fc1\.[\w-]+$/),
	expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
};

/** Whether a code stands anywhere in what n8n stores of a run, as JSON or in an error. */
function tells(result: NodeResult, code: string): boolean {
	const stored = `${JSON.stringify(result)}\n${inspect(result, { depth: Infinity, maxStringLength: null })}`;
	// Not inside a longer word or number: four digits come up in times and keys by chance.
	return new RegExp(`(?<![\\w-])${code}(?![\\w-])`).test(stored);
}

describe.each<[operation: string, parameters: INodeParameters]>([
	['sendFlashCall', { phone: PHONE }],
	['sendFlashCall', { phone: PHONE, options: { capacity: 10 } }],
	['sendVoiceCode', { phone: PHONE, codeSource: 'lastDigits' }],
	['sendVoiceCode', { phone: PHONE, codeSource: 'random' }],
	['sendVoiceCode', { phone: PHONE, codeSource: 'own', code: '={{ "00" + "42" }}' }],
])('%s with %j', (operation, parameters) => {
	it('gives the request, the phone, the price and a sealed key', async () => {
		const { json, error } = await run(operation, parameters);

		expect(error).toBeUndefined();
		expect(json).toEqual([SENT]);
	});

	it('keeps the code out of everything n8n stores', async () => {
		const result = await run(operation, parameters);

		expect(tells(result, simulator.mobilgroup.codeOf('1234'))).toBe(false);
	});

	it('tells the code when it is asked to', async () => {
		const options = { ...(parameters.options as INodeParameters), includeCode: true };

		const { json } = await run(operation, { ...parameters, options });

		expect(json).toEqual([{ ...SENT, code: simulator.mobilgroup.codeOf('1234') }]);
	});

	it('gives a key that the code is checked with', async () => {
		const { json } = await run(operation, parameters);

		const checked = await run('checkCode', {
			key: String(json[0]?.key),
			code: simulator.mobilgroup.codeOf('1234'),
			options: { phone: PHONE },
		});

		expect(checked.json).toEqual([{ verified: true, reason: 'verified', phone: PHONE }]);
	});
});

describe('the code', () => {
	it.each([
		[undefined, '0042'],
		[4, '0042'],
		[6, '000042'],
		[10, '4951000042'],
	])('has as many digits as a flash call was asked for: %s', async (capacity, code) => {
		const length = capacity === undefined ? {} : { capacity };

		const { json } = await run('sendFlashCall', {
			phone: PHONE,
			options: { ...length, includeCode: true },
		});

		expect(json[0]?.code).toBe(code);
	});

	it('is four random digits that differ, with leading zeros', async () => {
		const { json } = await run(
			'sendVoiceCode',
			{ phone: '={{ $json.phone }}', options: { includeCode: true } },
			Array.from({ length: 400 }, (_, index) => ({ phone: 79990000000 + index })),
		);

		const codes = json.map(({ code }) => String(code));
		expect(codes.filter((code) => !/^\d{4}$/.test(code))).toEqual([]);
		// 400 draws from 10,000 give about 392 different ones, and about 40 with a leading zero.
		expect(new Set(codes).size).toBeGreaterThan(360);
		expect(codes.filter((code) => code.startsWith('0')).length).toBeGreaterThan(10);
		expect(simulator.journal.requests.map(({ body }) => body)).toEqual(
			expect.arrayContaining([{ number: '79990000000', voice: { code: codes[0] } }]),
		);
	});

	it('is that of each item, in the order of the items', async () => {
		const codes = ['0000', '0042', '9999', '0100', '1234'];

		const { items } = await run(
			'sendVoiceCode',
			{
				phone: PHONE,
				codeSource: 'own',
				code: '={{ $json.mine }}',
				options: { includeCode: true },
			},
			codes.map((mine) => ({ mine })),
		);

		expect(items.map(({ json }) => json.code)).toEqual(codes);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(codes.map((_, item) => ({ item })));
	});

	it('is the one of the answer, also when the provider chose another', async () => {
		const shape = { result: 'ok', id: 7, number: PHONE, price: 0.35, code: '0007' };
		simulator.faults.add({ kind: 'wrongShape', shape });

		const { json } = await run('sendVoiceCode', {
			phone: PHONE,
			codeSource: 'own',
			code: '1234',
			options: { includeCode: true },
		});

		expect(json).toEqual([{ ...SENT, id: '7', code: '0007' }]);
	});

	it('keeps its leading zeros when it comes as a number', async () => {
		const shape = { result: 'ok', id: 7, number: PHONE, price: 0.35, code: 12345 };
		simulator.faults.add({ kind: 'wrongShape', shape });

		const { json } = await run('sendFlashCall', {
			phone: PHONE,
			options: { capacity: 6, includeCode: true },
		});

		expect(json[0]).toMatchObject({ code: '012345' });
	});

	it('is found nowhere else in the item, wherever the answer holds it', async () => {
		const shape = {
			result: 'ok',
			id: 7,
			number: 'code 0042',
			price: '0.35 code 0042',
			code: '0042',
		};
		simulator.faults.add({ kind: 'wrongShape', shape });

		const { json } = await run('sendSmsFallback', { requestId: '7' });

		expect(JSON.stringify({ ...json[0], key: '' })).not.toContain('0042');
		expect(json[0]).toMatchObject({ phone: '', price: '' });
	});
});

describe('Valid For', () => {
	it.each([
		[{}, 3],
		[{ validMinutes: 1 }, 1],
		[{ validMinutes: 1440 }, 1440],
	])('%j gives a key for as long', async (options, minutes) => {
		const before = Math.floor(Date.now() / 1000) * 1000;

		const { json } = await run('sendFlashCall', { phone: PHONE, options });

		const lifetime = Date.parse(String(json[0]?.expiresAt)) - minutes * 60_000;
		expect(lifetime).toBeGreaterThanOrEqual(before);
		expect(lifetime).toBeLessThanOrEqual(Date.now());
	});
});

describe('Send SMS Fallback', () => {
	it('sends the code of the call to its phone, with a key for that phone', async () => {
		const call = await run('sendFlashCall', { phone: PHONE });

		const sms = await run('sendSmsFallback', { requestId: '={{ $json.id }}' }, call.json);

		expect(sms.json).toEqual([{ ...SENT, id: '1235' }]);
		const code = simulator.mobilgroup.codeOf('1235');
		expect(code).toBe(simulator.mobilgroup.codeOf('1234'));
		expect(tells(sms, code)).toBe(false);
		const { json } = await run('checkCode', {
			key: String(sms.json[0]?.key),
			code,
			options: { phone: PHONE },
		});
		expect(json).toEqual([{ verified: true, reason: 'verified', phone: PHONE }]);
	});

	it('names no phone when Mobilgroup does not say to which the SMS went', async () => {
		const shape = { result: 'ok', id: '1235', code: '0042', price: '1' };
		simulator.faults.add({ kind: 'wrongShape', shape });

		const sms = await run('sendSmsFallback', { requestId: '7' });
		const typed = { key: String(sms.json[0]?.key), code: '0042' };
		const bound = await run('checkCode', { ...typed, options: { phone: PHONE } });
		const { json } = await run('checkCode', typed);

		expect(sms.json).toMatchObject([{ phone: '' }]);
		expect(bound.json).toMatchObject([{ verified: false, reason: 'invalid_key' }]);
		expect(json).toMatchObject([{ verified: true, phone: '' }]);
	});

	it('is told that the request is unknown, and charges nothing', async () => {
		const { error } = await run('sendSmsFallback', { requestId: 9999 });

		expect(error?.context.code).toBe('unknown_request');
		expect(error?.description).toContain('request ID');
		expect(simulator.journal.charges).toEqual([]);
	});
});

describe('many items', () => {
	it('become many calls with one decryption, at most ten at once, in order', async () => {
		const phones = Array.from({ length: 200 }, (_, index) => String(79990000000 + index));

		const { json, use } = await run(
			'sendFlashCall',
			{ phone: '={{ $json.phone }}' },
			phones.map((phone) => ({ phone })),
		);

		expect(json.map(({ phone }) => phone)).toEqual(phones);
		expect(new Set(json.map(({ key }) => key)).size).toBe(200);
		expect(use.decrypted).toBe(1);
		expect(simulator.journal.charges).toHaveLength(200);
		expect(simulator.journal.maxConcurrent).toBeLessThanOrEqual(10);
	});

	it('keep their order when one of them is refused', async () => {
		simulator.mobilgroup.setOptions({ barred: ['79991112244'] });

		const { items } = await run(
			'sendFlashCall',
			{ phone: '={{ $json.phone }}' },
			[{ phone: PHONE }, { phone: '79991112244' }, { phone: '79991112255' }],
			{ onError: 'continueRegularOutput' },
		);

		expect(items.map(({ json }) => json.phone ?? json.code)).toEqual([
			PHONE,
			'number_not_permitted',
			'79991112255',
		]);
		expect(simulator.journal.charges).toHaveLength(2);
	});

	it('call nobody twice when n8n retries the node, and keep the first key and code', async () => {
		simulator.faults.add({ kind: 'status', status: 400, skip: 1, body: { result: 'error' } });

		const { json, error } = await run(
			'sendVoiceCode',
			{ phone: '={{ $json.phone }}', options: { itemsAtOnce: 1, includeCode: true } },
			[{ phone: PHONE }, { phone: '79991112244' }],
			{ retryOnFail: { maxTries: 2 } },
		);

		expect(error).toBeUndefined();
		expect(json.map(({ code }) => code)).toEqual(
			['1234', '1235'].map((id) => simulator.mobilgroup.codeOf(id)),
		);
		expect(simulator.journal.charges.map(({ phone }) => phone)).toEqual([PHONE, '79991112244']);
	});
});
