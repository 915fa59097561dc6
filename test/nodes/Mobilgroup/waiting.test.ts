import type { INodeParameters } from 'n8n-workflow';
import type { NodeRun } from '../../support/engine';
import { EngineWait } from '../../support/engineWait';
import type { Told } from '../../support/engineWait';
import { simulatorCredentials } from '../../support/mobilgroup';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const PHONE = '79161234567';

async function begin(
	parameters: INodeParameters = {},
	options: Partial<NodeRun> = {},
): Promise<EngineWait> {
	return await EngineWait.start({
		type: 'mobilgroup',
		parameters: {
			resource: 'verification',
			operation: 'sendCodeAndWait',
			phone: PHONE,
			...parameters,
		},
		items: [{}],
		credentials: simulatorCredentials(simulator),
		...options,
	});
}

/** Sets the clock forward by seconds. */
function setClock(seconds: number): void {
	const then = Date.now() + seconds * 1000;
	jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval'] });
	jest.setSystemTime(then);
}
afterEach(() => jest.useRealTimers());

const right = (phone = PHONE) => simulator.mobilgroup.lastCode(phone);
const wrong = () => (right() === '1111' ? '2222' : '1111');

async function type(wait: EngineWait, code: unknown): Promise<Told> {
	return await wait.ask({ body: { code } });
}

it('compares the code and ends verified', async () => {
	const wait = await begin();

	expect(await type(wait, right())).toMatchObject({ ends: true });
	expect(await wait.outcome()).toEqual([
		[
			{
				verified: true,
				reason: 'verified',
				phone: PHONE,
				tries: 1,
				id: expect.any(String),
				price: '0.35',
			},
		],
		[],
	]);
	expect(simulator.journal.charges).toHaveLength(1);
});

it('keeps the zeros in front of a code', async () => {
	const wait = await begin();

	expect(right()).toBe('0042');
	expect(await type(wait, '42')).toMatchObject({ body: { reason: 'wrong_code' } });
	expect(await type(wait, 42)).toMatchObject({ body: { reason: 'wrong_code' } });
	expect(await type(wait, ' 0042 ')).toMatchObject({ body: { verified: true } });
});

it('tells no code, neither to the database nor to whoever asks', async () => {
	const wait = await begin({ options: { capacity: 10 } });
	const page = await wait.ask({ method: 'GET', browser: true });
	const json = await wait.ask({ method: 'GET' });
	await type(wait, wrong());

	expect(right()).toHaveLength(10);
	expect(wait.stored).not.toContain(right());
	expect(JSON.stringify([page, json])).not.toContain(right());
	expect(json.body).toEqual({
		status: 'waiting',
		attemptsLeft: 3,
		expiresAt: expect.stringMatching(/^\d{4}-/),
	});
});

it('counts the tries of each wait by themselves', async () => {
	const [one, other] = [await begin(), await begin()];

	await type(one, wrong());
	await type(one, wrong());

	expect(await type(other, wrong())).toMatchObject({ body: { attemptsLeft: 2 } });
	expect(await type(one, wrong())).toMatchObject({ ends: true });
});

describe('leaving on Wrong Code', () => {
	/** The items on the third output, after one wrong code. */
	const leave = async (wait: EngineWait) => {
		await type(wait, wrong());
		const [, , [item] = []] = await wait.outcome();
		return item ?? {};
	};
	const LEAVE = { onWrongCode: 'leave' };

	it('gives a key to come back with, and nobody is called again', async () => {
		const item = await leave(await begin(LEAVE));

		expect(item).toEqual({
			verified: false,
			reason: 'wrong_code',
			attemptsLeft: 2,
			phone: PHONE,
			retryKey: expect.stringMatching(/^fc1\./),
		});

		const again = await begin({ ...LEAVE, retryKey: String(item.retryKey) });
		expect(again.waits).toBe(true);
		expect(await type(again, right())).toMatchObject({ ends: true });
		expect((await again.outcome())[0]).toEqual([
			expect.objectContaining({ verified: true, tries: 2, price: '0.35' }),
		]);
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it('counts guesses that were under way when the first one left the node', async () => {
		const first = await begin(LEAVE);
		for (const code of [wrong(), wrong(), wrong()]) await type(first, code);
		const [, , [item] = []] = await first.outcome();
		expect(item?.attemptsLeft).toBe(2);

		const again = await begin({ ...LEAVE, retryKey: String(item?.retryKey) });

		expect(await type(again, right())).toMatchObject({
			ends: true,
			body: { verified: false, reason: 'too_many_attempts' },
		});
	});

	it('accepts a code once, although its key is used again', async () => {
		const item = await leave(await begin(LEAVE));
		const retryKey = String(item.retryKey);
		const [one, other] = [await begin({ ...LEAVE, retryKey }), await begin({ ...LEAVE, retryKey })];

		expect(await type(one, right())).toMatchObject({ ends: true });
		expect(await type(other, right())).toMatchObject({ ends: false, status: 409 });
	});

	it('refuses a key whose time is over, and calls nobody', async () => {
		const item = await leave(await begin({ ...LEAVE, timeLimit: 60 }));
		setClock(62);

		const { first, waits } = await begin({ ...LEAVE, retryKey: String(item.retryKey) });

		expect(waits).toBe(false);
		expect(first.error?.message).toMatch(/^Retry Key is too old/);
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it('refuses the key that an execution keeps for itself', async () => {
		const wait = await begin(LEAVE);
		const [key = ''] = /fc1\.[\w-]+/.exec(wait.stored) ?? [];

		const { first } = await begin({ ...LEAVE, retryKey: key });

		expect(key).not.toBe('');
		expect(first.error?.message).toMatch(/^Retry Key was not made/);
	});

	it.each([
		['is forged', async () => await Promise.resolve('fc1.Zm9yZ2Vk')],
		['belongs to another phone', async () => await keyOfAnother()],
		['is from another credential', async () => await keyOfAnother()],
	])('refuses a key that %s, and calls nobody', async (what, makeKey) => {
		const retryKey = await makeKey();
		simulator.journal.clear();
		const options =
			what === 'is from another credential'
				? { credentials: { mobilgroupApi: { apiKey: 'another', baseUrl: simulator.url } } }
				: {};

		const { first, waits } = await begin({ ...LEAVE, retryKey }, options);

		expect(waits).toBe(false);
		expect(first.error?.message).toMatch(/^Retry Key (was not made|is for another phone)/);
		expect(simulator.journal.requests).toEqual([]);
	});

	const keyOfAnother = async () => {
		const wait = await begin({ ...LEAVE, phone: '79160000000' });
		await type(wait, right('79160000000') === '1111' ? '2222' : '1111');
		const [, , [item] = []] = await wait.outcome();
		return String(item?.retryKey);
	};
});

describe('what cannot wait', () => {
	it.each([
		['more than one item', { items: [{}, {}] }, /takes one item, and 2 came in/],
		[
			'an item without a phone',
			{ parameters: { phone: '={{ $json.nothing }}' } },
			/Phone is empty/,
		],
	])('%s is refused before any request', async (_, { parameters, ...options }: Given, message) => {
		const { first, waits } = await begin(parameters, options);

		expect(waits).toBe(false);
		expect(first.error?.message).toMatch(message);
		expect(simulator.journal.requests).toEqual([]);
	});

	it('never comes out on Verified, when the flow is to go on at failures', async () => {
		const { first } = await begin({}, { items: [{}, {}], onError: 'continueRegularOutput' });

		expect(first.outputs[0]).toEqual([]);
		expect(first.outputs[1]?.map(({ json }) => json)).toEqual([
			expect.objectContaining({ code: 'cannot_wait', error: expect.stringContaining('one item') }),
		]);
	});
});

type Given = Partial<NodeRun>;

describe('its page', () => {
	const FLASH_CALL = /Your phone rings.*type the last four digits/;
	const VOICE_CODE = /Answer the call: a voice tells you the code/;

	it.each<[INodeParameters, RegExp]>([
		[{ channel: 'flashCall' }, FLASH_CALL],
		[{ channel: 'voiceCode' }, VOICE_CODE],
		[{ channel: 'flashCall', options: { capacity: 6 } }, /the last six digits/],
		[{ channel: 'voiceCode', options: { pageText: '' } }, VOICE_CODE],
		[{ channel: 'voiceCode', options: { pageText: 'Введите код' } }, /Введите код/],
	])('with %j tells the person what to do', async (parameters, text) => {
		const wait = await begin(parameters);

		const page = await wait.ask({ method: 'GET', browser: true });

		expect(JSON.stringify(page)).toMatch(text);
	});

	const WORDS = {
		codeLabel: 'Код',
		notChecked: 'Код не проверен.',
		expired: 'Код устарел.',
		verified: 'Телефон подтверждён.',
		used: 'Уже подтверждён.',
		notVerified: 'Не подтверждён.',
		over: 'Время вышло.',
		wrongCode: 'Не тот код. Осталось {left} из 3, {left}.',
	};
	const ENGLISH = /code|phone|time|again/i;

	/** What the person reads: the page without its head and its marks. */
	const textOf = ({ body }: Told) => String(body).replace(/[^]*<main>|<[^>]*>/g, ' ');
	const browse = async (wait: EngineWait, code?: string) =>
		textOf(
			await wait.ask({
				browser: true,
				...(code === undefined ? { method: 'GET' } : { body: { code } }),
			}),
		);
	const russian = { pageTitle: 'Телефон', pageText: 'Введите', pageButton: 'ОК' };

	it('speaks the language of the words that the user has written', async () => {
		const wait = await begin({ options: { ...russian, pageWords: { words: WORDS } } });
		const other = await begin({ options: { ...russian, pageWords: { words: WORDS } } });

		const asked = await browse(wait);
		const first = await browse(wait, wrong());
		await browse(wait, wrong());
		const last = await browse(wait, wrong());
		const confirmed = await browse(other, right());
		setClock(3600);
		const late = await browse(other);

		expect(asked).toContain(WORDS.codeLabel);
		expect(first).toContain('Не тот код. Осталось 2 из 3, 2.');
		expect(last).toContain(WORDS.notVerified);
		expect(confirmed).toContain(WORDS.verified);
		expect(late).toContain(WORDS.over);
		for (const text of [asked, first, last, confirmed, late]) expect(text).not.toMatch(ENGLISH);
	});

	it('has its own words where the user has left one empty', async () => {
		const words = { ...WORDS, verified: ' ' };
		const wait = await begin({ options: { pageWords: { words } } });

		expect(await browse(wait, right())).toContain('Thank you, the phone is confirmed.');
	});

	it('tells a person who comes too late that the time is over', async () => {
		const wait = await begin();
		setClock(3600);

		const looked = await wait.ask({ method: 'GET', browser: true });
		const typed = await wait.ask({ body: { code: right() }, browser: true });
		const program = await wait.ask({ method: 'GET' });

		for (const told of [looked, typed]) {
			expect(told).toMatchObject({ status: 410, ends: false });
			expect(textOf(told)).toContain('The time for this is over. Please start again.');
		}
		expect(program).toMatchObject({ status: 410, body: { error: 'expired' } });
	});
});
