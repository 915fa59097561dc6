/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { setTimeout as sleep } from 'node:timers/promises';

import type { IDataObject, INode } from 'n8n-workflow';

import {
	calledFlow,
	ITEMS,
	loopNode,
	manualWaitingFlow,
	MOBILGROUP,
	noOp,
	respondingFlow,
	START,
	subFlowNode,
	WAITS,
	waitingFlow,
	waitingNode,
} from './flows';
import { post, type Credential, type Host, type WorkflowFile } from './n8n';
import { isN8n1 } from './folders';
import { setStage, type Stage } from './stage';
import { onN8n1, onN8n2 } from './versions';
import { expectVerified, newPhone, NOT_VERIFIED, open, outcomes, VERIFIED, Waits } from './waiting';
import type { SimulatorClient } from '../support/simulator/client';

const CALL_PATH = '/api/v1/flash-call/call-to-auth';
const OUTPUTS = [VERIFIED, NOT_VERIFIED];

let stage: Stage;
let host: Host;
let simulator: SimulatorClient;
let waits: Waits;
let flashCall: Credential;

beforeAll(async () => {
	const tarball = process.env.FLASHCALL_TARBALL;
	if (!tarball) throw new Error('Start these tests with `npm run test:host`.');
	stage = await setStage({ tarball });
	({ host, simulator } = stage);
	({ flashCall } = stage.credentials);
	waits = new Waits(stage);
	await waits.publish(callFlow('call'));
}, 180_000);

afterAll(async () => {
	await stage?.stop();
}, 30_000);

afterEach(async () => {
	await simulator.clearFaults();
});

const requestCall = (parameters: object = { phone: '={{ $json.phone }}' }) => ({
	operation: 'requestCallAndWait',
	parameters,
	credential: flashCall,
});

function callFlow(path: string, settings: Partial<INode> = {}, parameters?: object) {
	return waitingFlow({ path, outputs: OUTPUTS, settings, ...requestCall(parameters) });
}

describe('a call', () => {
	it('verifies the person, in one run with one item', async () => {
		const started = await waits.start('call');

		const [delivery] = await simulator.userCalls({ phone: started.phone });

		expect(delivery).toMatchObject({ status: 200, answer: '{"success":true}' });
		const execution = await waits.ended(started);
		expectVerified(execution, started.phone);
		expect(execution.data.resultData.runData[WAITS]).toHaveLength(1);
		expect(await waits.chargesOf(started.phone)).toHaveLength(1);
	});

	it('may be reported as a form', async () => {
		const started = await waits.start('call');

		await simulator.userCalls({ phone: started.phone }, { encoding: 'form' });

		expectVerified(await waits.ended(started), started.phone);
	});

	it('is found when a proxy adds parameters to the address', async () => {
		const started = await waits.start('call');
		const hook = await waits.hookOf(started.phone);
		hook.searchParams.append('utm_source', 'proxy');
		const key = await simulator.lastKey(started.phone);

		const answer = await post(`${hook.href}&utm_x=1`, { phone: started.phone, key });

		expect(answer.status).toBe(200);
		expectVerified(await waits.ended(started), started.phone);
	});

	it('is shown to the person as a page with the number, and to a program as JSON', async () => {
		const started = await waits.start('call');
		const { keys } = await simulator.plusofon();
		const record = keys.find(({ phone }) => phone === started.phone);

		const page = await open(started.resumeUrl);
		const json: unknown = await (await fetch(started.resumeUrl)).json();

		expect(page).toMatchObject({ status: 200, type: expect.stringContaining('text/html') });
		expect(page.body).toContain(`href="tel:+${record?.dialPhone}"`);
		expect(page.body).not.toContain(record?.key);
		expect(json).toEqual({
			status: 'waiting',
			callNumber: record?.dialPhone,
			expiresAt: expect.any(String),
		});
		expect(await host.statusOf(started.executionId)).toBe('waiting');
	});
});

describe('what is no confirmation', () => {
	it('resumes nothing, whatever is forged, and the person can still be verified', async () => {
		const started = await waits.start('call');
		const { phone, executionId } = started;
		const other = await waits.start('call');
		const otherHook = await waits.hookOf(other.phone);
		const hook = await waits.hookOf(phone);
		const key = await simulator.lastKey(phone);
		const body = { phone, key };
		const changed = (change: (params: URLSearchParams) => void) => {
			const url = new URL(hook.href);
			change(url.searchParams);
			return url.href;
		};
		const signatureOf = (url: URL) => url.searchParams.get('fc_signature') ?? '';
		const later = String(Number(hook.searchParams.get('fc_expires')) + 1000);

		const refused = {
			'another phone': post(hook.href, { phone: other.phone, key }),
			'another key': post(hook.href, { phone, key: await simulator.lastKey(other.phone) }),
			'no key': post(hook.href, { phone }),
			'no body': post(hook.href, ''),
			'a list of phones': post(hook.href, { phone: [phone], key }),
			'broken JSON': post(hook.href, '{"phone":', { 'content-type': 'application/json' }),
			'no signature': post(started.resumeUrl, body),
			'a signature cut off': post(hook.href.slice(0, -1), body),
			'a later expiry': post(
				changed((params) => params.set('fc_expires', later)),
				body,
			),
			'a request ID of another wait': post(
				changed((params) =>
					params.set('fc_request', otherHook.searchParams.get('fc_request') ?? ''),
				),
				body,
			),
			'a signature of another wait': post(
				changed((params) => params.set('fc_signature', signatureOf(otherHook))),
				body,
			),
			'a signature given twice': post(
				changed((params) => params.append('fc_signature', signatureOf(hook))),
				body,
			),
			...(isN8n1 ? {} : withoutToken(hook, otherHook, body)),
			'the address for forms': post(hook.href.replace('webhook-waiting', 'form-waiting'), body),
			'a longer address': post(hook.href.replace('?', '/more?'), body),
		};
		const answers = Object.entries(refused).map(async ([what, sent]) => [
			what,
			(await sent).status,
		]);

		expect(Object.fromEntries(await Promise.all(answers))).toEqual({
			...Object.fromEntries(Object.keys(refused).map((what) => [what, 401])),
			'broken JSON': 422,
			'the address for forms': 404,
			'a longer address': 404,
		});
		expect((await fetch(hook.href)).status).toBe(200);
		expect((await fetch(hook.href, { method: 'PUT' })).status).toBe(404);
		expect(await host.statusOf(executionId)).toBe('waiting');
		expect(await host.statusOf(other.executionId)).toBe('waiting');

		await simulator.userCalls({ phone });
		expectVerified(await waits.ended(started), phone);
	});
});

/** n8n 2 has a token of its own in the address. */
function withoutToken(hook: URL, otherHook: URL, body: IDataObject) {
	const [missing, wrong] = [new URL(hook), new URL(hook)];
	missing.searchParams.delete('signature');
	wrong.searchParams.set('signature', otherHook.searchParams.get('signature') ?? '');
	return {
		'the token missing': post(missing.href, body),
		'the token of another execution': post(wrong.href, body),
	};
}

describe('a call that is reported again', () => {
	it('counts once when it comes six times at once, and once more later', async () => {
		const started = await waits.start('call');
		const { phone } = started;

		const deliveries = await simulator.userCalls({ phone }, { times: 6, parallel: true });
		const execution = await waits.ended(started);
		const [late] = await simulator.userCalls({ phone });

		expect(deliveries.filter(({ status }) => status === 200)).toHaveLength(1);
		expect(late?.status).toBe(409);
		expectVerified(execution, phone);
		expect(execution.data.resultData.runData[VERIFIED]).toHaveLength(1);
		expect(await host.execution(started.executionId)).toEqual(execution);
	});

	it('is accepted on the next try when it was reported before the wait was saved', async () => {
		// As slow as Plusofon may be: its answer is under way while the person has called already.
		await simulator.addFaults({
			kind: 'slow',
			ms: 500,
			phase: 'answer',
			match: { path: CALL_PATH },
		});
		const started = await waits.begin('call');
		for (let known = false; !known; ) {
			const { keys } = await simulator.plusofon();
			known = keys.some(({ phone }) => phone === started.phone);
			await sleep(10);
		}

		const deliveries = await simulator.userCalls(
			{ phone: started.phone },
			{ retries: 40, retryDelayMs: 50 },
		);

		expect(deliveries[0]?.status).toBe(409);
		expect(deliveries.at(-1)?.status).toBe(200);
		expectVerified(await waits.ended(started), started.phone);
	});
});

describe('several waits in one flow', () => {
	it('each person of a loop gets a call of their own, and an earlier call does not count for a later one', async () => {
		await waits.publish(
			respondingFlow({
				path: 'loop',
				nodes: [
					loopNode('Loop'),
					waitingNode(WAITS, requestCall()),
					...['Done', VERIFIED, NOT_VERIFIED].map(noOp),
				],
				links: {
					[ITEMS]: [['Loop']],
					Loop: [['Done'], [WAITS]],
					[WAITS]: [[VERIFIED], [NOT_VERIFIED]],
					[VERIFIED]: [['Loop']],
					[NOT_VERIFIED]: [['Loop']],
				},
			}),
		);
		const people = [newPhone(), newPhone(), newPhone()];
		const started = await waits.start(
			'loop',
			people.map((phone) => ({ phone })),
		);
		const replayed: Array<number | undefined> = [];

		for (const [index, phone] of people.entries()) {
			await waitForKey(phone);
			await host.waitForStatus(started.executionId, 'waiting');
			for (const earlier of people.slice(0, index)) {
				const [again] = await simulator.userCalls({ phone: earlier });
				replayed.push(again?.status);
			}
			expect(await host.statusOf(started.executionId)).toBe('waiting');
			const [delivery] = await simulator.userCalls({ phone });
			expect(delivery?.status).toBe(200);
		}

		const execution = await waits.ended(started);
		expect(replayed).toEqual([401, 401, 401]);
		expect(outcomes(execution, VERIFIED, NOT_VERIFIED, 'Done')).toEqual([
			people.map((phone) => expect.objectContaining({ verified: true, phone })),
			[],
			people.map((phone) => expect.objectContaining({ verified: true, phone })),
		]);
		for (const phone of people) expect(await waits.chargesOf(phone)).toHaveLength(1);
	});

	it('one after the other: a call, then a code', async () => {
		const { mobilgroup } = stage.credentials;
		const code = {
			node: MOBILGROUP,
			operation: 'sendCodeAndWait',
			parameters: { phone: '={{ $json.phone }}' },
			credential: mobilgroup,
		} as const;
		await waits.publish(
			respondingFlow({
				path: 'row',
				nodes: [
					waitingNode('Call', requestCall()),
					waitingNode('Code', code),
					...[VERIFIED, NOT_VERIFIED].map(noOp),
				],
				links: {
					[ITEMS]: [['Call']],
					Call: [['Code'], [NOT_VERIFIED]],
					Code: [[VERIFIED], [NOT_VERIFIED]],
				},
			}),
		);
		const started = await waits.start('row');
		const { phone } = started;
		await simulator.userCalls({ phone });
		await waitForCode(phone);
		await host.waitForStatus(started.executionId, 'waiting');

		// The call is no code, and does not count as a wrong one.
		const [replayed] = await simulator.userCalls({ phone });
		const answer = await post(started.resumeUrl, { code: await simulator.lastCode(phone) });

		expect(replayed?.status).toBe(400);
		expect(answer.body).toEqual({ verified: true, reason: 'verified' });
		const execution = await waits.ended(started);
		expect(outcomes(execution, VERIFIED)).toEqual([[expect.objectContaining({ tries: 1 })]]);
		expect(await waits.chargesOf(phone)).toHaveLength(2);
	});

	it.each(['v1', 'v0'] as const)('in two branches, in execution order %s', async (order) => {
		const path = `branches-${order}`;
		await waits.publish(
			respondingFlow({
				path,
				nodes: [
					waitingNode('One', requestCall({ phone: '={{ $json.one }}' })),
					waitingNode('Other', requestCall({ phone: '={{ $json.other }}' })),
					...['One Verified', 'Other Verified', NOT_VERIFIED].map(noOp),
				],
				links: {
					[ITEMS]: [['One', 'Other']],
					One: [['One Verified'], [NOT_VERIFIED]],
					Other: [['Other Verified'], [NOT_VERIFIED]],
				},
				settings: order === 'v1' ? { executionOrder: 'v1' } : {},
			}),
		);
		const [one, other] = [newPhone(), newPhone()];
		const started = await waits.start(path, [{ one, other }]);

		// Whichever branch n8n takes first: the other one asks for its call after that.
		const calls = [one, other].map(async (phone) => {
			await waitForKey(phone);
			return await simulator.userCalls({ phone }, { retries: 50, retryDelayMs: 100 });
		});
		for (const deliveries of await Promise.all(calls)) expect(deliveries.at(-1)?.status).toBe(200);

		const execution = await waits.ended(started);
		expect(outcomes(execution, 'One Verified', 'Other Verified', NOT_VERIFIED)).toEqual([
			[expect.objectContaining({ phone: one })],
			[expect.objectContaining({ phone: other })],
			[],
		]);
	});

	/** Publishes a flow with one wait, and another one that starts it; answers with the ID of the first. */
	async function publishParent(path: string, how: { waitsForIt: boolean }): Promise<string> {
		const called = await waits.publish(
			calledFlow('Called', [waitingNode(WAITS, requestCall()), ...OUTPUTS.map(noOp)], {
				Called: [[WAITS]],
				[WAITS]: OUTPUTS.map((name) => [name]),
			}),
		);
		await waits.publish(
			respondingFlow({
				path,
				nodes: [subFlowNode('Verify', called, how), noOp('After')],
				links: { [ITEMS]: [['Verify']], Verify: [['After']] },
			}),
		);
		return called;
	}

	/** Reports the call of the person as soon as they are asked for it. */
	async function callOf(phone: string): Promise<void> {
		await waitForKey(phone);
		const deliveries = await simulator.userCalls({ phone }, { retries: 20, retryDelayMs: 100 });
		expect(deliveries.at(-1)?.status).toBe(200);
	}

	onN8n2('in a flow that another one waits for', async () => {
		await publishParent('parent', { waitsForIt: true });
		const started = await waits.start('parent');

		await callOf(started.phone);

		const execution = await waits.ended(started);
		expect(outcomes(execution, 'After')).toEqual([
			[expect.objectContaining({ verified: true, phone: started.phone })],
		]);
	});

	onN8n1(
		'not in a flow that another one waits for, which would not learn the outcome',
		async () => {
			await publishParent('parent', { waitsForIt: true });
			const { executionId, phone } = await waits.begin('parent');

			await host.waitForStatus(executionId, 'error');

			const { error } = (await host.execution(executionId)).data.resultData;
			expect(error?.message).toMatch(/^Another workflow waits for this one/);
			expect(await waits.chargesOf(phone)).toEqual([]);
		},
	);

	it('in a flow that another one has started without waiting for it', async () => {
		const called = await publishParent('starter', { waitsForIt: false });
		const { phone } = await waits.begin('starter');

		await callOf(phone);

		expectVerified(await host.waitForExecution(called), phone);
	});
});

describe('a manual run', () => {
	it('waits and goes on like any other', async () => {
		const phone = newPhone();
		const id = await waits.save(byHand(1, { phone }));
		const executionId = await host.startManually(id, START);
		await host.waitForStatus(executionId, 'waiting');

		await simulator.userCalls({ phone });

		expectVerified(await waits.ended({ executionId, phone, resumeUrl: '' }), phone);
	});
});

const FAILS = "={{ $('Nowhere').item.json.phone }}";
const CANNOT_WAIT: Array<[what: string, how: CannotWait]> = [
	['more than one item', { items: 2, message: /takes one item, and 2 came in/ }],
	['Always Output Data', { always: true, message: /Always Output Data is on/ }],
	['an expression that fails', { parameters: { phone: FAILS }, message: /Referenced node/ }],
	[
		'an expression that fails, and Always Output Data',
		{ parameters: { phone: FAILS }, always: true, message: /Referenced node|Always Output/ },
	],
	[
		'an option that fails',
		{ parameters: { options: { pageTitle: FAILS } }, message: /Referenced node/ },
	],
	['an empty phone', { parameters: { phone: '={{ "" }}' }, message: /Phone is empty/ }],
];

interface CannotWait {
	items?: number;
	always?: boolean;
	parameters?: object;
	message: RegExp;
}

describe.each(CANNOT_WAIT)('%s', (_, { items, always = false, parameters, message }) => {
	const run = async (settings: Partial<INode> = {}, outputs = OUTPUTS) => {
		const phone = newPhone();
		const given = { phone, ...parameters };
		const all = { ...settings, alwaysOutputData: always };
		const id = await waits.save(byHand(items, given, all, outputs));
		const execution = await host.runManually(id, START);
		expect(await waits.chargesOf(phone)).toEqual([]);
		return execution;
	};

	it('stops the flow before anybody is called', async () => {
		const execution = await run();

		expect(execution.status).toBe('error');
		expect(execution.data.resultData.error?.message).toMatch(message);
		expect(outcomes(execution, ...OUTPUTS)).toEqual([[], []]);
	});

	it('goes to Not Verified when the flow is to go on at failures', async () => {
		const execution = await run({ onError: 'continueRegularOutput' });

		expect(outcomes(execution, ...OUTPUTS)).toEqual([
			[],
			[expect.objectContaining({ error: expect.stringMatching(message) })],
		]);
	});

	it('goes to the error output where there is one', async () => {
		const outputs = [...OUTPUTS, 'Error'];

		const execution = await run({ onError: 'continueErrorOutput' }, outputs);

		expect(outcomes(execution, ...outputs)).toEqual([
			[],
			[],
			[expect.objectContaining({ error: expect.stringMatching(message) })],
		]);
	});
});

it('a node with an error output verifies on Verified', async () => {
	const outputs = [...OUTPUTS, 'Error'];
	const settings = { onError: 'continueErrorOutput' } as const;
	await waits.publish(waitingFlow({ path: 'errors', outputs, settings, ...requestCall() }));
	const started = await waits.start('errors');

	await simulator.userCalls({ phone: started.phone });

	const execution = await waits.ended(started);
	expectVerified(execution, started.phone);
	expect(outcomes(execution, 'Error')).toEqual([[]]);
});

function byHand(
	count = 1,
	parameters: object,
	settings: Partial<INode> = {},
	outputs = OUTPUTS,
): WorkflowFile {
	const items = Array.from({ length: count }, () => ({}));
	return manualWaitingFlow({ items, outputs, settings, ...requestCall(parameters) });
}

describe('a provider that fails', () => {
	const retries = { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 };

	beforeAll(async () => {
		await waits.publish(callFlow('retries', retries));
		await waits.publish(callFlow('retries-on', { ...retries, onError: 'continueRegularOutput' }));
	});

	it('is not asked again by Retry On Fail when the answer was lost', async () => {
		await simulator.addFaults({
			kind: 'resetAfter',
			times: 'always',
			match: { path: CALL_PATH },
		});
		const { executionId, phone } = await waits.begin('retries');

		await host.waitForStatus(executionId, 'error');

		expect(await waits.chargesOf(phone)).toHaveLength(1);
	});

	it('leads to Not Verified, without a second call, when the flow is to go on', async () => {
		await simulator.addFaults({
			kind: 'resetAfter',
			times: 'always',
			match: { path: CALL_PATH },
		});
		const started = await waits.begin('retries-on');

		const execution = await waits.ended(started);

		expect(outcomes(execution, VERIFIED, NOT_VERIFIED)).toEqual([
			[],
			[expect.objectContaining({ code: 'may_have_been_sent' })],
		]);
		expect(await waits.chargesOf(started.phone)).toHaveLength(1);
	});

	it('may be asked again when it has refused, and the second try waits as usual', async () => {
		await simulator.addFaults({ kind: 'status', status: 422, match: { path: CALL_PATH } });
		const started = await waits.start('retries');

		await simulator.userCalls({ phone: started.phone });

		expectVerified(await waits.ended(started), started.phone);
		expect(await waits.chargesOf(started.phone)).toHaveLength(1);
	});
});

describe('a credential that changes during the wait', () => {
	it('verifies nobody: with another token the signature does not count', async () => {
		const { accessToken } = await simulator.plusofon();
		const changing = await host.createCredential('plusofonFlashCallApi', 'Changing', {
			accessToken,
			baseUrl: simulator.url,
		});
		await publishWith('changed', changing);
		const started = await waits.start('changed');

		await host.updateCredential(changing, {
			accessToken: 'another-access-token',
			baseUrl: simulator.url,
		});
		const [refused] = await simulator.userCalls({ phone: started.phone });

		expect(refused?.status).toBe(401);
		expect(await host.statusOf(started.executionId)).toBe('waiting');

		await host.updateCredential(changing, { accessToken, baseUrl: simulator.url });
		await simulator.userCalls({ phone: started.phone });
		expectVerified(await waits.ended(started), started.phone);
	});

	it('verifies nobody and answers 500 when it is gone', async () => {
		const { accessToken } = await simulator.plusofon();
		const gone = await host.createCredential('plusofonFlashCallApi', 'Gone', {
			accessToken,
			baseUrl: simulator.url,
		});
		await publishWith('gone', gone);
		const started = await waits.start('gone');

		await host.deleteCredential(gone);
		const [refused] = await simulator.userCalls({ phone: started.phone });

		expect(refused).toMatchObject({ status: 500, answer: '{"error":"internal"}' });
		expect(await host.statusOf(started.executionId)).toBe('waiting');
	});

	async function publishWith(path: string, credential: Credential): Promise<void> {
		const flow = waitingFlow({ path, outputs: OUTPUTS, ...requestCall(), credential });
		await host.activate(await host.importWorkflow(flow, [credential]));
	}
});

async function waitForKey(phone: string): Promise<void> {
	for (let known = false; !known; ) {
		await sleep(20);
		const { keys } = await simulator.plusofon();
		known = keys.some((record) => record.phone === phone);
	}
}

async function waitForCode(number: string): Promise<void> {
	for (let known = false; !known; ) {
		await sleep(20);
		const { requests } = await simulator.mobilgroup();
		known = Object.values(requests).some((request) => request.number === number);
	}
}
