import { PRESET_MOBILGROUP } from '../../support/simulator/mobilgroup';
import { PRESET_ACCESS, PRESET_CABINET } from '../../support/simulator/plusofon';
import { PRESET_ZVONOBOT } from '../../support/simulator/zvonobot';
import type { Received } from './anyServer';

/** Whether a value may stand in a field. */
type Check = (value: unknown) => boolean;

/** By name; a name that ends with a question mark may be missing. */
type Fields = Readonly<Record<string, Check>>;

type Auth = 'access' | 'cabinet' | 'mobilgroup' | 'zvonobot' | 'none';

interface Endpoint {
	method: string;
	path: RegExp;
	auth: Auth;
	/** In the query of a GET, else in the body. */
	fields: Fields;
	/** What must not be done twice: how often a request does it. */
	once?: (body: Record<string, unknown>) => number;
}

export const KEYS = {
	access: PRESET_ACCESS,
	cabinet: PRESET_CABINET,
	mobilgroup: PRESET_MOBILGROUP,
	zvonobot: PRESET_ZVONOBOT,
};

const text: Check = (value) => typeof value === 'string' && value.trim() !== '';
const like =
	(pattern: RegExp): Check =>
	(value) =>
		typeof value === 'string' && pattern.test(value);
const oneOf =
	(...known: unknown[]): Check =>
	(value) =>
		known.includes(value);
const whole =
	(least: number, most = Number.MAX_SAFE_INTEGER): Check =>
	(value) =>
		Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
const listOf =
	(check: Check, most = 5_000): Check =>
	(value) =>
		Array.isArray(value) && value.length > 0 && value.length <= most && value.every(check);
const shaped =
	(fields: Fields): Check =>
	(value) =>
		isObject(value) && problemsIn(value, fields).length === 0;
/** A text of JSON: an object of which every value is a text. */
const jsonOfTexts: Check = (value) => {
	const parsed = typeof value === 'string' ? parse(value) : undefined;
	return isObject(parsed) && Object.values(parsed).every((one) => typeof one === 'string');
};

/** E.164 without the plus. */
const phone = like(/^[1-9]\d{6,14}$/);
const elevenDigits = like(/^\d{11}$/);
const id = whole(1);
const flag = oneOf(0, 1);
const boolean = oneOf(true, false);
const ownerType = oneOf('business', 'personal');
const phoneType = oneOf('abc', 'def', '800');
const page = like(/^[1-9]\d*$/);
const pin = like(/^\d{4}$/);
const clock = like(/^([01]\d|2[0-3]):[0-5]\d$/);
const webUrl = like(/^https?:\/\/\S{1,250}$/);
const nothing: Fields = {};
const one = () => 1;

const V1 = '/api/v1';

function plusofon(route: string, fields: Fields = nothing, more: Partial<Endpoint> = {}): Endpoint {
	const [method = '', path = ''] = route.split(' ');
	const pattern = `${V1}${path}`.replace('{id}', '[1-9]\\d*');
	return { method, path: new RegExp(`^${pattern}$`), auth: 'cabinet', fields, ...more };
}

const PLUSOFON: Endpoint[] = [
	plusofon('POST /flash-call', { name: text }, { once: one }),
	plusofon('GET /flash-call'),
	plusofon('DELETE /flash-call/{id}'),
	plusofon('POST /flash-call/settings', {
		'calls_per_hour?': whole(0),
		'calls_per_day?': whole(0),
		'calls_per_user_hour?': whole(0),
		'calls_per_user_day?': whole(0),
		'token_lifetime_sec?': whole(0),
		'pin_tries?': whole(0),
		'return_operator?': boolean,
		'operators?': Array.isArray,
	}),
	plusofon('GET /flash-call/settings'),
	plusofon('GET /flash-call/proposals'),
	plusofon('PUT /flash-call/proposals/{id}', { proposal_id: text }, { once: one }),
	plusofon('DELETE /flash-call/proposals/{id}'),
	plusofon('GET /flash-call/proposals/{id}'),
	plusofon('POST /flash-call/send', { phone, 'pin?': pin }, { auth: 'access', once: one }),
	plusofon('POST /flash-call/check', { key: text, pin: like(/^\d+$/) }, { auth: 'access' }),
	plusofon(
		'POST /flash-call/call-to-auth',
		{ phone, hook_url: like(/^https?:\/\/.*[?&]fc_signature=/) },
		{ auth: 'access', once: one },
	),
	plusofon('GET /number', { 'phone_type?': phoneType, page }),
	plusofon('GET /number/sms', { page }),
	plusofon('DELETE /number/{id}', { 'pin?': text }),
	plusofon('POST /number/follow', {
		type: oneOf(
			...['sip', 'number', 'group', 'scenario', 'call_queue', 'sip_uri', 'bitrix', 'amo', 'empty'],
		),
		numbers: listOf(id),
		'cli_type?': text,
		'sip_id?': id,
		'destination_number?': phone,
		'group_id?': id,
		'scenario_id?': id,
		'call_queue_id?': id,
		'destination_uri?': text,
		'host?': text,
		'type_default?': text,
		'cli_type_default?': text,
	}),
	plusofon('PATCH /number/contact-list', { numbers: listOf(id), 'contact_list_id?': id }),
	plusofon('GET /number/follow-types'),
	plusofon('GET /number/cli-types'),
	plusofon('GET /number/search', {
		'owner_type?': ownerType,
		'region?': page,
		'city_code?': page,
		'phone_number?': like(/^[\d?*]+$/),
		'number_type?': oneOf('0', '1', '2', '3', '4', '5'),
		'phone_type?': phoneType,
		page,
	}),
	plusofon('GET /number/code-regions'),
	plusofon(
		'POST /number/reserve',
		{ number: whole(1_000_000_000, 9_999_999_999), owner_type: ownerType, 'short?': oneOf(1) },
		{ once: one },
	),
	plusofon('DELETE /number/reserve/{id}'),
	plusofon('GET /number/reserve', { 'phone_type?': phoneType, page }),
	plusofon(
		'POST /number/buy',
		{ numbers: listOf(like(/^[1-9]\d{9}$/)), owner_type: ownerType },
		{ once: one },
	),
];

const MOBILGROUP: Endpoint[] = [
	{
		method: 'POST',
		path: /^\/api\/voice-password\/send\/$/,
		auth: 'mobilgroup',
		fields: {
			'number?': phone,
			'capacity?': like(/^([4-9]|10)$/),
			'voice?': shaped({ 'code?': pin, 'repeat?': oneOf('1'), 'ani?': phone }),
			'sms?': shaped({ id: text }),
		},
		once: one,
	},
];

const webhook: Fields = {
	'webhookUrl?': webUrl,
	'webhookParameters?': jsonOfTexts,
	'webhookHeaders?': jsonOfTexts,
};

const record = (value: unknown): boolean =>
	shaped({ id })(value) || shaped({ text: like(/^[^]{1,2048}$/), 'gender?': flag })(value);

const menu: Check = (value) =>
	listOf(
		shaped({
			'digit?': whole(0, 9),
			'keyWords?': text,
			'needBlock?': flag,
			'record?': (given) => record(given) || shaped({ id, 'source?': text })(given),
			'managerPhone?': elevenDigits,
			'smsText?': text,
			'smsTemplateId?': id,
			'anyWord?': flag,
			'recognitionTimeout?': whole(1, 15),
			'recognize?': flag,
			'smsChannel?': () => true,
			'emailTimeout?': () => true,
			'ivrs?': menu,
			...webhook,
		}),
	)(value);

const times: Fields = {
	'plannedAt?': id,
	'smartDelay?': whole(15, 90),
	'startTime?': clock,
	'endTime?': clock,
	'plannedAtTimeZone?': flag,
	'excludeWeekends?': oneOf(1),
	'weekdays?': listOf(whole(1, 7), 7),
	...webhook,
};

const phonesIn = ({ phone: alone, phones = [alone] }: Record<string, unknown>) =>
	Array.isArray(phones) ? phones.length : 1;

function zvonobot(path: string, fields: Fields, once?: Endpoint['once']): Endpoint {
	const pattern = new RegExp(`^/${path}$`);
	const withKey = { ...fields, apiKey: oneOf(KEYS.zvonobot) };
	return {
		method: 'POST',
		path: pattern,
		auth: 'zvonobot',
		fields: withKey,
		...(once === undefined ? {} : { once }),
	};
}

const ZVONOBOT: Endpoint[] = [
	zvonobot(
		'apiCalls/create',
		{
			'phone?': elevenDigits,
			'phones?': listOf(elevenDigits),
			'outgoingPhone?': elevenDigits,
			'dutyPhone?': oneOf(1),
			record,
			'needRecording?': flag,
			'ivrs?': menu,
			'isManagerDeliveryPhone?': flag,
			'endOfSpeech?': flag,
			'lang?': like(/^[a-z]{2}-[A-Z]{2}$/),
			'voiceDetection?': flag,
			'answerTimeout?': whole(15, 60),
			...times,
		},
		phonesIn,
	),
	zvonobot('apiCalls/get', { apiCallIdList: listOf(id) }),
	zvonobot('apiCalls/getWithTemplates', { apiCallIdList: listOf(id) }),
	zvonobot('apiCalls/createRecord', { name: text, source: oneOf('text'), text }, one),
	zvonobot('apiCalls/removeRecord', { idList: listOf(id) }),
	zvonobot('apiCalls/userInfo', nothing),
	zvonobot('apiCalls/getPhones', { 'all?': boolean }),
	{ ...zvonobot('apiCalls/getAvailableLanguages', nothing), method: 'GET' },
	zvonobot('apiCalls/getAvailableLanguages', nothing),
	zvonobot('apiVerificationPhones/confirmPhone', { phone: elevenDigits, pin }, one),
	zvonobot('apiCalls/update', { callList: listOf(shaped({ id, replannedAt: id })) }),
	zvonobot('apiCalls/remove', { idList: listOf(id), 'isTemplate?': oneOf(1) }),
	zvonobot('apiCalls/getTemplates', { 'onlyModerated?': flag }),
	zvonobot(
		'apiCalls/createWithTemplate',
		{
			phones: listOf(elevenDigits),
			templateId: id,
			'outgoingPhone?': elevenDigits,
			'dutyPhone?': oneOf(1),
			'variables?': isObject,
			...times,
		},
		phonesIn,
	),
];

const ENDPOINTS = [...PLUSOFON, ...MOBILGROUP, ...ZVONOBOT];

const JSON_TYPE = 'application/json';

/** What in a request is not as the provider's documents have it. */
export function breaches(request: Received): string[] {
	const endpoint = endpointOf(request);
	const { method, path, body, query, headers } = request;
	const place = `${method} ${path}`;
	// The address of a file is the provider's own; nothing of ours goes along.
	if (endpoint === undefined) {
		const isFile = method === 'GET' && !/^\/api/.test(path);
		return isFile ? keyBreaches(request, 'none') : [`${place} is no endpoint`];
	}
	const isGet = method === 'GET';
	const isForm = (headers['content-type'] ?? '').startsWith('multipart/form-data');
	const fields = isGet ? Object.fromEntries(query) : isForm ? formOf(body) : parse(body || '{}');
	const expected = isForm ? FORM : endpoint.fields;
	return [
		...keyBreaches(request, endpoint.auth),
		...(isGet && body !== '' ? [`${place} has a body`] : []),
		...(!isGet && query.length > 0 ? [`${place} has a query`] : []),
		...(new Set(query.map(([name]) => name)).size < query.length
			? [`${place} repeats itself`]
			: []),
		...(isForm || headers['content-type'] === JSON_TYPE ? [] : [`${place} is not called JSON`]),
		...(isObject(fields)
			? problemsIn(fields, expected).map((problem) => `${place}: ${problem}`)
			: [`${place} has no object as its body`]),
	];
}

/** How often a request does what must not be done twice. */
export function onceCount(request: Received): number {
	const body = parse(request.body || '{}');
	return endpointOf(request)?.once?.(isObject(body) ? body : {}) ?? 0;
}

const FORM: Fields = {
	name: text,
	source: oneOf('file'),
	file: () => true,
	apiKey: oneOf(KEYS.zvonobot),
};

/** The parts of a form, as far as they are texts. */
function formOf(body: string): Record<string, unknown> {
	const parts = [...body.matchAll(/name="([^"]*)"[^]*?\r\n\r\n([^]*?)\r\n--/g)];
	return Object.fromEntries(parts.map(([, name, value]) => [name, value]));
}

function endpointOf({ method, path }: Received): Endpoint | undefined {
	return ENDPOINTS.find((one) => one.method === method && one.path.test(path));
}

/** Where the key is beside its place, or is not in it. */
function keyBreaches({ headers, body, query, path }: Received, auth: Auth): string[] {
	const { authorization = '', client, ...others } = headers;
	const inHeader: Record<Auth, string> = {
		access: `Bearer ${KEYS.access}`,
		cabinet: `Bearer ${KEYS.cabinet}`,
		mobilgroup: KEYS.mobilgroup,
		zvonobot: '',
		none: '',
	};
	const isPlusofon = auth === 'access' || auth === 'cabinet';
	const everywhereElse = JSON.stringify([others, path, body, query]);
	const isIn = (key: string) => everywhereElse.includes(key);
	const strayed = Object.entries(KEYS).filter(
		([name, key]) => isIn(key) && !(name === 'zvonobot' && auth === 'zvonobot'),
	);
	return [
		...(authorization === inHeader[auth] ? [] : ['the header Authorization is another']),
		...(client === (isPlusofon ? '10553' : undefined) ? [] : ['the header Client is another']),
		...strayed.map(([name]) => `the key of ${name} is where it does not belong`),
	];
}

function problemsIn(given: Record<string, unknown>, fields: Fields): string[] {
	const names = Object.keys(fields).map((name) => name.replace(/\?$/, ''));
	const unknown = Object.keys(given).filter((name) => !names.includes(name));
	const wrong = Object.entries(fields).flatMap(([name, check]) => {
		const isOptional = name.endsWith('?');
		const plain = name.replace(/\?$/, '');
		if (!Object.hasOwn(given, plain)) return isOptional ? [] : [`${plain} is missing`];
		return check(given[plain]) ? [] : [`${plain} is ${JSON.stringify(given[plain])}`];
	});
	return [...unknown.map((name) => `${name} is not known`), ...wrong];
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch {
		return undefined;
	}
}
