/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import type { IDataObject } from 'n8n-workflow';

import { deriveKey } from '../../nodes/shared/secrets';
import { signHookUrl } from '../../nodes/shared/webhookSignature';
import { HOOK_PURPOSE as CALL_PURPOSE } from '../../nodes/Plusofon/plusofon.api';
import { HOOK_PURPOSE, SECRET_HEADER, secretHeader } from '../../nodes/Zvonobot/webhookSecret';
import { PRESET_ACCESS } from '../support/simulator/plusofon/options';
import { PRESET_ZVONOBOT } from '../support/simulator/zvonobot';
import type { SimulatorClient } from '../support/simulator/client';
import { AFTER, MOBILGROUP, triggerFlow, waitingFlow } from './flows';
import { isN8n1 } from './folders';
import { itemsOf, type Credential, type ExecutionSummary, type Host } from './n8n';
import { setStage, type Stage } from './stage';
import { newPhone, NOT_VERIFIED, outcomes, VERIFIED, Waits } from './waiting';

const OUTPUTS = [VERIFIED, NOT_VERIFIED];
const NOW = () => Math.floor(Date.now() / 1000);

let stage: Stage;
let host: Host;
let simulator: SimulatorClient;
let waits: Waits;
let receivers: Record<'plusofon' | 'zvonobot' | 'call' | 'code', Receiver>;

beforeAll(async () => {
	const tarball = process.env.FLASHCALL_TARBALL;
	if (!tarball) throw new Error('Start these tests with `npm run test:host`.');
	stage = await setStage({ tarball });
	({ host, simulator } = stage);
	waits = new Waits(stage);
	receivers = {
		plusofon: await plusofonTrigger(),
		zvonobot: await zvonobotTrigger(),
		call: await waitForCall(),
		code: await waitForCode(),
	};
}, 180_000);

afterAll(async () => {
	await stage?.stop();
}, 30_000);

interface Sent {
	url: string;
	headers?: Record<string, string>;
	body: IDataObject | string | Buffer;
}

/** Something that is to happen once: a call that is confirmed, an event, a person who is verified. */
interface Expected {
	genuine: Sent;
	/** What somebody without the key can send, or with one that is too old or for something else. */
	forged: Record<string, Sent>;
	/** How often it happened. */
	happened: () => Promise<number>;
}

type Receiver = (options?: { phone?: string }) => Promise<Expected>;

/** All that a sender sees of an answer, but when it came. */
interface Seen {
	status: number;
	body: string;
	headers: Record<string, string>;
}

async function send({ url, headers = {}, body }: Sent): Promise<Seen> {
	const isJson = typeof body === 'object' && !Buffer.isBuffer(body);
	const response = await fetch(url, {
		method: 'POST',
		headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers },
		body: isJson ? JSON.stringify(body) : Buffer.isBuffer(body) ? new Uint8Array(body) : body,
	});
	const seen = Object.fromEntries([...response.headers].filter(([name]) => name !== 'date'));
	return { status: response.status, body: await response.text(), headers: seen };
}

async function publishedTrigger(trigger: string, credential: Credential, parameters?: object) {
	const webhookId = randomUUID();
	const flow = triggerFlow({ trigger, credential, webhookId, parameters });
	const id = await waits.publish(flow);
	const known = new Map<string, IDataObject[]>();
	const itemsIn = async ({ id: executionId }: ExecutionSummary): Promise<IDataObject[]> => {
		const items =
			known.get(executionId) ??
			itemsOf(await host.execution(executionId), AFTER).map(({ json }) => json);
		if (items.length > 0) known.set(executionId, items);
		return items;
	};
	const started = async (belongs: (json: IDataObject) => boolean): Promise<number> => {
		// What was accepted a moment ago may not be saved yet.
		await sleep(500);
		const executions = await Promise.all((await host.executions(id)).map(itemsIn));
		return executions.filter((items) => items.some(belongs)).length;
	};
	return { url: host.webhookUrl(`${webhookId}/webhook`), started };
}

async function plusofonTrigger(): Promise<Receiver> {
	const { url, started } = await publishedTrigger('Plusofon Trigger', stage.credentials.flashCall);
	const hookKey = deriveKey(PRESET_ACCESS, CALL_PURPOSE);
	const signed = (
		phone: string,
		expiresAt = NOW() + 300,
		key = hookKey,
		requestId = randomUUID(),
	) => signHookUrl(url, { phone, expiresAt, requestId }, key);
	const elsewhere = (phone: string) =>
		signHookUrl(
			host.webhookUrl(`${randomUUID()}/webhook`),
			{ phone, expiresAt: NOW() + 300, requestId: randomUUID() },
			hookKey,
		);
	return async ({ phone = newPhone() } = {}) => {
		const genuine = { url: signed(phone), body: { phone, key: randomUUID() } };
		const { body } = genuine;
		return {
			genuine,
			forged: {
				...altered(genuine, ['fc_signature', 'fc_expires', 'fc_request']),
				'with another key': { url: signed(phone, NOW() + 300, deriveKey('x', CALL_PURPOSE)), body },
				'too late': { url: signed(phone, NOW() - 1), body },
				'for another phone': { url: genuine.url, body: { ...body, phone: newPhone() } },
				'signed for another trigger': { url: `${url}${new URL(elsewhere(phone)).search}`, body },
				'of a request that never was': { url: `${url}?fc_request=unknown`, body },
			},
			happened: async () => await started(({ key }) => key === body.key),
		};
	};
}

/** The same request with each of the parameters changed, doubled and left out. */
function altered(genuine: Sent, names: string[]): Record<string, Sent> {
	const changes = names.flatMap((name) => {
		const changed = (change: (params: URLSearchParams, value: string) => void): Sent => {
			const url = new URL(genuine.url);
			change(url.searchParams, url.searchParams.get(name) ?? '');
			return { ...genuine, url: url.href };
		};
		return [
			[`without ${name}`, changed((params) => params.delete(name))],
			[`with ${name} cut off`, changed((params, value) => params.set(name, value.slice(0, -1)))],
			[`with a longer ${name}`, changed((params, value) => params.set(name, `${value}1`))],
			[`with ${name} twice`, changed((params, value) => params.append(name, value))],
			[`with a list as ${name}`, changed((params, value) => listed(params, name, value))],
		] as Array<[string, Sent]>;
	});
	return Object.fromEntries(changes);
}

function listed(params: URLSearchParams, name: string, value: string): void {
	params.delete(name);
	params.set(`${name}[]`, value);
}

let calls = 0;

async function zvonobotTrigger(): Promise<Receiver> {
	const { url, started } = await publishedTrigger('Zvonobot Trigger', stage.credentials.zvonobot);
	const hookKey = deriveKey(PRESET_ZVONOBOT, HOOK_PURPOSE);
	const genuineSecret = secretHeader(hookKey, url, 'request-1');
	const withSecret = (secret: string) => ({ [SECRET_HEADER]: secret });
	return async ({ phone = newPhone() } = {}) => {
		const id = ++calls;
		const body = { id, calls: [{ phone, status: 'finished', cost: '2.5' }] };
		const forged = (secret: string): Sent => ({ url, body, headers: withSecret(secret) });
		return {
			genuine: forged(genuineSecret),
			forged: {
				'without a secret': { url, body },
				'with an empty secret': forged(''),
				'with a secret cut off': forged(genuineSecret.slice(0, -1)),
				'with a longer secret': forged(`${genuineSecret}A`),
				'with the secret of another request': forged(
					genuineSecret.replace('request-1', 'request-2'),
				),
				'with the secret of another URL': forged(
					secretHeader(hookKey, url.replace('/webhook/', '/webhook/x'), 'request-1'),
				),
				'with another key': forged(secretHeader(deriveKey('x', HOOK_PURPOSE), url, 'request-1')),
				'with the secret in the URL': { url: `${url}?${SECRET_HEADER}=${genuineSecret}`, body },
			},
			happened: async () => await started(({ callId }) => callId === id),
		};
	};
}

function verifiedTimes(executionId: string): () => Promise<number> {
	return async () => {
		// Who was let in a moment ago may not be through yet.
		await sleep(500);
		return outcomes(await host.execution(executionId), VERIFIED).flat().length;
	};
}

async function waitForCall(): Promise<Receiver> {
	await waits.publish(
		waitingFlow({
			path: 'call',
			outputs: OUTPUTS,
			operation: 'requestCallAndWait',
			parameters: { phone: '={{ $json.phone }}' },
			credential: stage.credentials.flashCall,
		}),
	);
	const hookKey = deriveKey(PRESET_ACCESS, CALL_PURPOSE);
	return async ({ phone = newPhone() } = {}) => {
		const { executionId } = await waits.start('call', [{ phone }]);
		const hook = await waits.hookOf(phone);
		const genuine = { url: hook.href, body: { phone, key: await simulator.lastKey(phone) } };
		const { body } = genuine;
		const requestId = hook.searchParams.get('fc_request') ?? '';
		const signed = (key: Buffer, claim: { expiresAt?: number; requestId?: string } = {}): Sent => ({
			url: signHookUrl(hook.href, { phone, expiresAt: NOW() + 300, requestId, ...claim }, key),
			body,
		});
		return {
			genuine,
			forged: {
				...altered(genuine, ['fc_signature', 'fc_expires', 'fc_request']),
				'with another key': signed(deriveKey('x', CALL_PURPOSE)),
				'too late': signed(hookKey, { expiresAt: NOW() - 1 }),
				'of a request that never was': signed(hookKey, { requestId: randomUUID() }),
				'for another phone': { ...genuine, body: { ...body, phone: newPhone() } },
				"with another person's key": { ...genuine, body: { ...body, key: randomUUID() } },
			},
			happened: verifiedTimes(executionId),
		};
	};
}

async function waitForCode(): Promise<Receiver> {
	await waits.publish(
		waitingFlow({
			path: 'code',
			outputs: OUTPUTS,
			node: MOBILGROUP,
			operation: 'sendCodeAndWait',
			parameters: { phone: '={{ $json.phone }}' },
			credential: stage.credentials.mobilgroup,
		}),
	);
	return async ({ phone = newPhone() } = {}) => {
		const { executionId, resumeUrl } = await waits.start('code', [{ phone }]);
		const code = await simulator.lastCode(phone);
		return {
			genuine: { url: resumeUrl, body: { code } },
			forged: {},
			happened: verifiedTimes(executionId),
		};
	};
}

const MEGABYTE = 1024 * 1024;
const json = (text: string): Pick<Sent, 'body' | 'headers'> => ({
	body: text,
	headers: { 'content-type': 'application/json' },
});
const called = (type: string, body: string | Buffer, beside: Record<string, string> = {}) => ({
	body,
	headers: { 'content-type': type, ...beside },
});
const nested = (depth: number, inside = '1') =>
	'{"data":'.repeat(depth) + inside + '}'.repeat(depth);

/** What no provider sends, from somebody who knows the address and the secret that goes with it. */
function hostileBodies({ body }: Sent): Record<string, Pick<Sent, 'body' | 'headers'>> {
	const genuine = JSON.stringify(body);
	return {
		nothing: { body: '' },
		'an empty object': json('{}'),
		'a list of nothing': json('[]'),
		null: json('null'),
		'a number': json('79161234567'),
		text: json('"79161234567"'),
		'broken JSON': json(genuine.slice(0, -1)),
		'two objects': json(`${genuine}${genuine}`),
		'JSON ten thousand deep': json(nested(10_000)),
		'JSON a million deep': json(nested(1_000_000)),
		'what counts, ten thousand deep': json(nested(10_000, genuine)),
		'lists a hundred thousand deep': json('['.repeat(100_000) + ']'.repeat(100_000)),
		'what counts under __proto__': json(`{"__proto__":${genuine}}`),
		'what counts under constructor.prototype': json(`{"constructor":{"prototype":${genuine}}}`),
		'a form with what counts under __proto__': called(
			'application/x-www-form-urlencoded',
			Object.entries(body)
				.map(([name, value]) => `__proto__[${name}]=${String(value)}`)
				.join('&'),
		),
		'a megabyte of one name': json(`{"${'a'.repeat(MEGABYTE)}":1}`),
		'more than n8n takes': json(`{"a":"${'a'.repeat(17 * MEGABYTE)}"}`),
		'ten thousand fields': called('application/x-www-form-urlencoded', 'a=1&'.repeat(10_000)),
		XML: called('application/xml', '<phone>79161234567</phone>'),
		'XML with an entity': called(
			'application/xml',
			'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><phone>&b;</phone>',
		),
		bytes: called('application/octet-stream', Buffer.from([0, 255, 254, 1, 2, 3])),
		'bytes called JSON': called('application/json', Buffer.from([0, 255, 254, 1, 2, 3])),
		'a multipart form that never ends': called(
			'multipart/form-data; boundary=x',
			'--x\r\nContent-',
		),
		'a multipart form without a boundary': called('multipart/form-data', '--x--'),
		'JSON called compressed': called('application/json', genuine, { 'content-encoding': 'gzip' }),
		'fifty megabytes made small': called(
			'application/json',
			gzipSync(Buffer.alloc(50 * MEGABYTE, 32)),
			{ 'content-encoding': 'gzip' },
		),
		'a character set that does not exist': called('application/json; charset=x-none', genuine),
	};
}

describe.each(['plusofon', 'zvonobot', 'call', 'code'] as const)('the webhook of %s', (name) => {
	it('is not opened by a body that no provider sends, and n8n lives on', async () => {
		const expected = await receivers[name]();
		const { genuine } = expected;

		const statuses: Record<string, number> = {};
		for (const [what, hostile] of Object.entries(hostileBodies(genuine))) {
			const headers = { ...genuine.headers, ...hostile.headers };
			statuses[what] = (await send({ url: genuine.url, headers, body: hostile.body })).status;
		}

		// What n8n itself cannot read it answers with 500.
		const accepted = Object.entries(statuses).filter(([, status]) => status < 400);
		expect(Object.fromEntries(accepted)).toEqual({});
		expect(await expected.happened()).toBe(0);
		expect((await send(genuine)).status).toBe(200);
		expect(await expected.happened()).toBe(1);
	});
});

describe.each(['plusofon', 'zvonobot', 'call'] as const)(
	'a forgery at the webhook of %s',
	(name) => {
		it('gets the same answer whatever is wrong with it, and starts nothing', async () => {
			const expected = await receivers[name]();

			const answers: Record<string, Seen> = {};
			for (const [what, forged] of Object.entries(expected.forged))
				answers[what] = await send(forged);

			const [first] = Object.values(answers);
			expect(first).toMatchObject({ status: 401, body: '{"error":"unauthorized"}' });
			expect(answers).toEqual(
				Object.fromEntries(Object.keys(answers).map((what) => [what, first])),
			);
			expect(await expected.happened()).toBe(0);
			expect((await send(expected.genuine)).status).toBe(200);
			expect(await expected.happened()).toBe(1);
		});
	},
);

describe('fifty requests a second', () => {
	const PER_RECEIVER = 20;
	const EACH_MS = 1000 / 50;

	/** As the providers do, only sooner: again and again until it is taken. */
	async function deliver(sent: Sent): Promise<void> {
		for (let tries = 0; tries < 100; tries++) {
			if ((await send(sent)).status === 200) return;
			await sleep(500);
		}
	}

	async function untilItHas(happened: Expected['happened']): Promise<void> {
		for (let tries = 0; tries < 20; tries++) if ((await happened()) > 0) return;
	}

	it('lose nothing genuine, repeat nothing, and let nothing forged in', async () => {
		const expected: Expected[] = [];
		for (const name of ['plusofon', 'zvonobot', 'call'] as const) {
			for (let index = 0; index < PER_RECEIVER; index++) expected.push(await receivers[name]());
		}
		const forgeries = expected.flatMap(({ forged }) => Object.values(forged).slice(0, 2));
		const genuine = expected.map((one) => one.genuine);
		const toForged: number[] = [];

		const sendings = genuine.flatMap((one, index) => [
			async () => await deliver(one),
			...forgeries.slice(index * 2, index * 2 + 2).map((forged) => async () => {
				toForged.push((await send(forged)).status);
			}),
			async () => await send(one),
		]);
		await Promise.all(
			sendings.map(async (sending, index) => {
				await sleep(index * EACH_MS);
				await sending();
			}),
		);

		// Above what it can do n8n answers with 503, to whomever; n8n 1, whose resume URLs have no token,
		// says of a wait that is over that it is.
		const refusals = isN8n1 ? [401, 409, 503] : [401, 503];
		expect(toForged.filter((status) => !refusals.includes(status))).toEqual([]);
		// n8n 1 answers before it has begun: what was let in is waited for, and counted after that.
		for (const { happened } of expected) await untilItHas(happened);
		const times = await Promise.all(expected.map(async ({ happened }) => await happened()));
		expect(times).toEqual(expected.map(() => 1));
	}, 300_000);
});
