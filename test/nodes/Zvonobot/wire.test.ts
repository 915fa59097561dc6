import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { resources } from '../../../nodes/Zvonobot/resources';
import { allOperations } from '../../../nodes/shared/describe';
import { PRESET_ZVONOBOT } from '../../support/simulator/zvonobot';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';
import { runZvonobot } from '../../support/zvonobot';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const PHONE = '79991112233';
const phone = '8 (999) 111-22-33';
const OWN = '99999999997';
const FIRST_CALL = 500_001;
/** 2030-01-01T10:00:00Z */
const PLANNED = 1_893_492_000;
const plannedAt = '2030-01-01T10:00:00Z';
const SOUND = { mimeType: 'audio/wav', fileName: 'hello.wav', data: 'UklGRg==' };

const own = { callerIdSource: 'own', callerId: { __rl: true, mode: 'number', value: OWN } };
const template = { template: { __rl: true, mode: 'id', value: '1' } };

type Call = [resource: string, operation: string, parameters?: INodeParameters];

interface Row {
	call: Call;
	/** What has to have happened before. */
	after?: Call[];
	sent: string;
	/** Without the key; of the query for a GET. */
	fields: IDataObject;
	/** What costs money, or rings a phone. */
	charge?: string;
}

const planned: Call = [
	'call',
	'create',
	{ phone, callerIdSource: 'duty', text: 'Hello', options: { plannedAt } },
];
const plannedFromTemplate: Call = [
	'call',
	'createFromTemplate',
	{ phone, ...template, options: { plannedAt } },
];

const rows: Row[] = [
	{
		call: ['call', 'create', { phone, ...own, say: 'text', text: ' Hello ', voice: 'male' }],
		sent: 'POST /apiCalls/create',
		fields: { phone: PHONE, outgoingPhone: OWN, record: { text: 'Hello', gender: 1 } },
		charge: 'create',
	},
	{
		call: ['call', 'create', { phone, callerIdSource: 'duty', say: 'recording', recordingId: 1 }],
		sent: 'POST /apiCalls/create',
		fields: { phone: PHONE, dutyPhone: 1, record: { id: 1 } },
		charge: 'create',
	},
	{
		call: ['call', 'createFromTemplate', { phone, ...template }],
		sent: 'POST /apiCalls/createWithTemplate',
		fields: { phones: [PHONE], templateId: 1 },
		charge: 'createWithTemplate',
	},
	{
		call: [
			'call',
			'createFromTemplate',
			{
				phone,
				...template,
				...own,
				variables: {
					values: [
						{ placeholder: 'name', value: ' Elena ' },
						{ placeholder: '{var1}', value: '40%' },
					],
				},
			},
		],
		sent: 'POST /apiCalls/createWithTemplate',
		fields: {
			phones: [PHONE],
			templateId: 1,
			outgoingPhone: OWN,
			variables: { [PHONE]: { Elena: '{name}', '40%': '{var1}' } },
		},
		charge: 'createWithTemplate',
	},
	{
		call: ['call', 'get', { callId: FIRST_CALL, fromTemplate: false }],
		after: [planned],
		sent: 'POST /apiCalls/get',
		fields: { apiCallIdList: [FIRST_CALL] },
	},
	{
		call: ['call', 'getAll', { callIds: `${FIRST_CALL}, 7`, fromTemplate: true }],
		after: [plannedFromTemplate],
		sent: 'POST /apiCalls/getWithTemplates',
		fields: { apiCallIdList: [FIRST_CALL, 7] },
	},
	{
		call: ['call', 'reschedule', { callId: ` ${FIRST_CALL} `, plannedAt }],
		after: [planned],
		sent: 'POST /apiCalls/update',
		fields: { callList: [{ id: FIRST_CALL, replannedAt: PLANNED }] },
	},
	{
		call: ['call', 'cancel', { callId: FIRST_CALL }],
		after: [planned],
		sent: 'POST /apiCalls/remove',
		fields: { idList: [FIRST_CALL] },
	},
	{
		call: ['call', 'cancelFromTemplate', { callId: FIRST_CALL }],
		after: [plannedFromTemplate],
		sent: 'POST /apiCalls/remove',
		fields: { idList: [FIRST_CALL], isTemplate: 1 },
	},
	{
		call: ['account', 'getBalance'],
		sent: 'POST /apiCalls/userInfo',
		fields: {},
	},
	{
		call: ['callerId', 'getAll', { returnAll: true }],
		sent: 'POST /apiCalls/getPhones',
		fields: {},
	},
	{
		call: ['callerId', 'getAll', { returnAll: true, options: { all: true } }],
		sent: 'POST /apiCalls/getPhones',
		fields: { all: true },
	},
	{
		call: ['language', 'getAll', { returnAll: true }],
		sent: 'GET /apiCalls/getAvailableLanguages',
		fields: {},
	},
	{
		call: ['template', 'getAll', { returnAll: true }],
		sent: 'POST /apiCalls/getTemplates',
		fields: {},
	},
	{
		call: ['template', 'getAll', { returnAll: true, options: { onlyModerated: true } }],
		sent: 'POST /apiCalls/getTemplates',
		fields: { onlyModerated: 1 },
	},
	{
		call: ['template', 'getAll', { returnAll: true, options: { onlyModerated: false } }],
		sent: 'POST /apiCalls/getTemplates',
		fields: { onlyModerated: 0 },
	},
	{
		call: ['recording', 'create', { name: ' Greeting ', source: 'text', text: 'Hello' }],
		sent: 'POST /apiCalls/createRecord',
		fields: { name: 'Greeting', source: 'text', text: 'Hello' },
		charge: 'createRecord',
	},
	{
		call: ['recording', 'create', { name: 'Greeting', source: 'file' }],
		sent: 'POST /apiCalls/createRecord',
		fields: {
			name: 'Greeting',
			source: 'file',
			file: { filename: 'hello.wav', mime: 'audio/wav', size: 4 },
		},
	},
	{
		call: ['recording', 'delete', { recordingId: '1342' }],
		sent: 'POST /apiCalls/removeRecord',
		fields: { idList: [1342] },
	},
	{
		call: ['verification', 'callWithPin', { phone, pinSource: 'own', pin: '0042' }],
		sent: 'POST /apiVerificationPhones/confirmPhone',
		fields: { phone: PHONE, pin: '0042' },
		charge: 'confirmPhone',
	},
	{
		call: ['verification', 'callWithPin', { phone }],
		sent: 'POST /apiVerificationPhones/confirmPhone',
		fields: { phone: PHONE, pin: expect.stringMatching(/^\d{4}$/) },
		charge: 'confirmPhone',
	},
];

async function run([resource, operation, parameters = {}]: Call) {
	const binaries = [{ data: SOUND }];
	return await runZvonobot(simulator, resource, operation, parameters, [{}], { binaries });
}

it.each(rows.map((row) => [`${row.sent} ${JSON.stringify(row.fields)}`, row] as const))(
	'%s is one request with the key among the documented fields and nothing else',
	async (_, { call, after = [], sent, fields, charge }) => {
		for (const before of after) expect((await run(before)).error).toBeUndefined();
		simulator.journal.clear();

		const { error, json } = await run(call);

		expect(error).toBeUndefined();
		expect(JSON.stringify(json)).not.toContain(PRESET_ZVONOBOT);
		const { requests, charges } = simulator.journal;
		const all = { ...fields, apiKey: PRESET_ZVONOBOT };
		const isGet = sent.startsWith('GET');
		expect(
			requests.map(({ method, path, query, body, status }) => ({
				sent: `${method} ${path}`,
				query,
				body,
				status,
			})),
		).toEqual([{ sent, query: isGet ? all : {}, body: isGet ? null : all, status: 200 }]);
		expect(charges.map(({ operation }) => operation)).toEqual(charge ? [charge] : []);
	},
);

it('puts the key nowhere else', async () => {
	await run(['account', 'getBalance']);

	const { headers } = simulator.journal.requests[0] ?? {};
	expect(Object.keys(headers ?? {}).sort()).toEqual([
		'accept',
		'accept-encoding',
		'connection',
		'content-length',
		'content-type',
		'host',
		'user-agent',
	]);
	expect(headers).toMatchObject({
		accept: 'application/json',
		'content-type': 'application/json',
	});
	expect(JSON.stringify(headers)).not.toContain(PRESET_ZVONOBOT);
});

it('knows the wire of every operation that sends something to the API, and of all 13 endpoints', () => {
	const covered = new Set(rows.map(({ call }) => call.slice(0, 2).join('/')));
	// Those that wait send what these do, and have tests of their own.
	const existing = allOperations(resources)
		.filter(({ operation }) => !('wait' in operation))
		.map(({ resource, operation }) => `${resource.value}/${operation.option.value}`);

	expect([...covered, 'call/downloadRecording', 'verification/checkCode'].sort()).toEqual(
		existing.sort(),
	);
	expect(new Set(rows.map(({ sent }) => sent)).size).toBe(13);
});

it.each(['', '/', '/apiCalls/create', '/apiCalls'])(
	'finds the endpoints when the domain ends with "%s"',
	async (ending) => {
		const { error } = await runZvonobot(simulator, 'account', 'getBalance', {}, [{}], {
			credentials: {
				zvonobotApi: { apiKey: ` ${PRESET_ZVONOBOT}\n`, domain: ` ${simulator.url}${ending} ` },
			},
		});

		expect(error).toBeUndefined();
		expect(simulator.journal.requests).toMatchObject([{ path: '/apiCalls/userInfo' }]);
	},
);
