import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { ZvonobotApi } from '../../credentials/ZvonobotApi.credentials';
import { domainUrl } from '../../nodes/Zvonobot/zvonobot.api';
import { request, test } from '../support/credentialTest';
import type { Fault } from '../support/simulator/faults';
import { PRESET_ZVONOBOT } from '../support/simulator/zvonobot';
import { startSimulator } from '../support/simulator/server';
import type { Simulator } from '../support/simulator/server';

let simulator: Simulator;
/** Where redirects lead: it must never see a key. */
let elsewhere: Simulator;

beforeAll(async () => {
	[simulator, elsewhere] = await Promise.all([startSimulator(), startSimulator()]);
});
beforeEach(() => {
	simulator.reset();
	elsewhere.reset();
});
afterAll(async () => await Promise.all([simulator.close(), elsewhere.close()]));

const type = new ZvonobotApi();
const PATH = '/apiCalls/userInfo';

function entered(more: ICredentialDataDecryptedObject = {}) {
	return { apiKey: PRESET_ZVONOBOT, domain: simulator.url, ...more };
}

describe('its test', () => {
	it.each(['wrapped', 'bare'] as const)(
		'is passed by a good key when answers come %s, with one request that charges nothing',
		async (wrapping) => {
			simulator.zvonobot.setOptions({ wrapping });
			const before = simulator.zvonobot.snapshot();

			expect(await test(type, entered())).toEqual({ status: 'OK' });

			expect(simulator.journal.requests).toMatchObject([
				{ method: 'POST', path: PATH, query: {}, body: { apiKey: PRESET_ZVONOBOT }, status: 200 },
			]);
			expect(simulator.journal.charges).toEqual([]);
			expect(simulator.zvonobot.snapshot()).toEqual(before);
		},
	);

	it('is passed by a key that was pasted with blanks', async () => {
		expect(await test(type, entered({ apiKey: `  ${PRESET_ZVONOBOT}\n` }))).toEqual({
			status: 'OK',
		});
	});

	it.each(['', '/', '/apiCalls/create', '/login'])(
		'is passed when "%s" stands behind the domain',
		async (ending) => {
			const verdict = await test(type, entered({ domain: ` ${simulator.url}${ending} ` }));

			expect(verdict).toEqual({ status: 'OK' });
		},
	);

	it.each([200, 400, 422] as const)(
		'is failed by a wrong key that is refused with %i',
		async (refusalStatus) => {
			simulator.zvonobot.setOptions({ refusalStatus });

			expect(await test(type, entered({ apiKey: 'wrong' }))).toEqual({
				status: 'Error',
				message: expect.stringContaining('did not accept the API key'),
			});
		},
	);

	it.each<[string, Fault]>([
		['401', { kind: 'status', status: 401 }],
		['403', { kind: 'status', status: 403 }],
		['a word', { kind: 'wrongShape', shape: { message: 'Unauthenticated.' } }],
		['success: false', { kind: 'wrongShape', shape: { success: false } }],
	])('is failed by %s as by a wrong key', async (_, fault) => {
		// n8n asks twice on a 401.
		simulator.faults.add({ ...fault, times: 'always' });

		expect(await test(type, entered())).toEqual({
			status: 'Error',
			message: expect.stringContaining('did not accept the API key'),
		});
	});

	it.each<[string, Fault]>([
		['a web page', { kind: 'html' }],
		['broken JSON', { kind: 'brokenJson' }],
		['an empty answer', { kind: 'empty' }],
		['a page with 400', { kind: 'status', status: 400, body: '<h1>Bad Request</h1>' }],
	])('is failed by %s, which is not how Zvonobot answers', async (_, fault) => {
		simulator.faults.add(fault);

		expect(await test(type, entered())).toEqual({
			status: 'Error',
			message: 'This is not how Zvonobot answers. Check the domain.',
		});
	});

	it.each<[string, Fault]>([
		['a server that is not Zvonobot', { kind: 'status', status: 404 }],
		['a redirect', { kind: 'redirect', location: '/elsewhere' }],
		['a gateway that is down', { kind: 'status', status: 502 }],
		['too many requests', { kind: 'status', status: 429 }],
		['a connection that breaks', { kind: 'resetAfter' }],
	])('is failed by %s', async (_, fault) => {
		simulator.faults.add({ ...fault, times: 'always' });

		expect(await test(type, entered())).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/\S/),
		});
	});

	it.each([
		'http://lk.zvonobot.ru',
		'http://localhost.evil.example',
		'https://user:pass@lk.zvonobot.ru',
		'',
		'  ',
		'not a domain',
		'{domain}',
		'ftp://lk.zvonobot.ru',
	])('sends nothing to the domain "%s"', async (domain) => {
		expect(await test(type, entered({ domain }))).toMatchObject({ status: 'Error' });
		expect(simulator.journal.requests).toEqual([]);
	});

	it.each(['', '  ', 'two words'])('sends nothing with the key "%s"', async (apiKey) => {
		expect(await test(type, entered({ apiKey }))).toMatchObject({ status: 'Error' });
		expect(simulator.journal.requests).toEqual([]);
	});
});

describe('its domain', () => {
	it.each([
		['lk.zvonobot.ru', 'https://lk.zvonobot.ru'],
		[' LK.zvonobot.KZ ', 'https://lk.zvonobot.kz'],
		['https://lk.calldog.ru/', 'https://lk.calldog.ru'],
		['lk.zvonobot.ru/apiCalls/create', 'https://lk.zvonobot.ru'],
		['https://lk.zvonobot.ru/apiCalls', 'https://lk.zvonobot.ru'],
		['https://lk.zvonobot.ru/cabinet?page=1#calls', 'https://lk.zvonobot.ru'],
		['lk.zvonobot.ru?a=1', 'https://lk.zvonobot.ru'],
		['lk.zvonobot.ru#a', 'https://lk.zvonobot.ru'],
		['lk.zvonobot.ru:8443', 'https://lk.zvonobot.ru:8443'],
		['звонобот.рф', 'https://xn--90abozebb6a.xn--p1ai'],
		['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
	])('"%s" leads to %s', (domain, url) => {
		expect(domainUrl({ domain })).toBe(url);
	});

	it.each<[unknown, string]>([
		['', 'Domain of the credential is empty'],
		[undefined, 'Domain of the credential is empty'],
		['http://lk.zvonobot.ru', 'Domain of the credential starts with http://'],
		['user@lk.zvonobot.ru', 'Domain of the credential holds more than a host and a path'],
		['ftp://lk.zvonobot.ru', 'Domain of the credential is not a web address'],
		['lk zvonobot ru', 'Domain of the credential is not the name of a host'],
		['zvonobot', 'Domain of the credential is not the name of a host'],
		['{domain}', 'Domain of the credential is not the name of a host'],
	])('%j is refused: %s', (domain, message) => {
		expect(() => domainUrl({ domain } as ICredentialDataDecryptedObject)).toThrow(
			expect.objectContaining({
				code: 'unsafe_base_url',
				message: expect.stringContaining(message),
				hint: expect.stringMatching(/\S/),
			}),
		);
	});
});

describe('borrowed by another node, it', () => {
	it('puts the key into the body of a request to its own host', async () => {
		await request(type, entered(), { url: `${simulator.url}${PATH}`, method: 'POST' });

		expect(simulator.journal.requests).toMatchObject([
			{ body: { apiKey: PRESET_ZVONOBOT }, status: 200 },
		]);
	});

	it('sends nothing to another host', async () => {
		for (const url of [`${elsewhere.url}${PATH}`, `http://localhost:${elsewhere.port}${PATH}`]) {
			await expect(request(type, entered(), { url, method: 'POST' })).rejects.toThrow();
		}
		expect(elsewhere.journal.requests).toEqual([]);
	});

	it('follows no redirect, on which the body would go along', async () => {
		for (const status of [301, 302, 303, 307, 308]) {
			simulator.faults.add({ kind: 'redirect', status, location: `${elsewhere.url}${PATH}` });
			await request(type, entered(), {
				url: `${simulator.url}${PATH}`,
				method: 'POST',
				body: { a: 1 },
			}).catch(() => undefined);
		}

		expect(simulator.journal.requests).toHaveLength(5);
		expect(elsewhere.journal.requests).toEqual([]);
	});

	it('is preset to be usable with its own host only', () => {
		const preset = Object.fromEntries(
			type.properties.map(({ name, default: value }) => [name, value]),
		);

		expect(preset).toMatchObject({
			domain: 'lk.zvonobot.ru',
			allowedHttpRequestDomains: 'domains',
			allowedDomains: 'lk.zvonobot.ru',
		});
	});
});
