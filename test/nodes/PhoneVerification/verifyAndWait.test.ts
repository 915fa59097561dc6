import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { EngineWait } from '../../support/engineWait';
import type { Ask, Told } from '../../support/engineWait';
import {
	chainOf,
	codeOf,
	newPhone,
	nodeRun,
	PATHS,
	simulatorCredentials,
	wrongFor,
} from '../../support/phoneVerification';
import type { ChannelName, Given } from '../../support/phoneVerification';
import type { Fault } from '../../support/simulator/faults';
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

interface Begun {
	wait: EngineWait;
	phone: string;
}

async function begin(
	channels: readonly ChannelName[],
	nodeOptions: INodeParameters = {},
	{ phone = newPhone(), timeLimit = 300, patience = 60, ...given }: Given & Settings = {},
): Promise<Begun> {
	const nodeParameters = { phone, timeLimit, channels: chainOf(channels, patience) };
	const wait = await EngineWait.start(
		nodeRun(simulator, 'verifyAndWait', [{}], { nodeOptions, nodeParameters, ...given }),
	);
	return { wait, phone };
}

interface Settings {
	phone?: string;
	timeLimit?: number;
	patience?: number;
}

const type = async (wait: EngineWait, code: string): Promise<Told> =>
	await wait.ask({ body: { code } });

/** Plusofon's report for the latest call of the phone. */
function report(phone: string): Ask {
	const key = simulator.plusofon.lastKey(phone);
	const hook = new URL(simulator.plusofon.hookUrlOf(key) ?? '');
	return { query: Object.fromEntries(hook.searchParams), body: { phone, key } };
}

function pass(seconds: number): void {
	const then = Date.now() + seconds * 1000;
	jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval'] });
	jest.setSystemTime(then);
}

/** Lets the patience pass, and n8n wake up. */
async function wakeAfter(wait: EngineWait, seconds: number) {
	pass(seconds);
	return await wait.wake();
}

/** A process that remembers nothing, as a worker of n8n's queue mode. */
async function anotherProcess(): Promise<typeof EngineWait> {
	return await new Promise((resolve) => {
		jest.isolateModules(() => {
			const path = '../../support/engineWait';
			resolve(jest.requireActual<{ EngineWait: typeof EngineWait }>(path).EngineWait);
		});
	});
}

const charges = () => simulator.journal.charges.map(({ operation }) => operation);
const fail = (channel: ChannelName, fault: Fault) =>
	simulator.faults.add({ ...fault, match: { path: PATHS[channel] } });
const codeFor = (channel: ChannelName, phone: string) => codeOf(simulator, channel, phone);

function verifiedBy(channel: ChannelName, phone: string, more: IDataObject = {}) {
	return [
		[
			expect.objectContaining({
				status: 'verified',
				verified: true,
				reason: 'verified',
				channel,
				phone,
				...more,
			}),
		],
		[],
	];
}

function notVerified(reason: string, more: IDataObject = {}) {
	return [
		[],
		[expect.objectContaining({ status: 'not_verified', verified: false, reason, ...more })],
	];
}

const CODES = [
	'plusofonFlashCall',
	'mobilgroupFlashCall',
	'mobilgroupVoiceCode',
	'zvonobotPinCall',
] as const;

describe('one channel', () => {
	it.each(CODES)('%s verifies at the right code, with the same item', async (channel) => {
		const { wait, phone } = await begin([channel]);
		const code = codeFor(channel, phone);

		expect(await type(wait, wrongFor(code))).toMatchObject({
			ends: false,
			body: { verified: false, reason: 'wrong_code', attemptsLeft: 2, channel },
		});
		expect(await type(wait, code)).toMatchObject({ ends: true });
		const [verified = [], not] = await wait.outcome();
		expect(not).toEqual([]);
		expect(verified).toEqual([
			{
				status: 'verified',
				verified: true,
				reason: 'verified',
				channel,
				provider: channel.replace(/[A-Z].*/, ''),
				phone,
				tries: 2,
				...(channel === 'plusofonFlashCall' ? { operator: 'megafon' } : {}),
				attempts: [expect.objectContaining({ channel, outcome: 'sent' })],
			},
		]);
		expect(wait.stored).not.toContain(`"${code}"`);
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it('verifies at a call from the person, and only at this one', async () => {
		const { wait, phone } = await begin(['plusofonCallToAuth']);
		const other = await begin(['plusofonCallToAuth']);
		const genuine = report(phone);
		const stolen = report(other.phone);

		for (const forged of [
			stolen,
			{ ...genuine, body: stolen.body },
			{ ...stolen, body: genuine.body },
			{ ...genuine, query: { ...genuine.query, fc_signature: 'forged' } },
			{ ...genuine, body: { phone } },
		]) {
			expect(await wait.ask(forged)).toMatchObject({ status: 401, ends: false });
		}
		expect(await wait.ask(genuine)).toMatchObject({ ends: true, body: { success: true } });
		expect(await wait.outcome()).toEqual(verifiedBy('plusofonCallToAuth', phone));
	});

	it('does not take the report for another wait of the same person', async () => {
		const first = await begin(['plusofonCallToAuth']);
		const { body } = report(first.phone);
		await begin(['plusofonCallToAuth'], { coolDown: 0 }, { phone: first.phone });
		const { query = {} } = report(first.phone);

		expect(await first.wait.ask({ query, body })).toMatchObject({ status: 401, ends: false });
	});

	it('of which the person calls takes no code, and does not end at one', async () => {
		const { wait, phone } = await begin(['plusofonCallToAuth']);

		for (let times = 0; times < 5; times += 1) {
			expect(await type(wait, '1234')).toMatchObject({
				status: 409,
				ends: false,
				body: { verified: false, reason: 'waiting_for_call', callNumber: expect.any(String) },
			});
		}
		expect(await wait.ask(report(phone))).toMatchObject({ ends: true });
	});

	it('ends after three wrong codes', async () => {
		const { wait, phone } = await begin(['mobilgroupVoiceCode', 'zvonobotPinCall']);
		const code = codeFor('mobilgroupVoiceCode', phone);
		for (let times = 0; times < 3; times += 1) await type(wait, wrongFor(code));

		expect(await wait.outcome()).toEqual(notVerified('too_many_attempts', { tries: 3 }));
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it('has no more codes checked than allowed, when they come at once', async () => {
		const { wait, phone } = await begin(['plusofonFlashCall'], { maxAttempts: 2 });
		const wrong = wrongFor(codeFor('plusofonFlashCall', phone));

		await Promise.all(Array.from({ length: 50 }, async () => await type(wait, wrong)));

		expect(simulator.journal.requestsTo('POST', CHECK)).toHaveLength(2);
	});

	it('ends not verified when the time is up', async () => {
		const { wait } = await begin(['mobilgroupVoiceCode'], {}, { timeLimit: 60 });

		pass(61);

		expect(await wait.outcome()).toEqual(notVerified('timeout', { tries: 0 }));
	});
});

describe('the next channel', () => {
	it('begins when the patience has passed, and the earlier code stays good', async () => {
		const { wait, phone } = await begin(['plusofonFlashCall', 'mobilgroupVoiceCode']);
		const first = codeFor('plusofonFlashCall', phone);

		const woken = await wakeAfter(wait, 60);

		expect(woken.outputs.flat()).toEqual([]);
		expect(wait.waits).toBe(true);
		expect(charges()).toEqual(['flash-call/send', 'voice-password/voice']);
		expect(await wait.ask({ method: 'GET' })).toMatchObject({
			body: { status: 'waiting', channel: 'mobilgroupVoiceCode', attemptsLeft: 3 },
		});
		expect(await type(wait, first)).toMatchObject({ ends: true });
		expect(await wait.outcome()).toEqual(
			verifiedBy('plusofonFlashCall', phone, {
				provider: 'plusofon',
				attempts: [
					expect.objectContaining({ channel: 'plusofonFlashCall', outcome: 'sent' }),
					expect.objectContaining({ channel: 'mobilgroupVoiceCode', outcome: 'sent' }),
				],
			}),
		);
	});

	it('follows one after the other, and each code counts', async () => {
		const list = [
			'zvonobotPinCall',
			'mobilgroupFlashCall',
			'mobilgroupVoiceCode',
			'plusofonFlashCall',
			'plusofonCallToAuth',
			'mobilgroupSms',
		] as const;
		for (const channel of list) {
			simulator.reset();
			const { wait, phone } = await begin(list, {}, { patience: 10 });
			for (let steps = 1; steps < list.length; steps += 1) await wakeAfter(wait, 10);
			expect(simulator.journal.charges).toHaveLength(list.length);

			const told =
				channel === 'plusofonCallToAuth'
					? await wait.ask(reportOfCall(phone))
					: await type(wait, codeAmongAll(channel, phone));

			expect(told).toMatchObject({ ends: true });
			const [[item] = []] = await wait.outcome();
			// An SMS repeats the code of a call, so that either may be said to have told it.
			if (channel !== 'mobilgroupSms') expect(item?.channel).toBe(sameCodeAs(channel));
			expect(item).toMatchObject({ verified: true });
			jest.useRealTimers();
		}
	});

	/** The SMS repeats the code of the voice call, and came last. */
	const sameCodeAs = (channel: ChannelName) =>
		channel === 'mobilgroupVoiceCode' ? 'mobilgroupSms' : channel;

	function codeAmongAll(channel: ChannelName, phone: string): string {
		if (!channel.startsWith('mobilgroup')) return codeFor(channel, phone);
		const mode = channel === 'mobilgroupFlashCall' ? 'flash-call' : 'voice';
		const { requests } = simulator.mobilgroup.snapshot();
		const own = Object.values(requests).filter((one) => one.number === phone && one.mode === mode);
		return own[0]?.code ?? '';
	}

	function reportOfCall(phone: string): Ask {
		const { keys } = simulator.plusofon.snapshot();
		const record = keys.find((one) => one.phone === phone && one.hookUrl !== undefined);
		const query = Object.fromEntries(new URL(record?.hookUrl ?? '').searchParams);
		return { query, body: { phone, key: record?.key ?? '' } };
	}

	it('follows at once on one that is refused', async () => {
		fail('plusofonFlashCall', { kind: 'status', status: 400 });
		const { wait, phone } = await begin(['plusofonFlashCall', 'mobilgroupVoiceCode']);

		expect(charges()).toEqual(['voice-password/voice']);
		expect(await type(wait, codeFor('mobilgroupVoiceCode', phone))).toMatchObject({ ends: true });
		expect(await wait.outcome()).toEqual(verifiedBy('mobilgroupVoiceCode', phone));
	});

	it('gives nobody their tries back, also when another process begins it', async () => {
		const { wait, phone } = await begin(['mobilgroupFlashCall', 'zvonobotPinCall']);
		const wrong = () =>
			wrongFor(codeFor('mobilgroupFlashCall', phone), codeFor('zvonobotPinCall', phone));
		for (let tries = 0; tries < 2; tries++) await type(wait, wrong());

		const worker = wait.in(await anotherProcess());
		await wakeAfter(worker, 60);
		wait.follow(worker);

		expect(charges()).toHaveLength(2);
		expect(await type(wait, wrong())).toMatchObject({
			ends: true,
			body: { reason: 'too_many_attempts', attemptsLeft: 0 },
		});
	});

	it.each<ChannelName>(['plusofonFlashCall', 'zvonobotPinCall'])(
		'does not cost a person their right code of %s that came just as it began',
		async (channel) => {
			for (const isRefused of [false, true]) {
				const { wait, phone } = await begin([channel, 'mobilgroupVoiceCode']);
				if (isRefused) fail('mobilgroupVoiceCode', { kind: 'status', status: 400 });
				const code = codeFor(channel, phone);

				// n8n has let the execution go on already: what this request ended, it does not keep.
				await type(wait.in(EngineWait), code);
				await wakeAfter(wait, 60);
				const again = await type(wait, code);

				expect(again).toMatchObject({ ends: true, body: { verified: true } });
				const [verified] = await wait.outcome();
				expect(verified).toMatchObject([{ verified: true, channel, phone }]);
			}
		},
	);

	it('takes the call of an earlier channel', async () => {
		const { wait, phone } = await begin(['plusofonCallToAuth', 'mobilgroupVoiceCode']);
		const genuine = report(phone);

		await wakeAfter(wait, 60);

		expect(await wait.ask(genuine)).toMatchObject({ ends: true, body: { success: true } });
		expect(await wait.outcome()).toEqual(verifiedBy('plusofonCallToAuth', phone));
	});

	it('is skipped when it is refused, and the one behind it is used', async () => {
		const { wait } = await begin(['zvonobotPinCall', 'mobilgroupSms', 'mobilgroupVoiceCode']);

		await wakeAfter(wait, 60);

		expect(charges()).toEqual(['confirmPhone', 'voice-password/voice']);
		expect(await wait.ask({ method: 'GET' })).toMatchObject({
			body: { channel: 'mobilgroupVoiceCode' },
		});
	});

	it('leaves the earlier code good when it is refused, until the end', async () => {
		const { wait, phone } = await begin(['zvonobotPinCall', 'mobilgroupVoiceCode']);
		simulator.mobilgroup.setOptions({ balance: 0 });

		await wakeAfter(wait, 60);

		expect(wait.waits).toBe(true);
		expect(await type(wait, codeFor('zvonobotPinCall', phone))).toMatchObject({ ends: true });
		expect(await wait.outcome()).toEqual(
			verifiedBy('zvonobotPinCall', phone, {
				attempts: [
					expect.objectContaining({ channel: 'zvonobotPinCall', outcome: 'sent' }),
					expect.objectContaining({ channel: 'mobilgroupVoiceCode', code: 'not_enough_money' }),
				],
			}),
		);
	});

	it.each([
		['stop', 1],
		['next', 2],
	])('after one that may have been sent: %s', async (whenUnsure, more) => {
		const { wait } = await begin(['zvonobotPinCall', 'mobilgroupVoiceCode', 'plusofonFlashCall'], {
			whenUnsure,
		});
		fail('mobilgroupVoiceCode', { kind: 'resetAfter' });

		await wakeAfter(wait, 60);
		await wakeAfter(wait, 60);
		await wakeAfter(wait, 60);

		expect(simulator.journal.charges).toHaveLength(1 + more);
		pass(300);
		expect(await wait.outcome()).toEqual(notVerified('timeout'));
		expect(simulator.journal.charges).toHaveLength(1 + more);
	});

	it('is not called when too little time is left for it', async () => {
		const { wait, phone } = await begin(
			['zvonobotPinCall', 'mobilgroupVoiceCode'],
			{},
			{ timeLimit: 70 },
		);

		await wakeAfter(wait, 60);

		expect(charges()).toEqual(['confirmPhone']);
		expect(await type(wait, codeFor('zvonobotPinCall', phone))).toMatchObject({ ends: true });
	});

	it('is called once, also when its answer is lost', async () => {
		const { wait } = await begin(
			['zvonobotPinCall', 'mobilgroupVoiceCode'],
			{},
			{ retryOnFail: { maxTries: 3 } },
		);
		fail('mobilgroupVoiceCode', { kind: 'resetAfter', times: 'always' });

		await wakeAfter(wait, 60);

		expect(charges()).toEqual(['confirmPhone', 'voice-password/voice']);
	});

	it('is not called when the credential was changed meanwhile: no code could be kept', async () => {
		const credentials = simulatorCredentials(simulator);
		const { wait } = await begin(
			['zvonobotPinCall', 'mobilgroupVoiceCode'],
			{},
			{ credentials, retryOnFail: { maxTries: 3 } },
		);
		credentials.zvonobotApi = { ...credentials.zvonobotApi, apiKey: 'another' };

		const { outputs, run } = await wakeAfter(wait, 60);

		expect(run.data.resultData.error?.message).toMatch(/credential was changed/);
		expect(outputs.flat()).toEqual([]);
		expect(charges()).toEqual(['confirmPhone']);
	});

	it('does not give the tries anew', async () => {
		const { wait, phone } = await begin(['zvonobotPinCall', 'mobilgroupVoiceCode']);
		const first = codeFor('zvonobotPinCall', phone);
		await type(wait, wrongFor(first));
		await type(wait, wrongFor(first));

		await wakeAfter(wait, 60);

		const second = codeFor('mobilgroupVoiceCode', phone);
		expect(wait.stored).toContain('"wrong":2');
		expect(await type(wait, wrongFor(first, second))).toMatchObject({
			ends: true,
			body: { reason: 'too_many_attempts' },
		});
	});
});

describe('several codes at once', () => {
	const both = async () => {
		const begun = await begin(['mobilgroupVoiceCode', 'plusofonFlashCall'], { maxAttempts: 5 });
		await wakeAfter(begun.wait, 60);
		return begun;
	};

	it('a code that can be compared is right, although the other provider is down', async () => {
		const { wait, phone } = await both();
		simulator.faults.add({ kind: 'status', status: 503, times: 'always', match: { path: CHECK } });

		expect(await type(wait, codeFor('mobilgroupVoiceCode', phone))).toMatchObject({ ends: true });
		expect(await wait.outcome()).toEqual(verifiedBy('mobilgroupVoiceCode', phone, { tries: 1 }));
	});

	it('a guess counts when one code was compared, although the other provider is down', async () => {
		const { wait, phone } = await both();
		const wrong = wrongFor(codeFor('mobilgroupVoiceCode', phone));
		simulator.faults.add({ kind: 'status', status: 503, times: 'always', match: { path: CHECK } });

		for (let times = 0; times < 5; times += 1) await type(wait, wrong);

		expect(await wait.outcome()).toEqual(notVerified('too_many_attempts', { tries: 5 }));
	});

	it('one that has expired does not end the wait for the other', async () => {
		const { wait, phone } = await both();
		simulator.clock.advance(10 * 60_000);

		expect(await type(wait, codeFor('plusofonFlashCall', phone))).toMatchObject({
			ends: false,
			body: { reason: 'wrong_code' },
		});
		expect(await type(wait, codeFor('mobilgroupVoiceCode', phone))).toMatchObject({ ends: true });
	});
});

describe('a code that the provider has forgotten', () => {
	it('does not end a wait in which another channel is to come', async () => {
		const { wait, phone } = await begin(['plusofonFlashCall', 'mobilgroupVoiceCode']);
		simulator.clock.advance(10 * 60_000);
		await type(wait, codeFor('plusofonFlashCall', phone));

		await wakeAfter(wait, 60);

		expect(await type(wait, codeFor('mobilgroupVoiceCode', phone))).toMatchObject({ ends: true });
	});

	it('does not end a wait in which nothing else can come: it may just have been right elsewhere', async () => {
		const { wait, phone } = await begin(['plusofonFlashCall']);
		simulator.clock.advance(10 * 60_000);

		expect(await type(wait, codeFor('plusofonFlashCall', phone))).toMatchObject({
			ends: false,
			body: { verified: false, reason: 'expired', attemptsLeft: 2 },
		});
	});
});

describe('the operator rule', () => {
	it('asks people of MTS to call at once, and takes the code of the flash call as well', async () => {
		for (const how of ['call', 'code'] as const) {
			const phone = newPhone('7916');
			const { wait } = await begin(['plusofonFlashCall', 'plusofonCallToAuth'], {}, { phone });
			const code = codeFor('plusofonFlashCall', phone);

			const told = how === 'call' ? await wait.ask(report(phone)) : await type(wait, code);

			expect(told).toMatchObject({ ends: true });
			const channel = how === 'call' ? 'plusofonCallToAuth' : 'plusofonFlashCall';
			expect(await wait.outcome()).toEqual(verifiedBy(channel, phone, { operator: 'mts' }));
		}
		expect(simulator.journal.charges).toHaveLength(4);
	});
});

describe('when nobody can be reached', () => {
	const refuseAll = () => {
		simulator.mobilgroup.setOptions({ balance: 0 });
		simulator.zvonobot.setOptions({ balance: 0 });
	};

	it('nothing waits, and nothing comes out on Verified', async () => {
		refuseAll();
		const { wait } = await begin(['mobilgroupVoiceCode', 'zvonobotPinCall']);

		expect(wait.waits).toBe(false);
		expect(wait.first.outputs.flat()).toEqual([]);
		expect(wait.first.error?.context.code).toBe('no_channel_left');
		expect(simulator.journal.charges).toEqual([]);
	});

	it('the item goes on at Not Verified, when the flow is to go on', async () => {
		refuseAll();
		const { wait } = await begin(
			['mobilgroupVoiceCode', 'zvonobotPinCall'],
			{},
			{ onError: 'continueRegularOutput' },
		);

		expect(wait.first.outputs[0]).toEqual([]);
		expect(wait.first.outputs[1]?.map(({ json }) => json)).toEqual([
			expect.objectContaining({ code: 'no_channel_left' }),
		]);
	});

	it('one that may have been reached is not called over the next channel', async () => {
		fail('mobilgroupVoiceCode', { kind: 'resetAfter', times: 'always' });
		const { wait } = await begin(
			['mobilgroupVoiceCode', 'zvonobotPinCall'],
			{},
			{ retryOnFail: { maxTries: 3 } },
		);

		expect(wait.waits).toBe(false);
		expect(wait.first.error?.context.code).toBe('may_have_been_sent');
		expect(charges()).toEqual(['voice-password/voice']);
	});
});

describe('the page', () => {
	const page = async (wait: EngineWait) =>
		String((await wait.ask({ method: 'GET', browser: true })).body);

	it.each([
		['plusofonFlashCall', /Your phone rings.*last four digits/],
		['mobilgroupVoiceCode', /a voice tells you the code/],
		['plusofonCallToAuth', /Call this number from your phone/],
	] as const)('of %s says what the person has to do', async (channel, words) => {
		const { wait } = await begin([channel]);

		const text = await page(wait);

		expect(text).toMatch(words);
		expect(text.includes('<form')).toBe(channel !== 'plusofonCallToAuth');
		expect(text.includes('tel:+7')).toBe(channel === 'plusofonCallToAuth');
		expect(text.includes('You may close this page')).toBe(channel === 'plusofonCallToAuth');
	});

	it('changes with the channel', async () => {
		const { wait } = await begin(['mobilgroupVoiceCode', 'mobilgroupSms', 'plusofonCallToAuth']);
		const first = await page(wait);
		await wakeAfter(wait, 60);
		const sms = await page(wait);
		await wakeAfter(wait, 60);
		const call = await page(wait);

		const again = 'If you are called again or get a message, reload this page.';
		expect([first, sms, call].map((text) => text.includes(again))).toEqual([true, true, false]);
		expect(sms).toContain('We have sent you the code in a message');
		expect(call).toContain('Call this number');
		expect(call).toContain('Or type the code you were told before');
		expect(call).toContain('<form');
	});

	it('has the text of its channel when the option for it is left empty', async () => {
		const { wait } = await begin(['mobilgroupVoiceCode'], { pageText: '' });

		expect(await page(wait)).toContain('a voice tells you the code');
	});

	it('shows the text of the user, whatever the channel', async () => {
		const { wait } = await begin(['mobilgroupVoiceCode'], { pageText: 'Введите <код>' });

		const text = await page(wait);

		expect(text).toContain('Введите &#60;код&#62;');
		expect(text).not.toContain('a voice tells');
	});

	it('follows the text of the user by nothing in another language', async () => {
		const words = {
			calledAgain: 'Обновите страницу.',
			orCode: 'Или введите код.',
			afterCall: 'Ждём.',
		};
		const channels = ['mobilgroupVoiceCode', 'plusofonCallToAuth', 'mobilgroupSms'] as const;
		const pageText = 'Подтвердите номер.';
		const plain = await begin([...channels], { pageText });
		const told = await begin([...channels], { pageText, pageWords: { words } });
		await wakeAfter(plain.wait, 60);
		await wakeAfter(told.wait, 60);

		expect(await page(plain.wait)).toContain('<p>Подтвердите номер.</p>');
		expect(await page(told.wait)).toContain(
			'<p>Подтвердите номер. Или введите код. Обновите страницу.</p>',
		);
		expect(await page(told.wait)).toContain('<p>Ждём.</p>');
	});

	it('tells a person who comes too late that the time is over', async () => {
		const { wait } = await begin(['plusofonCallToAuth']);
		pass(3600);

		expect(await page(wait)).toContain('The time for this is over');
	});
});

it('takes one item', async () => {
	const { wait } = await begin(['mobilgroupVoiceCode'], {}, { items: [{}, {}] });

	expect(wait.first.error?.message).toMatch(/takes one item, and 2 came in/);
	expect(simulator.journal.requests).toEqual([]);
});
