import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { keyInFields } from '../nodes/shared/authenticate';
import {
	allowedHostFields,
	STATUSES_OF_A_FAILED_TEST,
	testRules,
} from '../nodes/shared/credentialFields';
import {
	apiKeyOf,
	domainUrl,
	KEY_FIELD,
	TEST_BASE_URL,
	ZVONOBOT_DOMAIN,
} from '../nodes/Zvonobot/zvonobot.api';

const KEY_REFUSED =
	'Zvonobot did not accept the API key. Ask your manager for it, and check that the domain is that of your cabinet.';
const FOREIGN = 'This is not how Zvonobot answers. Check the domain.';

export class ZvonobotApi implements ICredentialType {
	name = 'zvonobotApi';

	displayName = 'Zvonobot API';

	documentationUrl = 'https://github.com/n8n-nodes-flashcall/n8n-nodes-flashcall#zvonobot-api';

	icon = {
		light: 'file:../nodes/Zvonobot/zvonobot.svg',
		dark: 'file:../nodes/Zvonobot/zvonobot.dark.svg',
	} as const;

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Your manager or partner gives it to you',
		},
		{
			displayName: 'Domain',
			name: 'domain',
			type: 'string',
			default: ZVONOBOT_DOMAIN,
			required: true,
			placeholder: 'e.g. lk.zvonobot.ru',
			description:
				'Where your cabinet is, e.g. lk.zvonobot.ru, lk.zvonobot.kz or lk.calldog.ru. The key is sent to this host only.',
		},
		...allowedHostFields(ZVONOBOT_DOMAIN),
	];

	authenticate = keyInFields(KEY_FIELD, apiKeyOf, domainUrl);

	// The balance: costs nothing and changes nothing.
	test: ICredentialTestRequest = {
		request: {
			baseURL: TEST_BASE_URL,
			url: '/apiCalls/userInfo',
			method: 'POST',
			headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: { ignore: true, except: [404, ...STATUSES_OF_A_FAILED_TEST] },
		},
		rules: testRules(
			KEY_REFUSED,
			// The answer comes bare or wrapped, so that no field is always there. What is no JSON is a
			// text, though: a page, or nothing.
			{ key: 'constructor.name', value: 'String', message: FOREIGN },
			[
				{ key: 'status', value: 'error' },
				{ key: 'status', value: false },
				{ key: 'success', value: false },
				{ key: 'message', value: 'Unauthenticated.' },
			],
		),
	};
}
