/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { rootFolder } from './folders';
import { manualFlow, PLUSOFON, START } from './flows';
import { errorOf, itemsOf, post, type Credential, type Execution, type Host } from './n8n';
import { readWorkflow, setStage, type Stage } from './stage';
import type { SimulatorClient } from '../support/simulator/client';

const PHONE = '+7 999 111-22-33';
const DIGITS = '79991112233';
const VERIFIED = 'Mark as verified';
const SEND = '/api/v1/flash-call/send';

let stage: Stage;
let host: Host;
let simulator: SimulatorClient;
let flashCall: Credential;

beforeAll(async () => {
	const tarball = process.env.FLASHCALL_TARBALL;
	if (!tarball) throw new Error('Start these tests with `npm run test:host`.');
	stage = await setStage({ tarball });
	({ host, simulator } = stage);
	({ flashCall } = stage.credentials);
}, 180_000);

afterAll(async () => {
	await stage?.stop();
}, 30_000);

beforeEach(async () => {
	await simulator.clearJournal();
});

async function credentialWith(change: IDataObject): Promise<Credential> {
	const { accessToken } = await simulator.plusofon();
	return await host.createCredential(flashCall.type, 'Changed', {
		accessToken,
		clientId: '10553',
		baseUrl: simulator.url,
		...change,
	});
}

async function runByHand(
	options: Omit<Parameters<typeof manualFlow>[0], 'credential'> & { credential?: Credential },
): Promise<Execution> {
	const credential = options.credential ?? flashCall;
	const id = await host.importWorkflow(manualFlow({ ...options, credential }), [credential]);
	return await host.runManually(id, START);
}

describe('the packed package', () => {
	it('brings every node that package.json names, Plusofon as an AI tool as well', async () => {
		const manifest = join(rootFolder, 'package.json');
		const { n8n } = JSON.parse(readFileSync(manifest, 'utf8')) as { n8n: { nodes: string[] } };
		const wanted = n8n.nodes.map((file) => {
			const name = basename(file, '.node.js');
			return `n8n-nodes-flashcall.${name.charAt(0).toLowerCase()}${name.slice(1)}`;
		});
		const { nodes, credentials } = await host.installedTypes();
		expect(nodes).toEqual(expect.arrayContaining([...wanted, 'n8n-nodes-flashcall.plusofonTool']));
		expect(credentials).toEqual(expect.arrayContaining(['plusofonApi', 'plusofonFlashCallApi']));
	});
});

describe('the credential tests', () => {
	it('pass with the right tokens and place no call', async () => {
		expect(await host.testCredential(flashCall)).toMatchObject({ status: 'OK' });
		expect(await host.testCredential(stage.credentials.cabinet)).toMatchObject({ status: 'OK' });
		expect((await simulator.journal()).charges).toEqual([]);
	});

	it("fail with the other one's token", async () => {
		const { accessToken, cabinetToken } = await simulator.plusofon();
		const common = { clientId: '10553', baseUrl: simulator.url };
		const swapped = [
			await host.createCredential('plusofonFlashCallApi', 'Swapped', {
				accessToken: cabinetToken,
				...common,
			}),
			await host.createCredential('plusofonApi', 'Swapped', { token: accessToken, ...common }),
		];
		for (const credential of swapped) {
			const result = await host.testCredential(credential);
			expect(result.status).toBe('Error');
			expect(result.message).toContain('token');
		}
	});
});

describe('sign-up by flash call', () => {
	let workflowId: string;

	beforeAll(async () => {
		workflowId = await host.importWorkflow(readWorkflow('sign-up-flash-call.json'), [flashCall]);
		await host.activate(workflowId);
	});

	const start = async (phone: string) => await post(host.webhookUrl('sign-up/start'), { phone });
	const check = async (key: string, pin: string) =>
		await post(host.webhookUrl('sign-up/check'), { key, pin });

	async function keyOf(phone: string): Promise<string> {
		const { status, body } = await start(phone);
		expect(status).toBe(200);
		expect(body).toEqual({ key: expect.any(String) });
		return (body as { key: string }).key;
	}

	it('rings the phone once and verifies the PIN', async () => {
		const key = await keyOf(PHONE);
		const { charges, requests } = await simulator.journal();
		expect(charges).toMatchObject([{ operation: 'flash-call/send', phone: DIGITS }]);
		expect(requests).toMatchObject([{ method: 'POST', path: SEND, body: { phone: DIGITS } }]);

		const sent = await host.waitForExecution(
			workflowId,
			(one) => itemsOf(one, 'Send Flash Call').length > 0,
		);
		expect(sent.status).toBe('success');
		expect(itemsOf(sent, 'Send Flash Call')).toMatchObject([
			{ json: { key, phone: DIGITS }, pairedItem: { item: 0 } },
		]);

		const pin = await simulator.pinOf(key);
		expect(await check(key, pin)).toEqual({
			status: 200,
			body: { verified: true, reason: 'verified' },
		});
		expect((await simulator.journal()).charges).toHaveLength(1);
	});

	it('answers 400 to a phone that is none, says why, and calls nobody', async () => {
		expect(await start('123')).toEqual({
			status: 400,
			body: { error: 'Phone is too short', code: 'invalid_input' },
		});
		expect((await simulator.journal()).requests).toEqual([]);
	});

	it('answers a wrong PIN as an outcome, in a flow that succeeds', async () => {
		const key = await keyOf(PHONE);
		const pin = await simulator.pinOf(key);
		const wrong = pin === '0000' ? '1111' : '0000';
		expect(await check(key, wrong)).toEqual({
			status: 200,
			body: { verified: false, reason: 'wrong_pin' },
		});
		const checked = await host.waitForExecution(workflowId, (one) =>
			itemsOf(one, 'Check PIN').some(({ json }) => json.verified === false),
		);
		expect(checked.status).toBe('success');
		expect(await check(key, pin)).toMatchObject({ body: { verified: true } });
	});

	it('does not verify a key that was never given', async () => {
		expect(await check('no-such-key', '0000')).toEqual({
			status: 200,
			body: { verified: false, reason: 'key_not_found' },
		});
	});

	it.each([
		[{ pin: '0000' }, 'Key'],
		[{ key: '', pin: '0000' }, 'Key'],
		[{ key: 'some-key' }, 'PIN'],
		[{ key: 'some-key', pin: '' }, 'PIN'],
		[{}, ''],
	])('answers 400 to %j, and says what is missing', async (typed, field) => {
		const { status, body } = await post(host.webhookUrl('sign-up/check'), typed);
		expect({ status, body }).toEqual({
			status: 400,
			body: { error: expect.stringContaining(field), code: 'invalid_input' },
		});
		expect((await simulator.journal()).requests).toEqual([]);
	});

	it('keeps from visitors what concerns the account', async () => {
		await simulator.addFaults({ kind: 'status', status: 401, match: { path: SEND } });

		expect(await start(PHONE)).toEqual({
			status: 502,
			body: {
				error: 'We could not call you. Please try again later.',
				code: 'wrong_credential',
			},
		});
	});

	it('answers 502 when Plusofon cannot say whether it is the PIN', async () => {
		await simulator.addFaults({
			match: { path: '/api/v1/flash-call/check' },
			kind: 'status',
			status: 503,
			times: 'always',
		});
		const answer = await check('some-key', '0000').finally(async () => {
			await simulator.clearFaults();
		});
		expect(answer).toEqual({
			status: 502,
			body: { error: expect.any(String), code: expect.any(String) },
		});
	});

	it('keeps the access token out of the execution data', async () => {
		await keyOf(PHONE);
		const { accessToken } = await simulator.plusofon();
		const executions = await host.executions(workflowId);
		for (const { id } of executions) {
			expect(JSON.stringify(await host.execution(id))).not.toContain(accessToken);
		}
	});
});

describe('sending flash calls', () => {
	const operation = 'sendFlashCall';
	const parameters = { phone: '={{ $json.phone }}', options: {} };

	it('fails with a wrong token, and says what to do', async () => {
		const credential = await credentialWith({ accessToken: 'a-wrong-access-token' });
		const execution = await runByHand({
			operation,
			parameters,
			items: [{ phone: PHONE }],
			credential,
		});
		expect(execution.status).toBe('error');
		expect(errorOf(execution, PLUSOFON)?.message).toContain('access token');
		const { charges, requests } = await simulator.journal();
		expect(charges).toEqual([]);
		expect(requests).toHaveLength(1);
	});

	it('refuses malformed phones before anything leaves n8n', async () => {
		const phones = [
			'',
			'abc',
			'123',
			'+7 999',
			'+7 999 111-22-33-44-55',
			'=1+1',
			'0',
			'7999111223x',
		];
		const execution = await runByHand({
			operation,
			parameters,
			items: phones.map((phone) => ({ phone })),
			continueOnFail: true,
		});
		const items = itemsOf(execution, PLUSOFON);
		expect(items).toHaveLength(phones.length);
		for (const { json } of items) expect(json.error).toEqual(expect.anything());
		expect((await simulator.journal()).requests).toEqual([]);
	});

	it('places 1,000 calls for 1,000 items, in order and paired', async () => {
		const phones = Array.from({ length: 1000 }, (_, index) => String(79_991_110_000 + index));
		const execution = await runByHand({
			operation,
			parameters,
			items: phones.map((phone) => ({ phone })),
		});
		expect(execution.status).toBe('success');

		const { charges, requests, maxConcurrent } = await simulator.journal();
		expect(requests).toHaveLength(1000);
		expect(charges.map(({ phone }) => phone).sort()).toEqual(phones);
		expect(maxConcurrent).toBeLessThanOrEqual(10);

		const { keys } = await simulator.plusofon();
		const phoneOfKey = new Map(keys.map(({ key, phone }) => [key, phone]));
		const items = itemsOf(execution, PLUSOFON);
		expect(items.map(({ json }) => json.phone)).toEqual(phones);
		expect(items.map(({ json }) => phoneOfKey.get(String(json.key)))).toEqual(phones);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			phones.map((_, index) => expect.objectContaining({ item: index })),
		);
	}, 120_000);
});

describe('requesting a call', () => {
	it('refuses malformed hook URLs before anything leaves n8n', async () => {
		const hookUrls = [
			'',
			'localhost:5678/webhook/x',
			'ftp://n8n.example.com/webhook/x',
			'javascript:alert(1)',
			'https://user:pass@n8n.example.com/webhook/x',
			'https://n8n.example.com/webhook/x#part',
			'https://n8n.example.com/web hook',
			`https://n8n.example.com/${'x'.repeat(3000)}`,
		];
		const execution = await runByHand({
			operation: 'requestCall',
			parameters: { phone: PHONE, hookUrl: '={{ $json.hookUrl }}', options: {} },
			items: hookUrls.map((hookUrl) => ({ hookUrl })),
			continueOnFail: true,
		});
		const items = itemsOf(execution, PLUSOFON);
		expect(items).toHaveLength(hookUrls.length);
		for (const { json } of items) expect(json.error).toEqual(expect.anything());
		expect((await simulator.journal()).requests).toEqual([]);
	});
});

describe('sign-up by a call from the person', () => {
	let workflowId: string;

	beforeAll(async () => {
		workflowId = await host.importWorkflow(readWorkflow('sign-up-call-to-auth.json'), [flashCall]);
		await host.activate(workflowId);
	});

	/** Asks for a number to dial; answers with what the provider now waits for. */
	async function expectCall(): Promise<{ key: string; requestId: string; hookUrl: string }> {
		const { status, body } = await post(host.webhookUrl('sign-up/call-me'), { phone: PHONE });
		expect(status).toBe(200);
		expect(body).toMatchObject({ callNumber: expect.stringMatching(/^7\d{10}$/) });
		const key = await simulator.lastKey(DIGITS);
		const hookUrl = await simulator.hookUrlOf(key);
		return { key, requestId: (body as { requestId: string }).requestId, hookUrl: hookUrl ?? '' };
	}

	const statusesOf = async (...call: Parameters<SimulatorClient['userCalls']>) =>
		(await simulator.userCalls(...call)).map(({ status }) => status);

	/** Waits until the request is confirmed; answers with all executions of the Trigger for it. */
	async function confirmations(requestId: string): Promise<Execution[]> {
		const isOfRequest = (one: Execution) =>
			itemsOf(one, VERIFIED).some(({ json }) => json.requestId === requestId);
		await host.waitForExecution(workflowId, isOfRequest);
		const executions = await Promise.all(
			(await host.executions(workflowId)).map(async ({ id }) => await host.execution(id)),
		);
		return executions.filter(isOfRequest);
	}

	/** All that ever started from the Trigger. */
	async function triggered(): Promise<number> {
		const executions = await Promise.all(
			(await host.executions(workflowId)).map(async ({ id }) => await host.execution(id)),
		);
		return executions.filter((one) => 'Plusofon Trigger' in one.data.resultData.runData).length;
	}

	it('starts the Trigger once for a genuine confirmation, and refuses its replay', async () => {
		const { key, requestId } = await expectCall();
		expect((await simulator.journal()).charges).toMatchObject([
			{ operation: 'flash-call/call-to-auth', phone: DIGITS },
		]);
		expect(await statusesOf({ key }, { times: 3 })).toEqual([200, 409, 409]);

		const [execution, ...more] = await confirmations(requestId);
		expect(more).toEqual([]);
		expect(execution?.status).toBe('success');
		expect(execution && itemsOf(execution, 'Plusofon Trigger')).toMatchObject([
			{ json: { verified: true, phone: DIGITS, key, requestId } },
		]);
	});

	it.each([
		['multipart', undefined],
		['JSON without its content type', 'text/plain'],
		['JSON called a form', 'application/x-www-form-urlencoded'],
	])('accepts a confirmation that comes as %s', async (_, contentType) => {
		const { key, hookUrl } = await expectCall();
		const multipart = new FormData();
		multipart.set('phone', DIGITS);
		multipart.set('key', key);

		const response = await fetch(hookUrl, {
			method: 'POST',
			...(contentType === undefined
				? { body: multipart }
				: {
						body: JSON.stringify({ phone: DIGITS, key }),
						headers: { 'content-type': contentType },
					}),
		});

		expect(response.status).toBe(200);
	});

	it('accepts a confirmation that comes as a form', async () => {
		const { key, requestId } = await expectCall();
		expect(await statusesOf({ key }, { encoding: 'form' })).toEqual([200]);
		expect(await confirmations(requestId)).toHaveLength(1);
	});

	it('starts once when two genuine confirmations come at the same time', async () => {
		const { key, requestId } = await expectCall();
		const statuses = await statusesOf({ key }, { times: 2, parallel: true });
		expect(statuses.sort()).toEqual([200, 409]);
		expect(await confirmations(requestId)).toHaveLength(1);
	});

	it('starts nothing for forged and altered confirmations', async () => {
		const { key, requestId, hookUrl } = await expectCall();
		const before = await triggered();
		expect(await statusesOf({ key }, { phone: '79995554433' })).toEqual([401]);
		expect(await statusesOf({ key }, { key: 'another-key' })).toEqual([401]);

		const genuine = { phone: DIGITS, key };
		const altered = [...new URL(hookUrl).searchParams.keys()].flatMap((name) => {
			const without = new URL(hookUrl);
			without.searchParams.delete(name);
			const changed = new URL(hookUrl);
			changed.searchParams.set(name, `${changed.searchParams.get(name) ?? ''}1`);
			return [without.href, changed.href];
		});
		expect(altered.length).toBeGreaterThanOrEqual(6);
		const [bare = ''] = hookUrl.split('?');
		for (const url of [...altered, bare]) {
			expect(await post(url, genuine)).toEqual({ status: 401, body: { error: 'unauthorized' } });
		}
		for (const body of [{}, { phone: DIGITS }, { key }, { phone: [DIGITS], key }]) {
			expect((await post(hookUrl, body as IDataObject)).status).toBe(401);
		}
		const broken = await post(hookUrl, '{"phone":', { 'content-type': 'application/json' });
		expect(broken.status).toBeGreaterThanOrEqual(400);

		// The genuine one still counts, and comes last: what the others started would be there by now.
		expect(await statusesOf({ key })).toEqual([200]);
		expect(await confirmations(requestId)).toHaveLength(1);
		expect(await triggered()).toBe(before + 1);
	});

	it('after a restart of n8n refuses the replay and still accepts what was requested before', async () => {
		const confirmed = await expectCall();
		expect(await statusesOf({ key: confirmed.key })).toEqual([200]);
		await confirmations(confirmed.requestId);
		const pending = await expectCall();

		await host.restart();
		await host.waitForWebhooks(workflowId);
		expect(await statusesOf({ key: confirmed.key })).toEqual([409]);
		expect(await statusesOf({ key: pending.key })).toEqual([200]);
		expect(await confirmations(pending.requestId)).toHaveLength(1);
		expect(await confirmations(confirmed.requestId)).toHaveLength(1);
	}, 120_000);
});

describe('a flow that failed at one of three phones', () => {
	it('calls only the others when it is retried, also after a restart of n8n', async () => {
		const phones = ['79991110001', '79991110002', '79991110003'];
		await simulator.addFaults({ kind: 'status', status: 403, skip: 1, match: { path: SEND } });
		const failed = await runByHand({
			operation: 'sendFlashCall',
			items: phones.map((phone) => ({ phone })),
			parameters: { phone: '={{ $json.phone }}', options: { itemsAtOnce: 1 } },
		});
		expect(failed.status).toBe('error');

		await host.restart();
		const retried = await host.execution(await host.retry(failed.id));

		expect(retried.status).toBe('success');
		expect(itemsOf(retried, PLUSOFON).map(({ json }) => json.phone)).toEqual(phones);
		const { charges } = await simulator.journal();
		expect(charges.map(({ phone }) => phone)).toEqual(phones);
	}, 120_000);

	it('calls nobody twice when it is retried once more after a retry has failed as well', async () => {
		const phones = ['79991110011', '79991110012', '79991110013'];
		const refuseThe = async (skip: number) =>
			await simulator.addFaults({ kind: 'status', status: 403, skip, match: { path: SEND } });
		await refuseThe(1);
		const failed = await runByHand({
			operation: 'sendFlashCall',
			items: phones.map((phone) => ({ phone })),
			parameters: { phone: '={{ $json.phone }}', options: { itemsAtOnce: 1 } },
		});

		await refuseThe(1);
		const first = await host.execution(await host.retry(failed.id));
		const second = await host.execution(await host.retry(failed.id));

		expect([failed, first, second].map(({ status }) => status)).toEqual([
			'error',
			'error',
			'success',
		]);
		expect(itemsOf(second, PLUSOFON).map(({ json }) => json.phone)).toEqual(phones);
		const { charges } = await simulator.journal();
		expect(charges.map(({ phone }) => phone)).toEqual(phones);
	});
});

describe('a check that n8n makes again because of another item', () => {
	it('keeps a right PIN right', async () => {
		const phones = ['79991110021', '79991110022'];
		const sent = await runByHand({
			operation: 'sendFlashCall',
			items: phones.map((phone) => ({ phone })),
			parameters: { phone: '={{ $json.phone }}', options: { itemsAtOnce: 1 } },
		});
		const items = [];
		for (const { json } of itemsOf(sent, PLUSOFON)) {
			items.push({ key: json.key, pin: await simulator.pinOf(String(json.key)) });
		}
		const match = { path: '/api/v1/flash-call/check' };
		await simulator.addFaults({ kind: 'status', status: 500, skip: 1, match });

		const failed = await runByHand({
			operation: 'checkPin',
			items,
			parameters: {
				key: '={{ $json.key }}',
				pin: '={{ $json.pin }}',
				options: { itemsAtOnce: 1 },
			},
		});
		const retried = await host.execution(await host.retry(failed.id));

		expect([failed, retried].map(({ status }) => status)).toEqual(['error', 'success']);
		expect(itemsOf(retried, PLUSOFON).map(({ json }) => json)).toMatchObject([
			{ verified: true },
			{ verified: true },
		]);
	});
});
