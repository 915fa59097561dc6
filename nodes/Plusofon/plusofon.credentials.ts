import type { ICredentialTestRequest, INodeProperties } from 'n8n-workflow';
import { allowedHostFields, testRules } from '../shared/credentialFields';
import { PLUSOFON_BASE_URL, PLUSOFON_CLIENT_ID } from './plusofon.api';

/** The fields that both credentials have beside their token. */
export const connectionFields: INodeProperties[] = [
	{
		displayName: 'Client ID',
		name: 'clientId',
		type: 'string',
		default: PLUSOFON_CLIENT_ID,
		required: true,
		description: 'The application ID of the Plusofon API, the same for everybody',
	},
	{
		displayName: 'Base URL',
		name: 'baseUrl',
		type: 'string',
		default: PLUSOFON_BASE_URL,
		required: true,
		description: 'Where the API is. The token is sent to this host only.',
	},
	...allowedHostFields(new URL(PLUSOFON_BASE_URL).host),
];

/**
 * The rules of both credential tests.
 *
 * @param mark a field that every answer of Plusofon to the test has
 */
export function plusofonTestRules(
	tokenRefused: string,
	mark: string,
): ICredentialTestRequest['rules'] {
	const message = 'This is not how Plusofon answers. Check the base URL and the client ID.';
	return testRules(tokenRefused, { key: mark, message }, [
		{ key: 'message', value: 'Unauthenticated.' },
	]);
}
