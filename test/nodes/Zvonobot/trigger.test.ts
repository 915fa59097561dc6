import type { IDataObject } from 'n8n-workflow';
import { API_KEY, HOOK_URL, PROVIDER_IP, secretFor, TriggerInstance } from './triggerInstance';
import type { Delivery } from './triggerInstance';

const PHONE = '79991112233';
const ACCEPTED = { status: 200, answer: { success: true } };
const IGNORED = { ...ACCEPTED, items: undefined };
const EVERY = ['created', 'processed', 'started', 'answered', 'finished', 'canceled', 'answer'];
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function call(id: number, status: string, beside: IDataObject = {}): IDataObject {
	return { id, createdAt: 1_750_000_000, ...beside, calls: [{ phone: PHONE, status, cost: 3 }] };
}

function answer(given: number | string, beside: IDataObject = {}): IDataObject {
	return { call: { phone: PHONE, answer: given }, ...beside };
}

const all = () => new TriggerInstance({ events: EVERY });
const unsigned = () => new TriggerInstance({ events: EVERY, verification: 'none' });

let now = 1_800_000_000_000;

beforeEach(() => {
	jest.spyOn(Date, 'now').mockImplementation(() => now);
});

afterEach(() => {
	jest.restoreAllMocks();
});

describe('an event starts the flow', () => {
	it('with the status of a call, flat, and the request it belongs to', async () => {
		const body = call(41, 'finished', { webhookParameters: '{"order":"A-17"}', order: 'A-17' });

		const { items, ...reply } = await all().deliver({ body });

		expect(reply).toEqual(ACCEPTED);
		expect(items).toMatchObject([
			{
				event: 'status',
				callId: 41,
				phone: PHONE,
				status: 'finished',
				cost: 3,
				createdAt: '2025-06-15T15:06:40.000Z',
				parameters: { order: 'A-17' },
				requestId: 'request-1',
			},
		]);
		expect(items?.[0]).not.toHaveProperty('calls');
		expect(items?.[0]).not.toHaveProperty('order');
	});

	it('with an answer in a voice menu', async () => {
		const { items } = await all().deliver({ body: answer(1, { order: 'A-17', step: '2' }) });

		expect(items).toEqual([
			{
				event: 'answer',
				phone: PHONE,
				answer: '1',
				digit: 1,
				word: null,
				stayed: false,
				parameters: { order: 'A-17', step: '2' },
				requestId: 'request-1',
			},
		]);
	});

	it('when the preset events happen, and no other', async () => {
		const trigger = new TriggerInstance();
		const started = [];
		for (const status of EVERY.slice(0, -1)) {
			const reply = await trigger.deliver({ body: call(41, status) });
			expect(reply).toMatchObject(ACCEPTED);
			if (reply.items !== undefined) started.push(status);
		}

		expect(started).toEqual(['finished', 'canceled']);
		expect((await trigger.deliver({ body: answer(1) })).items).toHaveLength(1);
	});

	it('only when it was chosen', async () => {
		const trigger = new TriggerInstance({ events: ['answered'] });

		expect(await trigger.statuses(call(41, 'answered'))).toEqual(['answered']);
		expect(await trigger.deliver({ body: call(41, 'finished') })).toEqual(IGNORED);
		expect(await trigger.deliver({ body: answer(1) })).toEqual(IGNORED);
	});

	it('not for a status that is not known', async () => {
		expect(await all().deliver({ body: call(41, 'exploded') })).toEqual(IGNORED);
		expect(await all().deliver({ body: { id: 41, calls: [] } })).toEqual(IGNORED);
	});
});

describe('a body', () => {
	const PARAMETERS = { order: 'A-17' };
	const known = call(41, 'finished');

	it.each([
		['bare', { ...known, ...PARAMETERS }],
		['in a list', [{ ...known, ...PARAMETERS }]],
		['wrapped in apiCalls', { apiCalls: [known], ...PARAMETERS }],
		['wrapped in apiCalls as one', { apiCalls: known, ...PARAMETERS }],
		['wrapped in apiCalls by ID', { apiCalls: { 41: known }, ...PARAMETERS }],
		['in apiCalls beside an id of the user', { apiCalls: [known], ...PARAMETERS, id: 'own' }],
		['in status and data', { status: 'success', data: [known], ...PARAMETERS }],
		['in status and data as one', { status: 'success', data: known, ...PARAMETERS }],
		['in data and apiCalls', { status: 'success', data: { apiCalls: [known] }, ...PARAMETERS }],
		['flat', { id: 41, phone: PHONE, status: 'finished', ...PARAMETERS }],
	])('is understood %s', async (_, body) => {
		const { items } = await all().deliver({ body });

		expect(items).toMatchObject([
			{ event: 'status', callId: 41, phone: PHONE, status: 'finished', parameters: PARAMETERS },
		]);
	});

	it.each([{ apiCalls: [known] }, { status: 'success', data: [known] }, answer(1), known])(
		'gives none of what proves it genuine: %j',
		async (body) => {
			const secrets = {
				webhookHeaders: '{"X-Flashcall-Secret":"secret"}',
				webhookUrl: 'https://n8n.example/secret',
				'X-Flashcall-Secret': 'secret',
			};

			const { items } = await all().deliver({ body: { ...secrets, ...PARAMETERS, ...body } });

			expect(items).toMatchObject([{ parameters: PARAMETERS }]);
			expect(JSON.stringify(items)).not.toContain('secret');
		},
	);

	it.each([
		['a digit as text', { call: { phone: PHONE, answer: '1' } }],
		['a phone as number', { call: { phone: Number(PHONE), answer: 1 } }],
		['in a list', [answer(1)]],
		['in status and data', { status: 'success', data: answer(1) }],
	])('is understood as an answer: %s', async (_, body) => {
		const { items } = await all().deliver({ body });

		expect(items).toMatchObject([{ event: 'answer', phone: PHONE, digit: 1 }]);
	});

	it('of several calls gives several items and starts one flow', async () => {
		const body = { apiCalls: [call(41, 'finished'), call(42, 'canceled'), call(43, 'finished')] };

		const { items } = await all().deliver({ body });

		expect(items?.map(({ callId, status }) => [callId, status])).toEqual([
			[41, 'finished'],
			[42, 'canceled'],
			[43, 'finished'],
		]);
	});

	it('gives only what is new and chosen of several calls', async () => {
		const trigger = new TriggerInstance({ events: ['finished'] });
		await trigger.deliver({ body: call(41, 'finished') });
		const body = [call(41, 'finished'), call(42, 'finished'), call(43, 'started')];

		const { items } = await trigger.deliver({ body });

		expect(items?.map(({ callId }) => callId)).toEqual([42]);
	});

	it('tells the parameters also where the provider only names them in the call', async () => {
		const body = call(41, 'finished', { webhookParameters: '{"order":"A-17","id":"own"}' });

		const { items } = await all().deliver({ body: { apiCalls: [body] } });

		expect(items).toMatchObject([{ callId: 41, parameters: { order: 'A-17', id: 'own' } }]);
	});

	it('keeps what the user calls like a field of the provider', async () => {
		const parameters = { id: 'own', phone: 'own', status: 'own' };

		const { items } = await all().deliver({ body: answer(1, parameters) });

		expect(items).toMatchObject([{ phone: PHONE, parameters }]);
	});

	it.each([
		[
			'a form',
			'application/x-www-form-urlencoded',
			'call[phone]=79991112233&call[answer]=1&order=A-17',
		],
		['JSON called text', 'text/plain', JSON.stringify(answer(1, PARAMETERS))],
		[
			'JSON called a form',
			'application/x-www-form-urlencoded',
			JSON.stringify(answer(1, PARAMETERS)),
		],
		['JSON without a type', '', JSON.stringify(answer(1, PARAMETERS))],
		[
			'JSON behind a byte order mark',
			'application/json',
			`\uFEFF${JSON.stringify(answer(1, PARAMETERS))}`,
		],
	])('may be %s', async (_, type, body) => {
		const headers = { ...secretFor('request-1'), 'content-type': type };

		const { items } = await all().deliver({ body, headers });

		expect(items).toMatchObject([{ event: 'answer', digit: 1, parameters: PARAMETERS }]);
	});

	it('may be a form of several calls, the way PHP writes it', async () => {
		const body = new URLSearchParams([
			['apiCalls[0][id]', '41'],
			['apiCalls[0][calls][0][phone]', PHONE],
			['apiCalls[0][calls][0][status]', 'finished'],
			['apiCalls[0][calls][0][cost]', '2.5'],
			['apiCalls[1][id]', '42'],
			['apiCalls[1][calls][][phone]', PHONE],
			['apiCalls[1][calls][0][status]', 'canceled'],
			['order', 'A-17'],
		]).toString();

		const { items } = await all().deliver({ body });

		expect(items).toMatchObject([
			{ callId: 41, status: 'finished', cost: 2.5, parameters: PARAMETERS },
			{ callId: 42, status: 'canceled', parameters: PARAMETERS },
		]);
	});

	it('may be a multipart form', async () => {
		const fields = { 'call[phone]': PHONE, 'call[answer]': '1', order: 'A-17' };

		const { items } = await all().deliver({ body: '', parsed: { data: fields, files: {} } });

		expect(items).toMatchObject([{ event: 'answer', digit: 1, parameters: PARAMETERS }]);
	});

	it.each([
		['nothing', ''],
		['broken JSON', '{"call":'],
		['words', 'hello'],
		['XML', '<call><phone>1</phone></call>'],
		['null', 'null'],
		['a number', '41'],
		['a text', '"finished"'],
		['an empty object', {}],
		['an empty list', []],
		['a call without an answer', { call: { phone: PHONE } }],
		['an answer without a phone', { call: { answer: 1 } }],
		['the answer to create', { id: 41, phone: PHONE, createdAt: 1 }],
		['data without calls', { status: 'success', data: { callIdList: [41] } }],
		['another confirmation', { phone: PHONE, key: 'abc' }],
		['names of every object', '{"__proto__":{"call":{"phone":"1","answer":1}}}'],
		['a form with them', '__proto__[status]=finished'],
		['lists in lists', [[[[[[call(41, 'finished')]]]]]]],
		[
			'very deep JSON',
			`{"call":{"phone":"1","answer":1},"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
		],
		['very deep wrappings', `${'{"data":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
		['a very deep form', `call${'[a]'.repeat(50_000)}=1`],
	])('that is no event is refused with 400: %s', async (_, body) => {
		expect(await unsigned().deliver({ body })).toEqual({
			status: 400,
			answer: { error: 'no_event' },
			items: undefined,
		});
		expect(Object.prototype).not.toHaveProperty('call');
		expect({}).not.toHaveProperty('answer');
	});

	it('of a megabyte is taken, a larger one refused with 413', async () => {
		const shell = JSON.stringify(answer(1, { note: '' })).length;
		const filled = (bytes: number) => answer(1, { note: 'x'.repeat(bytes - shell) });
		const trigger = unsigned();

		expect(await trigger.deliver({ body: filled(1024 * 1024) })).toMatchObject(ACCEPTED);
		expect(await trigger.deliver({ body: filled(1024 * 1024 + 1) })).toEqual({
			status: 413,
			answer: { error: 'too_large' },
			items: undefined,
		});
	});

	it('counts as large by what it announces where its text was not kept', async () => {
		const headers = { 'content-length': '1048577' };
		const parsed = { data: { 'call[phone]': PHONE, 'call[answer]': '1' } };

		expect(await unsigned().deliver({ body: '', headers, parsed })).toMatchObject({ status: 413 });
	});

	it('of ten thousand calls is taken, of more refused with 413', async () => {
		const calls = (count: number) =>
			Array.from({ length: count }, (_, index) => ({ id: index + 1, status: 'finished' }));

		expect((await unsigned().deliver({ body: calls(10_000) })).items).toHaveLength(10_000);
		expect(await unsigned().deliver({ body: calls(10_001) })).toMatchObject({ status: 413 });
		expect(
			await unsigned().deliver({ body: `{"id":1,"calls":[${'{},'.repeat(300_000)}{}]}` }),
		).toMatchObject({ status: 413 });
	});

	it.each([
		[
			'many calls that share much',
			`{"data":[${'{"call":{"phone":1,"answer":1}},'.repeat(9000)}1],${Array.from({ length: 30_000 }, (_, index) => `"${index}":1`).join()}}`,
		],
		['a form of many fields', '[]=&a[]=1&'.repeat(90_000)],
		['a list of many nothings', `[${'0,'.repeat(500_000)}0]`],
	])('made to take for ever does not: %s', async (_, body) => {
		// It is the time limit of the test that would notice.
		expect((await unsigned().deliver({ body })).status).toBeGreaterThanOrEqual(200);
	});

	it('brings no prototype into the items', async () => {
		const { items } = await unsigned().deliver({
			body: '{"call":{"phone":"1","answer":1},"__proto__":{"polluted":1},"a":"b"}',
		});

		expect(items).toMatchObject([{ parameters: { a: 'b' } }]);
		expect(JSON.stringify(items)).not.toContain('polluted');
	});
});

describe('whoever calls', () => {
	const body = call(41, 'finished');
	const REFUSED = { status: 401, answer: { error: 'unauthorized' }, items: undefined };
	const SECRET = secretFor('request-1')['x-flashcall-secret'];

	it.each<[string, Partial<Delivery>]>([
		['without a secret', { headers: {} }],
		['with an empty secret', { headers: { 'x-flashcall-secret': '' } }],
		['with an invented one', { headers: { 'x-flashcall-secret': 'request-1.abc' } }],
		['with a cut one', { headers: { 'x-flashcall-secret': SECRET.slice(0, -1) } }],
		['with one of another request', { headers: { 'x-flashcall-secret': `x${SECRET}` } }],
		['with one for another webhook', { headers: secretFor('request-1', { url: `${HOOK_URL}x` }) }],
		['with one of another account', { headers: secretFor('request-1', { apiKey: `${API_KEY}x` }) }],
		['with the API key itself', { headers: { 'x-flashcall-secret': API_KEY } }],
		['at another webhook', { url: 'https://n8n.example.com/webhook/4f8b/webhook' }],
		[
			'with the secret in the query',
			{ headers: {}, url: `${HOOK_URL}?X-Flashcall-Secret=${SECRET}` },
		],
		['with no event either', { headers: {}, body: '' }],
		['with too much', { headers: {}, body: 'x'.repeat(2_000_000) }],
	])('%s is refused in the same words', async (_, delivery) => {
		expect(await all().deliver({ body, ...delivery })).toEqual(REFUSED);
	});

	it('is accepted behind a proxy that changes the front of the path, and while testing', async () => {
		for (const front of ['https://example.com/n8n/webhook', 'https://example.com/webhook-test']) {
			const { items } = await all().deliver({ body, url: `${front}/3f8b/webhook` });
			expect(items).toHaveLength(1);
		}
	});

	it('is accepted without a secret, and without a credential, when that was chosen', async () => {
		const trigger = new TriggerInstance({ verification: 'none' }, null);

		expect((await trigger.deliver({ body, headers: {} })).items).toMatchObject([
			{ callId: 41, requestId: null },
		]);
	});

	it('starts nothing without a secret when the choice is one that does not exist', async () => {
		const trigger = new TriggerInstance({ verification: 'other' });

		expect((await trigger.deliver({ body, headers: {} })).items).toBeUndefined();
	});

	it('counts with the API key as it was pasted', async () => {
		const trigger = new TriggerInstance({}, ` ${API_KEY}\n`);

		expect((await trigger.deliver({ body })).items).toHaveLength(1);
	});

	it.each([
		['the documented one', PROVIDER_IP, PROVIDER_IP, true],
		['that one as IPv6', `::ffff:${PROVIDER_IP}`, PROVIDER_IP, true],
		['the second of a list', '10.0.0.2', '10.0.0.1, 10.0.0.2', true],
		['one on its own line', '2001:db8::1', '10.0.0.1\n2001:DB8::1', true],
		['another', '10.0.0.1', PROVIDER_IP, false],
		['the beginning of it', '82.202.206.19', PROVIDER_IP, false],
		['any where none is allowed', PROVIDER_IP, ' ', false],
		['none', '', PROVIDER_IP, false],
	])('from the address %s', async (_, ip, providerAddresses, isAccepted) => {
		const trigger = new TriggerInstance({ onlyFromProvider: true, providerAddresses });
		const reply = await trigger.deliver({ body, ip });

		expect(reply).toMatchObject(isAccepted ? ACCEPTED : REFUSED);
		expect(reply.items === undefined).toBe(!isAccepted);
	});

	it('from the right address needs the secret all the same', async () => {
		const trigger = new TriggerInstance({
			onlyFromProvider: true,
			providerAddresses: PROVIDER_IP,
		});

		expect(await trigger.deliver({ body, headers: {} })).toEqual(REFUSED);
	});
});

describe('the secret of a webhook', () => {
	const headers = secretFor('b8a4a3f2-8d1e-4a3b-9c6d-0f1e2d3c4b5a', { action: 2 });
	const secret = headers['x-flashcall-secret'];
	const finished = { phone: PHONE, status: 'finished' };

	it.each<[string, unknown]>([
		['in a list of the call', { id: 1, calls: [finished], ivrs: [{ webhookHeaders: secret }] }],
		['in JSON as text', { id: 1, calls: [finished], ivrs: JSON.stringify([{ a: secret }]) }],
		['under another name', { id: 1, calls: [finished], webhook_headers: { a: [secret] } }],
		['in parameters', { id: 1, calls: [finished], webhookParameters: { a: { b: secret } } }],
		['in parameters as text', { id: 1, calls: [finished], webhookParameters: `{"a":"${secret}"}` }],
		['beside an answer', { call: { phone: PHONE, answer: 1 }, a: { headers: secret } }],
		['beside several calls', { apiCalls: [{ id: 1, calls: [finished] }], a: `x ${secret} y` }],
	])('comes out nowhere: %s', async (_, body) => {
		const { items } = await all().deliver({ body, headers });

		expect(items).toHaveLength(1);
		expect(JSON.stringify(items)).not.toContain(secret.slice(-43));
	});
});

describe('a repetition', () => {
	it('of a status is answered with 200 and starts nothing', async () => {
		const trigger = all();
		const body = call(41, 'finished');

		expect((await trigger.deliver({ body })).items).toHaveLength(1);
		for (let again = 0; again < 3; again++) {
			now += MINUTE;
			expect(await trigger.deliver({ body })).toEqual(IGNORED);
		}
	});

	it('is one also when the call changed in between', async () => {
		const trigger = all();
		await trigger.deliver({ body: call(41, 'finished') });

		expect(await trigger.deliver({ body: call(41, 'finished', { webhookTry: 2 }) })).toEqual(
			IGNORED,
		);
		expect(await trigger.deliver({ body: { apiCalls: [call(41, 'finished')] } })).toEqual(IGNORED);
		expect(
			await trigger.deliver({ body: call(41, 'finished'), headers: secretFor('request-2') }),
		).toEqual(IGNORED);
	});

	it.each([
		['in their order', ['processed', 'started', 'answered', 'finished']],
		['in reverse', ['finished', 'answered', 'started', 'processed']],
		['in disorder', ['answered', 'finished', 'processed', 'started']],
	])('does not keep new statuses from passing %s, each once', async (_, statuses) => {
		const trigger = all();
		const started = [];
		for (const status of statuses) started.push(...(await trigger.statuses(call(41, status))));
		for (const status of statuses) started.push(...(await trigger.statuses(call(41, status))));

		expect(started).toEqual(statuses);
	});

	it('does not keep other calls and other phones from passing', async () => {
		const trigger = all();
		const other = { id: 41, calls: [{ phone: '79995554433', status: 'finished' }] };

		expect(await trigger.statuses(call(41, 'finished'))).toHaveLength(1);
		expect(await trigger.statuses(call(42, 'finished'))).toHaveLength(1);
		expect(await trigger.statuses(other)).toHaveLength(1);
	});

	it('of ten at once starts one flow', async () => {
		const trigger = all();
		const body = call(41, 'finished');

		const replies = await Promise.all(
			Array.from({ length: 10 }, async () => await trigger.deliver({ body })),
		);

		expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(200));
		expect(replies.filter(({ items }) => items !== undefined)).toHaveLength(1);
	});

	it('of a status is known for a day', async () => {
		const trigger = all();
		const body = call(41, 'finished');
		await trigger.deliver({ body });

		now += DAY - 1;
		expect(await trigger.deliver({ body })).toEqual(IGNORED);
		now += 1;
		expect((await trigger.deliver({ body })).items).toHaveLength(1);
	});

	it('of an answer is known for a quarter of an hour: the next call may bring the same', async () => {
		const trigger = all();
		const body = answer(1, { order: 'A-17' });

		expect((await trigger.deliver({ body })).items).toHaveLength(1);
		now += 15 * MINUTE - 1;
		expect(await trigger.deliver({ body })).toEqual(IGNORED);
		now += 1;
		expect((await trigger.deliver({ body })).items).toHaveLength(1);
	});

	it.each<[string, Delivery]>([
		['another answer', { body: answer(2, { order: 'A-17' }) }],
		['the stay on the line', { body: answer(-1, { order: 'A-17' }) }],
		['another person', { body: { call: { phone: '79995554433', answer: 1 }, order: 'A-17' } }],
		['other parameters', { body: answer(1, { order: 'A-18' }) }],
		['another request', { body: answer(1, { order: 'A-17' }), headers: secretFor('request-2') }],
	])('is not %s', async (_, delivery) => {
		const trigger = all();
		await trigger.deliver({ body: answer(1, { order: 'A-17' }) });

		expect((await trigger.deliver(delivery)).items).toHaveLength(1);
	});

	it('is not the same answer in the next menu of the call', async () => {
		const trigger = all();
		const body = answer(1);
		const deliverAt = async (action: number) =>
			await trigger.deliver({ body, headers: secretFor('request-1', { action }) });

		expect((await deliverAt(1)).items).toMatchObject([{ requestId: 'request-1' }]);
		expect((await deliverAt(2)).items).toMatchObject([{ requestId: 'request-1' }]);
		expect(await deliverAt(2)).toEqual(IGNORED);
	});

	it('of an answer is recognised without a secret as well', async () => {
		const trigger = unsigned();
		const delivery = { body: answer(1, { order: 'A-17' }), headers: {} };

		expect((await trigger.deliver(delivery)).items).toHaveLength(1);
		expect(await trigger.deliver(delivery)).toEqual(IGNORED);
		expect((await trigger.deliver({ ...delivery, body: answer(1) })).items).toHaveLength(1);
	});

	it('of a status without an ID is one only for a quarter of an hour', async () => {
		const trigger = all();
		const body = { calls: [{ phone: PHONE, status: 'finished' }] };
		const other = { calls: [{ phone: PHONE, status: 'finished', cost: 3 }] };

		expect((await trigger.deliver({ body })).items).toHaveLength(1);
		expect(await trigger.deliver({ body })).toEqual(IGNORED);
		expect((await trigger.deliver({ body: other })).items).toHaveLength(1);
		now += 15 * MINUTE;
		expect((await trigger.deliver({ body })).items).toHaveLength(1);
	});

	it('of a status without an ID is one only for the same request', async () => {
		const trigger = all();
		const body = { calls: [{ phone: PHONE, status: 'canceled' }] };
		const deliver = async (requestId: string) =>
			(await trigger.deliver({ body, headers: secretFor(requestId) })).items?.length;

		expect(await deliver('request-1')).toBe(1);
		expect(await deliver('request-2')).toBe(1);
		expect(await deliver('request-1')).toBeUndefined();
	});

	it('is one however the phone is spelled', async () => {
		const trigger = all();
		const bodyFor = (phone: string) => ({ id: 41, calls: [{ phone, status: 'finished' }] });

		expect((await trigger.deliver({ body: bodyFor('+7 999 111-22-33') })).items).toHaveLength(1);
		for (const phone of [PHONE, '89991112233', '9991112233']) {
			expect(await trigger.deliver({ body: bodyFor(phone) })).toEqual(IGNORED);
		}
		expect((await trigger.deliver({ body: bodyFor('79991112234') })).items).toHaveLength(1);
	});

	it('is no repetition at another trigger', async () => {
		const body = call(41, 'finished');

		expect((await all().deliver({ body })).items).toHaveLength(1);
		expect((await all().deliver({ body })).items).toHaveLength(1);
	});

	it('starts the flow while it is tried in the editor', async () => {
		const trigger = all();
		const delivery: Delivery = { body: call(41, 'finished'), mode: 'manual' };

		expect((await trigger.deliver(delivery)).items).toHaveLength(1);
		expect((await trigger.deliver(delivery)).items).toHaveLength(1);
		expect(await trigger.statuses(delivery.body)).toHaveLength(1);
	});

	it('of what was not chosen, or was refused, is not remembered', async () => {
		const trigger = new TriggerInstance({ events: ['finished'] });
		await trigger.deliver({ body: call(41, 'started') });
		await trigger.deliver({ body: call(41, 'finished'), headers: {} });

		expect(trigger.saved).toEqual({});
		expect(await trigger.statuses(call(41, 'finished'))).toHaveLength(1);
	});
});

describe('after a restart', () => {
	it('repetitions are recognised, and what is new passes', async () => {
		const trigger = all();
		await trigger.deliver({ body: call(41, 'finished') });
		await trigger.deliver({ body: answer(1) });

		trigger.restart();

		expect(await trigger.deliver({ body: call(41, 'finished') })).toEqual(IGNORED);
		expect(await trigger.deliver({ body: answer(1) })).toEqual(IGNORED);
		expect(await trigger.statuses(call(42, 'finished'))).toEqual(['finished']);
	});

	it('what came at once is known, although each wrote over what the others had saved', async () => {
		const trigger = all();
		await Promise.all(
			[41, 42, 43].map(async (id) => await trigger.deliver({ body: call(id, 'finished') })),
		);
		await trigger.deliver({ body: call(44, 'finished') });

		trigger.restart();

		for (const id of [41, 42, 43, 44])
			expect(await trigger.statuses(call(id, 'finished'))).toEqual([]);
	});

	it('what another process accepted is known', async () => {
		const trigger = all();
		await trigger.deliver({ body: call(41, 'finished') });

		expect(await trigger.twin().deliver({ body: call(41, 'finished') })).toEqual(IGNORED);
	});

	it('a bounded number is known, the newest', async () => {
		const trigger = all();
		const many = Array.from({ length: 5000 }, (_, index) => call(index + 1, 'finished'));
		await trigger.deliver({ body: many });

		expect(JSON.stringify(trigger.saved).length).toBeLessThan(100_000);
		trigger.restart();
		const { items } = await trigger.deliver({ body: many });
		expect(items).toHaveLength(3000);
	});

	it('what expired is not kept', async () => {
		const trigger = all();
		await trigger.deliver({ body: call(41, 'finished') });
		await trigger.deliver({ body: answer(1) });
		now += 15 * MINUTE;
		await trigger.deliver({ body: call(42, 'finished') });

		const kept = Object.values(trigger.saved) as Array<{ accepted: object }>;
		expect(kept.map(({ accepted }) => Object.keys(accepted).length)).toEqual([2]);
	});

	it('static data that somebody spoilt stops nothing', async () => {
		for (const accepted of [null, 'x', 5, [], { a: 'x', b: null, c: {} }]) {
			const trigger = all();
			trigger.saved = { 'node:Zvonobot Trigger': { accepted } } as IDataObject;

			expect(await trigger.statuses(call(41, 'finished'))).toEqual(['finished']);
			expect(await trigger.statuses(call(41, 'finished'))).toEqual([]);
		}
	});
});

describe('when something breaks inside', () => {
	it.each([
		['no API key', null],
		['an empty API key', ' '],
		['an API key of another kind', { a: 1 }],
	])('the flow is not started and the provider is told to repeat: %s', async (_, apiKey) => {
		const trigger = new TriggerInstance({}, apiKey);

		expect(await trigger.deliver({ body: call(41, 'finished') })).toEqual({
			status: 500,
			answer: { error: 'internal' },
			items: undefined,
		});
		expect(trigger.log.join()).toContain('Zvonobot Trigger: API Key');
	});

	it('an expression that fails does so too', async () => {
		const trigger = new TriggerInstance({ events: '={{ $json.body.nothing.here }}' });

		expect(await trigger.deliver({ body: call(41, 'finished') })).toMatchObject({
			status: expect.any(Number),
			items: undefined,
		});
	});

	it('what is refused says nothing of the secret in the log', async () => {
		const trigger = new TriggerInstance();
		const secret = secretFor('request-1', { url: 'https://other.example.com/a/b' });
		await trigger.deliver({ body: call(41, 'finished'), headers: secret });

		expect(trigger.log).toHaveLength(1);
		expect(trigger.log.join()).not.toContain(secret['x-flashcall-secret']);
	});
});
