import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { accessTokenOf, plusofonHeaders, TEST_BASE_URL } from '../nodes/Plusofon/plusofon.api';
import { connectionFields, plusofonTestRules } from '../nodes/Plusofon/plusofon.credentials';
import { keyInHeaders } from '../nodes/shared/authenticate';
import { STATUSES_OF_A_FAILED_TEST } from '../nodes/shared/credentialFields';

export class PlusofonFlashCallApi implements ICredentialType {
	name = 'plusofonFlashCallApi';

	displayName = 'Plusofon Flash Call API';

	documentationUrl =
		'https://github.com/n8n-nodes-flashcall/n8n-nodes-flashcall#plusofon-flash-call-api';

	icon = {
		light: 'file:../nodes/Plusofon/plusofon.svg',
		dark: 'file:../nodes/Plusofon/plusofon.dark.svg',
	} as const;

	properties: INodeProperties[] = [
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'The token for sending calls of a Flash Call account, from the Flash Call section of the Plusofon cabinet at lk.plusofon.ru. Not the token of the cabinet itself.',
		},
		...connectionFields,
	];

	authenticate = keyInHeaders((credentials) =>
		plusofonHeaders(accessTokenOf(credentials), credentials.clientId),
	);

	// A key that cannot exist: the answer "key not found" shows that the token is good. No phone rings.
	test: ICredentialTestRequest = {
		request: {
			baseURL: TEST_BASE_URL,
			url: '/api/v1/flash-call/check',
			method: 'POST',
			headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
			body: { key: 'credential-test', pin: '0000' },
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: { ignore: true, except: STATUSES_OF_A_FAILED_TEST },
		},
		rules: plusofonTestRules(
			'Plusofon did not accept the access token. Enter the token for sending calls of a Flash Call account, not the token of the cabinet.',
			'message',
		),
	};
}
