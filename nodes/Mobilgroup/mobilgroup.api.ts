import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { ApiDefinition, KnownRefusal } from '../shared/api';
import { readKey } from '../shared/authenticate';
import { readBaseUrl } from '../shared/baseUrl';

/** Where requests go unless the credential says otherwise; other hosts speak the same protocol. */
export const MOBILGROUP_BASE_URL = 'https://voice.mobilgroup.ru';

/** The one endpoint: what the body holds decides what happens. The slash at the end belongs to it. */
export const SEND_PATH = '/api/voice-password/send/';

/** The same as `baseUrl` below, for n8n's credential test. */
export const TEST_BASE_URL =
	'={{ $credentials.baseUrl.trim().replace(/\\/+$/, "").replace(/\\/api\\/voice-password\\/send$/, "") }}';

/** What the secret that seals codes is derived for. */
export const SEALING_PURPOSE = 'mobilgroup/code/v1';

/** The API key, as it goes on the wire: alone, without "Bearer". */
export function apiKeyOf({ apiKey }: ICredentialDataDecryptedObject): string {
	return readKey(apiKey, 'API Key');
}

const REFUSALS: ReadonlyArray<[errorCode: string, Omit<KnownRefusal, 'text'>]> = [
	[
		'unknown_request',
		{
			code: 'unknown_request',
			message: 'Mobilgroup did not understand the request',
			hint: 'Check the fields of the node: for Send SMS Fallback, the request ID must be that of an earlier call.',
		},
	],
	[
		'authorisation_failed',
		{
			code: 'wrong_credential',
			message: 'Mobilgroup did not accept the API key',
			hint: 'Copy the key from Settings, API in the Mobilgroup cabinet into the "Mobilgroup API" credential.',
		},
	],
	[
		'user_disabled',
		{
			code: 'user_disabled',
			message: 'The Mobilgroup account is blocked',
			hint: 'Ask Mobilgroup why, and to unblock it. The key itself is right.',
		},
	],
	[
		'number_is_empty',
		{
			code: 'number_is_empty',
			message: 'Mobilgroup cannot read the phone number',
			hint: 'Check the field Phone.',
		},
	],
	[
		'number_not_valid',
		{
			code: 'number_not_valid',
			message: 'Mobilgroup does not know where to call for this number',
			hint: 'Check the digits of the number and its country code.',
		},
	],
	[
		'number_not_permitted',
		{
			code: 'number_not_permitted',
			message: 'Mobilgroup does not allow calls to this destination',
			hint: 'Ask Mobilgroup to open the destination for your account, or use another channel.',
		},
	],
	[
		'number_in_spam_list',
		{
			code: 'number_in_spam_list',
			message: 'Mobilgroup has this number on its list of numbers not to be called',
			hint: 'Use another channel for this person.',
		},
	],
	[
		'not_enough_money',
		{
			code: 'not_enough_money',
			message: 'Mobilgroup refused: there is not enough money on the balance',
			hint: 'Top up the balance in the Mobilgroup cabinet, then run the node again.',
		},
	],
	[
		'ani_phone_not_valid',
		{
			code: 'ani_phone_not_valid',
			message: 'Caller ID is not one of the numbers of the Mobilgroup account',
			hint: 'Register the number in the Mobilgroup cabinet, or remove Caller ID.',
		},
	],
];

export const mobilgroupApi: ApiDefinition = {
	provider: 'Mobilgroup',
	credentialType: 'mobilgroupApi',
	credentialName: 'Mobilgroup API',
	// People copy the address out of the documentation, where the path stands behind it.
	baseUrl: ({ baseUrl }) => readBaseUrl(baseUrl).replace(/\/api\/voice-password\/send$/, ''),
	key: apiKeyOf,
	// Only `result` tells, whatever the HTTP status.
	isRefusal: ({ result }) => result === 'error',
	isSuccess: ({ result }) => result === 'ok',
	messageOf: ({ error_code: code }) => (typeof code === 'string' ? code : undefined),
	refusals: REFUSALS.map(([text, row]) => ({ text: new RegExp(`^${text}$`), ...row })),
};
