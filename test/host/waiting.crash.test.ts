/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { setTimeout as sleep } from 'node:timers/promises';

import { MOBILGROUP, waitingFlow } from './flows';
import { post, type Host } from './n8n';
import { setStage, type Stage } from './stage';
import {
	expectNotVerified,
	expectVerified,
	NOT_VERIFIED,
	outcomes,
	VERIFIED,
	Waits,
	WRONG_CODE,
	type Started,
} from './waiting';
import type { SimulatorClient } from '../support/simulator/client';

const OUTPUTS = [VERIFIED, NOT_VERIFIED];

let stage: Stage;
let host: Host;
let simulator: SimulatorClient;
let waits: Waits;

beforeAll(async () => {
	const tarball = process.env.FLASHCALL_TARBALL;
	if (!tarball) throw new Error('Start these tests with `npm run test:host`.');
	stage = await setStage({ tarball });
	({ host, simulator } = stage);
	waits = new Waits(stage);
	const { flashCall, mobilgroup } = stage.credentials;
	const call = { operation: 'requestCallAndWait', credential: flashCall, outputs: OUTPUTS };
	const code = {
		node: MOBILGROUP,
		operation: 'sendCodeAndWait',
		credential: mobilgroup,
		outputs: [...OUTPUTS, WRONG_CODE],
		loopBack: WRONG_CODE,
	} as const;
	const phone = '={{ $json.phone }}';
	await waits.publish(
		waitingFlow({ path: 'call', ...call, parameters: { phone, timeLimit: 3600 } }),
	);
	await waits.publish(
		waitingFlow({ path: 'short', ...call, parameters: { phone, timeLimit: 10 } }),
	);
	await waits.publish(
		waitingFlow({ path: 'code', ...code, parameters: { phone, onWrongCode: 'leave' } }),
	);
}, 240_000);

afterAll(async () => {
	await stage?.stop();
}, 30_000);

beforeEach(async () => {
	await simulator.clearJournal();
});

describe('waits for a call and for a code go on where they were, and nobody is called again', () => {
	it('when n8n is updated meanwhile', async () => {
		await goesOn(async () => await host.restart());
	}, 240_000);

	it('when n8n is killed meanwhile; a limit that passes before it is back means Not Verified', async () => {
		const short = await waits.start('short');

		await goesOn(async () => {
			await host.crash();
			await sleep(10_000);
			// The person calls in vain.
			const [missed] = await simulator.userCalls({ phone: short.phone });
			expect(missed?.status).toBeUndefined();
			await host.start();
			const [late] = await simulator.userCalls({ phone: short.phone });
			expect(late?.status).not.toBe(200);
		});

		expectNotVerified(await waits.ended(short), 'timeout');
		expect(await waits.chargesOf(short.phone)).toHaveLength(1);
	}, 240_000);

	async function goesOn(restart: () => Promise<void>): Promise<void> {
		const called = await waits.start('call');
		const coded = await waits.start('code');
		const code = await simulator.lastCode(coded.phone);
		const wrong = code === '1111' ? '2222' : '1111';
		await post(coded.resumeUrl, { code: wrong });
		await waitsAgain(coded);

		await restart();

		const [delivery] = await simulator.userCalls({ phone: called.phone });
		expect(delivery?.status).toBe(200);
		const answer = await post(coded.resumeUrl, { code: wrong });
		expect(answer.body).toMatchObject({ reason: 'wrong_code', attemptsLeft: 1 });
		await waitsAgain(coded);
		expect((await post(coded.resumeUrl, { code })).body).toMatchObject({ verified: true });

		expectVerified(await waits.ended(called), called.phone);
		expectVerified(await waits.ended(coded), coded.phone);
		for (const { phone } of [called, coded]) expect(await waits.chargesOf(phone)).toHaveLength(1);
	}
});

const PEOPLE = 100;
const SILENT = 10;

it('of a hundred waits none is lost, verified wrongly or called twice, though n8n is killed', async () => {
	const people = await atOnce(
		Array.from({ length: PEOPLE }),
		async () => await waits.begin('call'),
	);
	const silent = people.slice(0, SILENT);
	const callers = people.slice(SILENT);
	const third = Math.ceil(callers.length / 3);
	const [early, during, late] = [0, 1, 2].map((part) =>
		callers.slice(part * third, (part + 1) * third),
	) as [Started[], Started[], Started[]];
	// As soon as each is known, which may be before its wait is saved.
	await atOnce(early, reportUntilTaken);
	await atOnce(early, async ({ executionId }) => await host.waitForStatus(executionId, 'success'));
	const forged = await atOnce(silent, async (one) => await forge(one, early[0] ?? one));

	const reporting = atOnce(during, reportUntilTaken);
	await sleep(1000);
	await host.crash();
	await host.start();
	await reporting;
	await atOnce(late, reportUntilTaken);
	await atOnce(callers, async ({ phone }) => await simulator.userCalls({ phone }));
	forged.push(...(await atOnce(silent, async (one) => await forge(one, late[0] ?? one))));

	const ends = await atOnce(people, async (one) => ({ one, status: await settled(one) }));
	const having = (status: string) =>
		ends.flatMap(({ one, ...end }) => (end.status === status ? [one] : []));
	for (const one of having('success')) {
		expectVerified(await host.execution(one.executionId), one.phone);
	}
	const { charges } = await simulator.journal();
	expect(charges.map(({ phone }) => phone).sort()).toEqual(people.map(({ phone }) => phone).sort());
	expect(new Set(forged.flat())).toEqual(new Set([401]));
	expect(having('waiting')).toEqual(silent);
	// What n8n was at work on when it was killed, it gives up itself: those were no longer waiting.
	const crashed = having('crashed');
	expect(during).toEqual(expect.arrayContaining(crashed));
	for (const one of crashed) {
		expect(outcomes(await host.execution(one.executionId), VERIFIED)).toEqual([[]]);
	}
	expect(having('success').length + crashed.length).toBe(callers.length);
}, 240_000);

/** Reports a call, always twice at once, until it is taken: by this report or by one whose answer was lost. */
async function reportUntilTaken({ phone, executionId }: Started): Promise<void> {
	for (;;) {
		const deliveries = await simulator.userCalls({ phone }, { times: 2, parallel: true });
		if (deliveries.some(({ status }) => status === 200)) return;
		const status = await host.statusOf(executionId).catch(() => 'unknown');
		if (!['unknown', 'new', 'running', 'waiting'].includes(status)) return;
		await sleep(250);
	}
}

/** What somebody may try who knows their own call and another person's address. */
async function forge(victim: Started, forger: Started): Promise<number[]> {
	const hook = await waits.hookOf(victim.phone);
	const own = await waits.hookOf(forger.phone);
	for (const name of ['fc_signature', 'fc_request', 'fc_expires']) {
		hook.searchParams.set(name, own.searchParams.get(name) ?? '');
	}
	const key = await simulator.lastKey(forger.phone);
	const statuses: number[] = [];
	for (const phone of [victim.phone, forger.phone]) {
		statuses.push((await post(hook.href, { phone, key })).status);
	}
	return statuses;
}

const AT_ONCE = 10;

/** Works on ten at once: more would only show how much n8n's SQLite takes. */
async function atOnce<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
	const results: R[] = [];
	const queue = [...all.entries()];
	const worker = async () => {
		for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
			results[next[0]] = await work(next[1]);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	return results;
}

/** The status of an execution that does nothing at the moment. */
async function settled({ executionId }: Started): Promise<string> {
	for (;;) {
		const status = await host.statusOf(executionId);
		if (status !== 'running' && status !== 'new') return status;
		await sleep(50);
	}
}

/** A wait that began again after a wrong code. */
async function waitsAgain({ resumeUrl }: Started): Promise<void> {
	while ((await fetch(resumeUrl)).status !== 200) await sleep(20);
}
