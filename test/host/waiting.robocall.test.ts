/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { setTimeout as sleep } from 'node:timers/promises';

import type { IDataObject, INode } from 'n8n-workflow';

import { SECRET_HEADER } from '../../nodes/Zvonobot/webhookSecret';
import { WAITS, waitingFlow, ZVONOBOT } from './flows';
import { post, type Credential, type Execution, type Host } from './n8n';
import { setStage, type Stage } from './stage';
import {
	expectVerified,
	newPhone,
	NOT_VERIFIED,
	outcomes,
	VERIFIED,
	Waits,
	type Started,
} from './waiting';
import type { SimulatorClient } from '../support/simulator/client';
import type { JsonObject } from '../support/simulator/types';
import type {
	PlayStep,
	WebhookDelivery,
	ZvonobotCall,
	ZvonobotOptions,
} from '../support/simulator/zvonobot';

const OUTPUTS = ['Answered', 'No Answer', 'Key 1', 'Key 2'];
const SAID = { record: { text: 'Thank you' } };
const PARAMETERS = {
	phone: '={{ $json.phone }}',
	callerIdSource: 'duty',
	say: 'text',
	text: 'Press 1 or 2',
	menuSource: 'json',
	menuJson: JSON.stringify([
		{ digit: 1, ...SAID },
		{ digit: 2, ...SAID },
		{ keyWords: 'нет', ...SAID },
		{ digit: '', ...SAID, ivrs: [{ digit: 2, ...SAID }] },
	]),
	waitFor: 'end',
	keys: ['1', '2'],
	timeLimit: 600,
	options: {},
};
/** How the simulator behaves unless a test says otherwise. */
const USUAL: Partial<ZvonobotOptions> = {
	refusedPhones: [],
	retryDelayMs: 50,
	webhookShape: 'bare',
};
/** n8n looks once a minute. */
const UNTIL_TIMED_OUT = 100_000;

let stage: Stage;
let host: Host;
let simulator: SimulatorClient;
let waits: Waits;
let credential: Credential;

interface Lost {
	key: Started;
	noAnswer: Started;
	talking: Started;
	untouched: Started;
	unknown: Started;
}

interface Late {
	started: Started;
	status: number | undefined;
}

/** Waits that nobody ends: they begin first, and are looked at last. */
let lost: Lost;
/** One whose report comes after its time, and what that was answered. */
let late: Promise<Late>;

beforeAll(async () => {
	const tarball = process.env.FLASHCALL_TARBALL;
	if (!tarball) throw new Error('Start these tests with `npm run test:host`.');
	stage = await setStage({ tarball });
	({ host, simulator } = stage);
	({ zvonobot: credential } = stage.credentials);
	waits = new Waits(stage);
	await simulator.setZvonobot(USUAL);
	await waits.publish(callFlow('end'));
	await waits.publish(callFlow('first', { waitFor: 'answer' }));
	lost = await loseWebhooks();
	late = reportLate();
	late.catch(() => undefined);
}, 240_000);

afterAll(async () => {
	await stage?.stop();
}, 30_000);

afterEach(async () => {
	await simulator.clearFaults();
	await simulator.setZvonobot(USUAL);
});

function callFlow(path: string, parameters: object = {}, settings: Partial<INode> = {}) {
	return waitingFlow({
		path,
		node: ZVONOBOT,
		resource: 'call',
		operation: 'createAndWait',
		parameters: { ...PARAMETERS, ...parameters },
		credential,
		outputs: OUTPUTS,
		settings,
	});
}

async function loseWebhooks(): Promise<Lost> {
	await waits.publish(callFlow('lost', { timeLimit: 10 }));
	const { apiKey } = await simulator.zvonobot();
	const changing = await host.createCredential(credential.type, 'Changing', {
		apiKey,
		domain: simulator.url,
	});
	const flow = callFlow('unknown', { timeLimit: 10 });
	for (const node of flow.nodes) {
		if (node.credentials) node.credentials = { [changing.type]: changing };
	}
	await host.activate(await host.importWorkflow(flow, [changing]));

	const started: Lost = {
		key: await waits.start('lost'),
		noAnswer: await waits.start('lost'),
		talking: await waits.start('lost'),
		untouched: await waits.start('lost'),
		unknown: await waits.start('unknown'),
	};
	await host.updateCredential(changing, { apiKey: 'another-api-key', domain: simulator.url });
	await silently(started.key, 'started', 'answered', { digit: 1 }, 'finished');
	await silently(started.noAnswer, 'started', 'canceled');
	await silently(started.talking, 'started', 'answered');
	await silently(started.unknown, 'started', 'answered', { digit: 1 }, 'finished');
	return started;
}

/** Lets something happen that Zvonobot does not report. */
async function silently({ phone }: Started, ...steps: PlayStep[]): Promise<void> {
	await simulator.playCall({ phone }, { steps, silent: true });
}

async function reportLate(): Promise<Late> {
	for (;;) {
		const started = await waits.start('lost');
		await silently(started, 'started', 'answered', { digit: 2 }, 'finished');
		await sleep(10_500);
		const status = await report(started, 'canceled');
		// n8n has just looked: it will not again for nearly a minute.
		if (status !== 409) return { started, status };
	}
}

const play = async ({ phone }: Started, ...steps: PlayStep[]) =>
	await simulator.playCall({ phone }, { steps });

function repliesTo(deliveries: WebhookDelivery[]): Array<number | undefined> {
	return deliveries.flatMap(({ tries }) => tries.map(({ status }) => status));
}

async function callOf({ phone }: Started): Promise<ZvonobotCall> {
	const { calls } = await simulator.zvonobot();
	const call = calls.find((candidate) => candidate.phone === phone);
	if (call === undefined) throw new Error(`nobody calls ${phone}`);
	return call;
}

/** The report of a status, as Zvonobot sends it for this wait; parts of it can be changed. */
async function report(
	started: Started,
	status: string,
	{ url, headers, body }: { url?: string; headers?: object; body?: JsonObject } = {},
): Promise<number | undefined> {
	const { id, phone, webhook } = await callOf(started);
	const { tries } = await simulator.deliver({
		url: url ?? webhook?.url ?? '',
		headers: { ...webhook?.headers, ...headers },
		body: body ?? { id, calls: [{ phone, status, ivrDigit: 1 }] },
	});
	return tries[0]?.status;
}

/** The one item that came out, and where. */
function outcome(execution: Execution): [output: string | undefined, json: IDataObject] {
	const found = outcomes(execution, ...OUTPUTS);
	expect(found.flat()).toHaveLength(1);
	const index = found.findIndex((items) => items.length > 0);
	return [OUTPUTS[index], found[index]?.[0] ?? {}];
}

describe('the end of a call', () => {
	const talk = (...answers: PlayStep[]): PlayStep[] => ['started', 'answered', ...answers];

	it.each<[what: string, steps: PlayStep[], output: string, json: IDataObject]>([
		[
			'with key 1',
			talk({ digit: 1 }, 'finished'),
			'Key 1',
			{ answered: true, reason: 'key', digit: 1, answers: ['1'], status: 'finished', cost: 3 },
		],
		['with key 2', talk({ digit: 2 }, 'finished'), 'Key 2', { reason: 'key', digit: 2 }],
		[
			'with key 2 after staying on the line',
			talk({ digit: -1 }, { digit: 2 }, 'finished'),
			'Key 2',
			{ digit: 2, answers: ['stayed', '2'] },
		],
		[
			'with key 1 before staying on the line',
			talk({ digit: 1 }, { digit: -1 }, 'finished'),
			'Key 1',
			{ digit: 1, answers: ['1', 'stayed'] },
		],
		[
			'with a key that has no output',
			talk({ digit: 7 }, 'finished'),
			'Answered',
			{ answered: true, reason: 'answered', digit: 7 },
		],
		[
			'with a word',
			talk({ word: 'нет' }, 'finished'),
			'Answered',
			{ reason: 'answered', digit: null, answers: ['нет'] },
		],
		['without an answer', talk('finished'), 'Answered', { reason: 'answered', answers: [] }],
		[
			'that nobody picked up',
			['started', 'canceled'],
			'No Answer',
			{ answered: false, reason: 'no_answer', status: 'canceled', cost: 0 },
		],
	])('%s leads to its output', async (_, steps, output, json) => {
		const started = await waits.start('end');

		const deliveries = await play(started, ...steps);

		expect(new Set(repliesTo(deliveries))).toEqual(new Set([200]));
		const execution = await waits.ended(started);
		const { id } = await callOf(started);
		expect(outcome(execution)).toEqual([
			output,
			expect.objectContaining({ callId: id, phone: started.phone, ...json }),
		]);
		expect(execution.data.resultData.runData[WAITS]).toHaveLength(1);
		expect(await waits.chargesOf(started.phone)).toHaveLength(1);
	});

	it.each(['bare', 'array', 'wrapped'] as const)(
		'is understood when it comes %s',
		async (webhookShape) => {
			const started = await waits.start('end');
			await simulator.setZvonobot({ webhookShape });

			await play(started, 'started', 'answered', { digit: 1 }, 'finished');

			expect(outcome(await waits.ended(started))).toMatchObject(['Key 1', { digit: 1 }]);
		},
	);

	it('keeps the API key and the secret of the webhooks out of the outcome', async () => {
		const started = await waits.start('end');
		const { webhook } = await callOf(started);
		await play(started, 'started', 'canceled');

		const text = JSON.stringify(await waits.ended(started));

		expect(text).not.toContain((await simulator.zvonobot()).apiKey);
		expect(webhook?.headers[SECRET_HEADER]).toEqual(expect.any(String));
		expect(text).not.toContain(webhook?.headers[SECRET_HEADER]);
	});
});

describe('what is not the end of a call', () => {
	it('is answered 200 and resumes nothing', async () => {
		const started = await waits.start('end');

		const deliveries = await play(started, 'created', 'processed', 'started', 'answered');

		expect(repliesTo(deliveries)).toEqual([200, 200, 200, 200]);
		expect(await host.statusOf(started.executionId)).toBe('waiting');
		await play(started, 'finished');
		expect(outcome(await waits.ended(started))).toMatchObject(['Answered', {}]);
	});

	it('resumes nothing when it is forged, and the true end still counts', async () => {
		const started = await waits.start('end');
		const other = await waits.start('end');
		const { id, phone, webhook } = await callOf(started);
		const foreign = await callOf(other);
		const secret = webhook?.headers[SECRET_HEADER] ?? '';
		const headers = (value: string) => ({ headers: { [SECRET_HEADER]: value } });
		const body = (of: JsonObject) => ({ body: of });
		const call = (callId: number, called: string): JsonObject => ({
			id: callId,
			calls: [{ phone: called, status: 'finished', ivrDigit: 1 }],
		});

		const refused = {
			'no secret': report(started, 'finished', headers('')),
			'a secret cut off': report(started, 'finished', headers(secret.slice(0, -1))),
			'the secret of another wait': report(
				started,
				'finished',
				headers(foreign.webhook?.headers[SECRET_HEADER] ?? ''),
			),
			'another call': report(started, 'finished', body(call(foreign.id, phone))),
			'another phone': report(started, 'finished', body(call(id, foreign.phone))),
			'the webhook of another call': report(started, 'finished', {
				body: call(foreign.id, foreign.phone),
			}),
			'the webhook of another call with its own secret': report(other, 'finished', {
				url: webhook?.url ?? '',
			}),
			'an answer of another phone': report(
				started,
				'',
				body({ call: { phone: foreign.phone, answer: 1 } }),
			),
			'no call at all': report(started, '', body({})),
		};
		const answers = Object.entries(refused).map(async ([what, sent]) => [what, await sent]);

		expect(Object.fromEntries(await Promise.all(answers))).toEqual(
			Object.fromEntries(Object.keys(refused).map((what) => [what, 401])),
		);
		expect(await host.statusOf(started.executionId)).toBe('waiting');
		expect(await host.statusOf(other.executionId)).toBe('waiting');
		await play(started, 'started', 'canceled');
		expect(outcome(await waits.ended(started))).toMatchObject(['No Answer', { phone }]);
	});

	it('shows who looks at the address how long the flow waits', async () => {
		const started = await waits.start('end');

		const answer: unknown = await (await fetch(started.resumeUrl)).json();

		const { id: callId } = await callOf(started);
		expect(answer).toEqual({ status: 'waiting', callId, expiresAt: expect.any(String) });
		expect(await host.statusOf(started.executionId)).toBe('waiting');
	});
});

describe('the end of a call that is reported again', () => {
	it('counts once when it comes six times at once', async () => {
		const started = await waits.start('end');

		const replies = await Promise.all(
			Array.from({ length: 6 }, async () => await report(started, 'finished')),
		);

		expect(replies.filter((status) => status === 200)).toHaveLength(1);
		const execution = await waits.ended(started);
		expect(outcome(execution)).toMatchObject(['Key 1', {}]);
		expect(execution.data.resultData.runData[WAITS]).toHaveLength(1);
	});

	it('changes nothing when it comes after the flow went on', async () => {
		const started = await waits.start('end');
		await report(started, 'finished');
		const execution = await waits.ended(started);

		expect(await report(started, 'finished')).toBe(409);
		expect(await report(started, 'canceled')).toBe(409);
		expect(await host.execution(started.executionId)).toEqual(execution);
	});

	it('is accepted on the next try when it came before the wait was saved', async () => {
		await simulator.addFaults({
			kind: 'slow',
			ms: 500,
			phase: 'answer',
			match: { path: '/apiCalls/create' },
		});
		const started = await waits.begin('end');
		for (let isCalled = false; !isCalled; ) {
			await sleep(10);
			const { calls } = await simulator.zvonobot();
			isCalled = calls.some(({ phone }) => phone === started.phone);
		}
		await simulator.setZvonobot({ retryDelayMs: 1500 });

		const [delivery] = await play(started, 'canceled');

		const replies = delivery?.tries.map(({ status }) => status) ?? [];
		expect([replies[0], replies.at(-1)]).toEqual([409, 200]);
		expect(outcome(await waits.ended(started))).toMatchObject(['No Answer', {}]);
	});
});

describe('the first answer', () => {
	it('lets the flow go on while the call does, and the end changes nothing', async () => {
		const started = await waits.start('first');

		const deliveries = await play(started, 'started', 'answered', { digit: 1 });

		expect(repliesTo(deliveries)).toEqual([200, 200, 200]);
		const execution = await waits.ended(started);
		expect(outcome(execution)).toEqual([
			'Key 1',
			expect.objectContaining({
				answered: true,
				reason: 'key',
				callId: (await callOf(started)).id,
				phone: started.phone,
				digit: 1,
			}),
		]);
		expect(repliesTo(await play(started, 'finished'))).toEqual([409, 409, 409]);
		expect(await host.execution(started.executionId)).toEqual(execution);
	});

	it('may be a word', async () => {
		const started = await waits.start('first');

		await play(started, 'started', 'answered', { word: 'нет' });

		expect(outcome(await waits.ended(started))).toMatchObject([
			'Answered',
			{ reason: 'answered', answer: 'нет', word: 'нет', digit: null },
		]);
	});

	it('is not that the person stays on the line', async () => {
		const started = await waits.start('first');

		const deliveries = await play(started, 'started', 'answered', { digit: -1 });

		expect(repliesTo(deliveries)).toEqual([200, 200, 200]);
		expect(await host.statusOf(started.executionId)).toBe('waiting');
		await play(started, { digit: 2 });
		expect(outcome(await waits.ended(started))).toMatchObject(['Key 2', { digit: 2 }]);
	});

	it.each<[what: string, steps: PlayStep[], output: string]>([
		['without an answer', ['started', 'answered', 'finished'], 'Answered'],
		['that nobody picked up', ['started', 'canceled'], 'No Answer'],
	])('is not waited for after the end of a call %s', async (_, steps, output) => {
		const started = await waits.start('first');

		await play(started, ...steps);

		expect(outcome(await waits.ended(started))[0]).toBe(output);
	});
});

describe('a call that cannot be placed', () => {
	const goesOn = { onError: 'continueRegularOutput' } as const;

	it('leads to No Answer when Zvonobot refuses the phone', async () => {
		const phone = newPhone();
		await simulator.setZvonobot({ refusedPhones: [phone] });
		await waits.publish(callFlow('refused', {}, goesOn));

		const started = await waits.begin('refused', [{ phone }]);

		const execution = await waits.ended(started);
		expect(outcome(execution)).toMatchObject(['No Answer', { error: expect.any(String) }]);
		expect(await waits.chargesOf(phone)).toEqual([]);
	});

	it('is placed once when the answer is lost, however often n8n tries', async () => {
		const retries = { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 };
		await simulator.addFaults({
			kind: 'resetAfter',
			times: 'always',
			match: { path: '/apiCalls/create' },
		});
		await waits.publish(callFlow('retries', {}, retries));

		const { executionId, phone } = await waits.begin('retries');

		await host.waitForStatus(executionId, 'error');
		expect(await waits.chargesOf(phone)).toHaveLength(1);
	});
});

describe('a verification call', () => {
	it('verifies the person who types the last digits of the caller', async () => {
		await waits.publish(
			waitingFlow({
				path: 'pin',
				node: ZVONOBOT,
				operation: 'sendCodeAndWait',
				parameters: { phone: '={{ $json.phone }}' },
				credential,
				outputs: [VERIFIED, NOT_VERIFIED],
			}),
		);
		const started = await waits.start('pin');
		const pin = (await simulator.zvonobot()).pins[started.phone] ?? '';

		const wrong = await post(started.resumeUrl, { code: pin === '0000' ? '1111' : '0000' });
		const right = await post(started.resumeUrl, { code: pin });

		expect(wrong.body).toMatchObject({ verified: false, reason: 'wrong_code' });
		expect(right.body).toEqual({ verified: true, reason: 'verified' });
		const execution = await waits.ended(started);
		expectVerified(execution, started.phone);
		expect(await waits.chargesOf(started.phone)).toHaveLength(1);
	});
});

describe('when the time is up', () => {
	/** How often Zvonobot was asked for the call. */
	async function askedFor(started: Started): Promise<number> {
		const { id } = await callOf(started);
		const { requests } = await simulator.journal();
		return requests.filter(
			({ path, body }) =>
				path === '/apiCalls/get' &&
				JSON.stringify((body as JsonObject).apiCallIdList) === JSON.stringify([id]),
		).length;
	}

	it.each<[what: string, which: keyof Lost, output: string, json: IDataObject]>([
		[
			'a lost key is found',
			'key',
			'Key 1',
			{ answered: true, reason: 'key', status: 'finished', digit: 1 },
		],
		[
			'a call that nobody picked up is known as such',
			'noAnswer',
			'No Answer',
			{ answered: false, reason: 'no_answer', status: 'canceled' },
		],
		[
			'a call that goes on is no answer yet',
			'talking',
			'No Answer',
			{ answered: false, reason: 'timeout', status: 'answered' },
		],
		[
			'a call that never began is no answer',
			'untouched',
			'No Answer',
			{ answered: false, reason: 'timeout', status: 'created' },
		],
		[
			'a call that cannot be asked for is no answer, and says why',
			'unknown',
			'No Answer',
			{
				answered: false,
				reason: 'unknown',
				statusUnknown: expect.stringContaining('did not accept the API key') as unknown as string,
			},
		],
	])(
		'%s, with one request',
		async (_, which, output, json) => {
			const started = lost[which];

			const execution = await waits.ended(started, UNTIL_TIMED_OUT);

			expect(outcome(execution)).toEqual([
				output,
				expect.objectContaining({
					callId: (await callOf(started)).id,
					phone: started.phone,
					...json,
				}),
			]);
			expect(await askedFor(started)).toBe(1);
			expect(await waits.chargesOf(started.phone)).toHaveLength(1);
		},
		UNTIL_TIMED_OUT + 10_000,
	);

	it(
		'a report that comes too late is refused, and what it says is found all the same',
		async () => {
			const { started, status } = await late;

			expect(status).toBe(410);
			const execution = await waits.ended(started, UNTIL_TIMED_OUT);
			expect(outcome(execution)).toMatchObject(['Key 2', { status: 'finished', digit: 2 }]);
			expect(await askedFor(started)).toBe(1);
		},
		UNTIL_TIMED_OUT + 10_000,
	);
});
