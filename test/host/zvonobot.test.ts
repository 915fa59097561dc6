/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { Buffer } from 'node:buffer';
import { setTimeout as sleep } from 'node:timers/promises';

import type { IDataObject, INode } from 'n8n-workflow';

import {
	CALLER_IDS,
	LANGUAGES,
	type PlayStep,
	type ZvonobotOptions,
} from '../support/simulator/zvonobot';
import { manualChain, manualFlow, nodeOf, START, waitingNode, ZVONOBOT } from './flows';
import {
	errorOf,
	itemsOf,
	post,
	type Credential,
	type DropDown,
	type Execution,
	type Host,
	type WorkflowFile,
} from './n8n';
import { readWorkflow, setStage, type Stage } from './stage';
import { describeOnN8n2 } from './versions';
import type { SimulatorClient } from '../support/simulator/client';
import type { RequestEntry } from '../support/simulator/journal';

const PHONE = '+7 999 111-22-33';
const DIGITS = '79991112233';
const FUTURE = '2030-01-01T10:00:00Z';
const FUTURE_SECONDS = 1_893_492_000;
/** A call with the fewest fields; it is planned, so that it can be taken back. */
const SPOKEN = {
	phone: '={{ $json.phone }}',
	callerIdSource: 'duty',
	say: 'text',
	text: 'Your order is ready',
	options: {},
};
const PLANNED = { ...SPOKEN, options: { plannedAt: FUTURE } };

/** How the simulator behaves unless a test says otherwise. */
const USUAL: Partial<ZvonobotOptions> = {
	answerOrder: 'asked',
	languagesByPost: false,
	refusalStatus: 200,
	retryDelayMs: 50,
	wrapping: 'wrapped',
};

let stage: Stage;
let host: Host;
let simulator: SimulatorClient;
let credential: Credential;

beforeAll(async () => {
	const tarball = process.env.FLASHCALL_TARBALL;
	if (!tarball) throw new Error('Start these tests with `npm run test:host`.');
	stage = await setStage({ tarball });
	({ host, simulator } = stage);
	({ zvonobot: credential } = stage.credentials);
	await simulator.setZvonobot({ ...USUAL, balance: 100_000 });
}, 180_000);

afterAll(async () => {
	await stage?.stop();
}, 30_000);

beforeEach(async () => {
	await simulator.clearJournal();
});

afterEach(async () => {
	await simulator.clearFaults();
	await simulator.setZvonobot(USUAL);
});

/** An operation of the node, to stand in a flow under the given name. */
function zvonobot(name: string, resource: string, operation: string, parameters: object): INode {
	return waitingNode(name, { node: ZVONOBOT, resource, operation, parameters, credential });
}

async function runFlow(flow: WorkflowFile): Promise<Execution> {
	return await host.runManually(await host.importWorkflow(flow, [credential]), START);
}

/** Runs one operation by hand, which has to succeed. */
async function run(
	resource: string,
	operation: string,
	parameters: object,
	items: IDataObject[] = [{}],
): Promise<IDataObject[]> {
	const node = zvonobot(ZVONOBOT, resource, operation, parameters);
	const execution = await runFlow(manualChain(operation, items, [node]));
	expect(errorOf(execution, ZVONOBOT)).toBeUndefined();
	return jsonOf(execution, ZVONOBOT);
}

function jsonOf(execution: Execution, node: string): IDataObject[] {
	return itemsOf(execution, node).map(({ json }) => json);
}

/** What was asked of the provider, as "METHOD path". */
async function asked(): Promise<string[]> {
	return (await simulator.journal()).requests.map(({ method, path }) => `${method} ${path}`);
}

async function requestsTo(path: string): Promise<RequestEntry[]> {
	return (await simulator.journal()).requests.filter((request) => request.path === path);
}

describe("the credential test of Zvonobot's key", () => {
	const credentialWith = async (change: IDataObject) =>
		await host.createCredential(credential.type, 'Changed', {
			apiKey: (await simulator.zvonobot()).apiKey,
			domain: simulator.url,
			...change,
		});
	const resultOf = async (change: IDataObject) =>
		await host.testCredential(await credentialWith(change));

	it('passes with the right key, and calls nobody', async () => {
		expect(await host.testCredential(credential)).toMatchObject({ status: 'OK' });
		expect(await asked()).toEqual(['POST /apiCalls/userInfo']);
		expect((await simulator.journal()).charges).toEqual([]);
	});

	it('passes with a domain that was pasted with a path', async () => {
		expect(await resultOf({ domain: ` ${simulator.url}/login ` })).toMatchObject({ status: 'OK' });
	});

	it('passes when the host answers bare', async () => {
		await simulator.setZvonobot({ wrapping: 'bare' });
		expect(await host.testCredential(credential)).toMatchObject({ status: 'OK' });
	});

	it.each([200, 400, 422] as const)(
		'fails with a wrong key that is refused with HTTP %i',
		async (refusalStatus) => {
			await simulator.setZvonobot({ refusalStatus });
			const result = await resultOf({ apiKey: 'a-wrong-api-key' });
			expect(result.status).toBe('Error');
			expect(result.message).toContain('did not accept the API key');
		},
	);

	it.each([
		['nobody listens at', 'http://127.0.0.1:9'],
		['is none', 'not a domain'],
		['would get the key over plain http', 'http://lk.zvonobot.example'],
	])('fails with a domain that %s', async (_, domain) => {
		expect(await resultOf({ domain })).toMatchObject({ status: 'Error' });
		expect(await asked()).toEqual([]);
	});

	it('fails when the domain answers with a page', async () => {
		await simulator.addFaults({ kind: 'html', match: { path: '/apiCalls/userInfo' } });
		expect(await host.testCredential(credential)).toEqual({
			status: 'Error',
			message: 'This is not how Zvonobot answers. Check the domain.',
		});
	});
});

describe('the drop-downs of the editor', () => {
	const dropDown = (methodName: string, path: string, of = credential): DropDown => ({
		node: 'zvonobot',
		methodName,
		path: `parameters.${path}`,
		parameters: { resource: 'call', operation: 'create', options: {} },
		credential: of,
	});

	it('offer the languages', async () => {
		expect(await host.options(dropDown('getLanguages', 'options.lang'))).toEqual(
			LANGUAGES.map(({ name, defaultLangCode }) => ({ name, value: defaultLangCode })),
		);
		expect(await asked()).toEqual(['GET /apiCalls/getAvailableLanguages']);
	});

	it('offer the languages of a host that wants POST', async () => {
		await simulator.setZvonobot({ languagesByPost: true });
		const languages = await host.options(dropDown('getLanguages', 'options.lang'));
		expect(languages).toHaveLength(LANGUAGES.length);
	});

	it("search the account's own numbers to call from", async () => {
		const own = CALLER_IDS.filter(({ overall }) => overall === 0).map(({ phone }) => ({
			name: `+${phone}`,
			value: phone,
		}));
		const callerIds = dropDown('searchCallerIds', 'callerId');
		expect(await host.searchResults(callerIds)).toEqual({ results: own });
		expect(await host.searchResults(callerIds, '7495')).toEqual({ results: own.slice(1) });
	});

	it('search the templates', async () => {
		expect(await host.searchResults(dropDown('searchTemplates', 'template'), 'скид')).toEqual({
			results: [{ name: 'Скидка (1)', value: '1' }],
		});
	});

	it('say what to do about a wrong key', async () => {
		const wrong = await host.createCredential(credential.type, 'Wrong', {
			apiKey: 'a-wrong-api-key',
			domain: simulator.url,
		});
		const explanation = 'Zvonobot did not accept the API key. Ask your manager for the key';
		const callerIds = dropDown('searchCallerIds', 'callerId', wrong);
		await expect(host.searchResults(callerIds)).rejects.toThrow(explanation);
		await expect(host.options(dropDown('getLanguages', 'options.lang', wrong))).rejects.toThrow(
			explanation,
		);
	});
});

describe('a planned call', () => {
	it('is created, seen, moved and taken back in one flow', async () => {
		const id = { callId: '={{ $json.callId }}', options: {} };
		const execution = await runFlow(
			manualChain(
				'A planned call',
				[{ phone: PHONE }],
				[
					zvonobot('Create', 'call', 'create', PLANNED),
					zvonobot('Get', 'call', 'get', id),
					zvonobot('Move', 'call', 'reschedule', { ...id, plannedAt: '2030-01-02T10:00:00Z' }),
					zvonobot('Cancel', 'call', 'cancel', id),
				],
			),
		);

		expect(execution.status).toBe('success');
		const planned = { callId: expect.any(Number), plannedAt: '2030-01-01T10:00:00.000Z' };
		expect(jsonOf(execution, 'Create')).toMatchObject([{ ...planned, phone: DIGITS }]);
		expect(jsonOf(execution, 'Get')).toMatchObject([
			{ ...planned, phone: DIGITS, status: 'created' },
		]);
		expect(jsonOf(execution, 'Move')).toEqual([
			{ callId: expect.any(Number), plannedAt: '2030-01-02T10:00:00.000Z' },
		]);
		expect(jsonOf(execution, 'Cancel')).toEqual([{ callId: expect.any(Number), cancelled: true }]);
		expect(await asked()).toEqual([
			'POST /apiCalls/create',
			'POST /apiCalls/get',
			'POST /apiCalls/update',
			'POST /apiCalls/remove',
		]);
		const { calls } = await simulator.zvonobot();
		expect(calls.at(-1)).toMatchObject({
			phone: DIGITS,
			plannedAt: FUTURE_SECONDS + 86_400,
			removed: true,
		});
	});

	it('of a template is found and taken back as such', async () => {
		const [created] = await run('call', 'createFromTemplate', {
			phone: PHONE,
			template: { __rl: true, mode: 'list', value: '1' },
			variables: {
				values: [
					{ placeholder: '{name}', value: 'Elena' },
					{ placeholder: 'var1', value: '10%' },
				],
			},
			callerIdSource: 'own',
			callerId: { __rl: true, mode: 'list', value: CALLER_IDS[1]?.phone },
			options: { plannedAt: FUTURE },
		});
		expect(created).toMatchObject({
			phone: DIGITS,
			templateId: 1,
			variables: { name: 'Elena', var1: '10%' },
		});
		const id = { callId: String(created?.callId), options: {} };

		expect(await run('call', 'get', { ...id, fromTemplate: true })).toMatchObject([
			{ callId: created?.callId, templateId: 1 },
		]);
		expect(await run('call', 'cancelFromTemplate', id)).toEqual([
			{ callId: created?.callId, cancelled: true },
		]);
		expect((await requestsTo('/apiCalls/remove')).map(({ body }) => body)).toMatchObject([
			{ isTemplate: 1 },
		]);
	});

	it('that has begun fails to be taken back, and says so', async () => {
		const [created] = await run('call', 'create', PLANNED, [{ phone: PHONE }]);
		await simulator.playCall({ id: Number(created?.callId) }, { steps: ['processed'] });

		const execution = await runFlow(
			manualFlow({
				node: ZVONOBOT,
				resource: 'call',
				operation: 'cancel',
				parameters: { callId: '={{ $json.callId }}', options: {} },
				items: [{ callId: created?.callId }],
				credential,
			}),
		);

		expect(execution.status).toBe('error');
		expect(errorOf(execution, ZVONOBOT)?.message).toContain('was not cancelled');
	});
});

describe('a thousand calls', () => {
	const phones = Array.from({ length: 1000 }, (_, index) => String(79_992_000_000 + index));
	const pairs = phones.map((_, index) => ({ item: index }));
	let callIds: unknown[];

	async function runAll(operation: string, parameters: object, items: IDataObject[]) {
		const execution = await runFlow(
			manualFlow({
				node: ZVONOBOT,
				resource: 'call',
				operation,
				parameters,
				items,
				credential,
			}),
		);
		expect(execution.status).toBe('success');
		const out = itemsOf(execution, ZVONOBOT);
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual(
			pairs.map((pair) => expect.objectContaining(pair)),
		);
		return out.map(({ json }) => json);
	}

	it('are created with two requests, in order and paired, however the answers are ordered', async () => {
		await simulator.setZvonobot({ answerOrder: 'shuffled' });
		const created = await runAll(
			'create',
			PLANNED,
			phones.map((phone) => ({ phone })),
		);

		const requests = await requestsTo('/apiCalls/create');
		expect(requests.map(({ body }) => (body as { phones: string[] }).phones)).toEqual([
			phones.slice(0, 500),
			phones.slice(500),
		]);
		const { charges } = await simulator.journal();
		expect(charges.map(({ phone }) => phone).sort()).toEqual(phones);
		expect(created.map(({ phone }) => phone)).toEqual(phones);
		callIds = created.map(({ callId }) => callId);
		expect(new Set(callIds).size).toBe(1000);
		const { calls } = await simulator.zvonobot();
		const phoneOf = new Map(calls.map(({ id, phone }) => [id, phone]));
		expect(callIds.map((id) => phoneOf.get(Number(id)))).toEqual(phones);
	}, 120_000);

	it('are read with one request', async () => {
		const read = await runAll(
			'get',
			{ callId: '={{ $json.callId }}', options: {} },
			callIds.map((callId) => ({ callId }) as IDataObject),
		);

		expect(await asked()).toEqual(['POST /apiCalls/get']);
		expect(read.map(({ callId }) => callId)).toEqual(callIds);
		expect(read.map(({ phone }) => phone)).toEqual(phones);
	}, 120_000);

	it('are taken back with one request', async () => {
		const cancelled = await runAll(
			'cancel',
			{ callId: '={{ $json.callId }}', options: {} },
			callIds.map((callId) => ({ callId }) as IDataObject),
		);

		expect(await asked()).toEqual(['POST /apiCalls/remove']);
		expect(cancelled).toEqual(callIds.map((callId) => ({ callId, cancelled: true })));
		const { calls } = await simulator.zvonobot();
		const ours = calls.filter(({ id }) => callIds.includes(id));
		expect(ours.filter(({ removed }) => removed)).toHaveLength(1000);
	}, 120_000);
});

describe('recordings', () => {
	/** Not a sound, but bytes that no text could carry. */
	const sound = Buffer.from(Array.from({ length: 3000 }, (_, index) => index % 256));
	const toFile = nodeOf('To file', 'n8n-nodes-base.convertToFile', 1.1, {
		operation: 'toBinary',
		sourceProperty: 'sound',
		options: { fileName: 'greeting.mp3', mimeType: 'audio/mpeg' },
	});
	const toText = nodeOf('To text', 'n8n-nodes-base.extractFromFile', 1, {
		operation: 'binaryToPropery',
		binaryPropertyName: 'file',
		destinationKey: 'sound',
		options: {},
	});
	const download = (name: string, recordingUrl = '={{ $json.recordingUrl }}') =>
		zvonobot(name, 'call', 'downloadRecording', {
			recordingUrl,
			binaryProperty: 'file',
			options: {},
		});

	it('are uploaded byte by byte as a form, downloaded again, and deleted', async () => {
		const execution = await runFlow(
			manualChain(
				'A recording',
				[{ sound: sound.toString('base64') }],
				[
					toFile,
					zvonobot('Create', 'recording', 'create', {
						name: 'Greeting',
						source: 'file',
						binaryPropertyName: 'data',
						options: {},
					}),
					download('Download'),
					toText,
					zvonobot('Delete', 'recording', 'delete', {
						recordingId: "={{ $('Create').item.json.recordingId }}",
						options: {},
					}),
				],
			),
		);

		expect(execution.status).toBe('success');
		const [created] = jsonOf(execution, 'Create');
		expect(created).toMatchObject({ recordingId: expect.any(Number), name: 'Greeting' });
		const [upload] = await requestsTo('/apiCalls/createRecord');
		expect(upload?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
		expect(upload?.body).toMatchObject({
			name: 'Greeting',
			source: 'file',
			file: { filename: 'greeting.mp3', mime: 'audio/mpeg', size: sound.length },
		});
		expect(jsonOf(execution, 'To text')).toMatchObject([{ sound: sound.toString('base64') }]);
		expect(jsonOf(execution, 'Delete')).toMatchObject([
			{ recordingId: created?.recordingId, deleted: true },
		]);
		const { records } = await simulator.zvonobot();
		expect(records.find(({ id }) => id === created?.recordingId)?.deletedAt).not.toBeNull();
	});

	it('of a call are downloaded without the API key', async () => {
		const [created] = await run('call', 'create', { ...SPOKEN, options: { needRecording: true } }, [
			{ phone: PHONE },
		]);
		await simulator.playCall({ id: Number(created?.callId) }, { steps: 'talked' });
		await simulator.clearJournal();

		const execution = await runFlow(
			manualChain(
				'The sound of a call',
				[{ callId: created?.callId ?? null }],
				[
					zvonobot('Get', 'call', 'get', { callId: '={{ $json.callId }}', options: {} }),
					download('Download'),
				],
			),
		);

		const [item] = itemsOf(execution, 'Download');
		const fileName = `call-${String(created?.callId)}.mp3`;
		expect(item?.json).toMatchObject({ fileName, bytes: 4096 });
		expect(item?.binary?.file).toMatchObject({ fileName, mimeType: 'audio/mpeg' });
		const [request] = await requestsTo(`/recordings/${fileName}`);
		expect(JSON.stringify(request)).not.toContain((await simulator.zvonobot()).apiKey);
	});

	it('are fetched from nowhere but the host of the credential', async () => {
		const node = download('Download', `${host.url}/healthz`);
		const execution = await runFlow(manualChain('A foreign recording', [{}], [node]));

		expect(execution.status).toBe('error');
		expect(errorOf(execution, 'Download')?.message).toContain(
			`leads to ${new URL(host.url).host}, which is not the host of the credential`,
		);
	});
});

describe('a voice menu that was filled in', () => {
	it('reaches Zvonobot as its tree, with expressions evaluated for each item', async () => {
		const entries = [
			{
				when: 'answer',
				digit: 1,
				keyWords: 'yes, of course',
				play: 'text',
				text: '=Thank you, {{ $json.name }}',
				gender: 1,
				actions: { smsText: '={{ $json.name }}, see you', needBlock: false },
				ivrs: {
					entries: [
						{ when: 'answer', digit: 0, play: 'recording', recordId: '1342', actions: {} },
						{ when: 'stay', play: 'text', text: 'Goodbye', gender: 0, actions: {} },
					],
				},
			},
			{
				when: 'anyWord',
				recognitionTimeout: 5,
				play: 'nothing',
				actions: { managerPhone: '8 (495) 123-45-67' },
			},
		];
		const created = await run(
			'call',
			'create',
			{ ...SPOKEN, menuSource: 'fields', menu: { entries } },
			[
				{ phone: '79993000001', name: 'Elena' },
				{ phone: '79993000002', name: 'Ivan' },
			],
		);

		expect(created).toHaveLength(2);
		const requests = await requestsTo('/apiCalls/create');
		expect(requests.map(({ body }) => body)).toEqual(
			['Elena', 'Ivan'].map((name, index) =>
				expect.objectContaining({
					phone: `7999300000${index + 1}`,
					ivrs: [
						{
							digit: 1,
							keyWords: 'yes|of course',
							record: { text: `Thank you, ${name}`, gender: 1 },
							needBlock: 0,
							smsText: `${name}, see you`,
							ivrs: [
								{ digit: 0, record: { id: 1342 } },
								{ record: { text: 'Goodbye', gender: 0 } },
							],
						},
						{ anyWord: 1, recognitionTimeout: 5, managerPhone: '74951234567' },
					],
				}),
			),
		);
	});

	it('with a mistake keeps everybody from being called', async () => {
		const execution = await runFlow(
			manualFlow({
				node: ZVONOBOT,
				resource: 'call',
				operation: 'create',
				parameters: {
					...SPOKEN,
					menuSource: 'fields',
					menu: { entries: [{ when: 'answer', digit: 1, play: 'nothing', actions: {} }] },
				},
				items: [{ phone: PHONE }],
				credential,
			}),
		);

		expect(execution.status).toBe('error');
		expect(errorOf(execution, ZVONOBOT)?.message).toContain('Voice Menu › 1 does nothing');
		expect(await asked()).toEqual([]);
	});
});

describe('the example that reminds of an appointment', () => {
	const RESULTS = ['Talked, no key', 'Not reached', 'Confirmed', 'Cancelled', 'Not called'];
	const appointment = { name: 'Elena', time: 'Monday at 10:30' };
	let workflowId: string;

	beforeAll(async () => {
		workflowId = await host.importWorkflow(readWorkflow('appointment-reminder.json'), [credential]);
		await host.activate(workflowId);
	});

	/** Posts an appointment and waits until the person is called. */
	async function remind(phone: string): Promise<void> {
		const { status } = await post(host.webhookUrl('appointments/remind'), {
			...appointment,
			phone: `+${phone}`,
		});
		expect(status).toBe(200);
		for (let waits = false; !waits; ) {
			await sleep(50);
			waits = (await host.waiting(workflowId)).length > 0;
		}
		const { calls } = await simulator.zvonobot();
		expect(calls.filter((call) => call.phone === phone)).toHaveLength(1);
	}

	/** What the flow makes of the call of this person. */
	async function resultOf(phone: string, steps: PlayStep[]): Promise<IDataObject[]> {
		await remind(phone);
		const deliveries = await simulator.playCall({ phone }, { steps });
		expect(deliveries.map(({ tries }) => tries[0]?.status)).toEqual(deliveries.map(() => 200));
		const execution = await host.waitForExecution(workflowId, (one) =>
			jsonOf(one, 'Save the result').some((json) => json.phone === `+${phone}`),
		);
		const results = RESULTS.flatMap((node) => jsonOf(execution, node));
		expect(results).toEqual(jsonOf(execution, 'Save the result'));
		return results;
	}

	it.each<[what: string, last: number, steps: PlayStep[], result: IDataObject]>([
		['key 1 as confirmed', 1, [{ digit: 1 }], { result: 'confirmed' }],
		['key 2 as cancelled', 2, [{ digit: 2 }], { result: 'cancelled' }],
		[
			'key 1 after the question was repeated as confirmed',
			3,
			[{ digit: -1 }, { digit: 1 }],
			{ result: 'confirmed' },
		],
		['a person who pressed nothing as no_key', 4, [{ digit: -1 }], { result: 'no_key' }],
		['another key as no_key', 5, [{ digit: 7 }], { result: 'no_key' }],
	])('counts %s', async (_, last, answers, result) => {
		const phone = `7999400000${last}`;
		const steps: PlayStep[] = ['processed', 'started', 'answered', ...answers, 'finished'];
		expect(await resultOf(phone, steps)).toEqual([
			{ ...appointment, phone: `+${phone}`, ...result },
		]);
	});

	it('counts a person who did not pick up as not_reached', async () => {
		expect(await resultOf('79994000009', ['started', 'canceled'])).toEqual([
			{ ...appointment, phone: '+79994000009', result: 'not_reached', reason: 'no_answer' },
		]);
	});

	it('says when the appointment is, and offers the cancelling SMS', async () => {
		await resultOf('79994000008', ['started', 'canceled']);
		const [request] = await requestsTo('/apiCalls/create');
		expect(request?.body).toMatchObject({
			phone: '79994000008',
			dutyPhone: 1,
			record: {
				text: 'Hello, Elena! You have an appointment on Monday at 10:30. Press 1 if you are coming, or 2 to cancel it.',
			},
			ivrs: [
				{ digit: 1 },
				{ digit: 2, smsText: expect.stringContaining('https://') },
				{ ivrs: [{ digit: 1 }, { digit: 2 }] },
			],
		});
	});

	it('calls nobody without a name or a time to say', async () => {
		const phone = '+79994000010';
		for (const given of [{ name: 'Elena' }, { name: ' ', time: 'Monday at 10:30' }]) {
			await post(host.webhookUrl('appointments/remind'), { ...given, phone });
			const execution = await host.waitForExecution(workflowId, (one) =>
				jsonOf(one, 'Not called').some((json) => json.phone === phone && json.name === given.name),
			);

			expect(jsonOf(execution, 'Save the result')).toMatchObject([
				{ result: 'not_called', message: 'name and time are needed' },
			]);
		}
		expect(await asked()).toEqual([]);
	});

	it('calls nobody at a number that is none, and says why', async () => {
		await post(host.webhookUrl('appointments/remind'), { ...appointment, phone: '123' });
		const execution = await host.waitForExecution(workflowId, (one) =>
			jsonOf(one, 'Save the result').some((json) => json.phone === '123'),
		);

		expect(RESULTS.flatMap((node) => jsonOf(execution, node))).toEqual([
			{
				...appointment,
				phone: '123',
				result: 'not_called',
				reason: 'invalid_input',
				message: expect.stringContaining('Phone is too short'),
			},
		]);
		expect(await asked()).toEqual([]);
	});
});

// n8n 1 has no node that makes a data table.
describeOnN8n2('the example that dials a list', () => {
	const TABLE = { __rl: true, mode: 'name', value: 'Zvonobot call results' };
	const ELENA = '79991112233';
	const IVAN = '79161234567';
	let workflowId: string;

	beforeAll(async () => {
		const flow = readWorkflow('dial-a-list.json');
		const people = flow.nodes.find(({ name }) => name === 'People');
		const list = JSON.parse(String(people?.parameters.jsonOutput)) as { people: IDataObject[] };
		// As it comes, the example calls nobody.
		const phones = ['+7 999 111-22-33', '8 (916) 123-45-67'];
		list.people = list.people.map(({ name }, index) => ({ name, phone: phones[index] ?? '' }));
		list.people.push({ name: 'Nobody', phone: '123' });
		if (people) people.parameters.jsonOutput = JSON.stringify(list);
		workflowId = await host.importWorkflow(flow, [credential]);
		await host.activate(workflowId);
	});

	async function rows(): Promise<IDataObject[]> {
		const get = nodeOf('Rows', 'n8n-nodes-base.dataTable', 1.1, {
			resource: 'row',
			operation: 'get',
			dataTableId: TABLE,
			returnAll: true,
		});
		const found = jsonOf(await runFlow(manualChain('Rows', [{}], [get])), 'Rows');
		return found.sort((one, other) => String(one.name).localeCompare(String(other.name)));
	}

	/** Waits until the flow was started by what Zvonobot reported of a person. */
	async function written(phone: string, status: string): Promise<void> {
		await host.waitForExecution(workflowId, (one) =>
			jsonOf(one, 'Write down the result').some(
				(row) => row.phone === phone && row.status === status,
			),
		);
	}

	it('orders all calls with one request, for business hours, and lists whom it does not call', async () => {
		const execution = await host.runManually(workflowId, 'Start dialing');

		expect(execution.status).toBe('success');
		expect(await asked()).toEqual(['POST /apiCalls/create']);
		const [request] = await requestsTo('/apiCalls/create');
		expect(request?.body).toMatchObject({
			phones: [ELENA, IVAN],
			startTime: '09:00',
			endTime: '20:00',
			weekdays: [1, 2, 3, 4, 5],
			plannedAtTimeZone: 1,
			plannedAt: expect.any(Number),
			webhookUrl: expect.stringMatching(`^${host.url}/webhook/.+/webhook$`),
		});
		expect(await rows()).toMatchObject([
			{ name: 'Elena', phone: ELENA, callId: expect.any(Number), status: null },
			{ name: 'Ivan', phone: IVAN, callId: expect.any(Number), status: null },
			{
				name: 'Nobody',
				phone: '123',
				callId: null,
				status: 'not called',
				problem: expect.stringMatching(/^Phone is too short/),
			},
		]);
	});

	it('writes what came of each call into the row of its person, once', async () => {
		const elena = await simulator.playCall(
			{ phone: ELENA },
			{ steps: ['processed', 'started', 'answered', { digit: 1 }, 'finished'], repeat: 1 },
		);
		const ivan = await simulator.playCall({ phone: IVAN }, { steps: 'noAnswer' });
		await Promise.all([written(ELENA, 'finished'), written(IVAN, 'canceled')]);

		const replies = [...elena, ...ivan].flatMap(({ tries }) => tries.map(({ status }) => status));
		expect(new Set(replies)).toEqual(new Set([200]));
		expect(await rows()).toMatchObject([
			{ name: 'Elena', status: 'finished', answer: '1', cost: 3, finishedAt: expect.any(String) },
			{ name: 'Ivan', status: 'canceled', answer: '', cost: 0 },
			{ name: 'Nobody', status: 'not called' },
		]);
		const executions = await host.executions(workflowId);
		expect(executions.filter(({ mode }) => mode === 'webhook')).toHaveLength(2);
	});

	it('clears what came of the last call, and adds no second row, when a person is called again', async () => {
		await host.runManually(workflowId, 'Start dialing');
		const cleared = {
			callId: expect.any(Number),
			status: null,
			answer: null,
			cost: null,
			finishedAt: null,
		};
		expect(await rows()).toMatchObject([
			{ name: 'Elena', ...cleared },
			{ name: 'Ivan', ...cleared },
			{ name: 'Nobody', status: 'not called' },
		]);
		await simulator.playCall(
			{ phone: IVAN },
			{ steps: ['started', 'answered', { word: 'нет' }, 'finished'] },
		);
		await written(IVAN, 'finished');

		expect(await rows()).toMatchObject([
			{ name: 'Elena', status: null },
			{ name: 'Ivan', status: 'finished', answer: 'нет', cost: 3, finishedAt: expect.any(String) },
			{ name: 'Nobody' },
		]);
	});

	const notCalled = {
		callId: null,
		answer: null,
		cost: null,
		finishedAt: null,
		problem: expect.stringMatching(/./),
	};

	it('writes into the same row that a person was perhaps not called this time', async () => {
		await simulator.setZvonobot({ refusedPhones: [IVAN] });
		await host.runManually(workflowId, 'Start dialing').finally(async () => {
			await simulator.setZvonobot({ refusedPhones: [] });
		});

		expect(await rows()).toMatchObject([
			{ name: 'Elena', phone: ELENA, callId: expect.any(Number), status: null, problem: '' },
			// Left out of the answer: that does not say that there is no call.
			{ name: 'Ivan', phone: IVAN, ...notCalled, status: 'unknown' },
			{ name: 'Nobody', phone: '123', status: 'not called' },
		]);
	});

	it('writes into the same rows that nobody was called, when Zvonobot refuses', async () => {
		await simulator.setZvonobot({ balance: 0 });
		await host.runManually(workflowId, 'Start dialing').finally(async () => {
			await simulator.setZvonobot({ balance: 10_000 });
		});

		expect(await rows()).toMatchObject([
			{ name: 'Elena', phone: ELENA, ...notCalled, status: 'not called' },
			{ name: 'Ivan', phone: IVAN, ...notCalled, status: 'not called' },
			{ name: 'Nobody', phone: '123', status: 'not called' },
		]);
	});

	it('writes nothing for a forged report', async () => {
		const before = await rows();
		const [delivery] = await simulator.playCall(
			{ phone: ELENA },
			{ steps: ['started', 'canceled'], headers: { 'x-flashcall-secret': 'forged' } },
		);

		expect(delivery?.tries.map(({ status }) => status)).toEqual([401, 401, 401]);
		expect(await rows()).toEqual(before);
	});
});

describe('what the executions keep', () => {
	it('never holds the API key', async () => {
		const { apiKey } = await simulator.zvonobot();
		const execution = await runFlow(
			manualChain(
				'Everything free',
				[{}],
				[
					zvonobot('Balance', 'account', 'getBalance', { options: {} }),
					zvonobot('Languages', 'language', 'getAll', { options: {} }),
				],
			),
		);
		expect(execution.status).toBe('success');
		expect(jsonOf(execution, 'Balance')).toMatchObject([{ balance: expect.any(Number) }]);
		expect(JSON.stringify(execution)).not.toContain(apiKey);
	});
});
