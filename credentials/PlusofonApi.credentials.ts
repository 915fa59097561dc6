import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { cabinetTokenOf, plusofonHeaders, TEST_BASE_URL } from '../nodes/Plusofon/plusofon.api';
import { connectionFields, plusofonTestRules } from '../nodes/Plusofon/plusofon.credentials';
import { keyInHeaders } from '../nodes/shared/authenticate';
import { STATUSES_OF_A_FAILED_TEST } from '../nodes/shared/credentialFields';

export class PlusofonApi implements ICredentialType {
	name = 'plusofonApi';

	displayName = 'Plusofon API';

	documentationUrl = 'https://github.com/n8n-nodes-flashcall/n8n-nodes-flashcall#plusofon-api';

	icon = {
		light: 'file:../nodes/Plusofon/plusofon.svg',
		dark: 'file:../nodes/Plusofon/plusofon.dark.svg',
	} as const;

	properties: INodeProperties[] = [
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'The API token of the cabinet, from the section API of the Plusofon cabinet at lk.plusofon.ru. Not the token of a Flash Call account.',
		},
		...connectionFields,
	];

	authenticate = keyInHeaders((credentials) =>
		plusofonHeaders(cabinetTokenOf(credentials), credentials.clientId),
	);

	// The list of Flash Call accounts: costs nothing and changes nothing.
	test: ICredentialTestRequest = {
		request: {
			baseURL: TEST_BASE_URL,
			url: '/api/v1/flash-call',
			method: 'GET',
			headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: { ignore: true, except: [404, ...STATUSES_OF_A_FAILED_TEST] },
		},
		rules: plusofonTestRules(
			'Plusofon did not accept the token. Enter the API token of the cabinet, not the token of a Flash Call account.',
			'data',
		),
	};
}
