/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: runs in its own process, never inside n8n */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { SLOW_PHASES } from './faults';
import { SimulatorClient } from './client';
import { startSimulator, type Simulator } from './server';
import { isRecord, parseJson, type JsonObject, type JsonValue } from './types';
import { MESSAGES, PRESET_ZVONOBOT, type ZvonobotOptions } from './zvonobot';

const PHONE = '79161234567';
const OTHER = '79031234567';
const THIRD = '79261234567';
const OWN = '99999999997';
const SHARED = '74950000002';
const JSON_TYPE = { 'content-type': 'application/json' };
const FIRST = 500_001;
/** The clock of the simulator, in UNIX seconds. */
const NOW = Date.UTC(2024, 4, 10, 9, 0, 0) / 1000;
const LATER = NOW + 3600;

/** The least that create takes, without and with a phone. */
const BASE = { dutyPhone: 1, record: { id: 1 } };
const CALL = { phone: PHONE, ...BASE };

interface Ask {
	method?: string;
	/** Instead of the content type. */
	headers?: Record<string, string>;
	/** Sent as it is instead of the JSON. */
	raw?: string;
	/** Instead of the preset key; null leaves it out. */
	apiKey?: JsonValue;
}

interface Answer {
	status: number;
	headers: Headers;
	text: string;
	json: JsonValue;
}

let sim: Simulator;

beforeEach(async () => {
	sim = await startSimulator({ now: () => NOW * 1000, zvonobot: { retryDelayMs: 5 } });
});

afterEach(async () => {
	await sim.close();
});

async function ask(path: string, fields: JsonObject = {}, how: Ask = {}): Promise<Answer> {
	const method = how.method ?? 'POST';
	const key = how.apiKey === undefined ? PRESET_ZVONOBOT : how.apiKey;
	const body = { ...(key === null ? {} : { apiKey: key }), ...fields };
	const response = await fetch(sim.url + (path.startsWith('/') ? path : `/apiCalls/${path}`), {
		method,
		headers: how.headers ?? JSON_TYPE,
		// As bytes: fetch gives a string a content type of its own.
		...(method === 'GET'
			? {}
			: { body: new TextEncoder().encode(how.raw ?? JSON.stringify(body)) }),
	});
	const text = await response.text();
	return {
		status: response.status,
		headers: response.headers,
		text,
		json: parseJson(text) ?? null,
	};
}

/** The `data` of a success. */
async function data(path: string, fields: JsonObject = {}): Promise<JsonValue> {
	const { status, json } = await ask(path, fields);
	expect({ status, json }).toMatchObject({ status: 200, json: { status: 'success' } });
	return isRecord(json) ? (json.data ?? null) : null;
}

/** The message of a refusal, which costs nothing. */
async function messageOf(path: string, fields: JsonObject = {}, how: Ask = {}): Promise<string> {
	const before = sim.journal.charges.length;
	const { status, json } = await ask(path, fields, how);
	const message = isRecord(json) ? String(json.message) : '';
	expect({ status, json }).toEqual({ status: 200, json: { status: 'error', message } });
	expect(sim.journal.charges).toHaveLength(before);
	return message;
}

async function idOf(fields: JsonObject): Promise<number> {
	const made = await data('create', fields);
	return isRecord(made) ? Number(made.id) : 0;
}

function objects(value: JsonValue): JsonObject[] {
	return Array.isArray(value) ? value.filter((item): item is JsonObject => isRecord(item)) : [];
}

/** A form with the key, the fields and perhaps a file. */
async function sendForm(
	fields: Record<string, string>,
	file?: { name: string; type: string; content: string },
	path = 'createRecord',
): Promise<JsonValue> {
	const form = new FormData();
	form.append('apiKey', PRESET_ZVONOBOT);
	for (const [name, value] of Object.entries(fields)) form.append(name, value);
	if (file !== undefined) {
		form.append('file', new Blob([file.content], { type: file.type }), file.name);
	}
	const response = await fetch(`${sim.url}/apiCalls/${path}`, { method: 'POST', body: form });
	return parseJson(await response.text()) ?? null;
}

interface HookRequest {
	headers: Record<string, unknown>;
	body: JsonValue;
}

/** A webhook that keeps what it got and answers the statuses in turn, the last one for ever. */
async function startHook(...statuses: number[]) {
	const got: HookRequest[] = [];
	let inFlight = 0;
	let most = 0;
	const server = createServer((request, response) => {
		inFlight += 1;
		most = Math.max(most, inFlight);
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const text = Buffer.concat(chunks).toString('utf8');
			got.push({ headers: request.headers, body: parseJson(text) ?? text });
			const status = statuses[Math.min(got.length, statuses.length) - 1] ?? 200;
			setTimeout(() => {
				inFlight -= 1;
				response.writeHead(status).end(`got ${got.length}`);
			}, 20);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/hook`,
		got,
		most: () => most,
		close: async () => {
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}

type Hook = Awaited<ReturnType<typeof startHook>>;

async function withHook(run: (hook: Hook) => Promise<void>, ...statuses: number[]): Promise<void> {
	const hook = await startHook(...statuses);
	try {
		await run(hook);
	} finally {
		await hook.close();
	}
}

/** The statuses a webhook was told, whatever the packing. */
function statusesIn({ got }: Hook): JsonValue[] {
	return got.map(({ body }) => {
		const call = isRecord(body) ? objects(body.calls ?? [])[0] : undefined;
		return call?.status ?? null;
	});
}

describe('creating calls', () => {
	it('answers one object for phone', async () => {
		const answer = await ask('create', CALL);
		expect(answer.status).toBe(200);
		expect(answer.headers.get('content-type')).toBe('application/json');
		expect(answer.json).toEqual({
			status: 'success',
			data: {
				id: FIRST,
				createdAt: NOW,
				plannedAt: null,
				smartDelay: null,
				needrecording: 0,
				phone: PHONE,
				recordCost: 0,
			},
		});
	});

	it('answers a list for phones, even for a single one', async () => {
		expect(await data('create', { ...BASE, phones: [PHONE] })).toMatchObject([
			{ id: FIRST, phone: PHONE },
		]);
		expect(await data('create', { ...BASE, phones: [OTHER, PHONE] })).toMatchObject([
			{ id: FIRST + 1, phone: OTHER },
			{ id: FIRST + 2, phone: PHONE },
		]);
	});

	it('answers in another order when it is told to', async () => {
		sim.zvonobot.setOptions({ answerOrder: 'shuffled' });
		const phones = [PHONE, OTHER, THIRD];
		const made = objects(await data('create', { ...BASE, phones }));
		expect(made.map(({ phone }) => phone)).toEqual([OTHER, THIRD, PHONE]);
		const ids = [FIRST, FIRST + 1];
		const got = objects(await data('get', { apiCallIdList: ids }));
		expect(got.map(({ id }) => id)).toEqual([FIRST + 1, FIRST]);
	});

	it('leaves a refused phone out of the list, and says so when it stands alone', async () => {
		sim.zvonobot.setOptions({ refusedPhones: [OTHER] });
		expect(await data('create', { ...BASE, phones: [PHONE, OTHER, THIRD] })).toMatchObject([
			{ phone: PHONE },
			{ phone: THIRD },
		]);
		expect(await data('create', { ...BASE, phones: [OTHER] })).toEqual([]);
		expect(await messageOf('create', { ...BASE, phone: OTHER })).toBe(MESSAGES.phoneRefused);
		expect(sim.journal.charges).toHaveLength(2);
	});

	it('generates the texts of the whole tree once for all phones', async () => {
		const record = { text: 'Здравствуйте', gender: 0 };
		const ivrs: JsonValue = [
			{
				digit: 1,
				record: { text: 'Спасибо', source: 'text' },
				ivrs: [{ record: { text: 'Всё' } }],
			},
			{ digit: 2, record: { id: 1342 } },
		];
		const phones = [PHONE, OTHER];
		expect(await data('create', { ...BASE, record, ivrs, phones })).toMatchObject([
			{ recordCost: 1.2 },
			{ recordCost: 1.2 },
		]);
		expect(sim.journal.charges).toMatchObject([
			{ provider: 'zvonobot', operation: 'create', phone: PHONE, detail: { id: FIRST, cost: 4.2 } },
			{ provider: 'zvonobot', operation: 'create', phone: OTHER, detail: { cost: 3 } },
		]);
		expect(await data('userInfo')).toEqual({ id: 4711, balance: 9992.8 });
	});

	it('takes everything that is documented', async () => {
		await data('create', {
			phone: PHONE,
			outgoingPhone: OWN,
			dutyPhone: 0,
			plannedAt: LATER,
			smartDelay: 15,
			needRecording: 1,
			webhookUrl: 'https://a.example/hook',
			webhookParameters: '{"user_parameter1": "value1"}',
			webhookHeaders: '{}',
			record: { text: 'я'.repeat(1024), gender: 1 },
			ivrs: [
				{ digit: 0, needBlock: 1, smsText: 'я'.repeat(70), smsChannel: 'VIRTA', emailTimeout: 5 },
				{ digit: 9, keyWords: 'да|нет', managerPhone: OTHER, recognize: 1 },
				{ keyWords: 'не знаю', smsTemplateId: 7, record: { id: 1342, source: 'file' } },
				{ anyWord: 1, recognitionTimeout: 15, webhookUrl: 'http://a.example/ivr', ivrs: [] },
				{ digit: '', record: { text: 'До свидания', gender: 0 } },
			],
			isManagerDeliveryPhone: 1,
			endOfSpeech: 0,
			lang: 'ru-RU',
			voiceDetection: 1,
			startTime: '09:00',
			endTime: '23:59',
			plannedAtTimeZone: 1,
			weekdays: [1, 7],
			answerTimeout: 60,
		});
		expect(sim.zvonobot.call({ id: FIRST })).toMatchObject({
			outgoingPhone: OWN,
			plannedAt: LATER,
			smartDelay: 15,
			needRecording: true,
			webhook: { url: 'https://a.example/hook', parameters: { user_parameter1: 'value1' } },
			webhookParameters: '{"user_parameter1": "value1"}',
			recordCost: 0.8,
		});
	});

	const withIvr = (ivr: JsonObject): JsonObject => ({ ivrs: [ivr] });

	it.each<[JsonObject]>([
		[{ colour: 'red' }],
		[{ needrecording: 1 }],
		[{ phone: 79161234567 }],
		[{ phone: '+79161234567' }],
		[{ phone: '9161234567' }],
		[{ phone: '' }],
		[{ phones: [OTHER] }],
		[{ dutyPhone: 0 }],
		[{ dutyPhone: true }],
		[{ dutyPhone: '1' }],
		[{ outgoingPhone: OWN }],
		[{ dutyPhone: 0, outgoingPhone: SHARED }],
		[{ dutyPhone: 0, outgoingPhone: OTHER }],
		[{ record: {} }],
		[{ record: [] }],
		[{ record: { id: 1, text: 'Привет', gender: 0 } }],
		[{ record: { id: 1, gender: 0 } }],
		[{ record: { id: 2 } }],
		[{ record: { id: '1' } }],
		[{ record: { text: 'Привет' } }],
		[{ record: { text: 'Привет', gender: 2 } }],
		[{ record: { text: 'Привет', gender: '0' } }],
		[{ record: { text: '  ', gender: 0 } }],
		[{ record: { text: 'я'.repeat(1025), gender: 0 } }],
		[{ record: { text: 'Привет', gender: 0, source: 'text' } }],
		[{ plannedAt: String(LATER) }],
		[{ plannedAt: LATER * 1000 }],
		[{ plannedAt: LATER + 0.5 }],
		[{ plannedAt: null }],
		[{ smartDelay: 14 }],
		[{ smartDelay: 91 }],
		[{ needRecording: true }],
		[{ webhookUrl: 'ftp://a.example/' }],
		[{ webhookUrl: '/hook' }],
		[{ webhookUrl: `https://a.example/${'a'.repeat(255)}` }],
		[{ webhookParameters: { a: 'b' } }],
		[{ webhookParameters: '{"a":1}' }],
		[{ webhookParameters: '[]' }],
		[{ webhookHeaders: 'a: b' }],
		[{ isManagerDeliveryPhone: 2 }],
		[{ endOfSpeech: false }],
		[{ voiceDetection: '1' }],
		[{ lang: 'ru' }],
		[{ lang: 'fr-FR' }],
		[{ startTime: '9:00' }],
		[{ endTime: '24:00' }],
		[{ weekdays: [1] }],
		[{ excludeWeekends: 1, startTime: '09:00' }],
		[{ startTime: '09:00', endTime: '18:00', excludeWeekends: 1, weekdays: [1] }],
		[{ startTime: '09:00', endTime: '18:00', weekdays: [0] }],
		[{ startTime: '09:00', endTime: '18:00', weekdays: [1, 1] }],
		[{ startTime: '09:00', endTime: '18:00', weekdays: '1' }],
		[{ answerTimeout: 14 }],
		[{ answerTimeout: 61 }],
		[{ ivrs: {} }],
		[withIvr({ colour: 'red' })],
		[withIvr({ digit: 10 })],
		[withIvr({ digit: '1' })],
		[withIvr({ digit: -1 })],
		[{ ivrs: [{ digit: 1 }, { digit: 1, keyWords: 'да' }] }],
		[{ ivrs: [{}, { digit: null }] }],
		[withIvr({ keyWords: ['да'] })],
		[withIvr({ keyWords: 'да||нет' })],
		[withIvr({ digit: 1, anyWord: 1 })],
		[withIvr({ keyWords: 'да', anyWord: 1 })],
		[withIvr({ recognitionTimeout: 7 })],
		[withIvr({ anyWord: 0, recognitionTimeout: 7 })],
		[withIvr({ anyWord: 1, recognitionTimeout: 16 })],
		[withIvr({ digit: 1, needBlock: true })],
		[withIvr({ digit: 1, managerPhone: '8916' })],
		[withIvr({ digit: 1, smsText: 'я'.repeat(71) })],
		[withIvr({ digit: 1, smsTemplateId: '7' })],
		[withIvr({ digit: 1, record: { id: 2 } })],
		[withIvr({ digit: 1, record: { id: 1, source: 'text' } })],
		[withIvr({ digit: 1, record: { text: 'Да', source: 'file' } })],
		[withIvr({ digit: 1, webhookUrl: 'a.example' })],
		[withIvr({ digit: 1, webhookParameters: { a: 'b' } })],
		[withIvr({ digit: 1, ivrs: [{ digit: 2, ivrs: [{ digit: 12 }] }] })],
	])('refuses %j', async (fields) => {
		expect(await messageOf('create', { ...CALL, ...fields })).not.toBe('');
		expect(sim.zvonobot.snapshot().calls).toEqual([]);
	});

	it.each<[string, JsonObject]>([
		['an empty list', { phones: [] }],
		['no list', { phones: PHONE }],
		['a phone that comes twice', { phones: [PHONE, PHONE] }],
		['a number among the phones', { phones: [PHONE, 79031234567] }],
		[
			'more than 5000 phones',
			{ phones: Array.from({ length: 5001 }, (_, index) => String(79_160_000_000 + index)) },
		],
		['no phone', {}],
	])('refuses %s', async (_what, fields) => {
		expect(await messageOf('create', { ...BASE, ...fields })).not.toBe('');
	});

	it('names the field of a deep action', async () => {
		const ivrs: JsonValue = [{ digit: 1 }, { digit: 2, ivrs: [{ digit: 3, record: { id: 'x' } }] }];
		expect(await messageOf('create', { ...CALL, ivrs })).toContain('ivrs.1.ivrs.0.record.id');
	});

	it('refuses a template of SMS that is not moderated', async () => {
		sim.zvonobot.setOptions({ unmoderatedSmsTemplates: [8] });
		expect(await messageOf('create', { ...CALL, ivrs: [{ digit: 1, smsTemplateId: 8 }] })).toBe(
			MESSAGES.smsTemplateNotModerated,
		);
	});

	it('takes the money for all phones or for none', async () => {
		sim.zvonobot.setOptions({ balance: 5.99 });
		const phones = [PHONE, OTHER];
		expect(await messageOf('create', { ...BASE, phones })).toBe(MESSAGES.notEnoughMoney);
		await data('create', CALL);
		expect(sim.zvonobot.snapshot().balance).toBe(2.99);
	});
});

describe('calls from a template', () => {
	const variables = {
		[PHONE]: { Elena: '{name}', '40%': '{var1}' },
		[OTHER]: { Oleg: '{name}', '25%': '{var1}' },
	};

	it('answers with the variables turned round', async () => {
		const phones = [PHONE, OTHER];
		expect(await data('createWithTemplate', { phones, templateId: 1, variables })).toMatchObject([
			{ id: FIRST, phone: PHONE, templateId: 1, phoneInfo: '{"name":"Elena","var1":"40%"}' },
			{ id: FIRST + 1, phone: OTHER, templateId: 1, phoneInfo: '{"name":"Oleg","var1":"25%"}' },
		]);
		expect(sim.journal.charges).toMatchObject([
			{ operation: 'createWithTemplate', phone: PHONE },
			{ operation: 'createWithTemplate', phone: OTHER },
		]);
	});

	it('takes what public clients send as well', async () => {
		expect(
			await data('createWithTemplate', {
				phone: PHONE,
				templateId: 1,
				plannedAt: LATER,
				outgoingPhone: OWN,
				smartDelay: 20,
				startTime: '09:00',
				endTime: '18:00',
				excludeWeekends: 1,
				webhookUrl: 'https://a.example/hook',
			}),
		).toMatchObject({ id: FIRST, phone: PHONE, phoneInfo: null, plannedAt: LATER });
	});

	it.each<[JsonObject]>([
		[{ templateId: 3 }],
		[{ templateId: '1' }],
		[{}],
		[{ templateId: 1, record: { id: 1 } }],
		[{ templateId: 1, variables: [] }],
		[{ templateId: 1, variables: { [THIRD]: { Elena: '{name}' } } }],
		[{ templateId: 1, variables: { [PHONE]: { name: 'Elena' } } }],
		[{ templateId: 1, variables: { [PHONE]: { Elena: 'name' } } }],
		[{ templateId: 1, variables: { [PHONE]: 'Elena' } }],
	])('refuses %j', async (fields) => {
		expect(await messageOf('createWithTemplate', { phones: [PHONE], ...fields })).not.toBe('');
	});

	it('refuses a template that is not moderated, and variables beside phone', async () => {
		expect(await messageOf('createWithTemplate', { phone: PHONE, templateId: 2 })).toBe(
			MESSAGES.templateNotModerated,
		);
		const turned = { [PHONE]: { Elena: '{name}' } };
		expect(
			await messageOf('createWithTemplate', { phone: PHONE, templateId: 1, variables: turned }),
		).toContain('phones');
	});

	it('lists the templates', async () => {
		expect(objects(await data('getTemplates')).map(({ id }) => id)).toEqual([1, 2]);
		expect(objects(await data('getTemplates', { onlyModerated: 0 }))).toHaveLength(2);
		expect(await data('getTemplates', { onlyModerated: 1 })).toMatchObject([{ id: 1 }]);
		expect(await messageOf('getTemplates', { onlyModerated: true })).toContain('onlyModerated');
	});

	it('keeps calls of the two kinds apart', async () => {
		await idOf({ ...CALL, plannedAt: LATER });
		await data('createWithTemplate', { phone: PHONE, templateId: 1, plannedAt: LATER });
		const apiCallIdList = [FIRST, FIRST + 1];
		const plain = objects(await data('get', { apiCallIdList }));
		expect(plain.map(({ id }) => id)).toEqual([FIRST]);
		expect(plain[0]).not.toHaveProperty('templateId');
		expect(await data('getWithTemplates', { apiCallIdList })).toMatchObject([
			{ id: FIRST + 1, templateId: 1 },
		]);
		const idList = apiCallIdList;
		expect(await data('remove', { idList })).toEqual({ callIdList: [FIRST] });
		expect(await data('remove', { idList, isTemplate: 1 })).toEqual({ callIdList: [FIRST + 1] });
	});
});

describe('looking at calls and changing them', () => {
	it('shows a call as the documentation does', async () => {
		const id = await idOf({ ...CALL, needRecording: 1 });
		expect(await data('get', { apiCallIdList: [id] })).toEqual([
			{
				id,
				createdAt: NOW,
				smartDelay: null,
				prevCallId: null,
				needRecording: 1,
				plannedAt: null,
				webhookUrl: null,
				webhookSent: 0,
				amoscriptId: null,
				webhookParameters: null,
				webhookTry: 0,
				recognitionGroupId: null,
				generateGroupId: null,
				calls: [
					{
						phone: PHONE,
						ivrDigit: null,
						startedAt: null,
						answeredAt: null,
						managerStartedAt: null,
						managerAnsweredAt: null,
						finishedAt: null,
						toBlock: 0,
						status: 'created',
						nextCallId: null,
						hangupCause: null,
						managerStatus: null,
						recordFilePath: null,
						cost: null,
						createdAt: NOW,
						updatedAt: NOW,
						label: '127.0.0.1',
						ivrAnswers: null,
						ivrIdList: [],
						comment: null,
					},
				],
			},
		]);
	});

	it('leaves unknown calls out, and answers an object for one id when it is told to', async () => {
		const id = await idOf(CALL);
		expect(objects(await data('get', { apiCallIdList: [1, id] }))).toHaveLength(1);
		expect(await data('get', { apiCallIdList: [1] })).toEqual([]);
		sim.zvonobot.setOptions({ singleAsObject: true });
		expect(await data('get', { apiCallIdList: [id] })).toMatchObject({ id });
		expect(await data('get', { apiCallIdList: [1] })).toEqual([]);
		expect(objects(await data('get', { apiCallIdList: [id, 1] }))).toHaveLength(1);
	});

	const tooMany = Array.from({ length: 5001 }, (_, index) => index + 1);

	it.each<[string, JsonObject]>([
		['get', { apiCallIdList: tooMany }],
		['getWithTemplates', { apiCallIdList: tooMany }],
		['remove', { idList: tooMany }],
		['removeRecord', { idList: tooMany }],
		['update', { callList: tooMany.map((id) => ({ id, replannedAt: LATER })) }],
	])('does no more than 5000 at once in %s', async (path, fields) => {
		expect(await messageOf(path, fields)).toBe(MESSAGES.tooMany);
	});

	it('looks at 5000 calls at once', async () => {
		expect(await data('get', { apiCallIdList: tooMany.slice(1) })).toEqual([]);
	});

	it.each<[string, JsonObject]>([
		['get', {}],
		['get', { apiCallIdList: [] }],
		['get', { apiCallIdList: ['1'] }],
		['get', { apiCallIdList: [1, 1] }],
		['get', { apiCallIdList: 1 }],
		['get', { apiCallIdList: [1], idList: [1] }],
		['remove', {}],
		['remove', { idList: [1], id: 1 }],
		['remove', { idList: [1], isTemplate: true }],
		['update', { callList: [{ id: 1 }] }],
		['update', { callList: [{ id: 1, replannedAt: String(LATER) }] }],
		['update', { callList: [{ id: 1, replannedAt: LATER, phone: PHONE }] }],
		['update', { callList: [1] }],
		['userInfo', { id: 1 }],
		['getPhones', { all: 1 }],
	])('refuses %s with %j', async (path, fields) => {
		expect(await messageOf(path, fields)).not.toBe('');
	});

	it('moves only what is planned and not begun', async () => {
		const planned = await idOf({ ...CALL, plannedAt: LATER });
		const atOnce = await idOf(CALL);
		const begun = await idOf({ ...CALL, plannedAt: LATER });
		await sim.zvonobot.play({ id: begun }, ['processed']);
		const callList = [1, begun, atOnce, planned].map((id) => ({ id, replannedAt: LATER + 60 }));
		expect(await data('update', { callList })).toEqual({ callIdList: [planned] });
		expect(sim.zvonobot.call({ id: planned }).plannedAt).toBe(LATER + 60);
		expect(sim.zvonobot.call({ id: begun }).plannedAt).toBe(LATER);
	});

	it('takes back only what is planned and not begun, with its money', async () => {
		const planned = await idOf({ ...CALL, plannedAt: LATER });
		const atOnce = await idOf(CALL);
		expect(await data('remove', { idList: [atOnce, planned] })).toEqual({ callIdList: [planned] });
		expect(await data('remove', { idList: [planned] })).toEqual({ callIdList: [] });
		expect(await data('get', { apiCallIdList: [planned] })).toEqual([]);
		expect(sim.zvonobot.snapshot().balance).toBe(9997);
		await expect(sim.zvonobot.play({ id: planned }, 'talked')).rejects.toThrow('there is no call');
	});

	it('takes back a single id, as the second sample does', async () => {
		const id = await idOf({ ...CALL, plannedAt: LATER });
		expect(await data('remove', { id })).toEqual([]);
		expect(await messageOf('remove', { id })).toBe(MESSAGES.notPlanned);
	});
});

describe('records', () => {
	it('generates a text for money', async () => {
		const fields = { name: 'Тест', source: 'text', text: 'Hello world' };
		expect(await data('createRecord', fields)).toEqual({
			id: 1343,
			createdAt: NOW,
			needModeration: 0,
			moderatorComment: null,
			name: 'Тест',
			path: `${sim.url}/recordings/1343.mp3`,
			status: 'active',
			recordText: 'Hello world',
			cost: 0.4,
		});
		expect(sim.journal.charges).toMatchObject([
			{ provider: 'zvonobot', operation: 'createRecord', detail: { id: 1343, cost: 0.4 } },
		]);
		await data('create', { ...CALL, record: { id: 1343 } });
		sim.zvonobot.setOptions({ balance: 0.39 });
		expect(await messageOf('createRecord', fields)).toBe(MESSAGES.notEnoughMoney);
	});

	it('keeps a file for nothing, and gives it back', async () => {
		const file = { name: 'запись.wav', type: 'audio/wav', content: 'RIFF…' };
		const answer = await sendForm({ name: 'Файл', source: 'file' }, file);
		expect(answer).toMatchObject({
			status: 'success',
			data: { id: 1343, name: 'Файл', recordText: null, cost: 0 },
		});
		expect(sim.journal.charges).toEqual([]);
		expect(sim.zvonobot.snapshot().records.at(-1)).toMatchObject({
			file: { filename: 'запись.wav', mime: 'audio/wav', size: 7 },
		});
		const fetched = await fetch(`${sim.url}/recordings/1343.mp3`);
		expect(fetched.headers.get('content-type')).toBe('audio/wav');
		expect(await fetched.text()).toBe('RIFF…');
	});

	it('shows a form in the journal without the bytes', async () => {
		await sendForm(
			{ name: 'Файл', source: 'file' },
			{ name: 'a.mp3', type: 'audio/mpeg', content: 'secret sound' },
		);
		expect(sim.journal.requests[0]?.body).toEqual({
			apiKey: PRESET_ZVONOBOT,
			name: 'Файл',
			source: 'file',
			file: { filename: 'a.mp3', mime: 'audio/mpeg', size: 12 },
		});
		expect(JSON.stringify(sim.journal.snapshot())).not.toContain('secret sound');
	});

	const SOUND = { name: 'a.mp3', type: 'audio/mpeg', content: 'x' };

	it.each<[string, Record<string, string>, typeof SOUND | undefined]>([
		['no file', { name: 'a', source: 'file' }, undefined],
		['a file that is text', { name: 'a', source: 'file', file: 'x' }, undefined],
		['an empty file', { name: 'a', source: 'file' }, { ...SOUND, content: '' }],
		['a picture', { name: 'a', source: 'file' }, { ...SOUND, type: 'image/png' }],
		['a text beside the file', { name: 'a', source: 'file', text: 'b' }, SOUND],
		['a file beside the text', { name: 'a', source: 'text', text: 'b' }, SOUND],
		['another field', { name: 'a', source: 'file', gender: '0' }, SOUND],
		['no name', { source: 'file' }, SOUND],
	])('refuses a form with %s', async (_what, fields, file) => {
		expect(await sendForm(fields, file)).toMatchObject({ status: 'error' });
		expect(sim.zvonobot.snapshot().records).toHaveLength(2);
	});

	it('refuses a form elsewhere, a broken one and fields that come twice', async () => {
		expect(await sendForm({}, undefined, 'userInfo')).toMatchObject({ status: 'error' });
		const form = { 'content-type': 'multipart/form-data; boundary=x' };
		const part = (name: string) =>
			`--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${PRESET_ZVONOBOT}\r\n`;
		const twice = `${part('apiKey')}${part('apiKey')}--x--\r\n`;
		expect(await messageOf('createRecord', {}, { headers: form, raw: twice })).toContain('дважды');
		expect(sim.journal.requests.at(-1)?.body).toEqual({
			apiKey: [PRESET_ZVONOBOT, PRESET_ZVONOBOT],
		});
		const broken = part('apiKey');
		expect(await messageOf('createRecord', {}, { headers: form, raw: broken })).toContain('JSON');
	});

	it.each<[JsonObject]>([
		[{ source: 'text', text: 'b' }],
		[{ name: 'a', text: 'b' }],
		[{ name: 'a', source: 'text' }],
		[{ name: 'a', source: 'file' }],
		[{ name: 'a', source: 'file', file: 'UklGRg==' }],
		[{ name: 'a', source: 'microphone', text: 'b' }],
		[{ name: 'a', source: 'text', text: 7 }],
		[{ name: 'a', source: 'text', text: 'b', gender: 0 }],
	])('refuses %j', async (fields) => {
		expect(await messageOf('createRecord', fields)).not.toBe('');
	});

	it('deletes one record or several', async () => {
		await data('createRecord', { name: 'a', source: 'text', text: 'b' });
		expect(await data('removeRecord', { idList: [1343] })).toEqual({
			id: 1343,
			createdAt: NOW,
			name: 'a',
			path: `${sim.url}/recordings/1343.mp3`,
			moderatorComment: null,
			needModeration: 0,
			status: 'active',
			deletedAt: NOW,
		});
		expect(await messageOf('removeRecord', { idList: [1343] })).toBe(MESSAGES.noRecord);
		expect(await data('removeRecord', { idList: [1, 1343, 1342] })).toMatchObject([
			{ id: 1 },
			{ id: 1342 },
		]);
		expect(await messageOf('create', CALL)).toBe(MESSAGES.noRecord);
		expect((await fetch(`${sim.url}/recordings/1.mp3`)).status).toBe(404);
	});

	it('waits for a moderator while the account has moderation', async () => {
		sim.zvonobot.setOptions({ moderated: false });
		const fields = { name: 'a', source: 'text', text: 'b' };
		expect(await data('createRecord', fields)).toMatchObject({
			needModeration: 1,
			status: 'moderation',
		});
	});

	it('serves audio of the wanted size', async () => {
		sim.zvonobot.setOptions({ recordingBytes: 100_000 });
		const fetched = await fetch(`${sim.url}/recordings/1.mp3`);
		expect(fetched.headers.get('content-type')).toBe('audio/mpeg');
		const bytes = Buffer.from(await fetched.arrayBuffer());
		expect(bytes).toHaveLength(100_000);
		expect(bytes.subarray(0, 3).toString()).toBe('ID3');
		expect((await fetch(`${sim.url}/recordings/2.mp3`)).status).toBe(404);
		expect((await fetch(`${sim.url}/recordings/1.mp3`, { method: 'POST' })).status).toBe(405);
	});
});

describe('the account', () => {
	it('lists its numbers, and with all the shared ones too', async () => {
		expect(await data('getPhones')).toEqual([
			{ id: 11, phone: OWN, isSystem: false, overall: 0 },
			{ id: 12, phone: '74950000001', isSystem: false, overall: 0 },
		]);
		expect(objects(await data('getPhones', { all: true })).at(-1)).toMatchObject({ overall: 1 });
		expect(objects(await data('getPhones', { all: false }))).toHaveLength(2);
	});

	it('lists the languages by GET, with the key in the address', async () => {
		const path = `getAvailableLanguages?apiKey=${PRESET_ZVONOBOT}`;
		expect((await ask(path, {}, { method: 'GET' })).json).toMatchObject({
			status: 'success',
			data: [{ id: 1, name: 'Русский', defaultLangCode: 'ru-RU' }, { id: 2 }, { id: 3 }],
		});
		expect(await messageOf('getAvailableLanguages', {}, { method: 'GET' })).toBe(MESSAGES.wrongKey);
		expect(await messageOf(`${path}&all=1`, {}, { method: 'GET' })).toContain('all');
		const posted = await ask('getAvailableLanguages');
		expect(posted.status).toBe(405);
		expect(posted.headers.get('allow')).toBe('GET');
	});

	it('lists the languages by POST when it is told to', async () => {
		sim.zvonobot.setOptions({ languagesByPost: true });
		const path = `getAvailableLanguages?apiKey=${PRESET_ZVONOBOT}`;
		expect((await ask(path, {}, { method: 'GET' })).status).toBe(405);
		expect(objects(await data('getAvailableLanguages'))).toHaveLength(3);
	});

	it('rings a phone with the pin of the caller', async () => {
		const path = '/apiVerificationPhones/confirmPhone';
		expect((await ask(path, { phone: PHONE, pin: '0042' })).json).toEqual({
			status: 'success',
			data: 'done',
		});
		await data(path, { phone: PHONE, pin: '0043' });
		expect(sim.zvonobot.snapshot()).toMatchObject({ pins: { [PHONE]: '0043' }, balance: 9998.2 });
		expect(sim.journal.charges).toMatchObject([
			{ operation: 'confirmPhone', phone: PHONE, detail: { cost: 0.9 } },
			{ operation: 'confirmPhone', phone: PHONE },
		]);
		expect(JSON.stringify(sim.journal.charges)).not.toContain('0042');
		sim.zvonobot.setOptions({ refusedPhones: [OTHER], balance: 0.5 });
		expect(await messageOf(path, { phone: OTHER, pin: '0042' })).toBe(MESSAGES.phoneRefused);
		expect(await messageOf(path, { phone: PHONE, pin: '0042' })).toBe(MESSAGES.notEnoughMoney);
		expect(await messageOf(path, { phone: PHONE, pin: 42 })).toContain('pin');
		expect(await messageOf(path, { phone: PHONE, pin: '042' })).toContain('pin');
		expect(await messageOf(path, { phone: '8916', pin: '0042' })).toContain('phone');
	});
});

describe('who asks and how', () => {
	it.each<[string, JsonValue]>([
		['another key', 'nobody'],
		['no key', null],
		['an empty key', ''],
		['a key that is no string', 7],
	])('refuses %s before anything else', async (_what, apiKey) => {
		expect(await messageOf('create', { colour: 'red' }, { apiKey })).toBe(MESSAGES.wrongKey);
	});

	it('takes the key from no header and from no address', async () => {
		const headers = {
			...JSON_TYPE,
			authorization: `Bearer ${PRESET_ZVONOBOT}`,
			apikey: PRESET_ZVONOBOT,
		};
		expect(await messageOf('userInfo', {}, { apiKey: null, headers })).toBe(MESSAGES.wrongKey);
		const path = `userInfo?apiKey=${PRESET_ZVONOBOT}`;
		expect(await messageOf(path, {}, { apiKey: null })).not.toBe('');
		expect(await messageOf('userInfo?all=1')).toContain('в теле запроса');
		expect(await messageOf('get?apiCallIdList[]=1')).toContain('в теле запроса');
	});

	it.each([200, 400, 422] as const)('refuses with the status %d', async (refusalStatus) => {
		sim.zvonobot.setOptions({ refusalStatus });
		const refused = await ask('userInfo', {}, { apiKey: 'nobody' });
		expect(refused.status).toBe(refusalStatus);
		expect(refused.json).toEqual({ status: 'error', message: 'Неверный apiKey' });
	});

	it('wants JSON that is called JSON', async () => {
		const headers = { 'content-type': 'application/x-www-form-urlencoded' };
		expect(await messageOf('userInfo', {}, { headers })).toContain('JSON');
		expect(await messageOf('userInfo', {}, { headers: {} })).toContain('JSON');
		expect(await messageOf('userInfo', {}, { raw: '{"apiKey":' })).toContain('JSON');
		expect(await messageOf('userInfo', {}, { raw: '[]' })).toContain('JSON');
	});

	it.each(['GET', 'PUT', 'DELETE'])('refuses %s', async (method) => {
		const refused = await ask('create', CALL, { method });
		expect(refused.status).toBe(405);
		expect(refused.headers.get('allow')).toBe('POST');
		expect(sim.journal.charges).toEqual([]);
	});

	it('knows no other paths, and leaves those of the others to them', async () => {
		for (const path of ['/apiCalls/', '/apiCalls/create/', '/apiCalls/Create', '/recordings/']) {
			expect((await ask(path, CALL, path === '/recordings/' ? { method: 'GET' } : {})).status).toBe(
				404,
			);
			expect(sim.journal.requests.at(-1)).toMatchObject({ provider: 'zvonobot', path });
		}
		await ask('/apiCall/create');
		expect(sim.journal.requests.at(-1)?.provider).toBe('plusofon');
	});

	it('answers bare what the documentation shows bare', async () => {
		sim.zvonobot.setOptions({ wrapping: 'bare' });
		const id = FIRST;
		expect((await ask('create', CALL)).json).toMatchObject({ id });
		expect((await ask('get', { apiCallIdList: [id] })).json).toMatchObject([{ id }]);
		expect((await ask('getWithTemplates', { apiCallIdList: [id] })).json).toEqual([]);
		const record = { name: 'a', source: 'text', text: 'b' };
		expect((await ask('createRecord', record)).json).toMatchObject({ id: 1343 });
		expect((await ask('removeRecord', { idList: [1343] })).json).toMatchObject({ id: 1343 });
		expect((await ask('userInfo')).json).toMatchObject({ id: 4711 });
		expect((await ask('getTemplates')).json).toMatchObject([{ id: 1 }, { id: 2 }]);
		await data('getPhones');
		await data('createWithTemplate', { phone: PHONE, templateId: 1 });
		await data('remove', { idList: [id] });
		await data('/apiVerificationPhones/confirmPhone', { phone: PHONE, pin: '0042' });
		expect((await ask('userInfo', { a: 1 })).json).toMatchObject({ status: 'error' });
	});
});

describe('the life of a call', () => {
	it('is talked, recorded and paid for', async () => {
		const id = await idOf({ ...CALL, needRecording: 1 });
		await sim.zvonobot.play({ id }, ['processed', 'started']);
		sim.clock.advance(5000);
		await sim.zvonobot.play({ id }, ['answered']);
		sim.clock.advance(20_000);
		await sim.zvonobot.play({ id }, ['finished']);
		const recordFilePath = `${sim.url}/recordings/call-${id}.mp3`;
		expect(await data('get', { apiCallIdList: [id] })).toMatchObject([
			{
				calls: [
					{
						status: 'finished',
						startedAt: NOW,
						answeredAt: NOW + 5,
						finishedAt: NOW + 25,
						updatedAt: NOW + 25,
						hangupCause: 16,
						cost: 3,
						recordFilePath,
					},
				],
			},
		]);
		expect((await fetch(recordFilePath)).headers.get('content-length')).toBe('4096');
		expect(sim.zvonobot.snapshot().balance).toBe(9997);
	});

	it('costs nothing when nobody answers', async () => {
		const id = await idOf({ ...CALL, needRecording: 1 });
		await sim.zvonobot.play({ phone: PHONE }, 'noAnswer');
		expect(sim.zvonobot.call({ id })).toMatchObject({
			status: 'canceled',
			answeredAt: null,
			hangupCause: 19,
			cost: 0,
			recordFilePath: null,
		});
		expect(sim.zvonobot.snapshot().balance).toBe(10_000);
		expect((await fetch(`${sim.url}/recordings/call-${id}.mp3`)).status).toBe(404);
	});

	it('gives back what the call cost when it was created', async () => {
		const id = await idOf(CALL);
		sim.zvonobot.setOptions({ callPrice: 50 });
		await sim.zvonobot.play({ id }, 'noAnswer');
		expect(sim.zvonobot.snapshot().balance).toBe(10_000);
	});

	it('begins again once after the smart delay', async () => {
		const id = await idOf({ ...CALL, smartDelay: 15 });
		await sim.zvonobot.play({ id }, 'noAnswer');
		expect(sim.zvonobot.call({ id }).nextCallId).toBe(id + 1);
		expect(sim.zvonobot.call({ phone: PHONE })).toMatchObject({
			id: id + 1,
			status: 'created',
			prevCallId: id,
			plannedAt: NOW + 900,
		});
		await sim.zvonobot.play({ phone: PHONE }, 'noAnswer');
		expect(sim.zvonobot.snapshot().calls).toHaveLength(2);
	});

	it('stays created until the moderation is lifted', async () => {
		await withHook(async (hook) => {
			sim.zvonobot.setOptions({ moderated: false });
			const id = await idOf({ ...CALL, webhookUrl: hook.url });
			expect(await sim.zvonobot.play({ id }, 'talked')).toEqual([]);
			expect(sim.zvonobot.call({ id }).status).toBe('created');
			sim.zvonobot.setOptions({ moderated: true });
			expect(await sim.zvonobot.play({ id }, 'talked')).toHaveLength(4);
		});
	});

	it('plays nothing that cannot happen', async () => {
		const id = await idOf(CALL);
		const play = async (...steps: Parameters<typeof sim.zvonobot.play>[1][]) => {
			for (const some of steps) await sim.zvonobot.play({ id }, some);
		};
		await expect(play(['finished'])).rejects.toThrow('created cannot become finished');
		await expect(play([{ digit: 1 }])).rejects.toThrow('nobody can answer');
		await play('talked');
		await expect(play('talked')).rejects.toThrow('finished cannot become processed');
		await expect(sim.zvonobot.play({ id: 1 }, 'talked')).rejects.toThrow('there is no call');
		await expect(sim.zvonobot.play({ phone: OTHER }, 'talked')).rejects.toThrow('there is no call');
	});

	it('walks the tree and remembers the answers', async () => {
		const id = await idOf({
			...CALL,
			ivrs: [
				{
					digit: 1,
					ivrs: [
						{ keyWords: 'да|хорошо', managerPhone: OTHER, ivrs: [{ digit: 5, needBlock: 1 }] },
						{ anyWord: 1 },
					],
				},
				{ digit: 2 },
			],
		});
		const steps = [{ digit: 7 }, { digit: 1 }, { word: 'Хорошо' }, { digit: 5 }, { digit: 1 }];
		await sim.zvonobot.play({ id }, ['started', 'answered', ...steps, 'finished']);
		const [call] = objects(await data('get', { apiCallIdList: [id] }));
		expect(call?.calls).toMatchObject([
			{
				ivrDigit: 1,
				ivrAnswers: '7|1|Хорошо|5|1',
				toBlock: 1,
				managerStatus: 'finished',
				managerStartedAt: NOW,
				managerAnsweredAt: NOW,
			},
		]);
		// Nonsense leads nowhere, nor does anything after the last level.
		expect(sim.zvonobot.call({ id }).ivrIdList).toHaveLength(3);
		expect(sim.zvonobot.snapshot().blocked).toEqual([PHONE]);
	});
});

describe('webhooks', () => {
	/** A call with a webhook, and what else is asked for. */
	const callWith = async (hook: Hook, fields: JsonObject = {}) =>
		await idOf({ ...CALL, webhookUrl: hook.url, ...fields });

	it('reports each change of the status', async () => {
		await withHook(async (hook) => {
			const id = await callWith(hook, {
				webhookParameters: '{"order":"17"}',
				webhookHeaders: '{"X-Secret":"s"}',
			});
			const deliveries = await sim.zvonobot.play({ id }, 'talked');
			expect(statusesIn(hook)).toEqual(['processed', 'started', 'answered', 'finished']);
			expect(deliveries).toHaveLength(4);
			expect(deliveries[0]).toMatchObject({
				url: hook.url,
				headers: { 'X-Secret': 's' },
				body: { id, order: '17', webhookUrl: hook.url, calls: [{ status: 'processed' }] },
				tries: [{ status: 200, answer: 'got 1' }],
			});
			expect(hook.got[0]?.body).toEqual(deliveries[0]?.body);
			expect(hook.got[0]?.headers).toMatchObject({
				'x-secret': 's',
				'content-type': 'application/json',
			});
			expect(sim.zvonobot.call({ id })).toMatchObject({ webhookSent: true, webhookTry: 1 });
			expect(sim.journal.deliveries).toHaveLength(4);
		});
	});

	it.each(['array', 'wrapped'] as const)('packs the body as %s', async (webhookShape) => {
		await withHook(async (hook) => {
			sim.zvonobot.setOptions({ webhookShape });
			const id = await callWith(hook, { webhookParameters: '{"order":"17"}' });
			await sim.zvonobot.play({ id }, ['started']);
			const call = { id, calls: [{ status: 'started' }] };
			expect(hook.got[0]?.body).toMatchObject(
				webhookShape === 'array' ? [{ ...call, order: '17' }] : { apiCalls: [call], order: '17' },
			);
		});
	});

	it('reports an answer to the action it leads to', async () => {
		await withHook(async (hook) => {
			const ivr = {
				webhookUrl: hook.url,
				webhookParameters: '{"order":"17"}',
				webhookHeaders: '{"x-ivr":"1"}',
			};
			const id = await idOf({
				...CALL,
				ivrs: [
					{ digit: 1, ...ivr, ivrs: [{ keyWords: 'да', ...ivr, ivrs: [{ ...ivr }] }] },
					{ digit: 2 },
				],
			});
			const steps = [{ digit: 1 }, { word: 'Да' }, { digit: -1 }];
			const deliveries = await sim.zvonobot.play({ id }, ['started', 'answered', ...steps]);
			expect(deliveries).toHaveLength(3);
			expect(hook.got.map(({ body }) => body)).toEqual([
				{ call: { phone: PHONE, answer: 1 }, order: '17' },
				{ call: { phone: PHONE, answer: 'Да' }, order: '17' },
				{ call: { phone: PHONE, answer: -1 }, order: '17' },
			]);
			expect(hook.got[0]?.headers).toMatchObject({ 'x-ivr': '1' });
		});
	});

	it('takes an answer that fits nothing for staying on the line, unless any word will do', async () => {
		await withHook(async (hook) => {
			const marked = (mark: string) => ({
				webhookUrl: hook.url,
				webhookParameters: JSON.stringify({ mark }),
			});
			const level = [
				{ digit: 1, ...marked('digit') },
				{ anyWord: 1, ...marked('any') },
				marked('stay'),
			];
			for (const step of [{ digit: 3 }, { word: 'что' }, { digit: -1 }]) {
				const id = await idOf({ ...CALL, ivrs: level });
				await sim.zvonobot.play({ id }, ['started', 'answered', step]);
			}
			expect(hook.got.map(({ body }) => (isRecord(body) ? body.mark : null))).toEqual([
				'stay',
				'any',
				'stay',
			]);
		});
	});

	it('tries three times, and only 200 is a success', async () => {
		await withHook(
			async (hook) => {
				const id = await callWith(hook);
				const [first, second] = await sim.zvonobot.play({ id }, ['started', 'canceled']);
				expect(first?.tries.map(({ status }) => status)).toEqual([500, 204, 302]);
				expect(second?.tries.map(({ status }) => status)).toEqual([503, 200]);
				expect(sim.zvonobot.call({ id })).toMatchObject({ webhookSent: true, webhookTry: 2 });
				expect(sim.journal.deliveries).toHaveLength(5);
			},
			500,
			204,
			302,
			503,
			200,
		);
	});

	it('waits between the tries, and gives up when the simulator closes', async () => {
		await withHook(async (hook) => {
			sim.zvonobot.setOptions({ retryDelayMs: 60_000 });
			const id = await callWith(hook);
			const played = sim.zvonobot.play({ id }, ['started']);
			while (sim.journal.deliveries[0]?.status === undefined) {
				await new Promise((resolve) => setTimeout(resolve, 5));
			}
			await sim.close();
			expect((await played)[0]?.tries).toMatchObject([{ status: 500 }]);
		}, 500);
	});

	it('journals a webhook that cannot be reached', async () => {
		const hook = await startHook();
		await hook.close();
		const id = await callWith(hook);
		const [delivery] = await sim.zvonobot.play({ id }, ['started', 'canceled']);
		expect(delivery?.tries).toHaveLength(3);
		expect(delivery?.tries[0]?.error).toContain('ECONNREFUSED');
		expect(sim.zvonobot.call({ id })).toMatchObject({ webhookSent: false, webhookTry: 3 });
	});

	it('repeats what was already taken', async () => {
		await withHook(async (hook) => {
			const id = await callWith(hook);
			const [delivery] = await sim.zvonobot.play({ id }, ['started'], { repeat: 2 });
			expect(delivery?.tries.map(({ status }) => status)).toEqual([200, 200, 200]);
			expect(hook.got).toHaveLength(3);
		});
	});

	it('delivers in reverse order', async () => {
		await withHook(async (hook) => {
			const id = await callWith(hook);
			await sim.zvonobot.play({ id }, 'talked', { outOfOrder: true });
			expect(statusesIn(hook)).toEqual(['finished', 'answered', 'started', 'processed']);
		});
	});

	it('delivers all at once', async () => {
		await withHook(async (hook) => {
			const id = await callWith(hook);
			expect(await sim.zvonobot.play({ id }, 'talked', { parallel: true })).toHaveLength(4);
			expect(hook.most()).toBeGreaterThan(1);
		});
	});

	it('delivers nothing when it is silent', async () => {
		await withHook(async (hook) => {
			const id = await callWith(hook);
			expect(await sim.zvonobot.play({ id }, 'talked', { silent: true })).toEqual([]);
			expect(hook.got).toEqual([]);
			expect(sim.zvonobot.call({ id })).toMatchObject({ status: 'finished', webhookSent: false });
		});
	});

	it('forges headers', async () => {
		await withHook(async (hook) => {
			const id = await callWith(hook, { webhookHeaders: '{"X-Secret":"s","X-Other":"o"}' });
			await sim.zvonobot.play({ id }, ['started'], {
				headers: { 'x-secret': 'forged', 'x-other': null, 'content-type': 'text/plain' },
			});
			const headers = hook.got[0]?.headers;
			expect(headers).toMatchObject({ 'x-secret': 'forged', 'content-type': 'text/plain' });
			expect(headers).not.toHaveProperty('x-other');
		});
	});

	it('delivers anything, once', async () => {
		await withHook(async (hook) => {
			const headers = { 'x-a': 'b' };
			const forged = { url: hook.url, headers, body: { id: 1 } };
			expect(await sim.zvonobot.deliver(forged)).toMatchObject({ tries: [{ status: 500 }] });
			await sim.zvonobot.deliver({ ...forged, body: 'not json' });
			expect(hook.got).toMatchObject([{ headers, body: { id: 1 } }, { body: 'not json' }]);
		}, 500);
	});
});

describe('journal and faults', () => {
	it('keeps what was asked and what was answered', async () => {
		await data('create', CALL);
		expect(sim.journal.requests).toMatchObject([
			{
				provider: 'zvonobot',
				method: 'POST',
				path: '/apiCalls/create',
				body: { apiKey: PRESET_ZVONOBOT, ...CALL },
				status: 200,
			},
		]);
	});

	it('calls and charges before the answer is lost', async () => {
		const match = { path: '/apiCalls/create' };
		sim.faults.add({ kind: 'resetBefore', match }, { kind: 'resetAfter', match });
		await expect(ask('create', CALL)).rejects.toThrow('fetch failed');
		expect(sim.journal.charges).toEqual([]);
		await expect(ask('create', CALL)).rejects.toThrow('fetch failed');
		expect(sim.journal.charges).toHaveLength(1);
	});

	it('cuts a recording', async () => {
		sim.faults.add({ kind: 'truncated' });
		const fetched = await fetch(`${sim.url}/recordings/1.mp3`);
		await expect(fetched.arrayBuffer()).rejects.toThrow('terminated');
	});

	it.each(SLOW_PHASES)('keeps a recording whole when it is slow in the phase %s', async (phase) => {
		sim.faults.add({ kind: 'slow', ms: 20, phase });
		const fetched = await fetch(`${sim.url}/recordings/1.mp3`);
		expect(fetched.headers.get('content-type')).toBe('audio/mpeg');
		expect((await fetched.arrayBuffer()).byteLength).toBe(4096);
	});

	it('starts afresh after a reset', async () => {
		const before = sim.zvonobot.snapshot();
		await data('create', CALL);
		await data('removeRecord', { idList: [1] });
		await data('/apiVerificationPhones/confirmPhone', { phone: PHONE, pin: '0042' });
		sim.zvonobot.setOptions({ wrapping: 'bare', balance: 0 });
		sim.reset();
		expect(sim.zvonobot.snapshot()).toEqual(before);
		expect(await data('create', CALL)).toMatchObject({ id: FIRST });
	});
});

describe('control over HTTP', () => {
	let client: SimulatorClient;

	beforeEach(() => {
		client = new SimulatorClient(sim.url);
	});

	it('shows the account', async () => {
		await data('create', CALL);
		await data('/apiVerificationPhones/confirmPhone', { phone: PHONE, pin: '0042' });
		expect(await client.zvonobot()).toEqual(sim.zvonobot.snapshot());
		expect(await client.zvonobot()).toMatchObject({
			apiKey: PRESET_ZVONOBOT,
			pins: { [PHONE]: '0042' },
		});
	});

	it('plays a call by its id and by its phone', async () => {
		await withHook(async (hook) => {
			const id = await idOf({ ...CALL, webhookUrl: hook.url, ivrs: [{ webhookUrl: hook.url }] });
			await client.playCall({ id }, { steps: ['started', 'answered', { digit: -1 }], repeat: 1 });
			expect(hook.got).toHaveLength(6);
			const headers = { 'x-forged': 'yes' };
			const last = await client.playCall({ phone: PHONE }, { steps: ['finished'], headers });
			expect(last).toMatchObject([{ headers, tries: [{ status: 200 }] }]);
			await idOf(CALL);
			await client.playCall({ phone: PHONE }, { steps: 'noAnswer', silent: true });
			expect(sim.zvonobot.call({ phone: PHONE }).status).toBe('canceled');
		});
	});

	it('delivers anything', async () => {
		await withHook(async (hook) => {
			const delivery = await client.deliver({ url: hook.url, headers: { a: 'b' }, body: [1] });
			expect(delivery).toMatchObject({ body: [1], tries: [{ status: 200, answer: 'got 1' }] });
			expect(hook.got).toMatchObject([{ headers: { a: 'b' }, body: [1] }]);
		});
	});

	it('changes every option and resets', async () => {
		const options: ZvonobotOptions = {
			balance: 5,
			callPrice: 1,
			confirmPrice: 2,
			refusalStatus: 422,
			wrapping: 'bare',
			answerOrder: 'shuffled',
			singleAsObject: true,
			languagesByPost: true,
			refusedPhones: [PHONE],
			moderated: false,
			unmoderatedSmsTemplates: [7],
			webhookShape: 'wrapped',
			retryDelayMs: 1,
			hookTimeoutMs: 2,
			recordingBytes: 3,
		};
		expect(await client.setZvonobot(options)).toEqual(options);
		expect((await ask('create', CALL)).status).toBe(422);
		await client.reset();
		expect((await ask('create', CALL)).status).toBe(200);
	});

	const post = async (path: string, body: unknown, method = 'POST'): Promise<string> => {
		const response = await fetch(`${sim.url}/_sim/${path}`, {
			method,
			headers: JSON_TYPE,
			body: JSON.stringify(body),
		});
		return `${response.status} ${await response.text()}`;
	};

	it.each([
		[{ colour: 'red' }, 'unknown option colour'],
		[{ balance: '5' }, 'balance must be a number'],
		[{ refusalStatus: 500 }, 'refusalStatus must be'],
		[{ wrapping: 'half' }, 'wrapping must be one of wrapped, bare'],
		[{ answerOrder: '' }, 'answerOrder must be'],
		[{ webhookShape: null }, 'webhookShape must be'],
		[{ moderated: 1 }, 'moderated must be true or false'],
		[{ refusedPhones: PHONE }, 'refusedPhones must be a list'],
		[{ refusedPhones: ['8916'] }, 'refusedPhones must hold strings of 11 digits'],
		[{ unmoderatedSmsTemplates: ['7'] }, 'unmoderatedSmsTemplates must be'],
		[{ retryDelayMs: -1 }, 'retryDelayMs must be a non-negative integer'],
		[[], 'options must be an object'],
	])('refuses the options %j', async (options, reason) => {
		const answer = await post('zvonobot', options, 'PATCH');
		expect(answer).toMatch(/^400 /);
		expect(answer).toContain(reason);
	});

	it.each([
		[{}, 'steps must be a list or one of talked, noAnswer'],
		[{ steps: 'busy' }, 'steps must be'],
		[{ steps: ['ringing'] }, 'a step is'],
		[{ steps: [{ digit: 10 }] }, 'a step is'],
		[{ steps: [], repeat: -1 }, 'repeat must be'],
		[{ steps: [], silent: 1 }, 'silent must be'],
		[{ steps: [], headers: { a: 1 } }, 'headers must hold strings'],
		[{ steps: [], colour: 'red' }, 'unknown option colour'],
		[{ steps: 'talked' }, 'there is no call'],
	])('refuses to play %j', async (play, reason) => {
		const answer = await post('zvonobot/calls/1/play', play);
		expect(answer).toMatch(/^400 /);
		expect(answer).toContain(reason);
	});

	it('refuses nonsense with a reason', async () => {
		expect(await post('zvonobot/calls/nobody/play', { steps: [] })).toContain(
			'by its id or its phone',
		);
		expect(await post('zvonobot/deliveries', { body: {} })).toContain('url must be a string');
		expect(await post('zvonobot/deliveries', { url: 'http://a.example' })).toContain(
			'body is needed',
		);
	});
});
