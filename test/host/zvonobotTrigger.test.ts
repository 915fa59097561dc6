/* eslint-disable @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { randomUUID } from 'node:crypto';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { deriveKey } from '../../nodes/shared/secrets';
import { HOOK_PURPOSE, SECRET_HEADER, secretHeader } from '../../nodes/Zvonobot/webhookSecret';
import {
	PRESET_ZVONOBOT,
	type PlayRequest,
	type PlayStep,
	type WebhookDelivery,
} from '../support/simulator/zvonobot';
import { AFTER, manualFlow, START, triggerFlow, ZVONOBOT } from './flows';
import { itemsOf, post, type Answer, type Credential, type Host } from './n8n';
import { setStage, type Stage } from './stage';

const PHONE = '79991112233';
const TRIGGER = 'Zvonobot Trigger';
const EVERY = ['created', 'processed', 'started', 'answered', 'finished', 'canceled', 'answer'];
const ACCEPTED = { status: 200, body: { success: true } };
const UNAUTHORIZED = { status: 401, body: { error: 'unauthorized' } };

let stage: Stage;
let host: Host;
let credential: Credential;

beforeAll(async () => {
	const tarball = process.env.FLASHCALL_TARBALL;
	if (!tarball) throw new Error('Start these tests with `npm run test:host`.');
	stage = await setStage({ tarball });
	({ host } = stage);
	({ zvonobot: credential } = stage.credentials);
}, 180_000);

afterAll(async () => {
	await stage?.stop();
}, 30_000);

let calls = 0;

/** The ID of a call that no other test knows. */
function newId(): number {
	return ++calls;
}

function call(id: number, status: string, beside: IDataObject = {}): IDataObject {
	return {
		id,
		createdAt: 1_750_000_000,
		...beside,
		calls: [{ phone: PHONE, status, cost: '2.5' }],
	};
}

/** An active flow that begins with the trigger. */
class Flow {
	private constructor(
		readonly id: string,
		readonly url: string,
	) {}

	static async start(parameters: INodeParameters = { events: EVERY }): Promise<Flow> {
		const webhookId = randomUUID();
		const id = await host.importWorkflow(
			triggerFlow({ trigger: TRIGGER, credential, webhookId, parameters }),
			[credential],
		);
		await host.activate(id);
		return new Flow(id, host.webhookUrl(`${webhookId}/webhook`));
	}

	secret(url = this.url, apiKey = PRESET_ZVONOBOT): Record<string, string> {
		const hookKey = deriveKey(apiKey, HOOK_PURPOSE);
		return { [SECRET_HEADER]: secretHeader(hookKey, url, 'request-1') };
	}

	/** Posts as the provider does. */
	async deliver(
		body: IDataObject | URLSearchParams | string,
		headers: Record<string, string> = {},
	): Promise<Answer> {
		return await post(this.url, body, { ...this.secret(), ...headers });
	}

	/**
	 * The items of every execution, the oldest first. A last event of its own comes before they are
	 * counted: what the others started is there by then.
	 */
	async started(): Promise<IDataObject[][]> {
		const last = newId();
		expect(await this.deliver(call(last, 'finished'))).toEqual(ACCEPTED);
		const isLast = (items: IDataObject[]) => items.some(({ callId }) => callId === last);
		await host.waitForExecution(this.id, (one) =>
			isLast(itemsOf(one, AFTER).map(({ json }) => json)),
		);
		const executions = await Promise.all(
			(await host.executions(this.id)).map(async ({ id }) => await host.execution(id)),
		);
		expect(executions.map(({ status }) => status)).toEqual(executions.map(() => 'success'));
		return executions
			.sort((one, other) => Number(one.id) - Number(other.id))
			.map((one) => itemsOf(one, AFTER).map(({ json }) => json))
			.filter((items) => !isLast(items));
	}

	/** The statuses that started the flow, in their order. */
	async statuses(): Promise<unknown[]> {
		return (await this.started()).flat().map(({ status }) => status);
	}
}

describe('the Zvonobot Trigger', () => {
	it('starts once for a status that is delivered three times', async () => {
		const flow = await Flow.start();
		const body = call(newId(), 'finished', {
			webhookParameters: '{"order":"A-17"}',
			order: 'A-17',
		});

		for (let time = 0; time < 3; time++) expect(await flow.deliver(body)).toEqual(ACCEPTED);

		expect(await flow.started()).toMatchObject([
			[
				{
					event: 'status',
					callId: body.id,
					phone: PHONE,
					status: 'finished',
					cost: 2.5,
					createdAt: '2025-06-15T15:06:40.000Z',
					parameters: { order: 'A-17' },
					requestId: 'request-1',
				},
			],
		]);
	});

	it('starts once when the same comes at once', async () => {
		const flow = await Flow.start();
		const body = call(newId(), 'canceled');

		const answers = await Promise.all(
			Array.from({ length: 5 }, async () => await flow.deliver(body)),
		);

		expect(answers).toEqual(answers.map(() => ACCEPTED));
		expect(await flow.statuses()).toEqual(['canceled']);
	});

	it('lets every status pass once, out of order', async () => {
		const flow = await Flow.start();
		const id = newId();
		const order = ['finished', 'answered', 'started', 'processed', 'created'];

		for (const status of [...order, ...order]) {
			expect(await flow.deliver(call(id, status))).toEqual(ACCEPTED);
		}

		expect(await flow.statuses()).toEqual(order);
	});

	it('takes an answer in a voice menu, as JSON, as a form and as text', async () => {
		const flow = await Flow.start();
		const answer = (given: number | string) => ({
			call: { phone: PHONE, answer: given },
			step: '1',
		});
		const form = new URLSearchParams({
			'call[phone]': PHONE,
			'call[answer]': '-1',
			step: '1',
		});

		expect(await flow.deliver(answer(1))).toEqual(ACCEPTED);
		expect(await flow.deliver(form)).toEqual(ACCEPTED);
		expect(
			await flow.deliver(JSON.stringify(answer('да')), { 'content-type': 'text/plain' }),
		).toEqual(ACCEPTED);

		const multipart = new FormData();
		for (const [name, value] of form) multipart.set(name, name === 'call[answer]' ? '2' : value);
		const response = await fetch(flow.url, {
			method: 'POST',
			body: multipart,
			headers: flow.secret(),
		});
		expect(response.status).toBe(200);

		const common = { event: 'answer', phone: PHONE, parameters: { step: '1' } };
		expect(await flow.started()).toMatchObject([
			[{ ...common, answer: '1', digit: 1, stayed: false }],
			[{ ...common, answer: 'stayed', digit: null, stayed: true }],
			[{ ...common, answer: 'да', digit: null, word: 'да' }],
			[{ ...common, answer: '2', digit: 2 }],
		]);
	});

	it('gives the calls of one body as items of one execution', async () => {
		const flow = await Flow.start();
		const [first, second] = [newId(), newId()];

		await flow.deliver({ apiCalls: [call(first, 'finished'), call(second, 'canceled')] });

		expect(await flow.started()).toMatchObject([
			[
				{ callId: first, status: 'finished' },
				{ callId: second, status: 'canceled' },
			],
		]);
	});

	it('answers 200 to what was not chosen, and starts nothing', async () => {
		const flow = await Flow.start({});
		const id = newId();

		expect(await flow.deliver(call(id, 'started'))).toEqual(ACCEPTED);
		expect(await flow.deliver(call(id, 'finished'))).toEqual(ACCEPTED);

		expect(await flow.statuses()).toEqual(['finished']);
	});

	it('starts nothing for forged, cut and foreign secrets, and gives no reason', async () => {
		const flow = await Flow.start();
		const other = await Flow.start();
		const body = call(newId(), 'finished');
		const [name = '', secret = ''] = Object.entries(flow.secret())[0] ?? [];

		for (const headers of [
			{ [name]: '' },
			{ [name]: 'request-1' },
			{ [name]: secret.slice(0, -1) },
			{ [name]: `${secret}A` },
			{ [name]: `x${secret}` },
			{ [name]: `${secret}, ${secret}` },
			flow.secret(other.url),
			flow.secret(flow.url, 'another-key'),
		]) {
			expect(await flow.deliver(body, headers)).toEqual(UNAUTHORIZED);
		}
		expect(await post(flow.url, body)).toEqual(UNAUTHORIZED);
		expect(await post(flow.url, 'x'.repeat(2_000_000))).toEqual(UNAUTHORIZED);

		expect(await flow.started()).toEqual([]);
		expect(await other.started()).toEqual([]);
	});

	it('starts nothing for a body that is too large, too deep, broken or no event', async () => {
		const flow = await Flow.start();
		const json = { 'content-type': 'application/json' };
		const large = { call: { phone: PHONE, answer: 1 }, note: 'x'.repeat(1024 * 1024) };
		const deep = `{"call":{"phone":"${PHONE}","answer":1},"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;

		expect(await flow.deliver(large)).toEqual({ status: 413, body: { error: 'too_large' } });
		expect(await flow.deliver(deep, json)).toEqual({ status: 400, body: { error: 'no_event' } });
		expect((await flow.deliver('{"call":', json)).status).toBeGreaterThanOrEqual(400);
		for (const body of [{}, { call: {} }, { status: 'success', data: [] }]) {
			expect(await flow.deliver(body)).toEqual({ status: 400, body: { error: 'no_event' } });
		}
		expect(await flow.deliver('hello', { 'content-type': 'text/plain' })).toMatchObject({
			status: 400,
		});

		expect(await flow.started()).toEqual([]);
	});

	it('takes unsigned events where that was chosen, each once', async () => {
		const flow = await Flow.start({ events: EVERY, verification: 'none' });
		const id = newId();

		expect(await post(flow.url, call(id, 'finished'))).toEqual(ACCEPTED);
		expect(await post(flow.url, call(id, 'finished'))).toEqual(ACCEPTED);
		expect(await post(flow.url, { call: { phone: PHONE, answer: 1 } })).toEqual(ACCEPTED);
		expect(await post(flow.url, { call: { phone: PHONE, answer: 1 } })).toEqual(ACCEPTED);

		expect(await flow.started()).toMatchObject([
			[{ callId: id, requestId: null }],
			[{ event: 'answer', requestId: null }],
		]);
	});

	it('refuses other addresses where that was chosen', async () => {
		const strict = { events: EVERY, onlyFromProvider: true };
		const closed = await Flow.start(strict);
		const open = await Flow.start({ ...strict, providerAddresses: '82.202.206.194, 127.0.0.1' });

		expect(await closed.deliver(call(newId(), 'finished'))).toEqual(UNAUTHORIZED);
		expect(await open.deliver(call(newId(), 'finished'))).toEqual(ACCEPTED);

		expect(await open.statuses()).toEqual(['finished']);
		expect(await host.executions(closed.id)).toEqual([]);
	});

	it('knows after a restart of n8n what came before it', async () => {
		const flow = await Flow.start();
		const id = newId();
		const answer = { call: { phone: PHONE, answer: 1 }, step: '1' };
		await Promise.all(
			['started', 'answered', 'finished'].map(
				async (status) => await flow.deliver(call(id, status)),
			),
		);
		await flow.deliver(answer);
		expect(await flow.started()).toHaveLength(4);

		await host.restart();
		await host.waitForWebhooks(flow.id);

		for (const status of ['started', 'answered', 'finished']) {
			expect(await flow.deliver(call(id, status))).toEqual(ACCEPTED);
		}
		expect(await flow.deliver(answer)).toEqual(ACCEPTED);
		expect(await flow.deliver(call(newId(), 'finished'))).toEqual(ACCEPTED);
		const started = await flow.started();
		// The event that `started` waited for came before the restart.
		expect(
			started.flat().filter(({ callId, event }) => callId === id || event === 'answer'),
		).toHaveLength(4);
	}, 120_000);
});

describe('the calls of a Zvonobot node', () => {
	const STEPS: PlayStep[] = ['processed', 'started', 'answered', { digit: 1 }, 'finished'];

	/** Creates a call in a flow of its own, which tells the trigger about it. */
	async function create(
		flow: Flow,
		phone: string,
		options: IDataObject = {},
	): Promise<IDataObject> {
		const menu = [
			{
				digit: 1,
				webhookUrl: flow.url,
				webhookParameters: { step: 'confirm' },
				ivrs: [{ digit: 1, webhookUrl: flow.url, webhookParameters: { step: 'confirm' } }],
			},
			{ keyWords: 'нет', webhookUrl: flow.url, webhookParameters: { step: 'refuse' } },
		];
		const workflow = manualFlow({
			node: ZVONOBOT,
			resource: 'call',
			operation: 'create',
			parameters: {
				phone,
				callerIdSource: 'duty',
				say: 'text',
				text: 'Hello',
				voice: 'female',
				menuSource: 'json',
				menuJson: JSON.stringify(menu),
				options: {
					webhookUrl: flow.url,
					webhookParameters: { parameters: [{ name: 'order', value: 'A-17' }] },
					...options,
				},
			},
			items: [{}],
			credential,
		});
		const execution = await host.runManually(
			await host.importWorkflow(workflow, [credential]),
			START,
		);
		const [item] = itemsOf(execution, ZVONOBOT);
		expect(item?.json).toMatchObject({ callId: expect.any(Number), phone });
		return item?.json ?? {};
	}

	const play = async (phone: string, how: Partial<PlayRequest> = {}) =>
		await stage.simulator.playCall({ phone }, { steps: STEPS, ...how });

	const repliesTo = (deliveries: WebhookDelivery[]) =>
		deliveries.flatMap(({ tries }) => tries.map(({ status }) => status));

	beforeEach(async () => {
		await stage.simulator.setZvonobot({ retryDelayMs: 50, webhookShape: 'bare' });
	});

	it.each(['bare', 'array', 'wrapped'] as const)(
		'start the flow for each event once, however often it is delivered, packed %s',
		async (webhookShape) => {
			await stage.simulator.setZvonobot({ webhookShape });
			const flow = await Flow.start();
			const { callId, requestId } = await create(flow, '79991110001');

			const deliveries = await play('79991110001', { repeat: 2 });

			expect(repliesTo(deliveries)).toEqual(Array(STEPS.length * 3).fill(200));
			const common = { phone: '79991110001', requestId };
			const status = { ...common, event: 'status', callId, parameters: { order: 'A-17' } };
			expect(await flow.started()).toMatchObject([
				[{ ...status, status: 'processed' }],
				[{ ...status, status: 'started' }],
				[{ ...status, status: 'answered' }],
				[{ ...common, event: 'answer', digit: 1, parameters: { step: 'confirm' } }],
				[{ ...status, status: 'finished', digit: 1, answers: ['1'], cost: 3 }],
			]);
		},
	);

	it('start it once for each event that comes out of order, or at once', async () => {
		const flow = await Flow.start();
		await create(flow, '79991110002');
		await create(flow, '79991110003');

		await play('79991110002', { outOfOrder: true, repeat: 1 });
		await play('79991110003', { parallel: true, repeat: 1 });

		const kinds = (await flow.started())
			.flat()
			.map(({ phone, event, status = event }) => `${String(phone).slice(-1)} ${String(status)}`);
		const eachOnce = ['answer', 'answered', 'finished', 'processed', 'started'];
		expect(kinds.sort()).toEqual([
			...eachOnce.map((kind) => `2 ${kind}`),
			...eachOnce.map((kind) => `3 ${kind}`),
		]);
	});

	it('start it for the same digit in two menus of a call, and once for each', async () => {
		const flow = await Flow.start();
		await create(flow, '79991110007');

		await play('79991110007', {
			steps: ['started', 'answered', { digit: 1 }, { digit: 1 }, 'finished'],
			repeat: 1,
		});

		const answers = (await flow.started()).flat().filter(({ event }) => event === 'answer');
		expect(answers).toMatchObject([{ digit: 1 }, { digit: 1 }]);
	});

	it('start nothing without their secret, and nothing when they were not signed', async () => {
		const flow = await Flow.start();
		await create(flow, '79991110004');
		await create(flow, '79991110005', { signWebhooks: false });

		const cut = await play('79991110004', { headers: { [SECRET_HEADER]: null } });
		const unsigned = await play('79991110005');

		const replies = new Set(repliesTo([...cut, ...unsigned]));
		expect([...replies]).toEqual([401]);
		expect(await flow.started()).toEqual([]);
	});

	it('start nothing with the secret they have for another URL', async () => {
		const flow = await Flow.start();
		const other = await Flow.start();
		await create(other, '79991110006');
		const [delivery] = await play('79991110006');

		const forged = await stage.simulator.deliver({
			url: flow.url,
			headers: delivery?.headers ?? {},
			body: delivery?.body ?? null,
		});

		expect(repliesTo([forged])).toEqual([401]);
		expect(await flow.started()).toEqual([]);
		expect(await other.started()).toHaveLength(STEPS.length);
	});
});
