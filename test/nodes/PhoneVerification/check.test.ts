import { NodeHelpers } from 'n8n-workflow';
import type { INodeParameters } from 'n8n-workflow';
import { PhoneVerification } from '../../../nodes/PhoneVerification/PhoneVerification.node';
import { bindingOf, openKey, sealKey } from '../../../nodes/PhoneVerification/key';
import { channelOf, channels } from '../../../nodes/PhoneVerification/channels';
import { resources } from '../../../nodes/PhoneVerification/resources';
import type { Api } from '../../../nodes/shared/api';
import {
	codeOf,
	newPhone,
	PATHS,
	runCheck,
	runStart,
	simulatorCredentials,
	wrongFor,
} from '../../support/phoneVerification';
import type { Given } from '../../support/phoneVerification';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());
afterEach(() => jest.useRealTimers());

const CHECK = '/api/v1/flash-call/check';
const CODES = [
	'plusofonFlashCall',
	'mobilgroupFlashCall',
	'mobilgroupVoiceCode',
	'zvonobotPinCall',
] as const;

async function begin(channel: string, nodeOptions: INodeParameters = {}, given: Given = {}) {
	const phone = newPhone();
	const result = await runStart(simulator, phone, { channels: [channel], nodeOptions, ...given });
	const [answer = {}] = result.json;
	const code = channel === 'plusofonCallToAuth' ? '' : codeOf(simulator, channel, phone);
	return { phone, code, wrong: wrongFor(code), key: String(answer.key), answer };
}

async function check(key: string, code: string, nodeOptions: INodeParameters = {}, given?: Given) {
	const { json, error } = await runCheck(simulator, key, code, { nodeOptions, ...given });
	return { ...json[0], ...(error === undefined ? {} : { message: error.message }) };
}

it.each([
	'http://localhost:5678/webhook/x',
	'http://0.0.0.0:5678/x',
	'http://[::ffff:127.0.0.1]/x',
])('Start pays for no channel when a later one could not be confirmed at %s', async (hookUrl) => {
	const { error } = await runStart(simulator, newPhone(), {
		channels: ['mobilgroupFlashCall', 'plusofonCallToAuth'],
		nodeOptions: { hookUrl },
		credentials: {
			...simulatorCredentials(simulator),
			plusofonFlashCallApi: { accessToken: 'token', baseUrl: 'https://plusofon.invalid' },
		},
	});

	expect(error?.message).toContain('which is only on this machine');
	expect(simulator.journal.requests).toEqual([]);
});

it.each([
	['https://n8n.example.com/workflow/Ab3', 'is the address of the editor'],
	['https://n8n.example.com/webhook-test/3f8b/webhook', 'is a test URL'],
])(
	'Start pays for no channel when a later one would be confirmed to nobody: %s',
	async (hookUrl, problem) => {
		const start = async (given: Given) =>
			await runStart(simulator, newPhone(), {
				channels: ['mobilgroupFlashCall', 'plusofonCallToAuth'],
				nodeOptions: { hookUrl },
				...given,
			});

		const { error } = await start({});
		const charges = simulator.journal.charges.length;
		const tried = await start({ isManual: true });

		expect(error?.message).toContain(`Hook URL ${problem}`);
		expect(charges).toBe(0);
		expect(tried.error === undefined).toBe(problem === 'is a test URL');
	},
);

it('the operations have the values that saved flows hold', () => {
	const values = resources.flatMap(({ operations }) =>
		operations.map(({ option }) => option.value),
	);

	expect(values).toEqual(['verifyAndWait', 'start', 'check']);
	expect(channels.map(({ value }) => value).sort()).toEqual(Object.keys(PATHS).sort());
});

describe.each(CODES)('a code of %s', (channel) => {
	it('is right, wrong, and right once', async () => {
		const { phone, key, code, wrong } = await begin(channel);

		expect(await check(key, wrong)).toEqual({ verified: false, reason: 'wrong_code', channel });
		expect(await check(key, ` ${code} `)).toEqual({
			verified: true,
			reason: 'verified',
			phone,
			channel,
		});
		expect(await check(key, code)).toEqual({ verified: false, reason: 'used', channel });
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it('counts no more after three wrong ones', async () => {
		const { key, code, wrong } = await begin(channel);
		for (let times = 0; times < 3; times += 1) await check(key, wrong);

		expect(await check(key, code)).toEqual({
			verified: false,
			reason: 'too_many_attempts',
			channel,
		});
	});

	it('is tried three times at most, and used once, when many come at once', async () => {
		const first = await begin(channel);
		const guesses = await runCheck(
			simulator,
			first.key,
			Array.from({ length: 50 }, () => first.wrong),
			{ nodeOptions: { itemsAtOnce: 50 } },
		);
		const second = await begin(channel);
		const right = await runCheck(
			simulator,
			second.key,
			Array.from({ length: 50 }, () => second.code),
			{ nodeOptions: { itemsAtOnce: 50, maxAttempts: 100 } },
		);

		expect(guesses.json.filter(({ reason }) => reason === 'wrong_code')).toHaveLength(3);
		expect(guesses.json.filter(({ reason }) => reason === 'too_many_attempts')).toHaveLength(47);
		expect(right.json.filter(({ verified }) => verified === true)).toHaveLength(1);
	});

	it('counts no more after its time', async () => {
		const { key, code } = await begin(channel, { validMinutes: 1 });
		const then = Date.now() + 60_000;
		jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval'] });
		jest.setSystemTime(then);

		expect(await check(key, code)).toEqual({ verified: false, reason: 'expired', channel });
	});

	it('stands neither in the answer nor in the key', async () => {
		const { answer, code, key } = await begin(channel);

		expect(JSON.stringify({ ...answer, phone: '', expiresAt: '' })).not.toContain(`"${code}"`);
		const sealed = Buffer.from(key.split('.')[1] ?? '', 'base64url').toString('latin1');
		expect(sealed).not.toContain(code);
	});
});

describe('a key', () => {
	it.each([
		['is none', () => 'no key'],
		['is cut off', (key: string) => key.slice(0, -1)],
		['has a letter more', (key: string) => `${key}A`],
		['has a part more', (key: string) => `${key}/more`],
		['has another version', (key: string) => key.replace('pv1', 'pv2')],
		['names a channel that does not exist', (key: string) => key.replace(/Voice/, 'Smoke')],
		[
			'names another channel of its provider',
			(key: string) => key.replace('mobilgroupVoiceCode', 'mobilgroupFlashCall'),
		],
		[
			'names a channel of another provider',
			(key: string) => key.replace('mobilgroupVoiceCode', 'zvonobotPinCall'),
		],
		['is the sealed part alone', (key: string) => key.split('/')[2] ?? ''],
		[
			'has one bit changed',
			(key: string) => {
				const [version, channel, text = ''] = key.split('/');
				const bytes = Buffer.from(text.slice(4), 'base64url');
				bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
				return [version, channel, `fc1.${bytes.toString('base64url')}`].join('/');
			},
		],
	])('that %s verifies nobody, and costs the right one no try', async (_, change) => {
		const { key, code } = await begin('mobilgroupVoiceCode');

		for (let times = 0; times < 3; times += 1) {
			expect(await check(change(key), code)).toEqual({
				verified: false,
				reason: 'invalid_key',
				channel: null,
			});
		}
		expect(await check(key, code)).toMatchObject({ verified: true });
	});

	it('of another credential verifies nobody', async () => {
		const { key, code } = await begin('mobilgroupVoiceCode');
		const credentials = simulatorCredentials(simulator);
		credentials.mobilgroupApi = { apiKey: 'another', baseUrl: simulator.url };

		expect(await check(key, code, {}, { credentials })).toMatchObject({ reason: 'invalid_key' });
	});

	it('that the node Mobilgroup has made verifies nobody here', async () => {
		const { key, code } = await begin('mobilgroupVoiceCode');

		expect(await check(key.replace(/^.*\//, ''), code)).toMatchObject({ reason: 'invalid_key' });
	});

	it('of a provider that is not chosen says which one', async () => {
		const { key, code } = await begin('mobilgroupVoiceCode');

		const answer = await check(key, code, {}, { providers: ['plusofon'] });

		expect(answer).toEqual({
			message: 'Key comes from Mobilgroup Voice Code, whose provider is not chosen',
		});
		expect(simulator.journal.requests).toHaveLength(1);
	});

	it.each([
		['the same phone', (phone: string) => phone, true],
		['the same phone in another spelling', (phone: string) => `8 ${phone.slice(1)}`, true],
		['another phone', () => newPhone(), false],
	])('is compared with %s', async (_, phoneOf, verified) => {
		const { key, code, phone } = await begin('mobilgroupVoiceCode');

		expect(await check(key, code, { checkedPhone: phoneOf(phone) })).toMatchObject({ verified });
	});

	it('is not accepted when the phone to compare with is missing', async () => {
		const { key, code } = await begin('mobilgroupVoiceCode');

		const answer = await check(key, code, { checkedPhone: '={{ $json.nothing }}' });

		expect(answer).toEqual({ message: 'Phone is empty' });
	});
});

describe('a key that is bound to an order', () => {
	const bound = { boundTo: 'order 7' };

	it.each([
		['the same', { boundTo: ' order 7' }, 'verified'],
		['another order', { boundTo: 'order 8' }, 'invalid_key'],
		['none', {}, 'invalid_key'],
		['an expression that brings nothing', { boundTo: '={{ $json.nothing }}' }, 'invalid_key'],
	])('is checked for %s', async (_, options, reason) => {
		const { key, code } = await begin('mobilgroupVoiceCode', bound);

		expect(await check(key, code, options)).toMatchObject({ reason });
	});

	it('is needed where one is asked for', async () => {
		const { key, code } = await begin('mobilgroupVoiceCode');

		expect(await check(key, code, bound)).toMatchObject({ reason: 'invalid_key' });
		expect(await check(key, code, { boundTo: '' })).toMatchObject({ reason: 'invalid_key' });
	});

	it('is not made when the order is missing', async () => {
		const result = await runStart(simulator, newPhone(), {
			channels: ['mobilgroupVoiceCode'],
			nodeOptions: { boundTo: '={{ $json.nothing }}' },
		});

		expect(result.error?.message).toBe('Bound To is empty');
		expect(simulator.journal.requests).toEqual([]);
	});
});

describe('what the provider says to a check', () => {
	const failing = [
		['answers 503', { kind: 'status', status: 503 }],
		['breaks off', { kind: 'resetBefore' }],
		['answers with a page', { kind: 'status', status: 502, body: '<html></html>' }],
	] as const;

	it.each(failing)('is an error when it %s, and costs no try', async (_, fault) => {
		const { key, code, wrong } = await begin('plusofonFlashCall');
		simulator.faults.add({ ...fault, times: 5, match: { path: CHECK } });
		for (let times = 0; times < 5; times += 1) {
			expect(await check(key, wrong)).toHaveProperty('message');
		}

		expect(await check(key, wrong)).toMatchObject({ reason: 'wrong_code' });
		expect(await check(key, code)).toMatchObject({ verified: true });
	});

	it('may be that it has forgotten the code', async () => {
		const { key, code } = await begin('plusofonFlashCall');
		simulator.clock.advance(10 * 60_000);

		expect(await check(key, code)).toMatchObject({ verified: false, reason: 'expired' });
	});

	it('is not asked for when nothing like a code was typed', async () => {
		const { key } = await begin('plusofonFlashCall');

		expect(await check(key, 'abcd')).toMatchObject({ reason: 'wrong_code' });
		expect(simulator.journal.requestsTo('POST', CHECK)).toEqual([]);
	});
});

describe('a call from the person', () => {
	it('is told by the Plusofon Trigger, never by a code', async () => {
		const { key, answer } = await begin('plusofonCallToAuth');

		expect(await check(key, '1234')).toEqual({
			verified: false,
			reason: 'waiting_for_call',
			channel: 'plusofonCallToAuth',
		});
		const [request] = simulator.journal.requests;
		const hook = new URL(String((request?.body as { hook_url: string }).hook_url));
		expect(hook.searchParams.get('fc_request')).toBe(answer.requestId);
	});
});

describe('fields that cannot be used', () => {
	it.each([
		['a key that is missing', '', '1234', 'Key is empty'],
		['a code that is missing', 'pv1/x/y', ' ', 'Code is empty'],
	])('%s is refused', async (_, key, code, message) => {
		expect(await check(key, code)).toEqual({ message: expect.stringContaining(message) });
		expect(simulator.journal.requests).toEqual([]);
	});

	const channel = { list: [{ channel: 'plusofonFlashCall', patience: 60 }] };
	it.each([
		['no phone in the item', { phone: '={{ $json.nothing }}' }, {}, 'Phone is empty'],
		['two phones', { phone: '79261112233, 79261112244' }, {}, 'Phone holds more than one number'],
		['no channel', { channels: {} }, {}, 'Channels holds no channel'],
		[
			'an unknown channel',
			{ channels: { list: [{ channel: 'pigeon', patience: 60 }] } },
			{},
			'Channels › Channel 1 › Channel is none of the values it may have',
		],
		[
			'a channel twice',
			{ channels: { list: [...channel.list, ...channel.list] } },
			{},
			'Channels holds Plusofon Flash Call twice',
		],
		[
			'a channel whose provider is not chosen',
			{ providers: ['zvonobot'] },
			{},
			'Channels holds Plusofon Flash Call, but its provider is not chosen',
		],
		['no provider', { providers: [] }, {}, 'Channels holds Plusofon Flash Call'],
		[
			'a patience that is too short',
			{ channels: { list: [{ channel: 'plusofonFlashCall', patience: 5 }] } },
			{},
			'Patience (Seconds) is not a whole number from 10 to 3600',
		],
		['a cool-down below zero', {}, { coolDown: -1 }, 'Cool-Down (Seconds) is not a whole number'],
		[
			'a rule without an operator',
			{},
			{ operatorRules: { rules: [{ operator: ' ', channel: 'plusofonCallToAuth' }] } },
			'Operator is empty',
		],
		[
			'a rule for a channel that is not used',
			{},
			{ operatorRules: { rules: [{ operator: 'mts', channel: 'zvonobotPinCall' }] } },
			'Operator Rules name Zvonobot PIN Call, which is not among Channels',
		],
		['a validity of no time', {}, { validMinutes: 0 }, 'Valid For (Minutes) is not'],
		[
			'CallToAuth without a hook URL',
			{ channels: { list: [{ channel: 'plusofonCallToAuth', patience: 60 }] } },
			{},
			'Hook URL is missing, and Plusofon CallToAuth needs it',
		],
		[
			'a hook URL that is none',
			{ channels: { list: [{ channel: 'plusofonCallToAuth', patience: 60 }] } },
			{ hookUrl: 'javascript:alert(1)' },
			'Hook URL does not begin with https:// or http://',
		],
	])('%s is refused, and nothing is sent', async (_, parameters, options, message) => {
		const { error } = await runStart(simulator, newPhone(), {
			nodeParameters: {
				phone: '79261112233',
				channels: channel,
				...(parameters as INodeParameters),
				options: options as INodeParameters,
			},
		});

		expect(error?.message).toContain(message);
		expect(simulator.journal.requests).toEqual([]);
	});

	it('only the item that cannot be used is refused, when the flow is to go on', async () => {
		const { json, items } = await runStart(simulator, [newPhone(), 'nobody', newPhone()], {
			channels: ['zvonobotPinCall'],
			onError: 'continueRegularOutput',
		});

		expect(json).toMatchObject([
			{ status: 'sent' },
			{ code: 'invalid_input', error: expect.stringMatching(/^Item 1: Phone/) },
			{ status: 'sent' },
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(simulator.journal.charges).toHaveLength(2);
	});
});

describe('the credentials', () => {
	it.each([
		[['plusofon'], ['plusofonFlashCallApi']],
		[['mobilgroup'], ['mobilgroupApi']],
		[['zvonobot'], ['zvonobotApi']],
		[
			['mobilgroup', 'zvonobot'],
			['mobilgroupApi', 'zvonobotApi'],
		],
		[[], []],
	])('of %j are asked for as %j', (providers, expected) => {
		const node = { typeVersion: 1 };
		const { description } = new PhoneVerification();
		const shown = (description.credentials ?? []).filter((one) =>
			NodeHelpers.displayParameter({ providers }, one, node, description),
		);

		expect(shown.map(({ name }) => name).sort()).toEqual(expected);
		expect(shown.every(({ required }) => required)).toBe(true);
	});

	it('are asked for when their turn comes, and not before', async () => {
		const { zvonobotApi } = simulatorCredentials(simulator);
		const { use, json } = await runStart(simulator, newPhone(), {
			channels: ['zvonobotPinCall'],
			credentials: { zvonobotApi: zvonobotApi ?? {} },
			providers: ['zvonobot'],
			nodeOptions: {},
		});

		expect(json[0]).toMatchObject({ channel: 'zvonobotPinCall' });
		expect(use.decrypted).toBeLessThanOrEqual(2);
	});

	it('that are missing hand over to the next channel', async () => {
		const { zvonobotApi } = simulatorCredentials(simulator);
		const { json } = await runStart(simulator, newPhone(), {
			channels: ['mobilgroupFlashCall', 'zvonobotPinCall'],
			credentials: { zvonobotApi: zvonobotApi ?? {} },
		});

		expect(json[0]).toMatchObject({
			channel: 'zvonobotPinCall',
			attempts: [{ code: 'missing_credential', outcome: 'refused' }, { outcome: 'sent' }],
		});
	});
});

describe('the form of a key', () => {
	const api = {
		deriveKey: async () => await Promise.resolve(Buffer.alloc(32, 1)),
	} as unknown as Api;
	const open = () => api;
	const providers = ['plusofon', 'mobilgroup', 'zvonobot'];

	it('has room for all channels, long IDs and a binding', async () => {
		const content = {
			phone: '79261234567',
			expiresAt: 2_000_000_000,
			codes: [
				['plusofonFlashCall', 'x'.repeat(64)],
				['mobilgroupVoiceCode', '0042'],
			] as Array<[string, string]>,
			requestIds: { mobilgroupFlashCall: '1'.repeat(20), mobilgroupVoiceCode: '2'.repeat(20) },
			tried: channels.map(({ value }) => value),
			binding: bindingOf('заказ '.repeat(1000)),
		};

		const key = await sealKey(channelOf('plusofonFlashCall'), api, content);

		expect(key.length).toBeLessThan(1000);
		expect(await openKey(key, providers, open)).toMatchObject(content);
	});
});
