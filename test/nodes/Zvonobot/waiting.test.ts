import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { NodeRun } from '../../support/engine';
import { EngineWait } from '../../support/engineWait';
import type { Told } from '../../support/engineWait';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';
import { simulatorCredentials } from '../../support/zvonobot';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());
afterEach(() => jest.useRealTimers());

const PHONE = '79161234567';

async function start(
	resource: string,
	operation: string,
	parameters: INodeParameters = {},
	options: Partial<NodeRun> = {},
): Promise<EngineWait> {
	return await EngineWait.start({
		type: 'zvonobot',
		parameters: { resource, operation, phone: PHONE, ...parameters },
		items: [{ phone: PHONE }],
		credentials: simulatorCredentials(simulator),
		...options,
	});
}

describe('waiting for a call', () => {
	const MENU = {
		menuSource: 'json',
		menuJson: JSON.stringify([
			{ digit: 1, record: { text: 'Confirmed', gender: 0 } },
			{ digit: 2, ivrs: [{ digit: 3, needBlock: 1 }] },
			{ digit: 4, webhookUrl: 'https://crm.example.com/hook' },
		]),
	};

	const begin = async (parameters: INodeParameters = {}, options: Partial<NodeRun> = {}) =>
		await start(
			'call',
			'createAndWait',
			{
				callerIdSource: 'duty',
				say: 'text',
				text: 'Your appointment is tomorrow',
				keys: ['1', '2'],
				...MENU,
				...parameters,
			},
			options,
		);

	const sent = () =>
		simulator.journal.requestsTo('POST', '/apiCalls/create')[0]?.body as IDataObject;
	const secret = () => JSON.parse(String(sent().webhookHeaders)) as Record<string, string>;
	const callId = () => Number(simulator.zvonobot.call({ phone: PHONE }).id);

	const report = async (wait: EngineWait, body: unknown, headers = secret()): Promise<Told> =>
		await wait.ask({
			body,
			headers: Object.fromEntries(
				Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
			),
		});
	const status = (name: string, more: IDataObject = {}, id = callId()) => ({
		id,
		calls: [{ phone: PHONE, status: name, ...more }],
	});
	const answer = (digit: number | string) => ({ call: { phone: PHONE, answer: digit } });

	it.each([
		['Wait For asks for an answer', { waitFor: 'answer', keys: [], menuSource: 'none' }],
		['Outputs for Keys asks for an answer', { waitFor: 'end', menuSource: 'none' }],
		['Outputs for Keys holds 7, which no entry', { keys: ['1', '3', '7'] }],
	])('calls nobody who could not answer: %s', async (message, parameters) => {
		const { first } = await begin(parameters);

		expect(first.error?.message).toContain(message);
		expect(simulator.journal.requests).toEqual([]);
	});

	it('calls nobody after the wait for them is over', async () => {
		const inAnHour = new Date(Date.now() + 3600_000).toISOString();
		const { first } = await begin({ timeLimit: 600, options: { plannedAt: inAnHour } });

		expect(first.error?.message).toContain('Planned At lies behind the Time Limit');
		expect(simulator.journal.requests).toEqual([]);
		const later = await begin({ timeLimit: 7200, options: { plannedAt: inAnHour } });
		expect(later.waits).toBe(true);
	});

	it('takes any key where the menu takes any answer', async () => {
		const menuJson = JSON.stringify([{ anyWord: 1, record: { text: 'Thank you' } }]);

		expect((await begin({ keys: ['7'], menuJson })).waits).toBe(true);
	});

	it('creates the call once, with the resume URL as its webhook, and pauses', async () => {
		const wait = await begin();

		expect(wait.waits).toBe(true);
		expect(wait.first.outputs.flat()).toEqual([]);
		expect(simulator.journal.charges).toHaveLength(1);
		expect(sent()).toMatchObject({
			phone: PHONE,
			dutyPhone: 1,
			webhookUrl: expect.stringMatching(/\/webhook-waiting\//),
			webhookHeaders: expect.stringContaining('X-Flashcall-Secret'),
		});
		const [first, second] = sent().ivrs as IDataObject[];
		expect([first?.webhookUrl, second?.webhookUrl]).toEqual([undefined, undefined]);
	});

	it.each(['created', 'processed', 'started', 'answered'])(
		'thanks for the status %s and goes on waiting',
		async (name) => {
			const wait = await begin();

			expect(await report(wait, status(name))).toMatchObject({ status: 200, ends: false });
		},
	);

	it.each<[string, unknown, number, IDataObject]>([
		['finished', {}, 0, { answered: true, reason: 'answered', status: 'finished' }],
		['finished', { ivrDigit: 2, ivrAnswers: '2' }, 3, { answered: true, reason: 'key', digit: 2 }],
		['finished', { ivrDigit: 4, ivrAnswers: '4' }, 0, { answered: true, reason: 'answered' }],
		['canceled', {}, 1, { answered: false, reason: 'no_answer', status: 'canceled' }],
	])('ends at the status %s %j on output %d', async (name, more, output, json) => {
		const wait = await begin();

		expect(await report(wait, status(name, more as IDataObject))).toMatchObject({ ends: true });

		const outputs = await wait.outcome();
		expect(outputs).toHaveLength(4);
		expect(outputs[output]).toEqual([
			expect.objectContaining({ callId: callId(), phone: PHONE, ...json }),
		]);
		expect(outputs.flat()).toHaveLength(1);
	});

	it.each<[string, (body: IDataObject) => unknown]>([
		['in a list', (body) => [body]],
		['wrapped', (body) => ({ apiCalls: [body] })],
		['bare', (body) => body],
	])('reads a report %s', async (_, wrap) => {
		const wait = await begin();

		expect(await report(wait, wrap(status('finished')))).toMatchObject({ ends: true });
	});

	describe('for the first answer', () => {
		it('gives every action of the menu that has no webhook the resume URL', async () => {
			await begin({ waitFor: 'answer' });

			const { ivrs, webhookUrl } = sent();
			const [one, two, four] = ivrs as IDataObject[];
			const [three] = two?.ivrs as IDataObject[];
			expect([one, two, three].map((entry) => entry?.webhookUrl)).toEqual(
				Array.from({ length: 3 }, () => webhookUrl),
			);
			expect(four?.webhookUrl).toBe('https://crm.example.com/hook');
			expect(four?.webhookHeaders).not.toBe(one?.webhookHeaders);
		});

		it('ends at the answer', async () => {
			const wait = await begin({ waitFor: 'answer' });

			expect(await report(wait, answer(2))).toMatchObject({ ends: true });

			const outputs = await wait.outcome();
			expect(outputs[3]).toEqual([
				expect.objectContaining({ answered: true, reason: 'key', digit: 2, callId: callId() }),
			]);
		});

		it('does not end when the person only stays on the line', async () => {
			const wait = await begin({ waitFor: 'answer' });

			expect(await report(wait, answer(-1))).toMatchObject({ status: 200, ends: false });
		});

		it('is no end of a wait for the end of the call', async () => {
			const wait = await begin();

			expect(await report(wait, answer(1))).toMatchObject({ status: 200, ends: false });
		});
	});

	it.each<[string, (own: Record<string, string>) => Record<string, string>]>([
		['without the secret', () => ({})],
		[
			'with an altered secret',
			({ 'X-Flashcall-Secret': value = '' }) => ({ 'X-Flashcall-Secret': `${value}x` }),
		],
		['with a secret of another wait', () => ({ 'X-Flashcall-Secret': 'b0e2.AAAA' })],
	])('refuses a report %s', async (_, change) => {
		const wait = await begin();

		const told = await report(wait, status('finished'), change(secret()));

		expect(told).toMatchObject({ status: 401, ends: false });
	});

	it.each([`+${PHONE}`, `8${PHONE.slice(1)}`])(
		'takes a report for the phone however it is spelled: %s',
		async (phone) => {
			const wait = await begin();

			const told = await report(wait, { id: callId(), calls: [{ phone, status: 'finished' }] });

			expect(told).toMatchObject({ status: 200, ends: true });
		},
	);

	it.each([
		['of another call', status('finished', {}, 1)],
		['for another phone', { id: 0, calls: [{ phone: '79990000000', status: 'finished' }] }],
		['that is none', { hello: 'world' }],
	])('refuses a report %s', async (_, body) => {
		const wait = await begin();

		expect(await report(wait, body)).toMatchObject({ status: 401, ends: false });
	});

	it.each(['9007199254740993123', 'call-1'])(
		'takes the report of a call whose ID is no number that can be calculated with: %s',
		async (id) => {
			const shape = { status: 'success', data: { id, phone: PHONE } };
			simulator.faults.add({ kind: 'wrongShape', shape });
			const wait = await begin();
			const reportOf = (of: string) => ({ id: of, calls: [{ phone: PHONE, status: 'finished' }] });

			const other = await report(wait, reportOf('9007199254740993124'));
			const own = await report(wait, reportOf(id));

			expect(other).toMatchObject({ status: 401, ends: false });
			expect(own).toMatchObject({ status: 200, ends: true });
		},
	);

	it('refuses a secret that was given for an earlier wait', async () => {
		await begin();
		const earlier = secret();
		simulator.reset();
		const wait = await begin();

		expect(await report(wait, status('finished'), earlier)).toMatchObject({ status: 401 });
	});

	describe('when the time is up', () => {
		const gets = () => simulator.journal.requestsTo('POST', '/apiCalls/get');

		it('asks once how the call stands, and a lost webhook does not lose the result', async () => {
			const wait = await begin();
			await simulator.zvonobot.play(
				{ phone: PHONE },
				['started', 'answered', { digit: 1 }, 'finished'],
				{
					silent: true,
				},
			);

			const outputs = await wait.outcome();

			expect(outputs[2]).toEqual([
				expect.objectContaining({ answered: true, reason: 'key', digit: 1, status: 'finished' }),
			]);
			expect(gets()).toHaveLength(1);
			expect(simulator.journal.charges).toHaveLength(1);
		});

		it('says so when the call is still going on', async () => {
			const wait = await begin();

			const outputs = await wait.outcome();

			expect(outputs[1]).toEqual([
				expect.objectContaining({ answered: false, reason: 'timeout', status: 'created' }),
			]);
		});

		it('says so, and asks for nothing, when the ID of the call is none to ask with', async () => {
			const shape = { status: 'success', data: { id: 'call-1', phone: PHONE } };
			simulator.faults.add({ kind: 'wrongShape', shape });
			const wait = await begin();

			const outputs = await wait.outcome();

			expect(outputs[1]).toEqual([
				expect.objectContaining({ reason: 'unknown', callId: 'call-1' }),
			]);
			expect(gets()).toEqual([]);
		});

		it('says so when nobody can tell', async () => {
			const wait = await begin();
			simulator.faults.add({ kind: 'status', status: 500, times: 'always' });

			const outputs = await wait.outcome();

			expect(outputs[1]).toEqual([
				expect.objectContaining({
					answered: false,
					reason: 'unknown',
					statusUnknown: expect.any(String),
				}),
			]);
		});
	});

	it('shows a program that it waits', async () => {
		const wait = await begin();

		expect(await wait.ask({ method: 'GET' })).toMatchObject({
			status: 200,
			body: { status: 'waiting', callId: callId() },
		});
	});

	it('puts an item that fails on No Answer when the node goes on', async () => {
		const { first } = await begin({ phone: '123' }, { onError: 'continueRegularOutput' });

		expect(first.outputs.map((items) => items.length)).toEqual([0, 1, 0, 0]);
		expect(simulator.journal.requests).toEqual([]);
	});

	it('refuses a phone that Zvonobot does not name in its answer, and remembers it', async () => {
		simulator.zvonobot.setOptions({ refusedPhones: [PHONE] });

		const { first, waits } = await begin({}, { retryOnFail: { maxTries: 2 } });

		expect(waits).toBe(false);
		expect(first.error).toBeDefined();
		expect(simulator.journal.charges).toEqual([]);
	});
});

describe('waiting for a PIN', () => {
	const begin = async (parameters: INodeParameters = {}) =>
		await start('verification', 'sendCodeAndWait', parameters);
	const pin = () => simulator.zvonobot.snapshot().pins[PHONE] ?? '';
	const wrong = () => (pin() === '1111' ? '2222' : '1111');

	it('tells the person what to do', async () => {
		const wait = await begin();

		expect(JSON.stringify(await wait.ask({ method: 'GET', browser: true }))).toContain(
			'Your phone rings. You need not answer: type the last four digits of the number that calls.',
		);
	});

	it('rings once with a random PIN and ends verified when it is typed', async () => {
		const wait = await begin();

		expect(pin()).toMatch(/^\d{4}$/);
		expect(await wait.ask({ body: { code: wrong() } })).toMatchObject({ ends: false });
		expect(await wait.ask({ body: { code: pin() } })).toMatchObject({ ends: true });
		expect(await wait.outcome()).toEqual([
			[{ verified: true, reason: 'verified', phone: PHONE, tries: 2 }],
			[],
		]);
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it('keeps the PIN out of what n8n stores', async () => {
		const wait = await begin();

		expect(wait.stored).not.toMatch(new RegExp(`(?<!\\d)${pin()}(?!\\d)`));
	});

	it('ends not verified after three wrong PINs', async () => {
		const wait = await begin();

		for (let tries = 0; tries < 3; tries++) await wait.ask({ body: { code: wrong() } });

		expect(await wait.outcome()).toEqual([
			[],
			[{ verified: false, reason: 'too_many_attempts', phone: PHONE, tries: 3 }],
		]);
	});
});
