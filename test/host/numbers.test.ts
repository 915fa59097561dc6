/* eslint-disable @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import type { IDataObject } from 'n8n-workflow';

import { manualFlow, PLUSOFON, START } from './flows';
import { itemsOf, post, type Credential, type DropDown, type Execution, type Host } from './n8n';
import { readWorkflow, setStage, type Stage } from './stage';
import type { SimulatorClient } from '../support/simulator/client';

const PHONE = '+7 999 111-22-33';
const DIGITS = '79991112233';

let stage: Stage;
let host: Host;
let simulator: SimulatorClient;
let cabinet: Credential;
let flashCall: Credential;

beforeAll(async () => {
	const tarball = process.env.FLASHCALL_TARBALL;
	if (!tarball) throw new Error('Start these tests with `npm run test:host`.');
	stage = await setStage({ tarball });
	({ host, simulator } = stage);
	({ cabinet, flashCall } = stage.credentials);
}, 180_000);

afterAll(async () => {
	await stage?.stop();
}, 30_000);

beforeEach(async () => {
	await simulator.clearJournal();
});

describe('finding and buying a number', () => {
	let workflowId: string;

	beforeAll(async () => {
		workflowId = await host.importWorkflow(readWorkflow('find-and-buy-a-number.json'), [cabinet]);
		await host.activate(workflowId);
	});

	afterEach(async () => {
		await simulator.clearFaults();
	});

	const buy = async (mask: string, forwardTo: unknown = PHONE) =>
		await post(host.webhookUrl('numbers/buy'), { mask, forwardTo } as IDataObject);
	const tokenRefused = { kind: 'status' as const, status: 401, times: 'always' as const };

	it('buys one number that fits the mask, forwards it and answers with it', async () => {
		const { owned: before } = await simulator.plusofon();
		const { status, body } = await buy('133222*');
		expect({ status, body }).toEqual({
			status: 200,
			body: { bought: expect.stringMatching(/^\d{3}133222\d$/) },
		});
		const number = `7${(body as { bought: string }).bought}`;

		const { charges, requests } = await simulator.journal();
		expect(charges).toMatchObject([{ operation: 'number/buy', phone: number }]);
		expect(requests.at(-1)).toMatchObject({
			path: '/api/v1/number/follow',
			body: { type: 'number', destination_number: DIGITS, cli_type: 'Y' },
			status: 200,
		});
		const { owned, reserved } = await simulator.plusofon();
		expect(owned).toHaveLength(before.length + 1);
		expect(owned.find((one) => one.number === number)).toMatchObject({
			owner_type: 'business',
			phone_type: 'abc',
			following: { name: expect.stringContaining(DIGITS) },
		});
		expect(reserved).toEqual([]);

		const execution = await host.waitForExecution(workflowId);
		expect(execution.status).toBe('success');
		for (const node of ['Search', 'Reserve', 'Buy', 'Set Forwarding']) {
			expect(itemsOf(execution, node)).toMatchObject([{ pairedItem: { item: 0 } }]);
		}
	});

	it('asks the provider for nothing when the mask or the phone is missing', async () => {
		const requests = {
			'mask has to hold digits, with ? and * for others': [
				{},
				{ forwardTo: PHONE },
				{ mask: '', forwardTo: PHONE },
				{ mask: '*', forwardTo: PHONE },
			],
			'forwardTo has to be a phone number': [
				{ mask: '13322*' },
				{ mask: '13322*', forwardTo: 'nonsense' },
			],
		};
		for (const [reason, some] of Object.entries(requests)) {
			for (const request of some) {
				expect(await post(host.webhookUrl('numbers/buy'), request)).toEqual({
					status: 400,
					body: { bought: null, reason },
				});
			}
		}
		expect((await simulator.journal()).requests).toEqual([]);
	});

	it.each([
		'+7 999 111-22-3',
		'+7 999 111-22-33-4',
		'999 111-22-3',
		'99 999 111-22-33',
		'79991112233, 79161234567',
		'+7 999 111-22-33 (office)',
		'+123 45-67',
		'+1234567890123456',
		'8+9991112233',
		'tel 79991112233',
		12345,
		[],
	])('asks the provider for nothing when calls would go to %j', async (forwardTo) => {
		expect(await buy('13322*', forwardTo)).toEqual({
			status: 400,
			body: { bought: null, reason: 'forwardTo has to be a phone number' },
		});
		expect((await simulator.journal()).requests).toEqual([]);
	});

	it.each([
		['8 (999) 111-22-33', DIGITS],
		['999.111.22.33', DIGITS],
		[79991112233, DIGITS],
		['+7\u00a0999\u00a0111\u201122\u201133', DIGITS],
		['+375 29 123-45-67', '375291234567'],
	])('forwards the calls to %j', async (forwardTo, digits) => {
		expect(await buy('13*', forwardTo)).toMatchObject({ status: 200 });
		expect((await simulator.journal()).requests.at(-1)).toMatchObject({
			path: '/api/v1/number/follow',
			body: { destination_number: digits },
		});
	});

	it('answers with the number when it was bought and its forwarding is refused', async () => {
		await simulator.addFaults({ match: { path: '/api/v1/number/follow' }, ...tokenRefused });
		const { owned: before } = await simulator.plusofon();
		const { status, body } = await buy('13*');

		const { charges } = await simulator.journal();
		expect(charges).toMatchObject([{ operation: 'number/buy' }]);
		expect({ status, body }).toEqual({
			status: 502,
			body: {
				bought: charges[0]?.phone?.slice(1),
				step: 'forward',
				error: expect.any(String),
				code: 'wrong_credential',
			},
		});
		expect((await simulator.plusofon()).owned).toHaveLength(before.length + 1);
	});

	it.each([
		['found', 'search', tokenRefused, 'wrong_credential'],
		['reserved', 'reserve', tokenRefused, 'wrong_credential'],
		['reserved for sure', 'reserve', { kind: 'resetAfter' as const }, 'may_have_been_sent'],
		['bought', 'buy', tokenRefused, 'wrong_credential'],
		['bought for sure', 'buy', { kind: 'resetAfter' as const }, 'may_have_been_sent'],
	])('says why the number could not be %s', async (_, step, fault, code) => {
		await simulator.addFaults({ match: { path: `/api/v1/number/${step}` }, ...fault });
		expect(await buy('13*')).toEqual({
			status: 502,
			body: { bought: null, step, error: expect.any(String), code },
		});
		const { requests } = await simulator.journal();
		expect(requests.filter((one) => one.path === '/api/v1/number/follow')).toEqual([]);
	});

	it('answers 404 and buys nothing when no number fits', async () => {
		const { owned: before, reserved, shop } = await simulator.plusofon();
		expect(await buy('9999999')).toEqual({
			status: 404,
			body: { bought: null, reason: 'no number fits the mask' },
		});
		const { charges, requests } = await simulator.journal();
		expect(charges).toEqual([]);
		expect(requests).toMatchObject([{ method: 'GET', path: '/api/v1/number/search' }]);
		expect(await simulator.plusofon()).toMatchObject({ owned: before, reserved, shop });
	});
});

describe('watching the package balance', () => {
	const ACCOUNT = 42;
	const HUNDRED_CALLS = '23001dac-42b1-8978-2275-62c28f55bda1';
	let workflowId: string;

	beforeAll(async () => {
		workflowId = await host.importWorkflow(readWorkflow('watch-package-balance.json'), [cabinet]);
	});

	async function warnings(): Promise<unknown[]> {
		const execution = await host.runManually(workflowId, 'Every morning');
		expect(execution.status).toBe('success');
		return itemsOf(execution, 'Warning').map(({ json }) => json);
	}

	async function runByHand(
		operation: string,
		parameters: object,
		credential: Credential,
	): Promise<Execution> {
		const flow = manualFlow({ operation, parameters, items: [{ phone: PHONE }], credential });
		const execution = await host.runManually(await host.importWorkflow(flow, [credential]), START);
		expect(execution.status).toBe('success');
		return execution;
	}

	it('warns of an account without a package', async () => {
		expect(await warnings()).toEqual([
			{ message: 'Flash Call account "simulator": no package is attached.' },
		]);
		expect((await simulator.journal()).charges).toEqual([]);
	});

	it('warns as soon as fewer than 100 calls are left, and not before', async () => {
		const byId = (value: string) => ({ __rl: true, mode: 'id', value });
		const attached = await runByHand(
			'attach',
			{
				resource: 'package',
				account: byId(String(ACCOUNT)),
				package: byId(HUNDRED_CALLS),
				options: {},
			},
			cabinet,
		);
		expect(itemsOf(attached, PLUSOFON)).toHaveLength(1);
		expect(await warnings()).toEqual([]);

		await runByHand('sendFlashCall', { phone: '={{ $json.phone }}', options: {} }, flashCall);
		expect(await warnings()).toEqual([
			{
				message: expect.stringMatching(
					/^Flash Call account "simulator": 99 calls are left until \d[\d .:-]+\.$/,
				),
			},
		]);
	});
});

describe('the drop-downs of the editor', () => {
	const regions = (credential: Credential): DropDown => ({
		methodName: 'getRegions',
		path: 'parameters.filters.region',
		parameters: { resource: 'phoneNumber', operation: 'search', filters: {} },
		credential,
	});
	const accounts = (credential: Credential): DropDown => ({
		methodName: 'searchAccounts',
		path: 'parameters.account',
		parameters: { resource: 'package', operation: 'get' },
		credential,
	});

	it('offer the regions by their names', async () => {
		expect(await host.options(regions(cabinet))).toContainEqual({
			name: 'Улан-Удэ (301)',
			value: '65',
		});
	});

	it('search the accounts by name and by ID', async () => {
		const results = [{ name: 'simulator (42)', value: '42' }];
		expect(await host.searchResults(accounts(cabinet))).toEqual({ results });
		expect(await host.searchResults(accounts(cabinet), 'SIMU')).toEqual({ results });
		expect(await host.searchResults(accounts(cabinet), '42')).toEqual({ results });
		expect(await host.searchResults(accounts(cabinet), 'nobody')).toEqual({ results: [] });
	});

	it('say what to do about a wrong token', async () => {
		const wrong = await host.createCredential(cabinet.type, 'Wrong', {
			token: 'a-wrong-token',
			clientId: '10553',
			baseUrl: simulator.url,
		});
		const explanation =
			'Plusofon did not accept the token. In the \\"Plusofon API\\" credential, enter the API token of the cabinet';
		await expect(host.options(regions(wrong))).rejects.toThrow(explanation);
		await expect(host.searchResults(accounts(wrong))).rejects.toThrow(explanation);
	});
});
