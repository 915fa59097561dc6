import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { resources } from '../../../nodes/Mobilgroup/resources';
import { allOperations } from '../../../nodes/shared/describe';
import { runMobilgroup, simulatorCredentials } from '../../support/mobilgroup';
import { PRESET_MOBILGROUP } from '../../support/simulator/mobilgroup';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const SEND = '/api/voice-password/send/';
const NUMBER = '79991112233';
/** An expression that finds nothing: n8n itself refuses to run a node whose field was left empty. */
const NOTHING = '={{ $json.nothing }}';

interface Row {
	mode: string;
	operation: string;
	parameters: INodeParameters;
	body: IDataObject;
	charge: 'flash-call' | 'voice' | 'sms';
}

const phone = '8 (999) 111-22-33';
const voice = (codeSource: string, more: INodeParameters = {}) => ({ phone, codeSource, ...more });

const rows: Row[] = [
	{
		mode: 'a flash call',
		operation: 'sendFlashCall',
		parameters: { phone },
		body: { number: NUMBER },
		charge: 'flash-call',
	},
	{
		mode: 'a flash call with six digits',
		operation: 'sendFlashCall',
		parameters: { phone, options: { capacity: 6 } },
		body: { number: NUMBER, capacity: '6' },
		charge: 'flash-call',
	},
	{
		mode: 'a flash call with the four digits of the preset, asked for',
		operation: 'sendFlashCall',
		parameters: { phone, options: { capacity: 4 } },
		body: { number: NUMBER, capacity: '4' },
		charge: 'flash-call',
	},
	{
		mode: 'a flash call that the flow waits for',
		operation: 'sendCodeAndWait',
		parameters: { phone },
		body: { number: NUMBER },
		charge: 'flash-call',
	},
	{
		mode: 'a voice call that the flow waits for, with a code of its own making',
		operation: 'sendCodeAndWait',
		parameters: { phone, channel: 'voiceCode', options: { repeat: true, capacity: 6 } },
		body: { number: NUMBER, voice: { code: expect.stringMatching(/^\d{4}$/), repeat: '1' } },
		charge: 'voice',
	},
	{
		mode: 'a voice call with the last digits of the caller',
		operation: 'sendVoiceCode',
		parameters: voice('lastDigits'),
		body: { number: NUMBER, voice: {} },
		charge: 'voice',
	},
	{
		mode: 'a voice call with an own code',
		operation: 'sendVoiceCode',
		parameters: voice('own', { code: '0042' }),
		body: { number: NUMBER, voice: { code: '0042' } },
		charge: 'voice',
	},
	{
		mode: 'a voice call with a random code',
		operation: 'sendVoiceCode',
		parameters: voice('random'),
		body: { number: NUMBER, voice: { code: expect.stringMatching(/^\d{4}$/) } },
		charge: 'voice',
	},
	{
		mode: 'a voice call of which nothing was chosen',
		operation: 'sendVoiceCode',
		parameters: { phone },
		body: { number: NUMBER, voice: { code: expect.stringMatching(/^\d{4}$/) } },
		charge: 'voice',
	},
	{
		mode: 'a voice call that repeats the code',
		operation: 'sendVoiceCode',
		parameters: voice('own', { code: '1234', options: { repeat: true } }),
		body: { number: NUMBER, voice: { code: '1234', repeat: '1' } },
		charge: 'voice',
	},
	{
		mode: 'a voice call that does not repeat the code',
		operation: 'sendVoiceCode',
		parameters: voice('own', { code: '1234', options: { repeat: false, callerId: '' } }),
		body: { number: NUMBER, voice: { code: '1234' } },
		charge: 'voice',
	},
	{
		mode: 'a voice call from an own number',
		operation: 'sendVoiceCode',
		parameters: voice('own', {
			code: '1234',
			options: { repeat: true, callerId: '+7 (495) 999-99-99' },
		}),
		body: { number: NUMBER, voice: { code: '1234', repeat: '1', ani: '74959999999' } },
		charge: 'voice',
	},
	{
		mode: 'an SMS',
		operation: 'sendSmsFallback',
		parameters: { requestId: ' 1234 ' },
		body: { sms: { id: '1234' } },
		charge: 'sms',
	},
];

it.each(rows.map((row) => [row.mode, row] as const))(
	'%s is one request with the documented body and nothing else, and one charge',
	async (_, { operation, parameters, body, charge }) => {
		if (charge === 'sms') await runMobilgroup(simulator, 'sendFlashCall', { phone });
		simulator.journal.clear();

		const { error } = await runMobilgroup(simulator, operation, parameters);

		expect(error).toBeUndefined();
		const { requests, charges } = simulator.journal;
		expect(
			requests.map(({ method, path, query, body: sent, status }) => ({
				sent: `${method} ${path}`,
				query,
				body: sent,
				status,
			})),
		).toEqual([{ sent: `POST ${SEND}`, query: {}, body, status: 200 }]);
		expect(charges).toMatchObject([{ operation: `voice-password/${charge}`, phone: NUMBER }]);
	},
);

it('puts the key alone into the header, and only there', async () => {
	await runMobilgroup(simulator, 'sendFlashCall', { phone });

	const { headers, ...rest } = simulator.journal.requests[0] ?? {};
	expect(Object.keys(headers ?? {}).sort()).toEqual([
		'accept',
		'accept-encoding',
		'authorization',
		'connection',
		'content-length',
		'content-type',
		'host',
		'user-agent',
	]);
	expect(headers).toMatchObject({
		accept: 'application/json',
		'content-type': 'application/json',
		authorization: PRESET_MOBILGROUP,
	});
	expect(JSON.stringify(rest)).not.toContain(PRESET_MOBILGROUP);
});

it.each([
	['blanks and a line break', (key: string) => `  ${key}\n`],
	['"Bearer" in front', (key: string) => `Bearer ${key}`],
])('sends a key that was pasted with %s alone', async (_, paste) => {
	const { error } = await runMobilgroup(simulator, 'sendFlashCall', { phone }, [{}], {
		credentials: { mobilgroupApi: { apiKey: paste(PRESET_MOBILGROUP), baseUrl: simulator.url } },
	});

	expect(error).toBeUndefined();
	expect(simulator.journal.requests[0]?.headers.authorization).toBe(PRESET_MOBILGROUP);
});

it.each(['', '/', SEND, SEND.slice(0, -1)])(
	'finds the endpoint when the base URL ends with "%s"',
	async (ending) => {
		const { mobilgroupApi } = simulatorCredentials(simulator);

		const { error } = await runMobilgroup(simulator, 'sendFlashCall', { phone }, [{}], {
			credentials: {
				mobilgroupApi: { ...mobilgroupApi, baseUrl: ` ${simulator.url}${ending} ` },
			},
		});

		expect(error).toBeUndefined();
		expect(simulator.journal.requests.map(({ path }) => path)).toEqual([SEND]);
	},
);

it.each<[problem: string, operation: string, parameters: INodeParameters]>([
	['Phone is empty', 'sendFlashCall', { phone: NOTHING }],
	['Phone is too short', 'sendVoiceCode', { phone: '12' }],
	[
		'Code Length is not a whole number from 4 to 10',
		'sendFlashCall',
		{ phone, options: { capacity: 3 } },
	],
	[
		'Code Length is not a whole number from 4 to 10',
		'sendFlashCall',
		{ phone, options: { capacity: 11 } },
	],
	[
		'Valid For (Minutes) is not a whole number from 1 to 1440',
		'sendFlashCall',
		{ phone, options: { validMinutes: 0 } },
	],
	['Code is not four digits', 'sendVoiceCode', voice('own', { code: '12345' })],
	['Code is not four digits', 'sendVoiceCode', voice('own', { code: 42 })],
	['Code is not four digits', 'sendVoiceCode', voice('own', { code: '٠١٢٣' })],
	['Code is empty', 'sendVoiceCode', voice('own', { code: NOTHING })],
	['Code Source is none of the values it may have', 'sendVoiceCode', voice('dice')],
	['Caller ID is too short', 'sendVoiceCode', { phone, options: { callerId: '495' } }],
	['Request ID is empty', 'sendSmsFallback', { requestId: NOTHING }],
	['Request ID is not an ID', 'sendSmsFallback', { requestId: '12 34' }],
	['Request ID is not an ID', 'sendSmsFallback', { requestId: 'x'.repeat(65) }],
])('says "%s" before any request: %s %j', async (problem, operation, parameters) => {
	const { error } = await runMobilgroup(simulator, operation, parameters);

	expect(error?.message).toBe(problem);
	expect(error?.description).toMatch(/\S/);
	expect(error?.context.code).toBe('invalid_input');
	expect(simulator.journal.requests).toEqual([]);
});

it('knows the wire of every operation that sends something', () => {
	const covered = new Set(rows.map(({ operation }) => operation));
	const existing = allOperations(resources).map(({ operation }) => operation.option.value);

	expect([...covered, 'checkCode'].sort()).toEqual(existing.sort());
});
