import type { ICredentialDataDecryptedObject, ICredentialType } from 'n8n-workflow';
import { MobilgroupApi } from '../../credentials/MobilgroupApi.credentials';
import { PlusofonApi } from '../../credentials/PlusofonApi.credentials';
import { PlusofonFlashCallApi } from '../../credentials/PlusofonFlashCallApi.credentials';
import { ZvonobotApi } from '../../credentials/ZvonobotApi.credentials';
import { test } from '../support/credentialTest';

const USE_HTTPS =
	'starts with http://, which would send the key in the open. Use https://. Plain http is accepted only for a loopback address such as 127.0.0.1.';
const COPY = 'Copy it again from the cabinet and save the credential.';

// Nothing is sent: what was entered is refused before.
it.each<[new () => ICredentialType, ICredentialDataDecryptedObject, string]>([
	[
		ZvonobotApi,
		{ apiKey: 'key', domain: 'http://example.com' },
		`Domain of the credential ${USE_HTTPS}`,
	],
	[
		ZvonobotApi,
		{ apiKey: 'key', domain: 'zvonobot' },
		'Domain of the credential is not the name of a host. Enter the domain of the cabinet, e.g. lk.zvonobot.ru.',
	],
	[
		ZvonobotApi,
		{ apiKey: '', domain: 'lk.zvonobot.ru' },
		`API Key of the credential is empty. ${COPY}`,
	],
	[
		PlusofonFlashCallApi,
		{ accessToken: 'token', clientId: '', baseUrl: 'https://restapi.plusofon.ru' },
		'Client ID of the credential is empty. Enter 10553, unless Plusofon gave you another one.',
	],
	[
		MobilgroupApi,
		{ apiKey: '', baseUrl: 'https://voice.mobilgroup.ru' },
		`API Key of the credential is empty. ${COPY}`,
	],
	[
		MobilgroupApi,
		{ apiKey: 'key', baseUrl: 'http://example.com' },
		`Base URL of the credential ${USE_HTTPS}`,
	],
	[
		PlusofonApi,
		{ token: 'two words', baseUrl: 'https://restapi.plusofon.ru' },
		`Token of the credential holds characters no key has. ${COPY}`,
	],
	[
		PlusofonFlashCallApi,
		{ accessToken: 'key', baseUrl: 'restapi.plusofon.ru' },
		'Base URL of the credential is not a web address. Enter it with https:// in front.',
	],
])('the test of %p with %j says: %s', async (Type, entered, message) => {
	expect(await test(new Type(), entered)).toEqual({ status: 'Error', message });
});
