/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { setTimeout as sleep } from 'node:timers/promises';

import type { IDataObject } from 'n8n-workflow';

import { sayOverChat } from './chat';
import { manualWaitingFlow, MOBILGROUP, PLUSOFON, START, WAITS, waitingFlow } from './flows';
import { post, type Answer, type Host } from './n8n';
import { setStage, type Stage } from './stage';
import {
	expectNotVerified,
	expectVerified,
	newPhone,
	NOT_VERIFIED,
	open,
	outcomes,
	VERIFIED,
	Waits,
	WRONG_CODE,
	type Started,
} from './waiting';
import type { SimulatorClient } from '../support/simulator/client';

const CHECK = '/api/v1/flash-call/check';
const OUTPUTS = [VERIFIED, NOT_VERIFIED];
const ALL_OUTPUTS = [...OUTPUTS, WRONG_CODE];
const NASTY = '<script>alert("Tom & \'Jerry\'")</script>';

let stage: Stage;
let host: Host;
let simulator: SimulatorClient;
let waits: Waits;
let late: Record<'call' | 'callV0' | 'code' | 'looped', Started>;
let secondPass: Promise<SecondPass>;

beforeAll(async () => {
	const tarball = process.env.FLASHCALL_TARBALL;
	if (!tarball) throw new Error('Start these tests with `npm run test:host`.');
	stage = await setStage({ tarball });
	({ host, simulator } = stage);
	waits = new Waits(stage);
	await allowPinTries(1000);
	late = await startLate();
	secondPass = callInSecondPass(late.looped);
	for (const node of [MOBILGROUP, PLUSOFON] as const) {
		await waits.publish(codeFlow(node, { path: node }));
		await waits.publish(
			codeFlow(node, {
				path: `leave-${node}`,
				parameters: { onWrongCode: 'leave' },
				outputs: ALL_OUTPUTS,
				loopBack: WRONG_CODE,
			}),
		);
	}
}, 240_000);

afterAll(async () => {
	await stage?.stop();
}, 30_000);

beforeEach(async () => {
	await simulator.clearJournal();
	await simulator.clearFaults();
});

type Provider = typeof MOBILGROUP | typeof PLUSOFON;

const sendCode = (node: Provider, parameters: object = {}) => ({
	node,
	operation: 'sendCodeAndWait',
	parameters: { phone: '={{ $json.phone }}', ...parameters },
	credential: stage.credentials[node === MOBILGROUP ? 'mobilgroup' : 'flashCall'],
});

interface CodeFlow {
	path: string;
	parameters?: object;
	outputs?: string[];
	loopBack?: string;
}

function codeFlow(node: Provider, { path, parameters, outputs = OUTPUTS, loopBack }: CodeFlow) {
	const loop = loopBack === undefined ? {} : { loopBack };
	return waitingFlow({ path, outputs, ...loop, ...sendCode(node, parameters) });
}

/** So that it is not the provider who ends the guessing. */
async function allowPinTries(tries: number): Promise<void> {
	const { cabinetToken, options } = await simulator.plusofon();
	const { status } = await post(
		`${simulator.url}/api/v1/flash-call/settings`,
		{ pin_tries: tries },
		{
			authorization: `Bearer ${cabinetToken}`,
			client: options.clientId,
			accept: 'application/json',
		},
	);
	expect(status).toBe(200);
}

async function codeOf(node: Provider, phone: string): Promise<string> {
	return node === MOBILGROUP
		? await simulator.lastCode(phone)
		: await simulator.pinOf(await simulator.lastKey(phone));
}

/** Codes that are not the right one. */
function wrongOnes(right: string, count = 1): string[] {
	const all = Array.from({ length: count + 1 }, (_, index) => String(1000 + index));
	return all.filter((code) => code !== right).slice(0, count);
}

const WRONG = (attemptsLeft: number) => ({
	status: 200,
	body: { verified: false, reason: 'wrong_code', attemptsLeft },
});

describe.each([MOBILGROUP, PLUSOFON] as const)('%s: a code', (node) => {
	it('goes on waiting at a wrong code, and verifies at the right one', async () => {
		const started = await waits.start(node);
		const code = await codeOf(node, started.phone);

		expect(await post(started.resumeUrl, { code: wrongOnes(code)[0] ?? '' })).toEqual(WRONG(2));
		expect(await host.statusOf(started.executionId)).toBe('waiting');
		expect(await post(started.resumeUrl, { code })).toEqual({
			status: 200,
			body: { verified: true, reason: 'verified' },
		});

		const execution = await waits.ended(started);
		expectVerified(execution, started.phone);
		expect(outcomes(execution, VERIFIED)[0]?.[0]?.tries).toBe(2);
		expect(await waits.chargesOf(started.phone)).toHaveLength(1);
	});

	it("is not taken for typed because of what somebody says over n8n's chat", async () => {
		const started = await waits.start(node);
		const [token = ''] = new URL(started.resumeUrl).searchParams.values();

		expect(await sayOverChat(host.url, started.executionId, token)).toBe(true);

		expect(await host.statusOf(started.executionId)).toBe('waiting');
		await post(started.resumeUrl, { code: await codeOf(node, started.phone) });
		expectVerified(await waits.ended(started), started.phone);
	});

	it('leads to Not Verified after three wrong codes, and then counts no more', async () => {
		const started = await waits.start(node);
		const code = await codeOf(node, started.phone);
		const [one = '', two = '', three = ''] = wrongOnes(code, 3);

		expect(await post(started.resumeUrl, { code: one })).toEqual(WRONG(2));
		expect(await post(started.resumeUrl, { code: two })).toEqual(WRONG(1));
		expect((await post(started.resumeUrl, { code: three })).body).toEqual({
			verified: false,
			reason: 'too_many_attempts',
			attemptsLeft: 0,
		});

		expectNotVerified(await waits.ended(started), 'too_many_attempts');
		expect((await post(started.resumeUrl, { code })).status).toBe(409);
	});

	it('keeps the code and what the provider knows it by out of the execution and the page', async () => {
		// Long enough not to stand in some number by chance.
		const parameters = node === MOBILGROUP ? { options: { capacity: 8 } } : {};
		await waits.publish(codeFlow(node, { path: `secret-${node}`, parameters }));
		const started = await waits.start(`secret-${node}`);
		const secret =
			node === MOBILGROUP
				? await simulator.lastCode(started.phone)
				: await simulator.lastKey(started.phone);
		const code = await codeOf(node, started.phone);
		const waiting = JSON.stringify(await host.execution(started.executionId));
		const { body: page } = await open(started.resumeUrl);

		await post(started.resumeUrl, { code: wrongOnes(code)[0] ?? '' });
		await post(started.resumeUrl, { code });

		const execution = await waits.ended(started);
		expectVerified(execution, started.phone);
		for (const text of [waiting, page, JSON.stringify(execution)]) {
			expect(text).not.toContain(secret);
			expect(text).not.toContain(`"${code}"`);
		}
	});

	it('verifies once at most, and never after too many, when the right one is among many', async () => {
		const rounds = Array.from({ length: 2 }, async (_, round) => {
			const started = await waits.start(node);
			const code = await codeOf(node, started.phone);
			const guesses = wrongOnes(code, 8);
			guesses.splice(round, 0, code, code);
			const answers = await Promise.all(
				guesses.map(async (guess) => await post(started.resumeUrl, { code: guess })),
			);
			return { started, answers, execution: await waits.ended(started) };
		});

		for (const { started, answers, execution } of await Promise.all(rounds)) {
			const [verified = [], not = []] = outcomes(execution, VERIFIED, NOT_VERIFIED);
			expect(verified.length + not.length).toBe(1);
			expect(reasons(answers, 'verified')).toHaveLength(verified.length);
			if (verified.length > 0) {
				expect(reasons(answers, 'too_many_attempts').map(({ status }) => status)).toEqual(
					reasons(answers, 'too_many_attempts').map(() => 429),
				);
			}
			expect(await waits.chargesOf(started.phone)).toHaveLength(1);
		}
	});
});

it('a code is guessed three times at most when a hundred guesses come at once', async () => {
	// So slow that all are there before the first is judged.
	await simulator.addFaults({ kind: 'slow', ms: 300, times: 'always', match: { path: CHECK } });
	const started = await waits.start(PLUSOFON);
	const code = await codeOf(PLUSOFON, started.phone);

	const answers = await Promise.all(
		wrongOnes(code, 100).map(async (guess) => await post(started.resumeUrl, { code: guess })),
	);

	expect(await checks()).toBe(3);
	expect(reasons(answers, 'wrong_code').length).toBeLessThanOrEqual(2);
	expectNotVerified(await waits.ended(started), 'too_many_attempts');
	expect((await post(started.resumeUrl, { code })).status).toBe(409);
});

async function checks(): Promise<number> {
	const { requests } = await simulator.journal();
	return requests.filter(({ path }) => path === CHECK).length;
}

function reasons(answers: Answer[], reason: string): Answer[] {
	return answers.filter(({ body }) => (body as IDataObject | null)?.reason === reason);
}

describe('what is typed', () => {
	it('is refused without counting when it is no code', async () => {
		const started = await waits.start(MOBILGROUP);
		const bodies = [
			{},
			{ code: ' ' },
			{ code: null },
			{ code: ['1234'] },
			{ code: { $ne: '' } },
			{ code: '1'.repeat(10_000) },
		];

		for (const body of bodies) {
			const answer = await post(started.resumeUrl, body);
			expect(answer).toEqual({ status: 400, body: { error: 'code_missing' } });
		}

		const waiting: unknown = await (await fetch(started.resumeUrl)).json();
		expect(waiting).toMatchObject({ status: 'waiting', attemptsLeft: 3 });
	});
});

describe('the page', () => {
	beforeAll(async () => {
		const options = { pageTitle: NASTY, pageText: NASTY, pageButton: NASTY };
		await waits.publish(codeFlow(MOBILGROUP, { path: 'page', parameters: { options } }));
	});

	it('shows a form, with all texts escaped', async () => {
		const { resumeUrl } = await waits.start('page');

		const page = await open(resumeUrl);

		expect(page).toMatchObject({ status: 200, type: expect.stringContaining('text/html') });
		expect(page.body).toContain('<form method="post">');
		expect(page.body).toContain('<input name="code"');
		expect(page.body).not.toContain('<script');
		expect(page.body).toContain('&#60;script&#62;alert(&#34;Tom &#38; &#39;Jerry');
	});

	it('shows what became of the code that was posted with it', async () => {
		const started = await waits.start('page');
		const code = await simulator.lastCode(started.phone);
		const submit = async (typed: string) => {
			const response = await fetch(started.resumeUrl, {
				method: 'POST',
				headers: { accept: 'text/html' },
				body: new URLSearchParams({ code: typed }),
			});
			expect(response.headers.get('content-type')).toContain('text/html');
			return { status: response.status, body: await response.text() };
		};

		const empty = await submit('');
		const wrong = await submit(wrongOnes(code)[0] ?? '');
		const right = await submit(code);

		expect(empty.status).toBe(400);
		expect(empty.body).toContain('<form');
		expect(wrong.body).toMatch(/role="alert">.*Tries left: 2/);
		expect(wrong.body).toContain('<form');
		expect(right.status).toBe(200);
		expect(right.body).toContain('Thank you');
		expect(right.body).not.toContain('<form');
		expectVerified(await waits.ended(started), started.phone);
	});
});

describe('a page in the words of the user', () => {
	const WORDS = { codeLabel: 'Код', wrongCode: 'Не тот. Осталось {left}', over: 'Время вышло' };

	it('tells them what became of the code, and who comes too late that it is over', async () => {
		const options = { pageTitle: 'Телефон', pageWords: { words: WORDS } };
		const parameters = { options, timeLimit: 10 };
		await waits.publish(codeFlow(MOBILGROUP, { path: 'words', parameters }));
		// n8n lets a flow go on at once when it happens to look before the time is up.
		for (let tries = 1; ; tries += 1) {
			const { resumeUrl } = await waits.start('words');
			const limit = Date.now() + 10_500;
			const asked = await open(resumeUrl);
			const wrong = await fetch(resumeUrl, {
				method: 'POST',
				headers: { accept: 'text/html' },
				body: new URLSearchParams({ code: 'x' }),
			});
			await sleep(limit - Date.now());
			const late = await open(resumeUrl);

			expect(asked.body).toContain(`<label>${WORDS.codeLabel}`);
			expect(await wrong.text()).toContain('Не тот. Осталось 2');
			if (late.status === 409 && tries < 3) continue;
			expect(late).toMatchObject({ status: 410, type: expect.stringContaining('text/html') });
			expect(late.body).toContain(WORDS.over);
			return;
		}
	});
});

describe('a provider that cannot check', () => {
	it.each([
		['answers 503', { kind: 'status', status: 503 }],
		['breaks off', { kind: 'resetBefore' }],
		['answers with a page', { kind: 'html' }],
	] as const)('does not cost the person a try when it %s', async (_, fault) => {
		const started = await waits.start(PLUSOFON);
		const code = await codeOf(PLUSOFON, started.phone);
		await simulator.addFaults({ ...fault, times: 'always', match: { path: CHECK } });

		for (let tries = 0; tries < 4; tries += 1) {
			const [wrong = ''] = wrongOnes(code);
			const answer = await post(started.resumeUrl, { code: wrong });
			expect(answer).toMatchObject({ status: 502, body: { error: 'not_checked' } });
		}
		await simulator.clearFaults();

		expect(await post(started.resumeUrl, { code: wrongOnes(code)[0] ?? '' })).toEqual(WRONG(2));
		await post(started.resumeUrl, { code });
		expectVerified(await waits.ended(started), started.phone);
	});
});

describe.each([MOBILGROUP, PLUSOFON] as const)('%s: leaving on Wrong Code', (node) => {
	it('comes back without another call, and keeps the tries', async () => {
		const started = await waits.start(`leave-${node}`);
		const code = await codeOf(node, started.phone);
		const [one = '', two = ''] = wrongOnes(code, 2);

		expect(await post(started.resumeUrl, { code: one })).toEqual(WRONG(2));
		await waitsAgain(started);
		expect(await post(started.resumeUrl, { code: two })).toEqual(WRONG(1));
		await waitsAgain(started);
		await post(started.resumeUrl, { code });

		const execution = await waits.ended(started);
		expectVerified(execution, started.phone);
		expect(outcomes(execution, VERIFIED)[0]?.[0]?.tries).toBe(3);
		expect(execution.data.resultData.runData[WAITS]).toHaveLength(3);
		expect(await waits.chargesOf(started.phone)).toHaveLength(1);
	});

	it('ends on Not Verified after three wrong codes', async () => {
		const started = await waits.start(`leave-${node}`);
		const code = await codeOf(node, started.phone);

		for (const wrong of wrongOnes(code, 3)) {
			await waitsAgain(started);
			await post(started.resumeUrl, { code: wrong });
		}

		expectNotVerified(await waits.ended(started), 'too_many_attempts');
		expect(await waits.chargesOf(started.phone)).toHaveLength(1);
	});

	it('allows no more guesses when many come at once, over all passes together', async () => {
		await simulator.addFaults({ kind: 'slow', ms: 50, times: 'always', match: { path: CHECK } });
		const started = await waits.start(`leave-${node}`);
		const code = await codeOf(node, started.phone);
		const answers: Answer[] = [];

		while ((await host.statusOf(started.executionId)) !== 'success') {
			const guesses = wrongOnes(code, 10);
			answers.push(
				...(await Promise.all(
					guesses.map(async (guess) => await post(started.resumeUrl, { code: guess })),
				)),
			);
		}

		expect(await checks()).toBeLessThanOrEqual(3);
		expect(reasons(answers, 'wrong_code').length).toBeLessThanOrEqual(2);
		expectNotVerified(await waits.ended(started), 'too_many_attempts');
		expect(await waits.chargesOf(started.phone)).toHaveLength(1);
	});
});

/** A wait that began again after a wrong code. */
async function waitsAgain({ executionId, resumeUrl }: Started): Promise<void> {
	for (;;) {
		const response = await fetch(resumeUrl);
		if (response.status === 200) return;
		if (!['running', 'waiting'].includes(await host.statusOf(executionId))) {
			throw new Error('the execution has ended');
		}
		await sleep(20);
	}
}

describe('a retry key', () => {
	let retryKey: string;
	let phone: string;

	beforeAll(async () => {
		const parameters = { onWrongCode: 'leave' };
		await waits.publish(codeFlow(MOBILGROUP, { path: 'keys', parameters, outputs: ALL_OUTPUTS }));
		const started = await waits.start('keys');
		({ phone } = started);
		const [wrong = ''] = wrongOnes(await simulator.lastCode(phone));
		await post(started.resumeUrl, { code: wrong });
		const [item] = outcomes(await waits.ended(started), WRONG_CODE)[0] ?? [];
		expect(item).toMatchObject({ verified: false, reason: 'wrong_code', attemptsLeft: 2, phone });
		retryKey = String(item?.retryKey);
	});

	const runWith = async (given: { phone: string; retryKey: string }) => {
		const parameters = { ...given, onWrongCode: 'leave' };
		const flow = manualWaitingFlow({
			items: [{}],
			outputs: ALL_OUTPUTS,
			...sendCode(MOBILGROUP, parameters),
		});
		return await host.runManually(await waits.save(flow), START);
	};

	it.each([
		['forged', () => 'fc1.Zm9yZ2Vk'],
		['altered', () => `${retryKey.slice(0, -2)}${retryKey.endsWith('AA') ? 'BB' : 'AA'}`],
		['cut off', () => retryKey.slice(0, -4)],
	])('that was %s is refused, and nobody is called', async (_, key) => {
		const execution = await runWith({ phone, retryKey: key() });

		expect(execution.data.resultData.error?.message).toMatch(/Retry Key was not made by this/);
		expect(await waits.chargesOf(phone)).toEqual([]);
	});

	it('of another person is refused, and nobody is called', async () => {
		const another = newPhone();

		const execution = await runWith({ phone: another, retryKey });

		expect(execution.data.resultData.error?.message).toMatch(/Retry Key is for another phone/);
		expect(await waits.chargesOf(another)).toEqual([]);
	});
});

// n8n looks for what is overdue once a minute: these were started first, and are judged last.
async function startLate(): Promise<typeof late> {
	const { flashCall } = stage.credentials;
	const call = {
		operation: 'requestCallAndWait',
		parameters: { phone: '={{ $json.phone }}', timeLimit: 10 },
		credential: flashCall,
		outputs: OUTPUTS,
	};
	await waits.publish(waitingFlow({ path: 'late-call', ...call }));
	await waits.publish(waitingFlow({ path: 'late-call-v0', order: 'v0', ...call }));
	await waits.publish(waitingFlow({ path: 'late-loop', loopBack: NOT_VERIFIED, ...call }));
	await waits.publish(codeFlow(MOBILGROUP, { path: 'late-code', parameters: { timeLimit: 10 } }));
	return {
		call: await waits.start('late-call'),
		callV0: await waits.start('late-call-v0'),
		looped: await waits.start('late-loop'),
		code: await waits.start('late-code'),
	};
}

interface SecondPass {
	/** What the reports of the first and of the second call were answered with. */
	statuses: Array<number | undefined>;
	/** Of the second call. */
	key: string | undefined;
}

/** Its limit is short, so this happens while other tests run. */
async function callInSecondPass({ phone, executionId }: Started): Promise<SecondPass> {
	const calls = async () =>
		(await simulator.plusofon()).keys.filter((record) => record.phone === phone);
	while ((await calls()).length < 2) await sleep(200);
	await host.waitForStatus(executionId, 'waiting');
	const [first, second] = await calls();
	const [earlier] = await simulator.userCalls({ key: first?.key ?? '' });
	const [later] = await simulator.userCalls({ key: second?.key ?? '' });
	return { statuses: [earlier?.status, later?.status], key: second?.key };
}

describe('when nobody comes in time', () => {
	const A_MINUTE_AND_MORE = 75_000;

	it('whoever comes after the limit is told so, also before n8n has noticed', async () => {
		for (;;) {
			const call = await waits.start('late-call');
			const code = await waits.start('late-code');
			await sleep(10_100);
			const [delivery] = await simulator.userCalls({ phone: call.phone });
			const typed = await post(code.resumeUrl, { code: await simulator.lastCode(code.phone) });
			const states = [call, code].map(async (one) => await host.statusOf(one.executionId));
			// If n8n has looked just then, it takes another pair.
			if ((await Promise.all(states)).some((state) => state !== 'waiting')) continue;

			expect(delivery).toMatchObject({ status: 410, answer: '{"error":"expired"}' });
			expect(typed).toEqual({ status: 410, body: { error: 'expired' } });
			return;
		}
	});

	it(
		'the flow goes on with Not Verified, in both execution orders, for a call and for a code',
		async () => {
			for (const started of [late.call, late.callV0, late.code]) {
				const execution = await waits.ended(started, A_MINUTE_AND_MORE);
				expectNotVerified(execution, 'timeout');
				expect(execution.data.resultData.runData[NOT_VERIFIED]).toHaveLength(1);
				expect(execution.data.resultData.runData[VERIFIED]).toBeUndefined();
			}
		},
		2 * A_MINUTE_AND_MORE,
	);

	it(
		'a flow that leads back asks for another call, and the first one does not count for it',
		async () => {
			const { statuses, key } = await secondPass;

			expect(statuses).toEqual([401, 200]);
			const execution = await waits.ended(late.looped);
			expect(outcomes(execution, VERIFIED)).toEqual([
				[expect.objectContaining({ phone: late.looped.phone, key })],
			]);
			expect(execution.data.resultData.runData[WAITS]).toHaveLength(2);
		},
		A_MINUTE_AND_MORE,
	);
});
