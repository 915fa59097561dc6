import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import type { ApiDefinition } from '../shared/api';
import { readKey } from '../shared/authenticate';
import { readBaseUrl } from '../shared/baseUrl';

/** Where both credentials send their requests unless their base URL says otherwise. */
export const PLUSOFON_BASE_URL = 'https://restapi.plusofon.ru';

/** The constant application ID of every documented request (header `Client`). */
export const PLUSOFON_CLIENT_ID = '10553';

/** What the key that signs CallToAuth hook URLs is derived for. */
export const HOOK_PURPOSE = 'plusofon/call-to-auth-hook/v1';

/** The same as `baseUrl` below, for n8n's credential test. */
export const TEST_BASE_URL =
	'={{ $credentials.baseUrl.trim().replace(/\\/+$/, "").replace(/\\/api(\\/v1)?$/, "") }}';

// People copy the address out of the documentation, where the path stands behind it.
function baseUrl(credentials: ICredentialDataDecryptedObject): string {
	return readBaseUrl(credentials.baseUrl).replace(/\/api(\/v1)?$/, '');
}

/** The message, with what Laravel says of single fields beside it. */
function messageOf({ message, error, errors }: IDataObject): string | undefined {
	const said = [message, error].find((text) => typeof text === 'string');
	const details = Object.values(Object(errors ?? {})).flat();
	const words = [said, ...details].filter((text) => typeof text === 'string' && text !== '');
	return words.length === 0 ? undefined : words.join(' ');
}

/**
 * A clear "no", or a message in place of what was asked for, is a refusal even with HTTP 200; the
 * `code` in a body is never an HTTP status. Anything else that is not as documented is no refusal:
 * it may stand for work that was done.
 */
function isRefusal(body: IDataObject): boolean {
	if (body.success !== undefined) return !body.success || body.success === 'false';
	return messageOf(body) !== undefined && body.data === undefined;
}

/** The `data` object of an answer; empty when there is none. */
export function readData({ data }: IDataObject): IDataObject {
	return typeof data === 'object' && data !== null && !Array.isArray(data)
		? (data as IDataObject)
		: {};
}

/** A key or a number in an answer, as text; undefined when there is none. */
export function textIn(value: unknown): string | undefined {
	const text = typeof value === 'number' ? String(value) : value;
	return typeof text === 'string' && text !== '' ? text : undefined;
}

/** The access token of the Flash Call account, as it goes on the wire. */
export function accessTokenOf({ accessToken }: ICredentialDataDecryptedObject): string {
	return readKey(accessToken, 'Access Token');
}

/** The answer of an operation that only succeeds, with what it was about. */
export function readSuccess(body: IDataObject, about: IDataObject): IDataObject | undefined {
	return body.success === true ? { success: true, ...about } : undefined;
}

/** The answer of an operation that deletes, in the words n8n's nodes use for it. */
export function readDeleted(body: IDataObject): IDataObject | undefined {
	return body.success === true ? { deleted: true } : undefined;
}

/** The token of the cabinet, as it goes on the wire. */
export function cabinetTokenOf({ token }: ICredentialDataDecryptedObject): string {
	return readKey(token, 'Token');
}

/** The headers every documented request has, beside those of any JSON request. */
export function plusofonHeaders(token: string, clientId: unknown): Record<string, string> {
	const hint = 'Enter 10553, unless Plusofon gave you another one.';
	return { Client: readKey(clientId, 'Client ID', hint), Authorization: `Bearer ${token}` };
}

const common = { provider: 'Plusofon', baseUrl, messageOf, isRefusal };

// "This action is unauthorized" is about the action: the token itself was accepted.
const UNAUTHENTICATED = /unauthenticated|^unauthorized\W*$|не авторизован|invalid (access )?token/i;

const WRONG_ACCESS_TOKEN = {
	code: 'wrong_credential',
	message: 'Plusofon did not accept the access token',
	hint: 'In the "Plusofon Flash Call API" credential, enter the access token of a Flash Call account ("token for sending calls"), not the token of the cabinet.',
};

const WRONG_CABINET_TOKEN = {
	code: 'wrong_credential',
	message: 'Plusofon did not accept the token',
	hint: 'In the "Plusofon API" credential, enter the API token of the cabinet, not the access token of a Flash Call account.',
};

/** The API with a Flash Call account's access token: send, check, call-to-auth. */
export const flashCallAccountApi: ApiDefinition = {
	...common,
	credentialType: 'plusofonFlashCallApi',
	credentialName: 'Plusofon Flash Call API',
	key: accessTokenOf,
	refusals: [
		{ status: 401, ...WRONG_ACCESS_TOKEN },
		{ text: UNAUTHENTICATED, ...WRONG_ACCESS_TOKEN },
		{
			text: /balance|not enough|недостаточно|баланс/i,
			code: 'not_enough_money',
			message: 'Plusofon did not place the call: there is not enough money or no calls are left',
			hint: 'Top up the balance or attach a package in the Plusofon cabinet (Flash Call), then run the node again.',
		},
		{
			text: /limit|too many|лимит|превышен/i,
			code: 'limit_reached',
			message:
				'Plusofon did not place the call: a call limit of the Flash Call settings is reached',
			hint: 'Wait until the hour or day is over, or raise the limits in the Flash Call settings of the Plusofon cabinet.',
		},
	],
};

/** The API with the cabinet's token: everything else. */
export const cabinetApi: ApiDefinition = {
	...common,
	credentialType: 'plusofonApi',
	credentialName: 'Plusofon API',
	key: cabinetTokenOf,
	refusals: [
		{ status: 401, ...WRONG_CABINET_TOKEN },
		{ text: UNAUTHENTICATED, ...WRONG_CABINET_TOKEN },
		{
			text: /balance|not enough|недостаточно|баланс/i,
			code: 'not_enough_money',
			message: 'Plusofon refused: there is not enough money on the balance',
			hint: 'Top up the balance in the Plusofon cabinet, then run the node again.',
		},
	],
};
