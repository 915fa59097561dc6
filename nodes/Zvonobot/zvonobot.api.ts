import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import type { ApiDefinition, KnownRefusal } from '../shared/api';
import { readKey } from '../shared/authenticate';
import { isLoopback, readBaseUrl, unsafeBaseUrl } from '../shared/baseUrl';

/** Where requests go unless the credential says otherwise; the platform has other brands. */
export const ZVONOBOT_DOMAIN = 'lk.zvonobot.ru';

/** The same as `domainUrl` below, for n8n's credential test. */
export const TEST_BASE_URL =
	'={{ $credentials.domain.trim().replace(/^(?!https?:\\/\\/)/i, "https://").replace(/^(https?:\\/\\/[^\\/?#]*).*$/i, "$1") }}';

/** What the secret that seals the PINs of verification calls is derived for. */
export const SEALING_PURPOSE = 'zvonobot/pin/v1';

/** Most values that one request may list; documented for `apiCallIdList`. */
export const MOST_IN_REQUEST = 5_000;

/** The name by which the API key goes along. */
export const KEY_FIELD = 'apiKey';

/** The API key, as it goes on the wire. */
export function apiKeyOf({ apiKey }: ICredentialDataDecryptedObject): string {
	return readKey(apiKey, 'API Key');
}

/**
 * Where the credential's key may travel: the origin of its domain. People paste the domain with
 * https:// and a path; both are fixed.
 *
 * @throws Failure `unsafe_base_url` for what is no domain, or one the key would not be safe at
 */
export function domainUrl({ domain }: ICredentialDataDecryptedObject): string {
	const text = typeof domain === 'string' ? domain.trim() : '';
	const refuse = (problem: string, hint: string) => unsafeBaseUrl('Domain', problem, hint);
	const hint = `Enter the domain of the cabinet, e.g. ${ZVONOBOT_DOMAIN}.`;
	if (text === '') throw refuse('is empty', hint);
	const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`;
	// Of an address that was pasted whole, what counts ends with the host.
	const [address = ''] = /^[^:]*:\/\/[^/?#]*/.exec(whole) ?? [];
	if (!URL.canParse(address)) throw refuse('is not the name of a host', hint);
	const url = new URL(readBaseUrl(address, 'Domain'));
	const isDomain = /^([a-z\d-]+\.)+[a-z\d-]+$/.test(url.hostname);
	if (!isDomain && !isLoopback(url)) throw refuse('is not the name of a host', hint);
	return url.origin;
}

const REFUSALS: readonly KnownRefusal[] = [
	{
		text: /api[\s_-]?(key|ключ)|ключ\S* (api|доступа)|unauthenticated|^unauthori[sz]ed\W*$|(не|ошибка) авториз/i,
		code: 'wrong_credential',
		message: 'Zvonobot did not accept the API key',
		hint: 'Ask your manager for the key, and check it and the domain in the "Zvonobot API" credential.',
	},
	{
		text: /недостаточно|не хватает|пополните|баланс|balance|not enough|insufficient (funds|money)|top up/i,
		code: 'not_enough_money',
		message: 'Zvonobot refused: there is not enough money on the balance',
		hint: 'Top up the balance in the Zvonobot cabinet, then run the node again.',
	},
	{
		text: /модерац|модерир|moderat/i,
		code: 'not_moderated',
		message: 'Zvonobot refused: what the call uses has not passed moderation',
		hint: 'Ask your Zvonobot manager to lift moderation from the account, or from the recording or template that is used.',
	},
];

/** One provider, whatever brand of its platform the domain belongs to. */
export const zvonobotApi: ApiDefinition = {
	provider: 'Zvonobot',
	credentialType: 'zvonobotApi',
	credentialName: 'Zvonobot API',
	baseUrl: domainUrl,
	key: apiKeyOf,
	unify,
	isRefusal,
	isUnclear,
	messageOf,
	refusals: REFUSALS,
};

/**
 * One form for all answers, `{status?, data, …}`: some are documented bare, real hosts wrap them, and
 * either may hold an object or a list.
 */
function unify(json: unknown): IDataObject | undefined {
	if (Array.isArray(json)) return { data: json as IDataObject[] };
	if (!isObject(json)) return undefined;
	if ('data' in json) return json;
	// A recording has a status of its own; what has an ID is the thing itself, and no refusal.
	const isBare =
		'id' in json || !['status', 'message', 'error', 'errors', 'success'].some((key) => key in json);
	return isBare ? { data: json } : json;
}

const GOOD = ['success', 'ok', 'true', '1', '200'];
const BAD = ['error', 'fail', 'failed', 'false', '0'];

/** A word that says neither: the call may be on its way. */
function isUnclear(body: IDataObject): boolean {
	const status = wordOf(body);
	return status !== '' && !GOOD.includes(status) && !BAD.includes(status);
}

function wordOf({ status, success }: IDataObject): string {
	return String(status ?? success ?? '').toLowerCase();
}

/** A word other than a good one is a refusal, also with HTTP 200, and so is a message in place of data. */
function isRefusal(body: IDataObject): boolean {
	const said = body.status ?? body.success;
	const status = wordOf(body);
	if (GOOD.includes(status)) return false;
	if (BAD.includes(status)) return true;
	return said === undefined
		? body.data === undefined && messageOf(body) !== undefined
		: messageOf({ ...body, data: undefined }) !== undefined;
}

/** What an answer says in words, wherever in it they stand. */
function messageOf({ message, error, errors, data }: IDataObject): string | undefined {
	const words = [message, error, errors, data].flatMap((part) => texts(part)).join(' ');
	return words === '' ? undefined : words;
}

const MOST_NESTED = 4;

function texts(value: unknown, depth = 0): string[] {
	if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
	if (typeof value !== 'object' || value === null || depth > MOST_NESTED) return [];
	return Object.values(value).flatMap((part) => texts(part, depth + 1));
}

/** The rows in an answer, one or several; undefined when it holds none and is no empty list. */
export function rowsIn({ data }: IDataObject): IDataObject[] | undefined {
	if (isObject(data)) return [data];
	return Array.isArray(data) && (data as unknown[]).every(isObject)
		? (data as IDataObject[])
		: undefined;
}

/** The rows of an answer that lists something; the list may stand a level deeper, as with pages. */
export function listIn(body: IDataObject): IDataObject[] | undefined {
	if (!isObject(body.data)) return rowsIn(body);
	const [list, ...others] = Object.values(body.data).filter((value) => Array.isArray(value));
	return others.length === 0 ? rowsIn({ data: list }) : undefined;
}

/** The one row of an answer about one thing. */
export function rowIn(body: IDataObject): IDataObject | undefined {
	const rows = rowsIn(body);
	return rows?.length === 1 ? rows[0] : undefined;
}

function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
