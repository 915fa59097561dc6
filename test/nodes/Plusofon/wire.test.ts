import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { resources } from '../../../nodes/Plusofon/resources';
import { allOperations } from '../../../nodes/shared/describe';
import { runPlusofon } from '../../support/plusofon';
import { PRESET_ACCESS, PRESET_CABINET } from '../../support/simulator/plusofon';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const PACKAGE = '100b3613-653a-c128-75a6-62c295fb6ab8';
const SHOP_NUMBER = '4951332210';

const account = (value: string) => ({ account: { __rl: true, mode: 'id', value } });

type Call = [resource: string, operation: string, parameters?: INodeParameters];

interface Row {
	call: Call;
	/** What has to have happened before. */
	after?: Call;
	sent: string;
	query?: Record<string, string>;
	body?: IDataObject;
	/** Whose token goes along; the cabinet's unless this says otherwise. */
	token?: 'account';
}

const reserved: Call = [
	'reservation',
	'create',
	{ number: SHOP_NUMBER, ownerType: 'personal', options: {} },
];

const rows: Row[] = [
	// Flash Call
	{
		call: ['flashCallAccount', 'create', { name: 'aut' }],
		sent: 'POST /api/v1/flash-call',
		body: { name: 'aut' },
	},
	{
		call: ['flashCallAccount', 'getAll', { returnAll: true }],
		sent: 'GET /api/v1/flash-call',
	},
	{
		call: ['flashCallAccount', 'delete', account('42')],
		sent: 'DELETE /api/v1/flash-call/42',
	},
	{
		call: [
			'flashCallSettings',
			'update',
			{
				settings: {
					calls_per_user_hour: 1,
					calls_per_user_day: 9,
					token_lifetime_sec: 18,
					pin_tries: 15,
					calls_per_hour: 15,
					calls_per_day: 3,
					return_operator: true,
					operators: '[{"operator": "mts"}]',
				},
			},
		],
		sent: 'POST /api/v1/flash-call/settings',
		body: {
			calls_per_user_hour: 1,
			calls_per_user_day: 9,
			token_lifetime_sec: 18,
			pin_tries: 15,
			calls_per_hour: 15,
			calls_per_day: 3,
			return_operator: true,
			operators: [{ operator: 'mts' }],
		},
	},
	{
		call: ['flashCallSettings', 'get'],
		sent: 'GET /api/v1/flash-call/settings',
	},
	{
		call: ['package', 'getAll', { returnAll: true }],
		sent: 'GET /api/v1/flash-call/proposals',
	},
	{
		call: [
			'package',
			'attach',
			{ ...account('42'), package: { __rl: true, mode: 'id', value: PACKAGE } },
		],
		sent: 'PUT /api/v1/flash-call/proposals/42',
		body: { proposal_id: PACKAGE },
	},
	{
		call: ['package', 'detach', account('42')],
		after: [
			'package',
			'attach',
			{ ...account('42'), package: { __rl: true, mode: 'id', value: PACKAGE } },
		],
		sent: 'DELETE /api/v1/flash-call/proposals/42',
	},
	{
		call: ['package', 'get', account('42')],
		sent: 'GET /api/v1/flash-call/proposals/42',
	},
	{
		call: ['verification', 'sendFlashCall', { phone: '+7 999 111-22-33' }],
		sent: 'POST /api/v1/flash-call/send',
		body: { phone: '79991112233' },
		token: 'account',
	},
	{
		call: ['verification', 'checkPin', { key: 'et', pin: '0427' }],
		sent: 'POST /api/v1/flash-call/check',
		body: { key: 'et', pin: '0427' },
		token: 'account',
	},
	{
		call: [
			'verification',
			'requestCall',
			{ phone: '79991112233', hookUrl: 'https://n8n.example.com/webhook/1/webhook' },
		],
		sent: 'POST /api/v1/flash-call/call-to-auth',
		body: {
			phone: '79991112233',
			hook_url: expect.stringMatching(/^https:\/\/n8n\.example\.com\/webhook\/1\/webhook\?fc_/),
		},
		token: 'account',
	},
	{
		call: ['verification', 'requestCallAndWait', { phone: '+7 999 111-22-33' }],
		sent: 'POST /api/v1/flash-call/call-to-auth',
		body: {
			phone: '79991112233',
			hook_url: expect.stringMatching(/^http:\/\/n8n\.test\/webhook-waiting\/.*fc_signature=/),
		},
		token: 'account',
	},
	{
		call: ['verification', 'sendCodeAndWait', { phone: '+7 999 111-22-33' }],
		sent: 'POST /api/v1/flash-call/send',
		body: { phone: '79991112233' },
		token: 'account',
	},

	// Numbers
	{
		call: ['phoneNumber', 'getAll', { phoneType: 'def' }],
		sent: 'GET /api/v1/number',
		query: { phone_type: 'def', page: '1' },
	},
	{
		call: ['phoneNumber', 'getAllSms'],
		sent: 'GET /api/v1/number/sms',
		query: { page: '1' },
	},
	{
		call: [
			'phoneNumber',
			'delete',
			{ number: { __rl: true, mode: 'id', value: '15' }, options: { pin: '0427' } },
		],
		sent: 'DELETE /api/v1/number/15',
		body: { pin: '0427' },
	},
	{
		call: [
			'phoneNumber',
			'setForwarding',
			{ numbers: ['15', '17'], type: 'sip', sipId: 7, cliType: 'Y' },
		],
		sent: 'POST /api/v1/number/follow',
		body: { type: 'sip', numbers: [15, 17], cli_type: 'Y', sip_id: 7 },
	},
	{
		call: ['phoneNumber', 'setBlockList', { numbers: ['15', '17'], contactListId: 15 }],
		sent: 'PATCH /api/v1/number/contact-list',
		body: { contact_list_id: 15, numbers: [15, 17] },
	},
	{
		call: ['phoneNumber', 'clearBlockList', { numbers: ['15'] }],
		sent: 'PATCH /api/v1/number/contact-list',
		body: { numbers: [15] },
	},
	{
		call: ['reference', 'getForwardingTypes'],
		sent: 'GET /api/v1/number/follow-types',
	},
	{
		call: ['reference', 'getCallerIdTypes'],
		sent: 'GET /api/v1/number/cli-types',
	},
	{
		call: [
			'phoneNumber',
			'search',
			{
				filters: {
					ownerType: 'personal',
					region: '1',
					cityCode: '495',
					mask: '133?2*',
					numberType: '0',
					phoneType: 'abc',
				},
			},
		],
		sent: 'GET /api/v1/number/search',
		query: {
			owner_type: 'personal',
			region: '1',
			city_code: '495',
			phone_number: '133?2*',
			number_type: '0',
			phone_type: 'abc',
			page: '1',
		},
	},
	{
		call: ['reference', 'getRegions'],
		sent: 'GET /api/v1/number/code-regions',
	},
	{
		call: [
			'reservation',
			'create',
			{ number: SHOP_NUMBER, ownerType: 'personal', options: { short: true } },
		],
		sent: 'POST /api/v1/number/reserve',
		body: { number: 4951332210, owner_type: 'personal', short: 1 },
	},
	{
		call: ['reservation', 'cancel', { reservation: { __rl: true, mode: 'id', value: '5' } }],
		after: reserved,
		sent: 'DELETE /api/v1/number/reserve/5',
	},
	{
		call: ['reservation', 'getAll', { phoneType: 'abc' }],
		sent: 'GET /api/v1/number/reserve',
		query: { phone_type: 'abc', page: '1' },
	},
	{
		call: ['reservation', 'buy', { numbers: [SHOP_NUMBER], ownerType: 'personal' }],
		after: reserved,
		sent: 'POST /api/v1/number/buy',
		body: { numbers: [SHOP_NUMBER], owner_type: 'personal' },
	},
];

async function run([resource, operation, parameters = {}]: Call) {
	const { error } = await runPlusofon(simulator, [resource, operation], parameters);
	expect(error).toBeUndefined();
}

const ALWAYS_SENT = [
	'accept',
	'accept-encoding',
	'authorization',
	'client',
	'connection',
	'content-type',
	'host',
	'user-agent',
];

it.each(rows.map((row) => [row.call.slice(0, 2).join('/'), row.sent, row] as const))(
	'%s sends %s and nothing else',
	async (_name, sent, { call, after, query = {}, body, token }) => {
		if (after !== undefined) await run(after);
		simulator.journal.clear();

		await run(call);

		const { requests } = simulator.journal;
		expect(
			requests.map(({ method, path, status, ...rest }) => ({
				sent: `${method} ${path}`,
				query: rest.query,
				body: rest.body,
				status,
			})),
		).toEqual([{ sent, query, body: body ?? null, status: 200 }]);
		expect(requests[0]?.headers).toMatchObject({
			accept: 'application/json',
			'content-type': 'application/json',
			client: '10553',
			authorization: `Bearer ${token === 'account' ? PRESET_ACCESS : PRESET_CABINET}`,
		});
		expect(Object.keys(requests[0]?.headers ?? {}).sort()).toEqual(
			[...ALWAYS_SENT, ...(body === undefined ? [] : ['content-length'])].sort(),
		);
	},
);

it('knows the wire of every operation of the node', () => {
	const covered = new Set(rows.map(({ call }) => call.slice(0, 2).join('/')));
	const existing = allOperations(resources).map(
		({ resource, operation }) => `${resource.value}/${operation.option.value}`,
	);

	expect([...covered].sort()).toEqual(existing.sort());
	expect(new Set(rows.map(({ sent }) => sent)).size).toBe(25);
});

it('sends no optional field or filter of its own accord', async () => {
	await run(['flashCallSettings', 'update', { settings: { pin_tries: 3 } }]);
	await run(['phoneNumber', 'getAll', { limit: 1 }]);
	await run(['phoneNumber', 'search', { limit: 1 }]);
	await run(['reservation', 'getAll', {}]);
	await run(reserved);
	await run(['phoneNumber', 'delete', { number: { __rl: true, mode: 'id', value: '17' } }]);

	expect(simulator.journal.requests.map(({ query, body }) => ({ query, body }))).toEqual([
		{ query: {}, body: { pin_tries: 3 } },
		{ query: { page: '1' }, body: null },
		{ query: { page: '1' }, body: null },
		{ query: { page: '1' }, body: null },
		{ query: {}, body: { number: 4951332210, owner_type: 'personal' } },
		{ query: {}, body: null },
	]);
});

it('sends the client ID and goes to the address the credential names', async () => {
	simulator.plusofon.setOptions({ clientId: '20001' });

	const { error } = await runPlusofon(simulator, ['flashCallSettings', 'get'], {}, [{}], {
		credentials: {
			plusofonApi: {
				token: ` Bearer ${PRESET_CABINET}\n`,
				clientId: '20001',
				baseUrl: `${simulator.url}/api/v1/`,
			},
		},
	});

	expect(error).toBeUndefined();
	expect(simulator.journal.requests).toMatchObject([
		{ path: '/api/v1/flash-call/settings', headers: { client: '20001' }, status: 200 },
	]);
});
