import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { HOOK_PURPOSE, verifySecret } from '../../../nodes/Zvonobot/webhookSecret';
import { deriveKey } from '../../../nodes/shared/secrets';
import { startEcho } from '../../support/echo';
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
const HOOK = 'https://n8n.example.com/webhook/4f0d/webhook';
const ALMOST_TOO_LONG = `https://n8n.example.com/${'x'.repeat(255 - 24)}`;
/** An expression that finds nothing: n8n itself refuses to run a node whose field was left empty. */
const NOTHING = '={{ $json.nothing }}';

const hours = { startTime: '9:00', endTime: '20:30' };
const spoken = { phone: PHONE, callerIdSource: 'duty', say: 'text', text: 'Hello' };
const template = { phone: PHONE, template: { __rl: true, mode: 'id', value: '1' } };

async function create(parameters: INodeParameters = {}) {
	return await runZvonobot(simulator, 'call', 'create', { ...spoken, ...parameters });
}

async function createFromTemplate(parameters: INodeParameters = {}) {
	return await runZvonobot(simulator, 'call', 'createFromTemplate', { ...template, ...parameters });
}

function sentBody(): IDataObject {
	expect(simulator.journal.requests).toHaveLength(1);
	return simulator.journal.requests[0]?.body as IDataObject;
}

describe('an option of create', () => {
	it.each<[INodeParameters, IDataObject]>([
		[{ plannedAt: '2030-01-01T13:00:00+03:00' }, { plannedAt: 1_893_492_000 }],
		// In the time zone of the workflow, America/New_York.
		[{ plannedAt: '2030-01-01T05:00:00' }, { plannedAt: 1_893_492_000 }],
		[{ plannedAt: 1_893_492_000 }, { plannedAt: 1_893_492_000 }],
		[{ smartDelay: 15 }, { smartDelay: 15 }],
		[{ needRecording: true }, { needRecording: 1 }],
		[{ needRecording: false }, { needRecording: 0 }],
		[{ isManagerDeliveryPhone: true }, { isManagerDeliveryPhone: 1 }],
		[{ endOfSpeech: true }, { endOfSpeech: 1 }],
		[{ voiceDetection: false }, { voiceDetection: 0 }],
		[{ lang: 'kk-KZ' }, { lang: 'kk-KZ' }],
		[hours, { startTime: '09:00', endTime: '20:30' }],
		[
			{ startTime: '22:00', endTime: '06:00' },
			{ startTime: '22:00', endTime: '06:00' },
		],
		[{ plannedAtTimeZone: true }, { plannedAtTimeZone: 1 }],
		[
			{ ...hours, excludeWeekends: true },
			{ startTime: '09:00', endTime: '20:30', excludeWeekends: 1 },
		],
		[
			{ ...hours, weekdays: [5, 1], excludeWeekends: false },
			{ startTime: '09:00', endTime: '20:30', weekdays: [1, 5] },
		],
		[{ answerTimeout: 60 }, { answerTimeout: 60 }],
		[{ webhookUrl: ` ${HOOK} `, signWebhooks: false }, { webhookUrl: HOOK }],
		[{ webhookUrl: ALMOST_TOO_LONG, signWebhooks: false }, { webhookUrl: ALMOST_TOO_LONG }],
		[
			{
				webhookUrl: HOOK,
				signWebhooks: false,
				webhookParameters: { parameters: [{ name: 'orderId', value: '={{ 42 }}' }] },
				webhookHeaders: { headers: [{ name: 'X-Campaign', value: 'spring' }] },
			},
			{
				webhookUrl: HOOK,
				webhookParameters: '{"orderId":"42"}',
				webhookHeaders: '{"X-Campaign":"spring"}',
			},
		],
		[{ batchSize: 1, signWebhooks: true, itemsAtOnce: 1, timeout: 5 }, {}],
	])('%j is sent as %j', async (options, expected) => {
		const { error } = await create({ options });

		expect(error).toBeUndefined();
		expect(sentBody()).toEqual({
			apiKey: PRESET_ZVONOBOT,
			phone: PHONE,
			dutyPhone: 1,
			record: { text: 'Hello', gender: 0 },
			...expected,
		});
		expect(simulator.journal.requests[0]?.status).toBe(200);
	});

	it('goes into a request from a template just so', async () => {
		const { error } = await createFromTemplate({
			callerIdSource: 'duty',
			options: {
				plannedAt: '2030-01-01T10:00:00Z',
				smartDelay: 90,
				...hours,
				weekdays: [1],
				plannedAtTimeZone: true,
				webhookUrl: HOOK,
				signWebhooks: false,
			},
		});

		expect(error).toBeUndefined();
		expect(sentBody()).toEqual({
			apiKey: PRESET_ZVONOBOT,
			phones: [PHONE],
			templateId: 1,
			dutyPhone: 1,
			plannedAt: 1_893_492_000,
			smartDelay: 90,
			startTime: '09:00',
			endTime: '20:30',
			weekdays: [1],
			plannedAtTimeZone: 1,
			webhookUrl: HOOK,
		});
	});
});

it('sends a voice menu along', async () => {
	const menuJson = JSON.stringify([{ digit: 1, record: { id: 1342 } }]);

	const { error } = await create({ menuSource: 'json', menuJson });

	expect(error).toBeUndefined();
	expect(sentBody().ivrs).toEqual([{ digit: 1, record: { id: 1342 } }]);
});

it('counts characters, not bytes, and takes a text of 1,024 of them', async () => {
	const { error } = await create({ text: '📞'.repeat(1024) });

	expect(error).toBeUndefined();
	expect(simulator.journal.requests[0]?.status).toBe(200);
});

describe('what comes out', () => {
	it('is a flat call with times as ISO', async () => {
		const plannedAt = '2030-01-01T10:00:00.000Z';

		const { json } = await create({ options: { plannedAt, smartDelay: 20, needRecording: true } });

		expect(json).toEqual([
			{
				callId: 500_001,
				phone: PHONE,
				createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
				plannedAt,
				smartDelay: 20,
				needRecording: true,
				recordCost: 0.4,
			},
		]);
	});

	it('has the variables of a template under their placeholders', async () => {
		const { json } = await createFromTemplate({
			variables: { values: [{ placeholder: '{ name }', value: 'Elena' }] },
		});

		expect(json).toEqual([
			{
				callId: 500_001,
				phone: PHONE,
				createdAt: expect.stringMatching(/Z$/),
				plannedAt: null,
				smartDelay: null,
				templateId: 1,
				variables: { name: 'Elena' },
			},
		]);
	});
});

describe('a webhook', () => {
	const path = new URL(HOOK).pathname;
	const hookKey = deriveKey(PRESET_ZVONOBOT, HOOK_PURPOSE);

	function secretIn(webhookHeaders: unknown): unknown {
		return (JSON.parse(String(webhookHeaders)) as IDataObject)['X-Flashcall-Secret'];
	}

	it('has a secret that is not shown when Zvonobot quotes it alone', async () => {
		let secret = '';
		const echo = await startEcho(({ webhookHeaders }) => {
			secret = String(secretIn(webhookHeaders));
			return { status: 'error', message: `Bad header value ${secret}` };
		});

		const { error } = await runZvonobot({ ...simulator, url: echo.url }, 'call', 'create', {
			...spoken,
			options: { webhookUrl: HOOK },
		});
		echo.close();

		expect(secret).toMatch(/^[^.]+\.[\w-]{43}$/);
		expect(error?.message).toContain('Bad header value ***');
		expect(`${error?.message} ${error?.description}`).not.toContain(secret.slice(-43));
	});

	it('gets a secret that the trigger accepts, beside the headers of the user', async () => {
		const { json } = await create({
			options: {
				webhookUrl: HOOK,
				webhookHeaders: { headers: [{ name: 'X-Campaign', value: 'spring' }] },
			},
		});

		const { webhookHeaders } = sentBody();
		const { requestId } = json[0] ?? {};
		expect(JSON.parse(String(webhookHeaders))).toMatchObject({ 'X-Campaign': 'spring' });
		expect(verifySecret(hookKey, path, secretIn(webhookHeaders))).toMatchObject({
			genuine: true,
			requestId,
		});
	});

	it('gets one of its own wherever it stands in the voice menu', async () => {
		const elsewhere = 'https://n8n.example.com/webhook/77aa/webhook';
		const menuJson = JSON.stringify([
			{ digit: 1, ivrs: [{ digit: 2, webhookUrl: elsewhere, webhookHeaders: { a: 'b' } }] },
			{ digit: 3, record: { id: 1 } },
		]);

		const { json, error } = await create({ menuSource: 'json', menuJson });

		expect(error).toBeUndefined();
		const body = sentBody() as { ivrs: Array<{ ivrs?: IDataObject[] }>; webhookHeaders?: string };
		const [entry = {}] = body.ivrs[0]?.ivrs ?? [];
		expect(
			verifySecret(hookKey, new URL(elsewhere).pathname, secretIn(entry.webhookHeaders)),
		).toMatchObject({ genuine: true, requestId: json[0]?.requestId });
		expect(JSON.parse(String(entry.webhookHeaders))).toMatchObject({ a: 'b' });
		expect(body.ivrs[1]).toEqual({ digit: 3, record: { id: 1 } });
		expect(body).not.toHaveProperty('webhookHeaders');
	});

	it('has a secret of its own in each request', async () => {
		const [one, other] = [
			await create({ options: { webhookUrl: HOOK } }),
			await create({ options: { webhookUrl: HOOK } }),
		];

		expect(one.json[0]?.requestId).not.toBe(other.json[0]?.requestId);
	});

	it('replaces a secret the user made up, however it is spelled', async () => {
		await create({
			options: {
				webhookUrl: HOOK,
				webhookHeaders: { headers: [{ name: 'x-flashcall-secret', value: 'mine' }] },
			},
		});

		expect(sentBody().webhookHeaders).not.toContain('mine');
	});

	it('gets none when it is not to be signed, or when there is no webhook', async () => {
		const { json } = await create({ options: { webhookUrl: HOOK, signWebhooks: false } });
		const { json: without } = await create();

		expect(simulator.journal.requests.map(({ body }) => body)).toEqual([
			expect.not.objectContaining({ webhookHeaders: expect.anything() }),
			expect.not.objectContaining({ webhookHeaders: expect.anything() }),
		]);
		expect([json[0], without[0]]).toEqual([
			expect.not.objectContaining({ requestId: expect.anything() }),
			expect.not.objectContaining({ requestId: expect.anything() }),
		]);
	});
});

describe('before any request, create says', () => {
	it.each<[problem: string, parameters: INodeParameters]>([
		['Phone is empty', { phone: NOTHING }],
		['Phone is too short', { phone: '12' }],
		['Phone has 12 digits with its country code', { phone: '+375 29 111-22-33' }],
		['Caller ID is empty', { callerIdSource: 'own', callerId: rl(NOTHING) }],
		['Caller ID is not a number of 11 digits', { callerIdSource: 'own', callerId: rl('495') }],
		['Caller ID Source is none of the values', { callerIdSource: 'mine' }],
		['Text is empty', { text: NOTHING }],
		['Text is 1,050 characters long, 26 more than the 1,024 allowed', { text: 'x'.repeat(1050) }],
		['Recording ID is empty', { say: 'recording', recordingId: NOTHING }],
		['Recording ID is not an ID', { say: 'recording', recordingId: '1.5' }],
		['Recording ID is not an ID', { say: 'recording', recordingId: '-1' }],
		['Voice Menu is not valid JSON', { menuSource: 'json', menuJson: '[' }],
		['Planned At is not a date', { options: { plannedAt: 'soon' } }],
		['Planned At is not a date', { options: { plannedAt: NOTHING } }],
		[
			'Planned At lies in the past (2020-01-01 10:00:00, America/New_York)',
			{ options: { plannedAt: '2020-01-01T10:00:00' } },
		],
		['Smart Redial Delay is not a whole number from 15 to 90', { options: { smartDelay: 14 } }],
		['Smart Redial Delay is not a whole number from 15 to 90', { options: { smartDelay: 91 } }],
		['Answer Timeout is not a whole number from 15 to 60', { options: { answerTimeout: 61 } }],
		['Calls per Request is not a whole number from 1 to 5000', { options: { batchSize: 5001 } }],
		['Language Name or ID is not the code of a language', { options: { lang: 'russian' } }],
		['Language Name or ID is not the code of a language', { options: { lang: NOTHING } }],
		['End Time is missing', { options: { startTime: '09:00' } }],
		['Start Time is missing', { options: { endTime: '09:00' } }],
		['Start Time is not a time of day', { options: { startTime: '24:00', endTime: '09:00' } }],
		['End Time is not a time of day', { options: { startTime: '09:00', endTime: '9:60' } }],
		['Start Time is the same as End Time', { options: { startTime: '09:00', endTime: '9:00' } }],
		[
			'Days cannot be used together with Exclude Weekends',
			{
				options: { ...hours, weekdays: [1], excludeWeekends: true },
			},
		],
		['Days are not days of the week', { options: { ...hours, weekdays: [] } }],
		['Days are not days of the week', { options: { ...hours, weekdays: [8] } }],
		['Days would have no effect', { options: { weekdays: [1] } }],
		['Exclude Weekends would have no effect', { options: { excludeWeekends: true } }],
		['Webhook URL is not a web address', { options: { webhookUrl: NOTHING } }],
		['Webhook URL is not a web address', { options: { webhookUrl: 'ftp://example.com' } }],
		['Webhook URL is not a web address', { options: { webhookUrl: 'https://a b' } }],
		['Webhook URL has 256 characters', { options: { webhookUrl: `${ALMOST_TOO_LONG}x` } }],
		[
			'Webhook Headers have no Webhook URL to go to',
			{
				options: { webhookHeaders: { headers: [{ name: 'a', value: 'b' }] } },
			},
		],
		[
			'Webhook Parameters have no Webhook URL to go to',
			{
				options: { webhookParameters: { parameters: [{ name: 'a', value: 'b' }] } },
			},
		],
		[
			'Webhook Headers have a twice',
			{
				options: {
					webhookUrl: HOOK,
					webhookHeaders: {
						headers: [
							{ name: 'a', value: 'b' },
							{ name: ' a ', value: 'c' },
						],
					},
				},
			},
		],
		[
			'Webhook Headers has a name no HTTP header can have',
			{
				options: { webhookUrl: HOOK, webhookHeaders: { headers: [{ name: 'a b', value: 'c' }] } },
			},
		],
		[
			'Webhook Headers has a value in a that no HTTP header can have',
			{
				options: { webhookUrl: HOOK, webhookHeaders: { headers: [{ name: 'a', value: 'b\nc' }] } },
			},
		],
		[
			'Webhook Parameters has a value without a usable name',
			{
				options: {
					webhookUrl: HOOK,
					webhookParameters: { parameters: [{ name: '', value: 'c' }] },
				},
			},
		],
	])('"%s": %j', async (problem, parameters) => {
		await expectRefused(await create(parameters), problem);
	});
});

describe('before any request, create from template says', () => {
	const variables = (...values: Array<[string, unknown]>) => ({
		variables: {
			values: values.map(([placeholder, value]) => ({ placeholder, value })),
		} as INodeParameters,
	});

	it.each<[problem: string, parameters: INodeParameters]>([
		['Template is empty', { template: rl(NOTHING) }],
		['Template is not an ID', { template: rl('Discount') }],
		['Caller ID is not a number of 11 digits', { callerIdSource: 'own', callerId: rl('495') }],
		[
			'Variables have the same value for {name} and {var1}',
			variables(['name', 'A'], ['var1', ' A ']),
		],
		['Variables have {name} twice', variables(['name', 'A'], ['{name}', 'B'])],
		['Variables have a placeholder that cannot stand in a template: a b', variables(['a b', 'A'])],
		['Variables have a placeholder that cannot stand in a template: {}', variables(['{}', 'A'])],
		['Variables › Variable 1 › Value is empty', variables(['name', NOTHING])],
		['Variables › Variable 1 › Placeholder is empty', variables([NOTHING, 'A'])],
		['Planned At is not a date', { options: { plannedAt: NOTHING } }],
	])('"%s": %j', async (problem, parameters) => {
		await expectRefused(await createFromTemplate(parameters), problem);
	});
});

function rl(value: string) {
	return { __rl: true, mode: 'id', value };
}

async function expectRefused(
	{ error }: Awaited<ReturnType<typeof create>>,
	problem: string,
): Promise<void> {
	expect(error?.message).toContain(problem);
	expect(error?.description).toMatch(/\S/);
	expect(error?.context.code).toBe('invalid_input');
	expect(simulator.journal.requests).toEqual([]);
}
