import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { apiKeyOf, MOBILGROUP_BASE_URL, TEST_BASE_URL } from '../nodes/Mobilgroup/mobilgroup.api';
import { keyInHeaders } from '../nodes/shared/authenticate';
import {
	allowedHostFields,
	STATUSES_OF_A_FAILED_TEST,
	testRules,
} from '../nodes/shared/credentialFields';

/** Mobilgroup may refuse with any status: only what its answer says counts where it says something. */
const FAILED_WITHOUT_A_BODY = [
	404,
	...STATUSES_OF_A_FAILED_TEST.filter((status) => ![401, 403].includes(status)),
];

export class MobilgroupApi implements ICredentialType {
	name = 'mobilgroupApi';

	displayName = 'Mobilgroup API';

	documentationUrl = 'https://github.com/n8n-nodes-flashcall/n8n-nodes-flashcall#mobilgroup-api';

	icon = {
		light: 'file:../nodes/Mobilgroup/mobilgroup.svg',
		dark: 'file:../nodes/Mobilgroup/mobilgroup.dark.svg',
	} as const;

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The key from Settings, API in the Mobilgroup cabinet',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: MOBILGROUP_BASE_URL,
			required: true,
			placeholder: 'e.g. https://vp.voicepassword.ru',
			description:
				'Where the API is; other hosts speak the same protocol. The key is sent to this host only.',
		},
		...allowedHostFields('voice.mobilgroup.ru'),
	];

	authenticate = keyInHeaders((credentials) => ({ Authorization: apiKeyOf(credentials) }));

	// No number, so no call: the refusal tells whether the key was accepted before it.
	test: ICredentialTestRequest = {
		request: {
			baseURL: TEST_BASE_URL,
			url: '/api/voice-password/send/',
			method: 'POST',
			headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
			body: { number: '' },
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: { ignore: true, except: FAILED_WITHOUT_A_BODY },
		},
		rules: testRules(
			'Mobilgroup did not accept the API key. Copy it again from Settings, API.',
			{ key: 'error_code', message: 'This is not how Mobilgroup answers. Check the base URL.' },
			[
				{ key: 'error_code', value: 'authorisation_failed' },
				{
					key: 'error_code',
					value: 'user_disabled',
					message:
						'The API key is right, but the Mobilgroup account is blocked. Ask Mobilgroup why.',
				},
			],
		),
	};
}
