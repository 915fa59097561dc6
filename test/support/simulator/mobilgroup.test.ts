import { SimulatorClient } from './client';
import { SLOW_PHASES, type Fault } from './faults';
import { PRESET_MOBILGROUP, type MobilgroupOptions } from './mobilgroup';
import { startSimulator, type Simulator } from './server';
import { isRecord, parseJson, type JsonObject, type JsonValue } from './types';

const SEND = '/api/voice-password/send/';
const NUMBER = '79161234567';
const OWN = '74959999999';
const JSON_TYPE = { 'content-type': 'application/json' };
const KEY = { authorization: PRESET_MOBILGROUP };

interface Ask {
	path?: string;
	method?: string;
	/** Instead of the content type and the key. */
	headers?: Record<string, string>;
	/** Sent as it is instead of the JSON. */
	raw?: string;
}

interface Answer {
	status: number;
	headers: Headers;
	text: string;
	json: JsonObject;
}

let sim: Simulator;

beforeEach(async () => {
	sim = await startSimulator();
});

afterEach(async () => {
	await sim.close();
});

async function send(body: JsonValue, how: Ask = {}): Promise<Answer> {
	const method = how.method ?? 'POST';
	const payload = new TextEncoder().encode(how.raw ?? JSON.stringify(body));
	const response = await fetch(sim.url + (how.path ?? SEND), {
		method,
		redirect: 'manual',
		headers: how.headers ?? { ...JSON_TYPE, ...KEY },
		// As bytes: fetch gives a string a content type of its own.
		...(method === 'GET' ? {} : { body: payload }),
	});
	const text = await response.text();
	const json = parseJson(text);
	return {
		status: response.status,
		headers: response.headers,
		text,
		json: isRecord(json) ? json : {},
	};
}

async function errorOf(body: JsonValue, how: Ask = {}): Promise<JsonValue | undefined> {
	const { status, json } = await send(body, how);
	expect(status).toBe(200);
	expect(json).toEqual({ result: 'error', error_code: json.error_code });
	expect(sim.journal.charges).toEqual([]);
	return json.error_code;
}

describe('the six modes', () => {
	it('rings, and the last digits of the caller are the code', async () => {
		const answer = await send({ number: NUMBER });
		expect(answer.status).toBe(200);
		expect(answer.headers.get('content-type')).toBe('application/json');
		expect(answer.json).toEqual({
			result: 'ok',
			id: '1234',
			number: NUMBER,
			price: '0.35',
			code: '0042',
		});
		expect(Object.keys(answer.json)).toEqual(['result', 'id', 'number', 'price', 'code']);
		expect(sim.mobilgroup.snapshot().requests).toEqual({
			1234: {
				id: '1234',
				mode: 'flash-call',
				number: NUMBER,
				code: '0042',
				price: '0.35',
				from: '74951000042',
			},
		});
	});

	it.each([
		['4', '0042'],
		['6', '000042'],
		['10', '4951000042'],
	])('takes as many digits as the capacity %s', async (capacity, code) => {
		expect((await send({ number: NUMBER, capacity })).json.code).toBe(code);
	});

	it('never repeats a code soon', async () => {
		for (let sent = 0; sent < 50; sent += 1) await send({ number: NUMBER });
		const codes = Object.values(sim.mobilgroup.snapshot().requests).map(({ code }) => code);
		expect(new Set(codes).size).toBe(50);
		expect(codes.every((code) => /^[0-9]{4}$/.test(code))).toBe(true);
	});

	it('speaks the last digits', async () => {
		expect((await send({ number: NUMBER, voice: {} })).json).toMatchObject({
			result: 'ok',
			code: '0042',
		});
		expect(sim.mobilgroup.snapshot().requests['1234']).toMatchObject({
			mode: 'voice',
			repeat: false,
		});
	});

	it.each<[JsonObject, JsonObject]>([
		[{ code: '0007' }, { code: '0007', repeat: false, from: '74951000042' }],
		[
			{ code: '0007', repeat: '1' },
			{ code: '0007', repeat: true },
		],
		[
			{ code: '0007', repeat: '0' },
			{ code: '0007', repeat: false },
		],
		[
			{ code: '0007', repeat: '1', ani: OWN },
			{ code: '0007', repeat: true, from: OWN },
		],
		[{ ani: OWN }, { code: '9999', from: OWN }],
	])('speaks %j', async (voice, kept) => {
		const answer = await send({ number: NUMBER, voice });
		expect(answer.json).toMatchObject({ result: 'ok', code: kept.code });
		expect(sim.mobilgroup.snapshot().requests['1234']).toMatchObject({ mode: 'voice', ...kept });
	});

	it('sends the code of the first request by SMS', async () => {
		const first = (await send({ number: NUMBER, capacity: '6' })).json;
		await send({ number: '79031234567' });
		const message = (await send({ sms: { id: first.id ?? '' } })).json;
		expect(message).toEqual({ ...first, id: '1236' });
		expect(sim.mobilgroup.snapshot().requests['1236']).toMatchObject({ mode: 'sms', of: '1234' });
	});

	it('charges each of them', async () => {
		await send({ number: NUMBER });
		await send({ number: NUMBER, voice: {} });
		await send({ sms: { id: '1235' } });
		const charge = { provider: 'mobilgroup', phone: NUMBER };
		expect(sim.journal.charges).toMatchObject([
			{ ...charge, operation: 'voice-password/flash-call', detail: { id: '1234', price: '0.35' } },
			{ ...charge, operation: 'voice-password/voice', detail: { id: '1235', price: '0.35' } },
			{ ...charge, operation: 'voice-password/sms', detail: { id: '1236', price: '0.35' } },
		]);
		expect(sim.mobilgroup.snapshot().balance).toBe(9998.95);
	});

	it.each(['77011234567', '375291234567', '37491123456', '998901234567'])(
		'reaches %s',
		async (number) => {
			expect((await send({ number })).json.result).toBe('ok');
		},
	);

	it('knows the codes', async () => {
		await send({ number: NUMBER });
		await send({ number: NUMBER, voice: { code: '0008' } });
		expect(sim.mobilgroup.codeOf('1234')).toBe('0042');
		expect(sim.mobilgroup.lastCode(NUMBER)).toBe('0008');
		expect(() => sim.mobilgroup.codeOf('1')).toThrow('there is no request 1');
		expect(() => sim.mobilgroup.lastCode('1')).toThrow('no code was made for the number 1');
	});
});

describe('authorisation', () => {
	it('takes the key from the section security', async () => {
		const body = { security: { apiKey: PRESET_MOBILGROUP }, number: NUMBER };
		expect((await send(body, { headers: JSON_TYPE })).json.result).toBe('ok');
	});

	it('refuses both places at once, even with an empty one', async () => {
		const body = { security: { apiKey: PRESET_MOBILGROUP }, number: NUMBER };
		expect(await errorOf(body)).toBe('unknown_request');
		expect(await errorOf({ security: {}, number: NUMBER })).toBe('unknown_request');
		expect(await errorOf(body, { headers: { ...JSON_TYPE, authorization: '' } })).toBe(
			'unknown_request',
		);
	});

	it.each([
		['another key', { authorization: 'nobody' }],
		['a Bearer in front of it', { authorization: `Bearer ${PRESET_MOBILGROUP}` }],
		['no key', {}],
	])('refuses %s', async (_what, key: Record<string, string>) => {
		const headers = { ...JSON_TYPE, ...key };
		expect(await errorOf({ number: NUMBER }, { headers })).toBe('authorisation_failed');
		// Who asks comes before what is asked for.
		expect(await errorOf({ colour: 'red' }, { headers })).toBe('authorisation_failed');
	});

	it.each<[JsonValue, string]>([
		[{ apiKey: 'nobody' }, 'authorisation_failed'],
		[{ apiKey: '' }, 'authorisation_failed'],
		[{}, 'authorisation_failed'],
		[{ apiKey: 7 }, 'unknown_request'],
		[{ ApiKey: PRESET_MOBILGROUP }, 'unknown_request'],
		[PRESET_MOBILGROUP, 'unknown_request'],
		[null, 'unknown_request'],
	])('refuses the section security %j', async (security, code) => {
		expect(await errorOf({ security, number: NUMBER }, { headers: JSON_TYPE })).toBe(code);
	});
});

describe('error codes', () => {
	it.each<[string, Partial<MobilgroupOptions>, JsonObject]>([
		['user_disabled', { blocked: true }, { number: NUMBER }],
		['number_is_empty', {}, {}],
		['number_is_empty', {}, { number: '' }],
		['number_is_empty', {}, { number: null, voice: {} }],
		['number_not_valid', { unroutable: [NUMBER] }, { number: NUMBER }],
		['number_not_valid', {}, { number: '9161234567' }],
		['number_not_valid', {}, { number: '89161234567' }],
		['number_not_valid', {}, { number: '791612345678' }],
		['number_not_valid', {}, { number: '14155550100' }],
		['number_not_permitted', { barred: [NUMBER] }, { number: NUMBER }],
		['number_in_spam_list', { spam: [NUMBER] }, { number: NUMBER }],
		['not_enough_money', { balance: 0.34 }, { number: NUMBER }],
		['ani_phone_not_valid', {}, { number: NUMBER, voice: { ani: '74950000000' } }],
		['ani_phone_not_valid', { ownNumbers: [] }, { number: NUMBER, voice: { ani: OWN } }],
		['out_of_order', { unknownErrorCode: 'out_of_order' }, { number: NUMBER }],
	])('says %s with %j for %j', async (code, options, body) => {
		sim.mobilgroup.setOptions(options);
		expect(await errorOf(body)).toBe(code);
		expect(sim.mobilgroup.snapshot().requests).toEqual({});
	});

	it.each<[JsonValue]>([
		[{ number: NUMBER, colour: 'red' }],
		[{ settings: { number: NUMBER } }],
		[{ number: 79161234567 }],
		[{ number: '+79161234567' }],
		[{ number: '791612345' }],
		[{ number: '7916123456789012' }],
		[{ number: NUMBER, capacity: 4 }],
		[{ number: NUMBER, capacity: '3' }],
		[{ number: NUMBER, capacity: '11' }],
		[{ number: NUMBER, capacity: '04' }],
		[{ number: NUMBER, capacity: '' }],
		[{ number: NUMBER, capacity: '5', voice: {} }],
		[{ number: NUMBER, voice: [] }],
		[{ number: NUMBER, voice: null }],
		[{ number: NUMBER, voice: { code: 1234 } }],
		[{ number: NUMBER, voice: { code: '123' } }],
		[{ number: NUMBER, voice: { code: '12345' } }],
		[{ number: NUMBER, voice: { code: '' } }],
		[{ number: NUMBER, voice: { repeat: 1 } }],
		[{ number: NUMBER, voice: { repeat: true } }],
		[{ number: NUMBER, voice: { repeat: '2' } }],
		[{ number: NUMBER, voice: { ani: 74959999999 } }],
		[{ number: NUMBER, voice: { ani: '+74959999999' } }],
		[{ number: NUMBER, voice: { capacity: '4' } }],
		[{ number: NUMBER, sms: { id: '1234' } }],
		[{ sms: {} }],
		[{ sms: { id: '1234' } }],
		[{ sms: { id: 1234 } }],
		[{ sms: { id: '1234', number: NUMBER } }],
		[{ sms: null }],
		[[]],
		['number'],
	])('says unknown_request for %j', async (body) => {
		expect(await errorOf(body)).toBe('unknown_request');
	});

	it('sends no message after a message', async () => {
		await send({ number: NUMBER });
		await send({ sms: { id: '1234' } });
		expect((await send({ sms: { id: '1235' } })).json.error_code).toBe('unknown_request');
	});

	it('takes a capacity of four with a spoken code', async () => {
		expect((await send({ number: NUMBER, capacity: '4', voice: {} })).json.result).toBe('ok');
	});

	it('takes the money call by call until it is used up, and again after a payment', async () => {
		sim.mobilgroup.setOptions({ balance: 1.05 });
		const results: unknown[] = [];
		for (let sent = 0; sent < 4; sent += 1) {
			results.push((await send({ number: NUMBER })).json.result);
		}
		expect(results).toEqual(['ok', 'ok', 'ok', 'error']);
		expect(sim.mobilgroup.snapshot().balance).toBe(0);
		expect((await send({ sms: { id: '1234' } })).json.error_code).toBe('not_enough_money');
		sim.mobilgroup.setOptions({ balance: 2, price: '1.5000' });
		expect((await send({ number: NUMBER })).json).toMatchObject({ id: '1237', price: '1.5000' });
		expect(sim.mobilgroup.snapshot().balance).toBe(0.5);
	});

	it.each([200, 400, 403] as const)('refuses with the status %d', async (refusalStatus) => {
		sim.mobilgroup.setOptions({ refusalStatus });
		const refused = await send({});
		expect(refused.status).toBe(refusalStatus);
		expect(refused.json).toEqual({ result: 'error', error_code: 'number_is_empty' });
		expect((await send({ number: NUMBER })).status).toBe(200);
	});
});

describe('strictness', () => {
	it('redirects to the path with the slash and does nothing', async () => {
		const path = SEND.slice(0, -1);
		const moved = await send({ number: NUMBER }, { path });
		expect(moved.status).toBe(301);
		expect(moved.headers.get('location')).toBe(SEND);
		expect(moved.headers.get('content-type')).toContain('text/html');
		expect((await send(null, { path: `${path}?a=b`, method: 'GET' })).headers.get('location')).toBe(
			`${SEND}?a=b`,
		);
		expect(sim.journal.charges).toEqual([]);
	});

	it('knows no other paths', async () => {
		for (const path of ['/api/voice-password', '/api/voice-password/', `${SEND}x`, `${SEND}/`]) {
			const unknown = await send({ number: NUMBER }, { path });
			expect(unknown.status).toBe(404);
			expect(unknown.text).toContain('404 Not Found');
			expect(sim.journal.requests.at(-1)).toMatchObject({ provider: 'mobilgroup', path });
		}
	});

	it('leaves every other path to Plusofon', async () => {
		const other = await send({}, { path: '/api/voice-passwords/send/' });
		expect(other.json).toEqual({ error: 'Not found' });
		expect(sim.journal.requests.at(-1)?.provider).toBe('plusofon');
	});

	it.each(['GET', 'PUT', 'DELETE'])('refuses %s', async (method) => {
		const refused = await send({ number: NUMBER }, { method });
		expect(refused.status).toBe(405);
		expect(refused.headers.get('allow')).toBe('POST');
	});

	it('wants JSON that is called JSON', async () => {
		const form = { ...KEY, 'content-type': 'application/x-www-form-urlencoded' };
		expect(await errorOf({ number: NUMBER }, { headers: form })).toBe('unknown_request');
		expect(await errorOf({ number: NUMBER }, { headers: KEY })).toBe('unknown_request');
		expect(await errorOf(null, { raw: '{"number":' })).toBe('unknown_request');
		expect(await errorOf(null, { raw: '' })).toBe('unknown_request');
		const charset = { ...KEY, 'content-type': 'application/json; charset=utf-8' };
		expect((await send({ number: NUMBER }, { headers: charset })).json.result).toBe('ok');
	});

	it('takes nothing from the query string', async () => {
		expect(await errorOf({ number: NUMBER }, { path: `${SEND}?number=${NUMBER}` })).toBe(
			'unknown_request',
		);
	});
});

describe('journal and faults', () => {
	const arm = (fault: Fault) => sim.faults.add({ match: { path: SEND, method: 'POST' }, ...fault });

	it('keeps what was asked and what was answered', async () => {
		await send({ number: NUMBER });
		expect(sim.journal.requests).toMatchObject([
			{
				provider: 'mobilgroup',
				method: 'POST',
				path: SEND,
				headers: { authorization: PRESET_MOBILGROUP },
				body: { number: NUMBER },
				status: 200,
			},
		]);
	});

	it('destroys the socket before and after processing', async () => {
		arm({ kind: 'resetBefore' });
		arm({ kind: 'resetAfter' });
		await expect(send({ number: NUMBER })).rejects.toThrow('fetch failed');
		expect(sim.journal.charges).toEqual([]);
		await expect(send({ number: NUMBER })).rejects.toThrow('fetch failed');
		expect(sim.journal.charges).toHaveLength(1);
		expect(sim.mobilgroup.lastCode(NUMBER)).toBe('0042');
	});

	it('cuts the JSON and answers a status', async () => {
		arm({ kind: 'brokenJson' });
		arm({ kind: 'status', status: 503 });
		expect((await send({ number: NUMBER })).text).toMatch(/^\{"result":"ok"[^}]*$/);
		expect((await send({ number: NUMBER })).status).toBe(503);
		expect(sim.journal.charges).toHaveLength(1);
	});

	it.each(SLOW_PHASES)('keeps a page a page when it is slow in the phase %s', async (phase) => {
		sim.faults.add({ kind: 'slow', ms: 20, phase });
		const moved = await send({}, { path: SEND.slice(0, -1) });
		expect(moved.headers.get('location')).toBe(SEND);
		expect(moved.text).toContain('<h1>301 Moved Permanently</h1>');
	});

	it('starts afresh after a reset', async () => {
		const before = sim.mobilgroup.snapshot();
		sim.mobilgroup.setOptions({ blocked: true, spam: [NUMBER], balance: 3 });
		sim.mobilgroup.setOptions({ blocked: false, spam: [] });
		await send({ number: NUMBER });
		sim.reset();
		expect(sim.mobilgroup.snapshot()).toEqual(before);
		expect((await send({ number: NUMBER })).json).toMatchObject({ id: '1234', code: '0042' });
	});

	it('starts with the options given', async () => {
		const other = await startSimulator({ mobilgroup: { price: '0.50', balance: 1 } });
		try {
			other.mobilgroup.setOptions({ price: '1' });
			other.reset();
			expect(other.mobilgroup.snapshot()).toMatchObject({ options: { price: '0.50' }, balance: 1 });
		} finally {
			await other.close();
		}
	});
});

describe('control over HTTP', () => {
	let client: SimulatorClient;

	beforeEach(() => {
		client = new SimulatorClient(sim.url);
	});

	it('shows the requests and their codes', async () => {
		await send({ number: NUMBER });
		await send({ number: NUMBER, voice: { code: '0008' } });
		expect(await client.mobilgroup()).toEqual(sim.mobilgroup.snapshot());
		expect((await client.mobilgroup()).apiKey).toBe(PRESET_MOBILGROUP);
		expect(await client.codeOf('1234')).toBe('0042');
		expect(await client.lastCode(NUMBER)).toBe('0008');
		await expect(client.codeOf('1')).rejects.toThrow('there is no request 1');
		await expect(client.lastCode('1')).rejects.toThrow('no code was made for the number 1');
	});

	it('changes every option and resets', async () => {
		const options: MobilgroupOptions = {
			balance: 5,
			price: '0.5',
			blocked: true,
			unroutable: ['70000000001'],
			barred: ['70000000002'],
			spam: ['70000000003'],
			ownNumbers: [],
			refusalStatus: 403,
			unknownErrorCode: 'new_code',
		};
		expect(await client.setMobilgroup(options)).toEqual(options);
		expect(await send({ number: NUMBER })).toMatchObject({
			status: 403,
			json: { result: 'error', error_code: 'new_code' },
		});
		await client.setMobilgroup({ unknownErrorCode: '' });
		expect((await send({ number: NUMBER })).json.error_code).toBe('user_disabled');
		await client.reset();
		expect((await send({ number: NUMBER })).json.result).toBe('ok');
	});

	it.each([
		[{ colour: 'red' }, 'unknown option colour'],
		[{ balance: '5' }, 'balance must be a number'],
		[{ price: 0.35 }, 'price must be a string'],
		[{ blocked: 1 }, 'blocked must be'],
		[{ spam: NUMBER }, 'spam must be a list'],
		[{ barred: [7] }, 'barred must hold strings of digits'],
		[{ refusalStatus: 500 }, 'refusalStatus must be'],
		[{ unknownErrorCode: null }, 'unknownErrorCode must be'],
		[[], 'options must be an object'],
	])('refuses the options %j', async (options, reason) => {
		const response = await fetch(`${sim.url}/_sim/mobilgroup`, {
			method: 'PATCH',
			headers: JSON_TYPE,
			body: JSON.stringify(options),
		});
		expect(response.status).toBe(400);
		expect(await response.text()).toContain(reason);
	});
});
