/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- development equipment: runs in its own process, never inside n8n */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve as resolvePath } from 'node:path';

import { SimulatorClient } from './client';
import { SLOW_PHASES, type Fault } from './faults';
import { PRESET_ACCOUNT_ID, type WrongPinStyle } from './plusofon';
import { startSimulator, type Simulator } from './server';
import { isRecord, parseJson, type JsonObject, type JsonValue } from './types';

const FLASH = '/api/v1/flash-call';
const NUMBER = '/api/v1/number';
const PHONE = '79161234567';
const PROPOSAL = '100b3613-653a-c128-75a6-62c295fb6ab8';

interface Ask {
	/** Bearer token; null leaves the header out. */
	token?: string | null;
	body?: JsonValue;
	/** Sent as it is instead of `body`. */
	raw?: string;
	/** Null removes a header. */
	headers?: Record<string, string | null>;
	/** Gives the request up. */
	signal?: AbortSignal;
}

interface Answer {
	status: number;
	headers: Record<string, unknown>;
	text: string;
	json: JsonObject;
}

let sim: Simulator;
let time: number;

beforeEach(async () => {
	time = Date.UTC(2024, 4, 10, 9, 0, 0);
	sim = await startSimulator({ now: () => time });
});

afterEach(async () => {
	await sim.close();
});

async function ask(method: string, path: string, how: Ask = {}): Promise<Answer> {
	const payload = how.raw ?? (how.body === undefined ? '' : JSON.stringify(how.body));
	const token = how.token === undefined ? sim.plusofon.cabinetToken : how.token;
	const headers: Record<string, string | null> = {
		accept: 'application/json',
		client: '10553',
		authorization: token === null ? null : `Bearer ${token}`,
		'content-type': 'application/json',
		'content-length': payload === '' ? null : String(Buffer.byteLength(payload)),
		...how.headers,
	};
	const sent = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== null);
	return await new Promise((resolve, reject) => {
		const outgoing = httpRequest(
			{
				host: '127.0.0.1',
				port: sim.port,
				path,
				method,
				agent: false,
				headers: Object.fromEntries(sent),
			},
			(incoming) => {
				const chunks: Buffer[] = [];
				incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
				incoming.on('error', reject);
				incoming.on('end', () => {
					const text = Buffer.concat(chunks).toString('utf8');
					const json = parseJson(text);
					resolve({
						status: incoming.statusCode ?? 0,
						headers: incoming.headers,
						text,
						json: isRecord(json) ? json : {},
					});
				});
			},
		);
		outgoing.on('error', reject);
		how.signal?.addEventListener('abort', () => outgoing.destroy(new Error('gave up')));
		outgoing.end(payload);
	});
}

async function until(holds: () => boolean): Promise<void> {
	while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** POST with the access token of the preset account. */
async function call(action: string, body: JsonValue, how: Ask = {}): Promise<Answer> {
	return await ask('POST', `${FLASH}/${action}`, {
		token: sim.plusofon.accessToken,
		body,
		...how,
	});
}

async function sendTo(phone: string): Promise<string> {
	return String(field(await call('send', { phone }), 'key'));
}

function field(answer: Answer, name: string): JsonValue | undefined {
	const { data } = answer.json;
	return isRecord(data) ? data[name] : undefined;
}

function items(answer: Answer): JsonObject[] {
	const { data } = answer.json;
	return Array.isArray(data) ? data.filter((item): item is JsonObject => isRecord(item)) : [];
}

/** A hook that answers 204 and keeps what it got. */
async function startHook(atPort = 0) {
	const got: Array<{ contentType: string; body: string }> = [];
	let inFlight = 0;
	let most = 0;
	const server = createServer((request, response) => {
		inFlight += 1;
		most = Math.max(most, inFlight);
		let body = '';
		request.on('data', (chunk: Buffer) => (body += chunk.toString()));
		request.on('end', () => {
			got.push({ contentType: request.headers['content-type'] ?? '', body });
			setTimeout(() => {
				inFlight -= 1;
				response.writeHead(204).end();
			}, 50);
		});
	});
	server.listen(atPort, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/hook`,
		got,
		most: () => most,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

describe('Flash Call accounts, settings and packets', () => {
	it('creates an account and hands out its access token', async () => {
		const created = await ask('POST', FLASH, { body: { name: 'shop' } });
		expect(created.status).toBe(200);
		expect(created.json.success).toBe(true);
		expect(field(created, 'account_id')).toBe(PRESET_ACCOUNT_ID + 1);
		expect(field(created, 'access_token')).toMatch(/^[A-Za-z0-9]{32}$/);

		const sent = await call(
			'send',
			{ phone: PHONE },
			{ token: String(field(created, 'access_token')) },
		);
		expect(sent.json.success).toBe(true);
	});

	it("refuses an account without a name in the provider's own words", async () => {
		const refused = await ask('POST', FLASH, { body: {} });
		expect(refused.status).toBe(400);
		expect(refused.json).toEqual({ message: 'The name field is required', code: 400 });
	});

	it('can answer a documented refusal with HTTP 200', async () => {
		sim.plusofon.setOptions({ refusalStatus: 200 });
		const refused = await ask('POST', FLASH, { body: {} });
		expect(refused.status).toBe(200);
		expect(refused.json).toEqual({ message: 'The name field is required', code: 400 });
	});

	it('lists the accounts, newest first', async () => {
		await ask('POST', FLASH, { body: { name: 'second' } });
		const listed = items(await ask('GET', FLASH));
		expect(listed.map(({ name }) => name)).toEqual(['second', 'simulator']);
		expect(Object.keys(listed[0] ?? {})).toEqual(['id', 'access_token', 'name']);
	});

	it('deletes an account, its token included', async () => {
		expect((await ask('DELETE', `${FLASH}/42`)).json).toEqual({ success: true });
		expect((await call('send', { phone: PHONE })).status).toBe(401);
		expect((await ask('DELETE', `${FLASH}/42`)).json).toEqual({
			message: 'The account id must belong to the customer',
			code: 400,
		});
	});

	it('shows the settings of the sample and changes only what is given', async () => {
		const before = await ask('GET', `${FLASH}/settings`);
		expect(before.json.data).toEqual({
			calls_per_user_hour: 7,
			calls_per_user_day: 15,
			token_lifetime_sec: 180,
			pin_tries: 3,
			calls_per_hour: 100,
			calls_per_day: 400,
			return_operator: true,
		});
		const changed = await ask('POST', `${FLASH}/settings`, {
			body: { pin_tries: 5, return_operator: false, operators: [{ mts: false }] },
		});
		expect(changed.json).toEqual({ success: true });
		const after = await ask('GET', `${FLASH}/settings`);
		expect(field(after, 'pin_tries')).toBe(5);
		expect(field(after, 'calls_per_day')).toBe(400);
		expect(after.json.data).not.toHaveProperty('operators');
	});

	it.each([
		[{ pin_tries: '3' }],
		[{ calls_per_hour: 1.5 }],
		[{ calls_per_day: -1 }],
		[{ return_operator: 1 }],
		[{ operators: 'mts' }],
		[{ pin_trys: 3 }],
	])('refuses the settings %j', async (body: JsonObject) => {
		const refused = await ask('POST', `${FLASH}/settings`, { body });
		expect(refused.status).toBe(422);
		expect(refused.json.code).toBe(422);
	});

	it('lists the packets with numbers as strings', async () => {
		const [first] = items(await ask('GET', `${FLASH}/proposals`));
		expect(first).toEqual({
			id: PROPOSAL,
			count_call: '5000.0000',
			amount: '1750.0000',
			amount_in_packet: '0.3500',
			amount_out_packet: '0.3800',
			name: 'пакет 5 000',
		});
	});

	it('attaches a packet, shows what is left of it and removes it', async () => {
		const path = `${FLASH}/proposals/42`;
		expect((await ask('GET', path)).json).toEqual({ data: [], success: true });
		expect((await ask('PUT', path, { body: { proposal_id: PROPOSAL } })).json.success).toBe(true);
		await sendTo(PHONE);
		expect(items(await ask('GET', path))).toEqual([
			{
				id: 9,
				customer_id: 113751,
				account_id: 42,
				proposal_id: PROPOSAL,
				calls_left: 4999,
				end_packet_time: '2024-05-31 23:59:59',
				time_left: '+21 дней 11 часов',
			},
		]);
		expect((await ask('DELETE', path)).json).toEqual({ success: true });
		expect((await ask('DELETE', path)).status).toBe(400);
	});

	it('refuses a packet that does not exist, and one for a foreign account', async () => {
		const body = { proposal_id: 'necessitatibus' };
		expect((await ask('PUT', `${FLASH}/proposals/42`, { body })).status).toBe(400);
		expect(
			(await ask('PUT', `${FLASH}/proposals/7`, { body: { proposal_id: PROPOSAL } })).json,
		).toEqual({ message: 'The account id must belong to the customer', code: 400 });
	});
});

describe('send and check', () => {
	it('rings a phone and confirms the right PIN once', async () => {
		const sent = await call('send', { phone: PHONE });
		expect(field(sent, 'key')).toMatch(/^[A-Za-z0-9]{25}$/);
		expect(field(sent, 'operator')).toBe('mts');
		const key = sim.plusofon.lastKey(PHONE);
		const pin = sim.plusofon.pinOf(key);

		expect((await call('check', { key, pin })).json).toEqual({ success: true });
		const again = await call('check', { key, pin });
		expect(again.status).toBe(200);
		expect(again.json).toEqual({ message: 'key not found', code: 0 });
	});

	it('names the operator only while the setting is on', async () => {
		expect(field(await call('send', { phone: '79031234567' }), 'operator')).toBe('beeline');
		await ask('POST', `${FLASH}/settings`, { body: { return_operator: false } });
		expect((await call('send', { phone: PHONE })).json.data).not.toHaveProperty('operator');
	});

	it('begins with a PIN that has a leading zero and never repeats one soon', async () => {
		const keys = [await sendTo(PHONE), await sendTo(PHONE), await sendTo(PHONE)];
		const pins = keys.map((key) => sim.plusofon.pinOf(key));
		expect(pins[0]).toBe('0427');
		expect(new Set(pins).size).toBe(3);
	});

	it('uses the PIN the caller chose', async () => {
		const key = String(field(await call('send', { phone: PHONE, pin: '0009' }), 'key'));
		expect(sim.plusofon.pinOf(key)).toBe('0009');
	});

	it('accepts a foreign phone of digits', async () => {
		expect((await call('send', { phone: '375291234567' })).status).toBe(200);
	});

	it.each([
		['+79161234567'],
		['7916123456'],
		['791612345678'],
		['89161234567'],
		['123456789'],
		[' 79161234567'],
		[79161234567],
		[['79161234567']],
	])('refuses the phone %j', async (phone) => {
		const refused = await call('send', { phone });
		expect(refused.status).toBe(422);
		expect(sim.journal.charges).toEqual([]);
	});

	it.each([[{ key: 5, pin: '1234' }], [{ key: 'k', pin: 1234 }], [{ key: 'k', pin: '123' }]])(
		'refuses the check %j',
		async (body: JsonObject) => {
			expect((await call('check', body)).status).toBe(422);
		},
	);

	it.each([[{ pin: '1234' }], [{ key: '', pin: '1234' }], [{ key: 'k' }]])(
		'misses a required field in the check %j',
		async (body: JsonObject) => {
			const refused = await call('check', body);
			expect(refused.status).toBe(400);
			expect(refused.json.message).toMatch(/^The (key|pin) field is required$/);
		},
	);

	it.each<[WrongPinStyle, number, JsonObject]>([
		['message200', 200, { message: 'pin is not valid', code: 0 }],
		['success200', 200, { success: false, message: 'wrong pin' }],
		['status400', 400, { message: 'pin is not valid', code: 400 }],
		['status422', 422, { message: 'pin is not valid', code: 422 }],
	])('says "wrong PIN" in the style %s', async (wrongPinStyle, status, body) => {
		sim.plusofon.setOptions({ wrongPinStyle });
		const key = await sendTo(PHONE);
		const answer = await call('check', { key, pin: '9999' });
		expect(answer.status).toBe(status);
		expect(answer.json).toEqual(body);
	});

	it('forgets a key after three wrong PINs', async () => {
		const key = await sendTo(PHONE);
		const pin = sim.plusofon.pinOf(key);
		for (let attempt = 0; attempt < 3; attempt += 1) {
			expect((await call('check', { key, pin: '9999' })).json.message).toBe('pin is not valid');
		}
		expect((await call('check', { key, pin })).json.message).toBe('key not found');
	});

	it('lets a key live as long as the settings say', async () => {
		const early = await sendTo(PHONE);
		const late = await sendTo(PHONE);
		const pins = [early, late].map((key) => sim.plusofon.pinOf(key));
		time += 179_999;
		expect((await call('check', { key: early, pin: pins[0] ?? '' })).json.success).toBe(true);
		time += 1;
		expect((await call('check', { key: late, pin: pins[1] ?? '' })).json.message).toBe(
			'key not found',
		);
	});

	it('hides the keys of one account from another', async () => {
		const other = String(field(await ask('POST', FLASH, { body: { name: 'b' } }), 'access_token'));
		const key = await sendTo(PHONE);
		const pin = sim.plusofon.pinOf(key);
		expect((await call('check', { key, pin }, { token: other })).json.message).toBe(
			'key not found',
		);
	});

	it('enforces a limit only once it was set', async () => {
		for (let sent = 0; sent < 10; sent += 1)
			expect((await call('send', { phone: PHONE })).status).toBe(200);
		await ask('POST', `${FLASH}/settings`, { body: { calls_per_user_hour: 10 } });
		expect((await call('send', { phone: PHONE })).json).toEqual({
			message: 'The limit calls_per_user_hour is exceeded',
			code: 400,
		});
		expect((await call('send', { phone: '79031234567' })).status).toBe(200);
		time += 60 * 60 * 1000;
		expect((await call('send', { phone: PHONE })).status).toBe(200);
	});
});

describe('call-to-auth', () => {
	it("hands out a number to dial that is not the user's", async () => {
		const answer = await call('call-to-auth', {
			phone: '79993332211',
			hook_url: 'https://a.example/h',
		});
		expect(field(answer, 'phone')).toMatch(/^7999333221[23]$/);
		expect(sim.plusofon.hookUrlOf(String(field(answer, 'key')))).toBe('https://a.example/h');
	});

	it.each([
		['of another scheme', 'ftp://a.example/h'],
		['without a host', '/hook'],
		['without a scheme', 'a.example/h'],
		['over 2048 characters', `https://a.example/${'h'.repeat(2048)}`],
		['that is a number', 7],
	])('refuses a hook %s', async (_what, hook_url) => {
		expect((await call('call-to-auth', { phone: PHONE, hook_url })).status).toBe(422);
		expect(sim.journal.charges).toEqual([]);
	});

	it('works without a hook, and then reports to nobody', async () => {
		const answer = await call('call-to-auth', { phone: PHONE });
		expect(answer.json.success).toBe(true);
		expect(await sim.plusofon.userCalls({ phone: PHONE })).toEqual([]);
	});

	it('does not accept its key in a check', async () => {
		const key = String(field(await call('call-to-auth', { phone: PHONE }), 'key'));
		expect((await call('check', { key, pin: '1234' })).json.message).toBe('key not found');
	});

	it("reports the person's call to the hook", async () => {
		const hook = await startHook();
		try {
			const answer = await call('call-to-auth', { phone: PHONE, hook_url: hook.url });
			const key = String(field(answer, 'key'));
			const deliveries = await sim.plusofon.userCalls({ key });
			expect(deliveries).toMatchObject([
				{ url: hook.url, status: 204, answer: '', body: { phone: PHONE, key } },
			]);
			expect(hook.got).toEqual([
				{ contentType: 'application/json', body: JSON.stringify({ phone: PHONE, key }) },
			]);
			expect(sim.journal.deliveries).toEqual(deliveries);
		} finally {
			await hook.close();
		}
	});

	it('can report as a form, forged, and several times at once', async () => {
		const hook = await startHook();
		try {
			await call('call-to-auth', { phone: PHONE, hook_url: hook.url });
			await sim.plusofon.userCalls(
				{ phone: PHONE },
				{ encoding: 'form', phone: '79990000000', key: 'forged', times: 3, parallel: true },
			);
			expect(hook.got).toHaveLength(3);
			expect(hook.most()).toBeGreaterThan(1);
			expect(hook.got[0]).toEqual({
				contentType: 'application/x-www-form-urlencoded',
				body: 'phone=79990000000&key=forged',
			});
		} finally {
			await hook.close();
		}
	});

	it('reports again until it is taken, when told to', async () => {
		const hook = await startHook();
		await call('call-to-auth', { phone: PHONE, hook_url: hook.url });
		await hook.close();
		const tries = sim.plusofon.userCalls({ phone: PHONE }, { retries: 100, retryDelayMs: 20 });
		await until(() => sim.journal.deliveries.length > 2);
		const again = await startHook(Number(new URL(hook.url).port));
		try {
			expect((await tries).map(({ status }) => status).at(-1)).toBe(204);
			expect(again.got).toHaveLength(1);
		} finally {
			await again.close();
		}
	});

	it('journals a hook that cannot be reached', async () => {
		const hook = await startHook();
		await hook.close();
		await call('call-to-auth', { phone: PHONE, hook_url: hook.url });
		const [delivery] = await sim.plusofon.userCalls({ phone: PHONE });
		expect(delivery?.status).toBeUndefined();
		expect(delivery?.error).toContain('ECONNREFUSED');
	});
});

describe('strictness', () => {
	it.each([['send'], ['check'], ['call-to-auth']])(
		'refuses the cabinet token on %s',
		async (action) => {
			const refused = await call(action, { phone: PHONE }, { token: sim.plusofon.cabinetToken });
			expect(refused.status).toBe(401);
			expect(refused.json).toEqual({ message: 'Unauthenticated.', code: 401 });
		},
	);

	it('refuses an access token on the other endpoints', async () => {
		const token = sim.plusofon.accessToken;
		expect((await ask('GET', FLASH, { token })).status).toBe(401);
		expect((await ask('GET', NUMBER, { token })).status).toBe(401);
	});

	it('refuses a missing and an unknown token', async () => {
		expect((await ask('GET', FLASH, { token: null })).status).toBe(401);
		expect((await ask('GET', FLASH, { token: 'nobody' })).status).toBe(401);
		expect(
			(await ask('GET', FLASH, { headers: { authorization: sim.plusofon.cabinetToken } })).status,
		).toBe(401);
	});

	it('knows no other paths', async () => {
		const unknown = await ask('GET', '/api/v1/flash-calls');
		expect(unknown.status).toBe(404);
		expect(unknown.json).toEqual({ error: 'Not found' });
		for (const path of [`${FLASH}/`, '/api/v1/x/../flash-call', '/%zz', '//flash-call']) {
			expect((await ask('GET', path)).status).toBe(404);
			expect(sim.journal.requests.at(-1)).toMatchObject({ path, status: 404 });
		}
	});

	it('refuses a wrong method', async () => {
		const refused = await ask('PUT', FLASH, { body: {} });
		expect(refused.status).toBe(405);
		expect(refused.json.message).toContain('Supported methods: POST, GET');
		expect((await ask('GET', `${FLASH}/send`)).status).toBe(405);
	});

	it.each([
		['a POST without a content type', 'POST', { 'content-type': null }, 415],
		['a POST of a form', 'POST', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
		['a GET of another content type', 'GET', { 'content-type': 'text/plain' }, 415],
		['no Accept', 'GET', { accept: null }, 406],
		['an Accept of anything', 'GET', { accept: '*/*' }, 406],
		['no Client', 'GET', { client: null }, 400],
		['another Client', 'GET', { client: '1' }, 400],
	])('refuses %s', async (_what, method, headers: Record<string, string | null>, status) => {
		const body = method === 'POST' ? { body: { name: 'a' } } : {};
		expect((await ask(method, FLASH, { headers, ...body })).status).toBe(status);
	});

	it('takes a GET without a content type, and a charset', async () => {
		expect((await ask('GET', FLASH, { headers: { 'content-type': null } })).status).toBe(200);
		const headers = { 'content-type': 'application/json; charset=utf-8' };
		expect((await ask('POST', FLASH, { body: { name: 'a' }, headers })).status).toBe(200);
	});

	it('wants the Client it was configured with', async () => {
		sim.plusofon.setOptions({ clientId: '777' });
		expect((await ask('GET', FLASH)).status).toBe(400);
		expect((await ask('GET', FLASH, { headers: { client: '777' } })).status).toBe(200);
	});

	it('refuses a body on GET and DELETE', async () => {
		expect((await ask('GET', FLASH, { body: {} })).status).toBe(400);
		expect((await ask('GET', NUMBER, { body: { phone_type: 'abc' } })).status).toBe(400);
		expect((await ask('DELETE', `${FLASH}/42`, { body: {} })).status).toBe(400);
	});

	it('refuses unknown and duplicated fields', async () => {
		expect((await call('send', { phone: PHONE, text: 'hi' })).status).toBe(422);
		expect((await ask('GET', `${FLASH}?page=1`)).status).toBe(422);
		expect((await ask('POST', `${FLASH}?name=a`, { body: { name: 'a' } })).status).toBe(422);
		const twice = await ask('GET', `${NUMBER}?page=1&page=2`);
		expect(twice.status).toBe(422);
		expect(twice.json).toEqual({ message: 'The page field is given twice', code: 422 });
	});

	it('refuses bodies that are not a JSON object', async () => {
		expect((await call('send', null, { raw: '{"phone":' })).status).toBe(400);
		expect((await call('send', [PHONE])).status).toBe(422);
	});
});

describe('numbers', () => {
	it('lists the connected numbers in pages of 15 with a total', async () => {
		const first = await ask('GET', NUMBER);
		expect(Object.keys(first.json)).toEqual([
			'current_page',
			'data',
			'first_page_url',
			'from',
			'last_page',
			'last_page_url',
			'next_page_url',
			'path',
			'per_page',
			'prev_page_url',
			'to',
			'total',
			'success',
		]);
		expect(first.json).toMatchObject({
			next_page_url: 'http://localhost/api/v1/number?page=2',
			per_page: 15,
			total: 18,
			to: 15,
		});
		expect(first.text).toContain('http:\\/\\/localhost');
		expect(items(first)[0]).toMatchObject({ id: 15, number: '79309993750' });
		const second = await ask('GET', `${NUMBER}?page=2`);
		expect(items(second)).toHaveLength(3);
		expect(second.json.next_page_url).toBeNull();
		expect((await ask('GET', `${NUMBER}?page=3`)).json).toMatchObject({ data: [], from: null });
	});

	it('filters the list by type and lists the numbers with SMS', async () => {
		const mobile = items(await ask('GET', `${NUMBER}?phone_type=def`));
		expect(new Set(mobile.map(({ phone_type }) => phone_type))).toEqual(new Set(['def']));
		const [sms] = items(await ask('GET', `${NUMBER}/sms`));
		expect(sms).toMatchObject({ sms_packet: { sms_amount: 500, price: '300.00' } });
		expect((await ask('GET', `${NUMBER}?phone_type=mobile`)).status).toBe(422);
	});

	it('searches the shop in pages of 20 without a total', async () => {
		const pages: Answer[] = [];
		for (const page of [1, 2, 3]) pages.push(await ask('GET', `${NUMBER}/search?page=${page}`));
		expect(pages.map((page) => items(page).length)).toEqual([20, 20, 20]);
		expect(pages.map(({ json }) => json.next_page_url)).toEqual([
			'http://localhost/api/v1/number/search?page=2',
			'http://localhost/api/v1/number/search?page=3',
			null,
		]);
		for (const name of ['total', 'last_page', 'last_page_url']) {
			expect(pages[0]?.json).not.toHaveProperty(name);
		}
		expect(items(pages[0] ?? (await ask('GET', NUMBER)))[0]).toEqual({
			number_type: 0,
			number: '4951332210',
			buy_price: '99.00',
			period_price: '99.00',
			owner_type: 'personal',
			phone_type: 'abc',
		});
	});

	it('searches by region, code, mask and the rest', async () => {
		const search = async (query: string) =>
			items(await ask('GET', `${NUMBER}/search?${query}`)).map(({ number }) => String(number));
		expect((await search('region=2')).every((number) => number.startsWith('812'))).toBe(true);
		expect(await search('region=999')).toEqual([]);
		expect((await search('city_code=499')).length).toBeGreaterThan(0);
		expect(await search('city_code=495&phone_number=133221%3F')).toEqual([
			'4951332210',
			'4951332215',
		]);
		expect((await search('phone_number=*0')).every((number) => number.endsWith('0'))).toBe(true);
		expect((await search('phone_type=800&owner_type=business')).length).toBeGreaterThan(0);
		expect((await search('number_type=1')).length).toBeGreaterThan(0);
		for (const bad of ['region=x', 'number_type=9', 'phone_number=%2B7', 'owner_type=any']) {
			expect((await ask('GET', `${NUMBER}/search?${bad}`)).status).toBe(422);
		}
	});

	it('gives the reference lists, two of them without a success field', async () => {
		const types = await ask('GET', `${NUMBER}/follow-types`);
		expect(Object.keys(types.json)).toEqual(['follow_types']);
		const cli = await ask('GET', `${NUMBER}/cli-types`);
		expect(Object.keys(cli.json)).toEqual(['cli_types']);
		const regions = await ask('GET', `${NUMBER}/code-regions`);
		expect(Object.keys(regions.json)).toEqual(['code_regions', 'success']);
		expect(regions.json.code_regions).toContainEqual({
			id: 23,
			title: 'Ижевск(341)',
			code: ['341'],
		});
	});

	it('reserves a number, shows it and lets it go', async () => {
		const body = { number: 4951332210, owner_type: 'business', short: 1 };
		expect((await ask('POST', `${NUMBER}/reserve`, { body })).json).toEqual({ success: true });
		expect(items(await ask('GET', `${NUMBER}/reserve`))).toEqual([
			{
				id: 5,
				number: '74951332210',
				reserved_untill: '2024-05-10 13:00:00',
				phone_type: 'abc',
				owner_type: 'business',
				buy_price: 99,
				period_price: 99,
			},
		]);
		expect((await ask('POST', `${NUMBER}/reserve`, { body })).status).toBe(400);
		expect((await ask('DELETE', `${NUMBER}/reserve/5`)).json).toEqual({ success: true });
		expect((await ask('DELETE', `${NUMBER}/reserve/5`)).status).toBe(400);
	});

	it('frees a reserved number when its hour is over', async () => {
		const body = { number: 4951332210, owner_type: 'business', short: 1 };
		await ask('POST', `${NUMBER}/reserve`, { body });
		time += 60 * 60 * 1000;
		expect(items(await ask('GET', `${NUMBER}/reserve`))).toEqual([]);
		expect((await ask('POST', `${NUMBER}/reserve`, { body })).status).toBe(200);
	});

	it.each([
		[{ number: '4951332210', owner_type: 'business' }, 422],
		[{ number: 74951332210, owner_type: 'business' }, 422],
		[{ number: 4951332210, owner_type: 'sit' }, 422],
		[{ number: 4951332210, owner_type: 'business', short: 0 }, 422],
		[{ number: 4951332210 }, 400],
		[{ number: 4950000000, owner_type: 'business' }, 400],
	])('refuses the reservation %j', async (body: JsonObject, status) => {
		expect((await ask('POST', `${NUMBER}/reserve`, { body })).status).toBe(status);
	});

	it('buys what was reserved, all or nothing, and charges for it', async () => {
		await ask('POST', `${NUMBER}/reserve`, {
			body: { number: 4951332210, owner_type: 'personal' },
		});
		const buy = async (numbers: JsonValue) =>
			await ask('POST', `${NUMBER}/buy`, { body: { numbers, owner_type: 'personal' } });
		expect((await buy([4951332210, 4991332211])).status).toBe(400);
		expect((await buy([])).json.message).toBe('The numbers field is required');
		expect(sim.journal.charges).toEqual([]);
		expect((await buy(['4951332210'])).json).toEqual({ success: true });
		expect(sim.journal.charges).toMatchObject([
			{ provider: 'plusofon', operation: 'number/buy', phone: '74951332210' },
		]);
		const owned = items(await ask('GET', `${NUMBER}?page=2`));
		expect(owned.at(-1)).toMatchObject({ number: '74951332210', owner_type: 'personal' });
		expect(items(await ask('GET', `${NUMBER}/reserve`))).toEqual([]);
	});

	it('forwards numbers and shows the titles, not the codes', async () => {
		const follow = async (body: JsonObject) => await ask('POST', `${NUMBER}/follow`, { body });
		expect((await follow({ type: 'sip', numbers: [17], sip_id: 73, cli_type: 'Y' })).json).toEqual({
			success: true,
		});
		expect(items(await ask('GET', NUMBER))[1]).toMatchObject({
			following: { name: 'Sip аккаунт 73', cli_type: 'Номер и имя звонящего' },
		});
		expect(
			(
				await follow({
					type: 'bitrix',
					numbers: [15],
					host: 'a.bitrix24.ru',
					cli_type: 'N',
					type_default: 'sip',
					sip_id: 7,
					cli_type_default: 'Y',
				})
			).status,
		).toBe(200);
		expect((await follow({ type: 'empty', numbers: [15, 17] })).status).toBe(200);
		expect(items(await ask('GET', NUMBER))[0]).toMatchObject({
			following: null,
			integration_following: null,
		});
	});

	it.each([
		[
			'a field of another type',
			{ type: 'sip', numbers: [17], sip_id: 7, group_id: 1, cli_type: 'Y' },
			422,
		],
		['a type without its field', { type: 'sip', numbers: [17], cli_type: 'Y' }, 400],
		['no cli_type', { type: 'sip', numbers: [17], sip_id: 7 }, 400],
		['a title as cli_type', { type: 'sip', numbers: [17], sip_id: 7, cli_type: 'Номер' }, 422],
		['an id as a string', { type: 'sip', numbers: ['17'], sip_id: 7, cli_type: 'Y' }, 422],
		['a foreign number', { type: 'sip', numbers: [1], sip_id: 7, cli_type: 'Y' }, 400],
		[
			'a group on a personal number',
			{ type: 'group', numbers: [17], group_id: 1, cli_type: 'Y' },
			400,
		],
		['an unknown type', { type: 'eligendi', numbers: [17] }, 422],
	])('refuses to forward with %s', async (_what, body: JsonObject, status) => {
		expect((await ask('POST', `${NUMBER}/follow`, { body })).status).toBe(status);
	});

	it('sets a contact list and takes it away when it is left out', async () => {
		const set = async (body: JsonObject) => await ask('PATCH', `${NUMBER}/contact-list`, { body });
		expect((await set({ contact_list_id: 15, numbers: [17] })).json).toEqual({ success: true });
		expect(items(await ask('GET', NUMBER))[1]?.black_list).toBe(15);
		await set({ numbers: [17] });
		expect(items(await ask('GET', NUMBER))[1]?.black_list).toBeNull();
		expect((await set({ contact_list_id: null, numbers: [17] })).status).toBe(422);
	});

	it('deletes a number, with or without the PIN of the sample', async () => {
		expect((await ask('DELETE', `${NUMBER}/15`, { body: { pin: 'quo' } })).status).toBe(200);
		expect((await ask('DELETE', `${NUMBER}/17`)).json).toEqual({ success: true });
		expect((await ask('DELETE', `${NUMBER}/17`)).status).toBe(400);
	});

	it('rebuilds the shop in the wanted size', async () => {
		sim.plusofon.setOptions({ shopSize: 5, ownedCount: 0 });
		expect(items(await ask('GET', `${NUMBER}/search`))).toHaveLength(5);
		expect((await ask('GET', NUMBER)).json).toMatchObject({ total: 0, last_page: 1, from: null });
	});
});

describe('faults', () => {
	const path = `${FLASH}/send`;
	const arm = (fault: Fault) => sim.faults.add({ match: { path, method: 'POST' }, ...fault });
	const charges = () => sim.journal.charges.length;
	const last = () => sim.journal.requests.at(-1);

	it('destroys the socket before reading', async () => {
		arm({ kind: 'resetUnread' });
		await expect(call('send', { phone: PHONE })).rejects.toThrow(/ECONNRESET|EPIPE|hang up/);
		expect(charges()).toBe(0);
		expect(last()).toMatchObject({ status: 'reset', fault: 'resetUnread', body: null });
	});

	it('destroys the socket before processing', async () => {
		arm({ kind: 'resetBefore' });
		await expect(call('send', { phone: PHONE })).rejects.toThrow(/ECONNRESET|hang up/);
		expect(charges()).toBe(0);
		expect(last()).toMatchObject({ status: 'reset', fault: 'resetBefore' });
	});

	it('destroys the socket after processing', async () => {
		arm({ kind: 'resetAfter' });
		await expect(call('send', { phone: PHONE })).rejects.toThrow(/ECONNRESET|hang up/);
		expect(charges()).toBe(1);
		expect(last()).toMatchObject({ status: 'reset', fault: 'resetAfter' });
	});

	it('answers a status without processing, with the headers given', async () => {
		arm({ kind: 'status', status: 429, headers: { 'retry-after': '2' } });
		arm({ kind: 'status', status: 429 });
		const patient = await call('send', { phone: PHONE });
		expect(patient.status).toBe(429);
		expect(patient.headers['retry-after']).toBe('2');
		expect(patient.json).toEqual({ message: 'Too Many Attempts.', code: 429 });
		expect((await call('send', { phone: PHONE })).headers['retry-after']).toBeUndefined();
		expect(charges()).toBe(0);
	});

	it.each([401, 403, 404, 408, 422, 500])('answers the status %d as JSON', async (status) => {
		arm({ kind: 'status', status });
		const answer = await call('send', { phone: PHONE });
		expect(answer.status).toBe(status);
		expect(answer.headers['content-type']).toBe('application/json');
	});

	it('answers 502 with a page, and with a body of choice', async () => {
		arm({ kind: 'status', status: 502 });
		arm({ kind: 'status', status: 502, body: { message: 'mine' } });
		const page = await call('send', { phone: PHONE });
		expect(page.headers['content-type']).toContain('text/html');
		expect((await call('send', { phone: PHONE })).json).toEqual({ message: 'mine' });
	});

	it('answers a status after processing', async () => {
		arm({ kind: 'statusAfter', status: 500 });
		expect((await call('send', { phone: PHONE })).status).toBe(500);
		expect(charges()).toBe(1);
	});

	it('cuts the JSON', async () => {
		arm({ kind: 'brokenJson' });
		const answer = await call('send', { phone: PHONE });
		expect(answer.status).toBe(200);
		expect(answer.text).toMatch(/^\{"data":/);
		expect(parseJson(answer.text)).toBeUndefined();
		expect(charges()).toBe(1);
	});

	it('sends an empty body', async () => {
		arm({ kind: 'empty' });
		expect(await call('send', { phone: PHONE })).toMatchObject({ status: 200, text: '' });
		expect(charges()).toBe(1);
	});

	it('sends a page instead of JSON', async () => {
		arm({ kind: 'html' });
		const answer = await call('send', { phone: PHONE });
		expect(answer.status).toBe(200);
		expect(answer.text).toContain('<html>');
		expect(charges()).toBe(1);
	});

	it('sends correct JSON as text', async () => {
		arm({ kind: 'wrongContentType' });
		const answer = await call('send', { phone: PHONE });
		expect(answer.headers['content-type']).toContain('text/plain');
		expect(answer.json.success).toBe(true);
	});

	it.each<[JsonValue]>([[[]], [7], [{ data: 'x' }], [null]])(
		'sends the wrong shape %j',
		async (shape) => {
			arm({ kind: 'wrongShape', shape });
			expect(parseJson((await call('send', { phone: PHONE })).text)).toEqual(shape);
			expect(charges()).toBe(1);
		},
	);

	it('promises more than it sends', async () => {
		arm({ kind: 'truncated' });
		await expect(call('send', { phone: PHONE })).rejects.toThrow(/aborted|ECONNRESET/);
		expect(charges()).toBe(1);
		expect(last()).toMatchObject({ status: 200, fault: 'truncated' });
	});

	it.each(SLOW_PHASES)('is slow in the phase %s', async (phase) => {
		arm({ kind: 'slow', ms: 120, phase });
		const started = Date.now();
		expect((await call('send', { phone: PHONE })).json.success).toBe(true);
		expect(Date.now() - started).toBeGreaterThanOrEqual(110);
	});

	it('processes what a client no longer waits for', async () => {
		arm({ kind: 'slow', ms: 500 });
		const stop = new AbortController();
		const lost = call('send', { phone: PHONE }, { signal: stop.signal });
		await until(() => last()?.status === 'pending');
		stop.abort();
		await expect(lost).rejects.toThrow('gave up');
		expect(charges()).toBe(0);
		await until(() => last()?.status !== 'pending');
		expect(last()?.status).toBe('aborted');
		expect(charges()).toBe(1);
	});

	it('holds hundreds of slow answers at once', async () => {
		sim.faults.add({ kind: 'slow', ms: 50, times: 'always' });
		const answers = await Promise.all(
			Array.from({ length: 200 }, async () => await call('send', { phone: PHONE })),
		);
		expect(answers.every(({ status }) => status === 200)).toBe(true);
		expect(charges()).toBe(200);
	});

	it('closes without waiting for a slow answer', async () => {
		arm({ kind: 'slow', ms: 60_000 });
		const lost = call('send', { phone: PHONE }).catch(() => 'lost');
		await until(() => sim.journal.requests.length > 0);
		await sim.close();
		expect(await lost).toBe('lost');
	});

	it('streams a huge body', async () => {
		arm({ kind: 'huge', megabytes: 3 });
		const answer = await call('send', { phone: PHONE });
		expect(answer.text.length).toBeGreaterThan(3 * 1024 * 1024);
		expect(answer.json.success).toBe(true);
	});

	it.each([302, 307])('redirects with %d', async (status) => {
		arm({ kind: 'redirect', status, location: 'http://127.0.0.1:9/elsewhere' });
		const answer = await call('send', { phone: PHONE });
		expect(answer.status).toBe(status);
		expect(answer.headers.location).toBe('http://127.0.0.1:9/elsewhere');
		expect(charges()).toBe(0);
	});

	it('redirects in a loop', async () => {
		arm({ kind: 'redirectLoop' });
		let next = path;
		for (let hop = 1; hop <= 5; hop += 1) {
			const answer = await ask(hop === 1 ? 'POST' : 'GET', next);
			expect(answer.status).toBe(302);
			next = String(answer.headers.location);
			expect(next).toBe(`${path}?sim_hop=${hop}`);
		}
		expect(charges()).toBe(0);
	});

	it('spoils only what matches, in order, as often as asked', async () => {
		sim.faults.add(
			{ kind: 'status', status: 500, match: { path: `${FLASH}/*` }, times: 2 },
			{ kind: 'status', status: 503, match: { path }, skip: 1 },
		);
		expect((await ask('GET', FLASH)).status).toBe(200);
		const statuses: number[] = [];
		for (let sent = 0; sent < 5; sent += 1) {
			statuses.push((await call('send', { phone: PHONE })).status);
		}
		expect(statuses).toEqual([500, 500, 200, 503, 200]);
		expect(sim.faults.pending()).toEqual([]);
	});

	it('can go on for ever', async () => {
		sim.faults.add({ kind: 'status', status: 503, times: 'always' });
		for (let sent = 0; sent < 3; sent += 1) expect((await ask('GET', NUMBER)).status).toBe(503);
		sim.faults.clear();
		expect((await ask('GET', NUMBER)).status).toBe(200);
	});
});

describe('journal', () => {
	it('keeps what was asked and what was answered', async () => {
		await ask('GET', `${NUMBER}?phone_type=abc&page=1&page=2`);
		await call('send', null, { raw: 'not json' });
		expect(sim.journal.requests).toMatchObject([
			{
				provider: 'plusofon',
				method: 'GET',
				path: NUMBER,
				query: { phone_type: 'abc', page: ['1', '2'] },
				headers: { client: '10553' },
				body: null,
				status: 422,
			},
			{ method: 'POST', path: `${FLASH}/send`, body: 'not json', status: 400 },
		]);
		expect(sim.journal.requestsTo('GET', NUMBER)).toHaveLength(1);
	});

	it('charges sends and calls to authenticate, never a refusal or a check', async () => {
		const key = await sendTo(PHONE);
		await call('call-to-auth', { phone: PHONE });
		await call('check', { key, pin: sim.plusofon.pinOf(key) });
		await call('send', { phone: '1' });
		expect(sim.journal.charges).toMatchObject([
			{ provider: 'plusofon', operation: 'flash-call/send', phone: PHONE, detail: { key } },
			{ operation: 'flash-call/call-to-auth', phone: PHONE },
		]);
	});

	it('counts concurrency and connections', async () => {
		sim.faults.add({ kind: 'slow', ms: 300, times: 3 });
		await Promise.all([1, 2, 3].map(async () => await ask('GET', FLASH)));
		await ask('GET', FLASH);
		expect(sim.journal.maxConcurrent).toBe(3);
		expect(sim.journal.connections).toBe(4);
	});

	it('starts afresh after a reset', async () => {
		sim.plusofon.setOptions({ clientId: '777', shopSize: 1 });
		sim.faults.add({ kind: 'empty' });
		await call('send', { phone: PHONE }, { headers: { client: '777' } });
		sim.clock.advance(5);
		sim.reset();
		expect(sim.journal.snapshot()).toMatchObject({ requests: [], charges: [], connections: 0 });
		expect(sim.faults.pending()).toEqual([]);
		expect(sim.clock.now()).toBe(time);
		expect(sim.plusofon.snapshot()).toMatchObject({
			keys: [],
			shop: 60,
			options: { clientId: '10553' },
		});
		expect((await ask('GET', FLASH)).status).toBe(200);
	});
});

describe('control over HTTP', () => {
	let client: SimulatorClient;

	beforeEach(() => {
		client = new SimulatorClient(sim.url);
	});

	it('shows the journal and stays out of it', async () => {
		const key = await sendTo(PHONE);
		const journal = await client.journal();
		expect(journal.requests).toHaveLength(1);
		expect(journal.charges).toHaveLength(1);
		expect(journal.connections).toBe(1);
		expect(await client.lastKey(PHONE)).toBe(key);
		expect(await client.pinOf(key)).toBe(sim.plusofon.pinOf(key));
		await client.clearJournal();
		expect((await client.journal()).requests).toEqual([]);
	});

	it('arms and clears faults', async () => {
		const faults: Fault[] = [
			{ kind: 'status', status: 503, headers: { 'retry-after': '1' }, body: 'busy' },
			{ kind: 'slow', ms: 1, phase: 'trickle', match: { path: FLASH, method: 'GET' }, skip: 2 },
			{ kind: 'redirect', location: '/', times: 'always' },
		];
		await client.addFaults(...faults);
		expect(await client.faults()).toEqual(faults);
		expect(await ask('GET', FLASH)).toMatchObject({ status: 503, text: 'busy' });
		await client.clearFaults();
		expect((await ask('GET', FLASH)).status).toBe(200);
	});

	it('refuses nonsense with a reason', async () => {
		const post = async (path: string, body: unknown, method = 'POST') => {
			const response = await fetch(`${sim.url}/_sim/${path}`, {
				method,
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(body),
			});
			return `${response.status} ${await response.text()}`;
		};
		expect(await post('faults', { kind: 'meteor' })).toContain('400 {"error":"unknown fault kind');
		expect(await post('plusofon', { colour: 'red' }, 'PATCH')).toContain('unknown option colour');
		expect(await post('plusofon/user-calls', {})).toContain('a key or a phone is needed');
		await expect(client.userCalls({ key: 'nobody' })).rejects.toThrow('there is no key nobody');
		await expect(client.pinOf('nobody')).rejects.toThrow('there is no key nobody');
	});

	it('changes options, moves the clock and resets', async () => {
		expect(await client.setPlusofon({ wrongPinStyle: 'status422' })).toMatchObject({
			wrongPinStyle: 'status422',
		});
		const key = await sendTo(PHONE);
		const pin = await client.pinOf(key);
		expect((await call('check', { key, pin: '9999' })).status).toBe(422);
		await client.advance(180_000);
		expect((await call('check', { key, pin })).json.message).toBe('key not found');
		await client.reset();
		expect(await client.plusofon()).toMatchObject({
			cabinetToken: sim.plusofon.cabinetToken,
			accessToken: sim.plusofon.accessToken,
			options: { wrongPinStyle: 'message200' },
			keys: [],
		});
	});

	it('lets the person call', async () => {
		const hook = await startHook();
		try {
			const answer = await call('call-to-auth', { phone: PHONE, hook_url: hook.url });
			const key = String(field(answer, 'key'));
			expect(await client.hookUrlOf(key)).toBe(hook.url);
			const deliveries = await client.userCalls({ phone: PHONE }, { encoding: 'form', times: 2 });
			expect(deliveries.map(({ status }) => status)).toEqual([204, 204]);
			expect(hook.got[0]?.body).toBe(`phone=${PHONE}&key=${key}`);
		} finally {
			await hook.close();
		}
	});
});

describe('as a process', () => {
	it('says where it listens and ends with its parent', async () => {
		const child = spawn(
			process.execPath,
			['--import', 'tsx', resolvePath(__dirname, 'main.ts'), '--exit-with-parent'],
			{ stdio: ['pipe', 'pipe', 'inherit'] },
		);
		try {
			const [line] = (await once(child.stdout, 'data')) as [Buffer];
			const url = /^simulator listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(
				line.toString(),
			)?.[1];
			expect(url).toBeDefined();
			const client = new SimulatorClient(url ?? '');
			expect((await client.plusofon()).accounts).toHaveLength(1);
			const exited = once(child, 'exit');
			child.stdin.end();
			expect(await exited).toEqual([0, null]);
		} finally {
			child.kill();
		}
	}, 30_000);
});
