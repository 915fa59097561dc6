import type { IDataObject, INodeParameters } from 'n8n-workflow';
import {
	codeOf,
	newPhone,
	PATHS,
	runCheck,
	runStart,
	simulatorCredentials,
} from '../../support/phoneVerification';
import { sameOperator } from '../../../nodes/PhoneVerification/operators';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());
afterEach(() => jest.useRealTimers());

function pass(seconds: number): void {
	const then = Date.now() + seconds * 1000;
	jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval'] });
	jest.setSystemTime(then);
}

const charges = () => simulator.journal.charges.map(({ operation }) => operation);

describe('a chain', () => {
	const ALL = [
		'plusofonFlashCall',
		'mobilgroupSms',
		'mobilgroupVoiceCode',
		'zvonobotPinCall',
		'plusofonCallToAuth',
	];

	it('goes from one to the next until one reaches the person', async () => {
		simulator.mobilgroup.setOptions({ balance: 0 });
		simulator.zvonobot.setOptions({ balance: 0 });
		simulator.faults.add({ kind: 'status', status: 400, match: { path: PATHS.plusofonFlashCall } });

		const { json } = await runStart(simulator, newPhone(), { channels: ALL });

		expect(json[0]).toMatchObject({
			channel: 'plusofonCallToAuth',
			attempts: [
				{ channel: 'plusofonFlashCall', outcome: 'refused', code: 'refused' },
				{ channel: 'mobilgroupSms', outcome: 'refused', code: 'needs_earlier_call' },
				{ channel: 'mobilgroupVoiceCode', outcome: 'refused', code: 'not_enough_money' },
				{ channel: 'zvonobotPinCall', outcome: 'refused', code: 'not_enough_money' },
				{ channel: 'plusofonCallToAuth', outcome: 'sent', code: 'sent' },
			],
		});
		expect(charges()).toEqual(['flash-call/call-to-auth']);
	});

	it('says of each channel why there is none left, in its own words', async () => {
		simulator.mobilgroup.setOptions({ balance: 0 });
		const credentials = simulatorCredentials(simulator);
		credentials.plusofonFlashCallApi = { accessToken: 'another', baseUrl: simulator.url };

		const { error, json } = await runStart(simulator, newPhone(), {
			channels: ['plusofonFlashCall', 'mobilgroupFlashCall'],
			credentials,
		});

		expect(json).toEqual([]);
		expect(error?.message).toBe(
			'No channel could reach the phone: Plusofon Flash Call (wrong_credential), Mobilgroup Flash Call (not_enough_money)',
		);
		expect(error?.description).toMatch(/did not accept the access token.*Top up the balance/);
		expect(error?.context.code).toBe('no_channel_left');
		expect(simulator.journal.charges).toEqual([]);
	});

	it('is not begun again by a retry when one of several may have reached the person', async () => {
		simulator.faults.add({
			kind: 'resetAfter',
			times: 'always',
			match: { path: PATHS.plusofonFlashCall },
		});
		simulator.mobilgroup.setOptions({ balance: 0 });

		const { error } = await runStart(simulator, newPhone(), {
			channels: ['plusofonFlashCall', 'mobilgroupFlashCall'],
			nodeOptions: { whenUnsure: 'next', coolDown: 0 },
			retryOnFail: { maxTries: 3 },
		});

		expect(error?.context.code).toBe('no_channel_left');
		expect(charges()).toEqual(['flash-call/send']);
	});

	it('is begun again by a retry when it was refused before it reached anybody', async () => {
		simulator.faults.add({ kind: 'status', status: 429 });

		const { json } = await runStart(simulator, newPhone(), {
			channels: ['plusofonFlashCall'],
			retryOnFail: { maxTries: 2 },
		});

		expect(json[0]).toMatchObject({ channel: 'plusofonFlashCall' });
		expect(charges()).toEqual(['flash-call/send']);
	});
});

describe('the balance floor', () => {
	const given = (balanceFloor: number) => ({
		channels: ['zvonobotPinCall', 'mobilgroupFlashCall'],
		nodeOptions: { balanceFloor },
	});
	const asked = () => simulator.journal.requestsTo('POST', '/apiCalls/userInfo').length;

	it('skips a channel whose account is below it', async () => {
		simulator.zvonobot.setOptions({ balance: 99.99 });

		const { json } = await runStart(simulator, newPhone(), given(100));

		expect(json[0]).toMatchObject({
			channel: 'mobilgroupFlashCall',
			attempts: [{ channel: 'zvonobotPinCall', outcome: 'refused', code: 'balance_floor' }, {}],
		});
		expect(charges()).toEqual(['voice-password/flash-call']);
	});

	it('lets a channel through whose account just has it', async () => {
		simulator.zvonobot.setOptions({ balance: 100 });

		const { json } = await runStart(simulator, newPhone(), given(100));

		expect(json[0]).toMatchObject({ channel: 'zvonobotPinCall' });
		expect(asked()).toBe(1);
		expect(charges()).toEqual(['confirmPhone']);
	});

	it('asks nobody when it is 0', async () => {
		await runStart(simulator, newPhone(), given(0));

		expect(asked()).toBe(0);
	});

	it.each([
		['breaks off', { kind: 'resetAfter' }],
		['fails', { kind: 'status', status: 503 }],
	] as const)('hands over when the question about it %s: nobody was called', async (_, fault) => {
		simulator.faults.add({
			...fault,
			times: 'always',
			match: { path: '/apiCalls/userInfo' },
		});

		const { json } = await runStart(simulator, newPhone(), given(1));

		expect(json[0]).toMatchObject({
			channel: 'mobilgroupFlashCall',
			attempts: [{ channel: 'zvonobotPinCall', outcome: 'refused' }, { outcome: 'sent' }],
		});
		expect(charges()).toEqual(['voice-password/flash-call']);
	});
});

describe('the operator rule', () => {
	const MTS = '7916';
	const channels = ['plusofonFlashCall', 'mobilgroupVoiceCode', 'plusofonCallToAuth'];
	const start = async (prefix: string, options: INodeParameters = {}, list = channels) => {
		const phone = newPhone(prefix);
		const { json } = await runStart(simulator, phone, { channels: list, nodeOptions: options });
		return { phone, answer: json[0] ?? {} };
	};

	it('leads people of MTS on to CallToAuth at once, if it is in the list', async () => {
		const { answer } = await start(MTS);

		expect(answer).toMatchObject({
			channel: 'plusofonCallToAuth',
			operator: 'mts',
			callNumber: expect.any(String),
			attempts: [
				{ channel: 'plusofonFlashCall', outcome: 'sent' },
				{ channel: 'plusofonCallToAuth', outcome: 'sent' },
			],
		});
		expect(charges()).toEqual(['flash-call/send', 'flash-call/call-to-auth']);
	});

	it('keeps the code of the flash call good, should it have come through', async () => {
		const { phone, answer } = await start(MTS);
		const code = codeOf(simulator, 'plusofonFlashCall', phone);

		const wrong = await runCheck(simulator, answer.key, code === '1111' ? '2222' : '1111');
		const right = await runCheck(simulator, answer.key, code);

		expect(wrong.json).toEqual([
			{ verified: false, reason: 'wrong_code', channel: 'plusofonCallToAuth' },
		]);
		expect(right.json).toEqual([
			{ verified: true, reason: 'verified', phone, channel: 'plusofonFlashCall' },
		]);
	});

	it.each([
		['the person has another operator', '7926', {}, channels],
		['the channel is not in the list', MTS, {}, channels.slice(0, 2)],
		['there is no rule', MTS, { operatorRules: {} }, channels],
		[
			'the rule is for another operator',
			MTS,
			{ operatorRules: { rules: [{ operator: 'beeline', channel: 'plusofonCallToAuth' }] } },
			channels,
		],
	] as const)('does nothing when %s', async (_, prefix, options, list) => {
		const { answer } = await start(prefix, options as INodeParameters, [...list]);

		expect(answer).toMatchObject({ channel: 'plusofonFlashCall' });
		expect(charges()).toEqual(['flash-call/send']);
	});

	it('leads to any channel, in any spelling of the operator', async () => {
		const rules = [{ operator: ' МТС', channel: 'mobilgroupVoiceCode' }];

		const { answer } = await start(MTS, { operatorRules: { rules } });

		expect(answer).toMatchObject({ channel: 'mobilgroupVoiceCode', provider: 'mobilgroup' });
		expect(charges()).toEqual(['flash-call/send', 'voice-password/voice']);
	});

	it.each([
		['refuses', { kind: 'status', status: 400 }],
		['may or may not have acted', { kind: 'resetAfter' }],
	] as const)('keeps the flash call when CallToAuth %s', async (_, fault) => {
		simulator.faults.add({ ...fault, match: { path: PATHS.plusofonCallToAuth } });

		const { phone, answer } = await start(MTS);

		expect(answer).toMatchObject({
			channel: 'plusofonFlashCall',
			attempts: [{ outcome: 'sent' }, { channel: 'plusofonCallToAuth' }],
		});
		expect(simulator.journal.requests).toHaveLength(2);
		const code = codeOf(simulator, 'plusofonFlashCall', phone);
		expect((await runCheck(simulator, answer.key, code)).json[0]).toMatchObject({ verified: true });
	});

	it('is not followed where Plusofon does not tell the operator', async () => {
		const settings = { return_operator: false };
		await fetch(`${simulator.url}/api/v1/flash-call/settings`, {
			method: 'POST',
			body: JSON.stringify(settings),
			headers: {
				authorization: `Bearer ${simulator.plusofon.snapshot().cabinetToken}`,
				'content-type': 'application/json',
				accept: 'application/json',
				client: '10553',
			},
		});

		const { answer } = await start(MTS);

		expect(answer).toMatchObject({ channel: 'plusofonFlashCall' });
		expect(answer).not.toHaveProperty('operator');
	});

	it.each([
		['mts', 'MTS', true],
		['МТС', 'mts', true],
		['Т2', 'Tele2', true],
		['mts', 'megafon', false],
		['', 'mts', false],
	])('takes %s and %s for one operator: %s', (one, other, expected) => {
		expect(sameOperator(one, other)).toBe(expected);
	});
});

describe('an earlier key', () => {
	const start = async (phone: string, channels: string[], nodeOptions: INodeParameters = {}) => {
		const result = await runStart(simulator, phone, {
			channels,
			nodeOptions: { coolDown: 0, ...nodeOptions },
		});
		return { ...result, answer: result.json[0] ?? {} };
	};

	it('goes on behind the channels that were tried', async () => {
		const phone = newPhone();
		const list = ['plusofonFlashCall', 'mobilgroupVoiceCode', 'mobilgroupSms', 'zvonobotPinCall'];
		const keys: string[] = [];
		const used: unknown[] = [];
		for (let times = 0; times < 4; times += 1) {
			const earlier = keys.at(-1) === undefined ? {} : { earlierKey: keys.at(-1) ?? '' };
			const { answer } = await start(phone, list, earlier);
			keys.push(String(answer.key));
			used.push(answer.channel);
			expect(answer.attempts).toHaveLength(1);
		}
		const { error } = await start(phone, list, { earlierKey: keys.at(-1) ?? '' });

		expect(used).toEqual(list);
		expect(error?.message).toBe('No channel is left: the earlier start has tried them all');
		expect(simulator.journal.charges).toHaveLength(4);
		expect(Math.max(...keys.map(({ length }) => length))).toBeLessThan(1000);
	});

	it('lets an SMS repeat the code of a call, for the latest key', async () => {
		const phone = newPhone();
		const list = ['mobilgroupFlashCall', 'mobilgroupSms'];
		const first = await start(phone, list);
		const code = codeOf(simulator, 'mobilgroupFlashCall', phone);

		const second = await start(phone, list, { earlierKey: String(first.answer.key) });

		expect(second.answer).toMatchObject({ channel: 'mobilgroupSms', provider: 'mobilgroup' });
		expect(charges()).toEqual(['voice-password/flash-call', 'voice-password/sms']);
		expect((await runCheck(simulator, second.answer.key, code)).json).toEqual([
			{ verified: true, reason: 'verified', phone, channel: 'mobilgroupSms' },
		]);
	});

	it('leads to no SMS when the call had no ID to build on', async () => {
		const phone = newPhone();
		const list = ['mobilgroupFlashCall', 'mobilgroupSms', 'zvonobotPinCall'];
		const shape = { result: 'ok', number: phone, code: '0427' };
		simulator.faults.add({ kind: 'wrongShape', shape });
		const first = await start(phone, list);

		const second = await start(phone, list, { earlierKey: String(first.answer.key) });

		expect(first.answer).toMatchObject({ channel: 'mobilgroupFlashCall' });
		expect(second.answer).toMatchObject({
			channel: 'zvonobotPinCall',
			attempts: [{ channel: 'mobilgroupSms', code: 'needs_earlier_call' }, { outcome: 'sent' }],
		});
		expect(charges()).toEqual(['voice-password/flash-call', 'confirmPhone']);
	});

	it.each([
		['of another phone', async () => (await start(newPhone(), ['plusofonFlashCall'])).answer.key],
		['that is forged', async () => await Promise.resolve('pv1/plusofonFlashCall/fc1.Zm9yZ2Vk')],
	])('%s is refused before any request', async (_, makeKey) => {
		const earlierKey = String(await makeKey());
		simulator.journal.clear();

		const { error } = await start(newPhone(), ['mobilgroupFlashCall'], { earlierKey });

		expect(error?.message).toMatch(/^Earlier Key was not made for this phone/);
		expect(simulator.journal.requests).toEqual([]);
	});

	it.each<[string, bound: string | undefined, later: string | undefined]>([
		['to something else', 'order 1', 'order 2'],
		['to nothing', undefined, 'order 2'],
		['to something, for a key that is to be good for anything', 'order 1', undefined],
	])('that is bound %s is refused before any request', async (_, bound, later) => {
		const phone = newPhone();
		const list = ['mobilgroupFlashCall', 'mobilgroupSms'];
		const to = (boundTo?: string) => (boundTo === undefined ? {} : { boundTo });
		const first = await start(phone, list, to(bound));
		simulator.journal.clear();

		const { error } = await start(phone, list, {
			...to(later),
			earlierKey: String(first.answer.key),
		});

		expect(error?.message).toMatch(/^Earlier Key is bound to something else/);
		expect(simulator.journal.requests).toEqual([]);
	});

	it.each<[string, (key: unknown, code: string) => Promise<void>]>([
		['was used', async (key, code) => void (await runCheck(simulator, key, code))],
		['is over', async () => await Promise.resolve(pass(61))],
	])('that %s lets no SMS repeat its code, which would count anew', async (_, end) => {
		const phone = newPhone();
		const list = ['mobilgroupFlashCall', 'mobilgroupSms', 'zvonobotPinCall'];
		const first = await start(phone, list, { validMinutes: 1 });
		const code = codeOf(simulator, 'mobilgroupFlashCall', phone);
		await end(first.answer.key, code);

		const { answer } = await start(phone, list, { earlierKey: String(first.answer.key) });

		expect(answer).toMatchObject({
			channel: 'zvonobotPinCall',
			attempts: [{ channel: 'mobilgroupSms', code: 'needs_earlier_call' }, { outcome: 'sent' }],
		});
		expect(charges()).toEqual(['voice-password/flash-call', 'confirmPhone']);
	});

	it('lets the next channel follow at once, also after a try that nothing came of', async () => {
		const phone = newPhone();
		const list = ['plusofonFlashCall', 'mobilgroupFlashCall'];
		const { answer } = await start(phone, list);
		const goOn = async () =>
			await start(phone, list, { coolDown: 30, earlierKey: String(answer.key) });
		simulator.faults.add({ kind: 'status', status: 429 });

		expect((await goOn()).error?.context.code).toBe('no_channel_left');
		expect((await goOn()).answer).toMatchObject({ channel: 'mobilgroupFlashCall' });
		expect(simulator.journal.charges).toHaveLength(2);
	});

	it('is one more start, for which nobody has to wait, but not twice', async () => {
		const phone = newPhone();
		const list = ['plusofonFlashCall', 'mobilgroupFlashCall', 'zvonobotPinCall'];
		const { answer } = await start(phone, list);
		const goOn = async (options: IDataObject = {}) =>
			await runStart(simulator, phone, {
				channels: list,
				nodeOptions: { earlierKey: String(answer.key), coolDown: 30, ...options } as never,
			});

		expect((await goOn({ maxStarts: 1 })).error?.context.code).toBe('too_many_starts');
		expect(simulator.journal.charges).toHaveLength(1);
		expect((await goOn()).error).toBeUndefined();
		expect((await goOn()).error?.context.code).toBe('cool_down');
		expect(simulator.journal.charges).toHaveLength(2);
	});

	it('whose time is over lets nobody off the cool-down', async () => {
		const phone = newPhone();
		const list = ['plusofonFlashCall', 'mobilgroupFlashCall'];
		const { answer } = await start(phone, list, { validMinutes: 1 });
		pass(120);

		const { error } = await runStart(simulator, phone, {
			channels: list,
			nodeOptions: { earlierKey: String(answer.key), coolDown: 600 },
		});

		expect(error?.context.code).toBe('cool_down');
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it('lets the next channel follow at once', async () => {
		const phone = newPhone();
		const list = ['plusofonFlashCall', 'mobilgroupFlashCall'];
		const { answer } = await start(phone, list);
		const goOn = async () =>
			await runStart(simulator, phone, {
				channels: list,
				nodeOptions: { earlierKey: String(answer.key), coolDown: 30 },
			});

		expect((await goOn()).error).toBeUndefined();
		expect((await goOn()).error?.context.code).toBe('cool_down');
		expect(simulator.journal.charges).toHaveLength(2);
	});
});
