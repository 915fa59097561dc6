import type { INodeParameters } from 'n8n-workflow';
import { PRESET_ZVONOBOT } from '../../support/simulator/zvonobot';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';
import { runZvonobot } from '../../support/zvonobot';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const PHONE = '79991112233';

async function call(parameters: INodeParameters = {}, options = {}) {
	const all = { phone: PHONE, ...parameters };
	return await runZvonobot(simulator, 'verification', 'callWithPin', all, [{}], options);
}

async function check(parameters: INodeParameters) {
	const { json } = await runZvonobot(simulator, 'verification', 'checkCode', parameters);
	return json[0];
}

function pinCalled(): string {
	return simulator.zvonobot.snapshot().pins[PHONE] ?? '';
}

it('gives a key that holds the PIN, and not the PIN itself', async () => {
	const { json } = await call({ pinSource: 'own', pin: '0427' });

	expect(json).toEqual([
		{ phone: PHONE, key: expect.any(String), expiresAt: expect.stringMatching(/Z$/) },
	]);
	expect(pinCalled()).toBe('0427');
	const key = String(json[0]?.key);
	expect(Buffer.from(key.split('.')[1] ?? '', 'base64url').toString('latin1')).not.toContain(
		'0427',
	);
	expect(key).not.toContain(PRESET_ZVONOBOT);
});

it.each([
	['own', { pinSource: 'own', pin: ' 0042 ' }],
	['random', { pinSource: 'random' }],
])('verifies whoever types the %s PIN, once, and nobody else', async (_, parameters) => {
	const { json } = await call(parameters);
	const key = String(json[0]?.key);
	const wrong = pinCalled() === '1111' ? '2222' : '1111';

	expect(pinCalled()).toMatch(/^\d{4}$/);
	expect(await check({ key, code: wrong })).toEqual({ verified: false, reason: 'wrong_code' });
	expect(await check({ key, code: pinCalled(), options: { phone: '79991112200' } })).toEqual({
		verified: false,
		reason: 'invalid_key',
	});
	expect(await check({ key, code: pinCalled(), options: { phone: PHONE } })).toEqual({
		verified: true,
		reason: 'verified',
		phone: PHONE,
	});
	expect(await check({ key, code: pinCalled() })).toEqual({ verified: false, reason: 'used' });
	expect(simulator.journal.requests).toHaveLength(1);
});

it('opens no key that another credential or provider sealed', async () => {
	const { json } = await call();

	const { json: found } = await runZvonobot(
		simulator,
		'verification',
		'checkCode',
		{ key: String(json[0]?.key), code: pinCalled() },
		[{}],
		{ credentials: { zvonobotApi: { domain: simulator.url, apiKey: 'another' } } },
	);

	expect(found).toEqual([{ verified: false, reason: 'invalid_key' }]);
});

it('outputs the PIN when it is told to', async () => {
	const { json } = await call({ options: { includeCode: true } });

	expect(json[0]?.code).toBe(pinCalled());
});

it('makes another PIN for each call', async () => {
	const pins = new Set<string>();
	for (let count = 0; count < 10; count++) {
		await call();
		pins.add(pinCalled());
	}

	expect(pins.size).toBeGreaterThan(5);
});

it('takes an answer without the wrapping', async () => {
	simulator.faults.add({ kind: 'wrongShape', shape: { data: 'done' } });

	expect((await call()).error).toBeUndefined();
});

it.each<[problem: string, parameters: INodeParameters]>([
	['Phone is too short', { phone: '12' }],
	['Phone has 12 digits', { phone: '+375 29 111-22-33' }],
	['PIN is not four digits', { pinSource: 'own', pin: '12345' }],
	['PIN is not four digits', { pinSource: 'own', pin: 42 }],
	['PIN is empty', { pinSource: 'own', pin: '={{ $json.nothing }}' }],
	['Valid For (Minutes) is not a whole number from 1 to 1440', { options: { validMinutes: 0 } }],
])('says "%s" before any request: %j', async (problem, parameters) => {
	const { error } = await call(parameters);

	expect(error?.message).toContain(problem);
	expect(simulator.journal.requests).toEqual([]);
});
