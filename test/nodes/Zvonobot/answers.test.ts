import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { NodeRun } from '../../support/engine';
import type { Fault } from '../../support/simulator/faults';
import type { JsonValue } from '../../support/simulator/types';
import { PRESET_ZVONOBOT } from '../../support/simulator/zvonobot';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';
import { runZvonobot, simulatorCredentials } from '../../support/zvonobot';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const FIRST_CALL = 500_001;
const PHONES = ['79991112233', '79991112234'] as const;
const spoken = { phone: '={{ $json.phone }}', callerIdSource: 'duty', text: 'Hello' };
const template = { phone: '={{ $json.phone }}', template: { __rl: true, mode: 'id', value: '1' } };
const plannedAt = '2030-01-01T10:00:00Z';

async function run(
	resource: string,
	operation: string,
	parameters: INodeParameters = {},
	items = [{}],
	options: Partial<NodeRun> = {},
) {
	return await runZvonobot(simulator, resource, operation, parameters, items, options);
}

describe.each(['wrapped', 'bare'] as const)('an answer that comes %s', (wrapping) => {
	beforeEach(() => simulator.zvonobot.setOptions({ wrapping }));

	it.each<[string, string, INodeParameters, object[], object[]]>([
		['call', 'create', spoken, [{ phone: PHONES[0] }], [{ callId: FIRST_CALL }]],
		[
			'call',
			'create',
			spoken,
			PHONES.map((phone) => ({ phone })),
			[{ callId: FIRST_CALL }, { callId: FIRST_CALL + 1 }],
		],
		['call', 'createFromTemplate', template, [{ phone: PHONES[0] }], [{ templateId: 1 }]],
		['account', 'getBalance', {}, [{}], [{ userId: 4711, balance: 10_000 }]],
		['callerId', 'getAll', { limit: 1 }, [{}], [{ phone: '99999999997', overall: 0 }]],
		['language', 'getAll', { limit: 1 }, [{}], [{ defaultLangCode: 'ru-RU' }]],
		['template', 'getAll', { limit: 1 }, [{}], [{ id: 1, name: 'Скидка' }]],
		[
			'recording',
			'create',
			{ name: 'Greeting', text: 'Hello' },
			[{}],
			[
				{
					recordingId: 1343,
					name: 'Greeting',
					status: 'active',
					text: 'Hello',
					cost: 0.4,
					needModeration: false,
					moderatorComment: null,
					recordingUrl: expect.stringContaining('/recordings/1343.mp3'),
					createdAt: expect.stringMatching(/Z$/),
				},
			],
		],
		['recording', 'delete', {}, [{ recordingId: 1 }], [{ recordingId: 1, deleted: true }]],
		[
			'recording',
			'delete',
			{},
			[{ recordingId: 1342 }, { recordingId: 1 }],
			[{ recordingId: 1342 }, { recordingId: 1 }],
		],
	])('is read: %s %s %j', async (resource, operation, parameters, items, expected) => {
		const { error, json } = await run(resource, operation, parameters, items);

		expect(error).toBeUndefined();
		expect(json).toMatchObject(expected);
		expect(json).toHaveLength(expected.length);
	});

	it.each([true, false])('is read as calls, one alone as an object: %s', async (singleAsObject) => {
		simulator.zvonobot.setOptions({ singleAsObject });
		const items = PHONES.map((phone) => ({ phone }));
		await run('call', 'create', { ...spoken, options: { plannedAt } }, items);

		const { json: one } = await run('call', 'get', {}, [{ callId: FIRST_CALL }]);
		const { json: several } = await run('call', 'getAll', {
			callIds: `${FIRST_CALL}, ${FIRST_CALL + 1}`,
		});

		expect(one).toMatchObject([{ callId: FIRST_CALL, phone: PHONES[0], status: 'created' }]);
		expect(several.map(({ phone }) => phone)).toEqual(PHONES);
	});
});

it('gives the calls as Zvonobot answers them when they are not to be simplified', async () => {
	await run('call', 'create', spoken, [{ phone: PHONES[0] } as object]);
	const raw = [{ id: FIRST_CALL, calls: [{ phone: PHONES[0], status: 'created' }] }];
	const options = { simplify: false };

	const { json } = await run('call', 'get', { callId: FIRST_CALL, options });
	const { json: list } = await run('call', 'getAll', { callIds: FIRST_CALL, options });

	expect(json).toMatchObject(raw);
	expect(list).toMatchObject(raw);
});

it('gives nothing of the webhooks of a call, by which a flow knows the provider', async () => {
	const secret = { 'X-Flashcall-Secret': 'r.secret' };
	const hook = { webhookUrl: 'https://n8n.example/secret', webhookHeaders: JSON.stringify(secret) };
	const call = { id: 7, ...hook, ivrs: [{ digit: 1, ...hook, webhookHeaders: secret }], calls: [] };
	simulator.faults.add({ kind: 'wrongShape', shape: [call], times: 'always' });

	for (const simplify of [true, false]) {
		const { json } = await run('call', 'get', { callId: 7, options: { simplify } });

		expect(json).toHaveLength(1);
		expect(JSON.stringify(json)).not.toContain('secret');
	}
});

it('gives a row for each entry of a call', async () => {
	const calls = PHONES.map((phone) => ({ phone, status: 'finished' }));
	simulator.faults.add({ kind: 'wrongShape', shape: { id: 7, calls } });

	const { items, json } = await run('call', 'get', { callId: 7 });

	expect(json.map(({ callId, phone }) => [callId, phone])).toEqual([
		[7, PHONES[0]],
		[7, PHONES[1]],
	]);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }]);
});

describe('an answer of another form', () => {
	it.each<[what: string, resource: string, operation: string, shape: JsonValue, rows: object[]]>([
		[
			'numbers as text',
			'account',
			'getBalance',
			{ id: '5', balance: '12.50' },
			[{ userId: 5, balance: 12.5 }],
		],
		['a list of one', 'account', 'getBalance', [{ id: 5, balance: 1 }], [{ balance: 1 }]],
		[
			'a list a level deeper',
			'template',
			'getAll',
			{ status: 'success', data: { templates: [{ id: 1 }] } },
			[{ id: 1 }],
		],
		['an empty list', 'template', 'getAll', [], []],
	])('is read: %s', async (_, resource, operation, shape, rows) => {
		simulator.faults.add({ kind: 'wrongShape', shape });

		const { error, json } = await run(resource, operation, { returnAll: true });

		expect(error).toBeUndefined();
		expect(json).toMatchObject(rows);
		expect(json).toHaveLength(rows.length);
	});

	it.each<[resource: string, operation: string, shape: JsonValue]>([
		['account', 'getBalance', { id: 5 }],
		['account', 'getBalance', { status: 'success', data: 'done' }],
		['template', 'getAll', { status: 'success', data: 'done' }],
		['template', 'getAll', { status: 'success', data: [1, 2] }],
		['template', 'getAll', { status: 'success' }],
		['template', 'getAll', 5],
		['template', 'getAll', null],
	])('is refused: %s %s %j', async (resource, operation, shape) => {
		simulator.faults.add({ kind: 'wrongShape', shape });

		const { error } = await run(resource, operation);

		expect(error?.context.code).toBe('unexpected_answer');
	});

	it.each<[what: string, shape: JsonValue]>([
		['a word', 'ok'],
		['nothing but success', { status: 'success' }],
		['a call without an ID', { status: 'success', data: { phone: PHONES[0] } }],
		['a number', { status: 'success', data: 5 }],
	])('may mean that a call was made: %s', async (_, shape) => {
		simulator.faults.add({ kind: 'wrongShape', shape });

		const { error } = await run('call', 'create', spoken, [{ phone: PHONES[0] } as object]);

		expect(error?.context.code).toBe('may_have_been_sent');
	});

	it('with several rows for one call gives all of them', async () => {
		const rows = ['finished', 'canceled'].map((status) => ({
			id: 7,
			calls: [{ phone: PHONES[0], status }],
		}));
		simulator.faults.add({ kind: 'wrongShape', shape: { status: 'success', data: rows } });

		const { json } = await run('call', 'get', {}, [{ callId: 7 }]);

		expect(json).toMatchObject([{ status: 'finished' }, { status: 'canceled' }]);
	});

	it('with a row that names no call fails for its phone alone', async () => {
		const [one = '', other = ''] = PHONES;
		const rows: JsonValue[] = [
			{ id: 1, phone: one },
			{ id: null, phone: other, error: 'bad' },
		];
		simulator.faults.add({ kind: 'wrongShape', shape: { status: 'success', data: rows } });

		const { json } = await run('call', 'create', spoken, [{ phone: one }, { phone: other }], {
			onError: 'continueRegularOutput',
		});

		expect(json).toMatchObject([{ callId: 1, phone: one }, { code: 'may_have_been_sent' }]);
	});

	it('that lists calls as something else than IDs is not taken for a refusal', async () => {
		const shape = { status: 'success', data: { callIdList: [{ id: 7 }] } };
		simulator.faults.add({ kind: 'wrongShape', shape });

		const { error } = await run('call', 'cancel', {}, [{ callId: 7 }]);

		expect(error?.context.code).toBe('unexpected_answer');
	});

	it.each<[operation: string, done: IDataObject]>([
		['cancel', { callId: 7, cancelled: true }],
		['cancelFromTemplate', { callId: 7, cancelled: true }],
		['reschedule', { callId: 7 }],
	])('that lists no call does not count as done: %s', async (operation, done) => {
		const empty: Fault = { kind: 'wrongShape', shape: { status: 'success', data: [] } };
		const others = { status: 'success', data: { callIdList: [8] } };
		const named = { status: 'success', data: { callIdList: ['7'] } };
		simulator.faults.add(
			empty,
			empty,
			{ kind: 'wrongShape', shape: others },
			{ kind: 'wrongShape', shape: named },
		);
		const plannedAt = new Date(Date.now() + 86_400_000).toISOString();
		const change = async (...ids: number[]) =>
			await run(
				'call',
				operation,
				{ plannedAt },
				ids.map((callId) => ({ callId })),
			);

		const alone = await change(7);
		const together = await change(7, 8);
		const other = await change(7);
		const { json } = await change(7);

		expect([alone, together].map(({ error }) => error?.context.code)).toEqual([
			'unexpected_answer',
			'unexpected_answer',
		]);
		expect(alone.error?.message).toContain('does not say whether anything was done with call 7');
		expect(other.error?.context.code).toBe('not_found');
		expect(json).toEqual([expect.objectContaining(done)]);
	});
});

describe('a refusal', () => {
	const said = (message: string): JsonValue => ({ status: 'error', message });

	it.each<[code: string, shape: JsonValue]>([
		['wrong_credential', said('Неверный apiKey')],
		['wrong_credential', said('Invalid API key')],
		['wrong_credential', said('API-ключ не найден')],
		['wrong_credential', { message: 'Unauthenticated.' }],
		['wrong_credential', { status: 'error', data: 'Неверный ключ API' }],
		['not_enough_money', said('Недостаточно средств на балансе')],
		['not_enough_money', said('Недостаточно средств')],
		['not_enough_money', said('Balance is too low')],
		['not_enough_money', { status: 'fail', error: 'Not enough money' }],
		['not_enough_money', { status: 'error', data: { balance: ['Пополните баланс'] } }],
		['not_moderated', said('Шаблон не прошёл модерацию')],
		['not_moderated', { status: false, message: 'Recording is under moderation' }],
		['refused', said('Звонок на указанный номер невозможен')],
		['refused', { message: 'The given data was invalid.', errors: { 'ivrs.0.keyWords': ['x'] } }],
		['refused', { success: false, message: 'No' }],
		['refused', { status: 'error' }],
	])('is told as %s: %j', async (code, shape) => {
		for (const status of [200, 400, 422]) {
			simulator.faults.add({ kind: 'status', status, body: shape });

			const { error } = await run('account', 'getBalance');

			expect([status, error?.context.code]).toEqual([status, code]);
			expect(error?.description).toMatch(/\S/);
		}
	});

	it('says what the provider said, field by field', async () => {
		const errors = { 'phones.0': ['Поле phones.0 неверно'], lang: 'Нет языка' };
		simulator.faults.add({ kind: 'status', status: 422, body: { message: 'Ошибка', errors } });

		const { error } = await run('account', 'getBalance');

		expect(error?.message).toBe(
			'Zvonobot refused the request: "Ошибка Поле phones.0 неверно Нет языка"',
		);
	});

	it('is no refusal when a recording only tells its own status', async () => {
		simulator.faults.add({ kind: 'wrongShape', shape: { id: 5, status: 'error', name: 'a' } });

		const { error, json } = await run('recording', 'create', { name: 'a', text: 'b' });

		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ recordingId: 5, status: 'error' }]);
	});

	it('costs nothing', async () => {
		simulator.zvonobot.setOptions({ balance: 0 });

		const { error } = await run('call', 'create', spoken, [{ phone: PHONES[0] } as object]);

		expect(error?.context.code).toBe('not_enough_money');
		expect(simulator.journal.charges).toEqual([]);
	});

	it('never shows the key, also when the provider repeats it', async () => {
		simulator.faults.add({
			kind: 'status',
			status: 422,
			body: said(`Что-то не так: ${PRESET_ZVONOBOT} 79991112233`),
		});

		const { error, run: whole } = await run('account', 'getBalance');

		expect(error?.message).toContain('***');
		expect(JSON.stringify(whole)).not.toContain(PRESET_ZVONOBOT);
	});
});

describe('a credential', () => {
	it.each<[code: string, entered: object]>([
		['wrong_credential', { apiKey: 'another' }],
		['wrong_credential', { apiKey: '' }],
		['unsafe_base_url', { domain: 'http://lk.zvonobot.ru' }],
		['unsafe_base_url', { domain: 'no domain' }],
	])('fails as %s: %j', async (code, entered) => {
		const { zvonobotApi } = simulatorCredentials(simulator);

		const { error } = await runZvonobot(simulator, 'account', 'getBalance', {}, [{}], {
			credentials: { zvonobotApi: { ...zvonobotApi, ...entered } },
		});

		expect(error?.context.code).toBe(code);
		expect(simulator.journal.charges).toEqual([]);
	});
});
