import type { ICredentialDataDecryptedObject, ICredentialType, IDataObject } from 'n8n-workflow';
import { PlusofonApi } from '../../credentials/PlusofonApi.credentials';
import { PlusofonFlashCallApi } from '../../credentials/PlusofonFlashCallApi.credentials';
import { request, test } from '../support/credentialTest';
import type { Fault } from '../support/simulator/faults';
import { PRESET_ACCESS, PRESET_CABINET } from '../support/simulator/plusofon';
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

interface Case {
	type: ICredentialType;
	/** The name of the field that holds the key. */
	field: string;
	good: string;
	/** The key of the other credential. */
	other: string;
	path: string;
	/** What its test sends: nothing that could ring a phone. */
	body: IDataObject | null;
}

const CASES: Case[] = [
	{
		type: new PlusofonApi(),
		field: 'token',
		good: PRESET_CABINET,
		other: PRESET_ACCESS,
		path: '/api/v1/flash-call',
		body: null,
	},
	{
		type: new PlusofonFlashCallApi(),
		field: 'accessToken',
		good: PRESET_ACCESS,
		other: PRESET_CABINET,
		path: '/api/v1/flash-call/check',
		body: { key: 'credential-test', pin: '0000' },
	},
];

describe.each(CASES.map((one) => [one.type.displayName, one] as const))(
	'the test of the credential %s',
	(_, { type, field, good, other, path, body }) => {
		const entered = (more: ICredentialDataDecryptedObject = {}) => ({
			[field]: good,
			baseUrl: simulator.url,
			...more,
		});

		it('is passed by a good key, with one request that charges nothing', async () => {
			expect(await test(type, entered())).toEqual({ status: 'OK' });
			expect(simulator.journal.requests).toMatchObject([
				{ path, body, headers: { client: '10553', authorization: `Bearer ${good}` } },
			]);
			expect(simulator.journal.charges).toEqual([]);
		});

		it('changes nothing at the provider', async () => {
			const before = simulator.plusofon.snapshot();

			await test(type, entered());

			expect(simulator.plusofon.snapshot()).toEqual(before);
		});

		it.each([
			['with "Bearer" in front', (key: string) => `Bearer ${key}`],
			['with blanks and a line break', (key: string) => `  ${key}\n`],
		])('is passed by a key that was pasted %s', async (__, paste) => {
			expect(await test(type, entered({ [field]: paste(good) }))).toEqual({ status: 'OK' });
		});

		it('is passed when the base URL ends with a slash', async () => {
			const verdict = await test(type, entered({ baseUrl: `${simulator.url}/` }));

			expect(verdict).toEqual({ status: 'OK' });
		});

		it('is failed by a wrong key, and says which one to enter', async () => {
			for (const key of ['wrong', other]) {
				simulator.journal.clear();

				expect(await test(type, entered({ [field]: key }))).toEqual({
					status: 'Error',
					message: expect.stringMatching(/did not accept the .*token.* not the token of/i),
				});
			}
		});

		it.each([
			['a refusal with HTTP 200', { kind: 'wrongShape', shape: { message: 'Unauthenticated.' } }],
			['403', { kind: 'status', status: 403 }],
		] as Array<[string, Fault]>)('is failed by %s as by a wrong key', async (__, fault) => {
			simulator.faults.add(fault);

			expect(await test(type, entered())).toEqual({
				status: 'Error',
				message: expect.stringContaining('did not accept'),
			});
		});

		it.each([
			['a web page', { kind: 'html' }],
			['broken JSON', { kind: 'brokenJson' }],
			['an empty answer', { kind: 'empty' }],
			['a list', { kind: 'wrongShape' }],
			['JSON of another API', { kind: 'wrongShape', shape: { result: 'ok' } }],
			['a redirect', { kind: 'redirect', location: '/elsewhere' }],
			['a gateway that is down', { kind: 'status', status: 502 }],
			['a provider that is down', { kind: 'status', status: 500 }],
			['too many requests', { kind: 'status', status: 429 }],
			['a connection that breaks', { kind: 'resetAfter' }],
		] as Array<[string, Fault]>)('is failed by %s', async (__, fault) => {
			simulator.faults.add({ ...fault, times: 'always' });

			expect(await test(type, entered())).toMatchObject({
				status: 'Error',
				message: expect.stringMatching(/\S/),
			});
		});

		it('is failed by a server that is not Plusofon', async () => {
			simulator.faults.add({ kind: 'status', status: 404, body: '<h1>Not Found</h1>' });

			expect(await test(type, entered())).toMatchObject({ status: 'Error' });
		});

		it('takes the key to no other host by a redirect', async () => {
			for (const status of [301, 302, 303, 307, 308]) {
				simulator.faults.add({ kind: 'redirect', status, location: `${elsewhere.url}${path}` });

				expect(await test(type, entered())).toMatchObject({ status: 'Error' });
			}
			expect(elsewhere.journal.requests).toEqual([]);
		});

		it.each([
			'http://restapi.plusofon.ru',
			'http://localhost.evil.example',
			'https://user:pass@restapi.plusofon.ru',
			'restapi.plusofon.ru',
		])('sends nothing to the base URL "%s"', async (baseUrl) => {
			expect(await test(type, entered({ baseUrl }))).toMatchObject({ status: 'Error' });
			expect(simulator.journal.requests).toEqual([]);
		});

		it.each(['', '  ', 'two words', 'two\nlines'])(
			'sends nothing with the key "%s"',
			async (key) => {
				expect(await test(type, entered({ [field]: key }))).toMatchObject({ status: 'Error' });
				expect(simulator.journal.requests).toEqual([]);
			},
		);
	},
);

describe.each(CASES.map((one) => [one.type.displayName, one] as const))(
	'the credential %s, borrowed by another node',
	(_, { type, field, good, path }) => {
		const entered = () => ({ [field]: good, baseUrl: simulator.url });

		it('authenticates a request to its own host', async () => {
			simulator.faults.add({ kind: 'status', status: 200, body: { success: true } });

			await request(type, entered(), { url: `${simulator.url}${path}`, method: 'GET' });

			expect(simulator.journal.requests).toMatchObject([
				{ headers: { authorization: `Bearer ${good}` } },
			]);
		});

		it('sends nothing to another host', async () => {
			for (const url of [`${elsewhere.url}/x`, `http://localhost:${elsewhere.port}/x`]) {
				await expect(request(type, entered(), { url, method: 'GET' })).rejects.toThrow();
			}
			expect(elsewhere.journal.requests).toEqual([]);
		});

		it('does not take its key along on a redirect that the other node follows', async () => {
			const locations = [
				`${elsewhere.url}/api/v1/flash-call`,
				`http://localhost:${elsewhere.port}/api/v1/flash-call`,
			];
			for (const location of locations) {
				simulator.faults.add({ kind: 'redirect', location });
				await request(type, entered(), {
					url: `${simulator.url}/api/v1/flash-call`,
					method: 'GET',
				}).catch(() => undefined);
			}

			expect(elsewhere.journal.requests).not.toHaveLength(0);
			for (const { headers } of elsewhere.journal.requests) {
				expect(headers).not.toHaveProperty('authorization');
			}
			expect(JSON.stringify(elsewhere.journal.requests)).not.toContain(good);
		});

		it('is preset to be usable with its own host only', () => {
			const preset = Object.fromEntries(
				type.properties.map(({ name, default: value }) => [name, value]),
			);

			expect(preset).toMatchObject({
				baseUrl: 'https://restapi.plusofon.ru',
				allowedHttpRequestDomains: 'domains',
				allowedDomains: 'restapi.plusofon.ru',
			});
		});
	},
);
