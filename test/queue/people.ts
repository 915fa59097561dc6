/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { setTimeout as sleep } from 'node:timers/promises';

import type { IDataObject } from 'n8n-workflow';

import { MOBILGROUP } from '../host/flows';
import { itemsOf, post, type Answer } from '../host/n8n';
import { SECRET_HEADER } from '../../nodes/Zvonobot/webhookSecret';
import type { PlayStep } from '../support/simulator/zvonobot';
import type { Begun, Client, Conduct, Person } from './client';
import { phoneOf } from './executions';
import { KINDS, PATHS, type Kind } from './flows';

/** What somebody does after the flow about them has begun. */
export type Act = () => Promise<void>;

/** As often as people do it. */
const CONDUCTS: Conduct[] = [
	...(['right', 'late', 'wrong', 'right', 'wrongFirst', 'silent', 'right'] as const),
	...(['right', 'late', 'right', 'wrong', 'right', 'wrongFirst', 'right'] as const),
	...(['silent', 'right', 'late', 'wrong', 'wrongFirst', 'right'] as const),
];

/** Everybody, the kinds well mixed. */
export function makePeople(count: number): Person[] {
	const hundred = Object.entries(KINDS).flatMap(([kind, { share }]) =>
		Array.from({ length: share }, () => kind as Kind),
	);
	const seen = new Map<Kind, number>();
	return Array.from({ length: count }, (_, index) => {
		const kind = hundred[(index * 37) % hundred.length] as Kind;
		const before = seen.get(kind) ?? 0;
		seen.set(kind, before + 1);
		const conduct = CONDUCTS[before % CONDUCTS.length] as Conduct;
		return { kind, phone: phoneOf(index), conduct, wasCutOff: false };
	});
}

/** Whether a flow has to end well. */
export function confirms({ conduct }: Person): boolean {
	return conduct !== 'wrong' && conduct !== 'silent';
}

/** Seconds that the flow waits. */
function timeLimitOf({ kind, conduct }: Person): number {
	const isInVain = conduct === 'silent' || (kind === 'callWait' && conduct === 'wrong');
	if (isInVain) return 20;
	// Should every report of a call be missed, the call is asked about in the end.
	return kind === 'callAndWait' && conduct !== 'late' ? 120 : 3600;
}

/** Starts the flow about somebody; undefined when it was lost. */
export async function begin(person: Person, client: Client): Promise<Act | undefined> {
	const { kind, phone } = person;
	const item = { phone, timeLimit: timeLimitOf(person) };
	const begun = await client.begin(person, kind === 'flashCall' ? { phone } : { items: [item] });
	if (begun === undefined) return undefined;
	switch (kind) {
		case 'flashCall':
		case 'sealed':
			return async () => await signUp(person, client, keyIn(kind, begun));
		case 'codeWait':
		case 'verifyWait':
			return async () => await typeCode(person, client, resumeUrlIn(begun, client));
		case 'callWait':
			return async () => await call(person, client, resumeUrlIn(begun, client));
		case 'callAndWait':
			return async () => await answerCall(person, client, resumeUrlIn(begun, client));
		case 'trigger':
			return async () => await answerCall(person, client, client.published.triggerUrl);
	}
}

function keyIn(kind: 'flashCall' | 'sealed', begun: Begun): string {
	const node = kind === 'flashCall' ? 'Send Flash Call' : MOBILGROUP;
	const json = 'kept' in begun ? itemsOf(begun.kept, node)[0]?.json : [begun.answer].flat()[0];
	return String((json as IDataObject).key);
}

function resumeUrlIn(begun: Begun, client: Client): string {
	if ('kept' in begun) return client.resumeUrlOf(begun.kept);
	return String((begun.answer as IDataObject).resumeUrl);
}

function wrongFor(code: string): string {
	return code === '1111' ? '2222' : '1111';
}

/** Somebody types digits, and the site asks a second flow about them. */
async function signUp(person: Person, client: Client, key: string): Promise<void> {
	const { kind, phone, conduct } = person;
	const { simulator } = client;
	const ask = async (givenKey: string, code: string) =>
		kind === 'flashCall'
			? await post(client.urlOf(PATHS.checkPin), { key: givenKey, pin: code, phone })
			: await post(client.urlOf(PATHS.checkCode), { items: [{ key: givenKey, code, phone }] });
	const check = async (code: string) =>
		await client.insist(person, async () => await ask(key, code));
	const code = kind === 'flashCall' ? await simulator.pinOf(key) : await simulator.lastCode(phone);
	if (conduct === 'silent') {
		const altered = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
		await client.forge(`${kind} key of ${phone}`, async () =>
			isVerified(await client.insist(person, async () => await ask(altered, code))),
		);
		return;
	}
	const wrong = { wrong: 3, wrongFirst: 1, right: 0, late: 0 }[conduct];
	for (let tries = 0; tries < wrong; tries += 1) await check(wrongFor(code));
	if (conduct !== 'wrong') await check(code);
}

function isVerified({ body }: Answer): boolean {
	return [body].flat().some((one) => (one as IDataObject | null)?.verified === true);
}

/** Three at each of two processes, which both are started twice. */
const MOST_GUESSES = 12;

/** Somebody types digits at the address of the waiting execution. */
async function typeCode(person: Person, client: Client, url: string): Promise<void> {
	const { kind, phone, conduct } = person;
	const { simulator } = client;
	const type = async (code: string) =>
		await client.insist(person, async () => await post(url, { code }));
	if (conduct === 'silent') {
		await client.waits(person, url);
		const forged = {
			without: url.replace(/\?.*/, ''),
			altered: url.replace(/signature=...../, 'signature=00000'),
		};
		for (const [what, address] of Object.entries(forged)) {
			await client.forge(
				`${kind} URL ${what} of ${phone}`,
				async () => (await post(address, { code: '0000' })).status < 300,
			);
		}
		await client.forge(`${kind} verdict about ${phone}`, async () =>
			isVerified(await post(url, { verified: true, reason: 'verified', phone })),
		);
		return;
	}
	const code = await client.told(async () =>
		kind === 'codeWait'
			? await simulator.lastCode(phone)
			: await simulator.pinOf(await simulator.lastKey(phone)),
	);
	if (code === undefined) return;
	if (conduct === 'wrong') {
		for (let guesses = 0; guesses < MOST_GUESSES; guesses += 1) {
			const { status, body } = await type(wrongFor(code));
			if (status !== 200 || (body as IDataObject).reason === 'too_many_attempts') return;
		}
		return;
	}
	if (conduct === 'wrongFirst') await type(wrongFor(code));
	// Somebody clicks twice: both requests meet different processes.
	await Promise.all([type(code), type(code)]);
}

/** Somebody calls the number they were shown, again while nobody takes the report of it. */
async function call(person: Person, client: Client, url: string): Promise<void> {
	const { phone, conduct } = person;
	const { simulator } = client;
	const key = await client.told(async () => await simulator.lastKey(phone));
	if (key === undefined) return;
	if (conduct === 'silent' || conduct === 'wrong') {
		await client.waits(person, url);
		const other = String(Number(phone) + 500_000);
		await client.forge(`call of another phone for ${phone}`, async () => {
			const reports = await simulator.userCalls({ phone }, { phone: other });
			return reports.some(({ status = 0 }) => status < 300);
		});
		const hook = new URL((await simulator.hookUrlOf(key)) ?? '');
		for (const name of ['fc_signature', 'fc_request', 'fc_expires']) {
			const forged = new URL(hook);
			forged.searchParams.set(name, `${forged.searchParams.get(name) ?? ''}1`);
			await client.forge(
				`call of ${phone} with another ${name}`,
				async () => (await post(forged.href, { phone, key })).status < 300,
			);
		}
		return;
	}
	const end = Date.now() + 60_000;
	for (;;) {
		const reports = await simulator.userCalls({ phone }, { times: 2, parallel: true });
		client.noteCutOff(person, ...reports.map(({ status }) => status));
		if (reports.some(({ status }) => status === 200) || Date.now() > end) return;
		if (reports.some(({ answer = '' }) => answer.includes('finished'))) return;
		await sleep(500);
	}
}

const TALK: Record<Exclude<Conduct, 'silent'>, PlayStep[]> = {
	right: ['processed', 'started', 'answered', { digit: 1 }, 'finished'],
	late: ['processed', 'started', 'answered', { digit: 2 }, 'finished'],
	wrongFirst: ['processed', 'started', 'answered', 'finished'],
	wrong: ['processed', 'started', 'canceled'],
};

/** Somebody is called; Zvonobot reports what happens, each time twice. */
async function answerCall(person: Person, client: Client, url: string): Promise<void> {
	const { kind, phone, conduct } = person;
	const { simulator } = client;
	const callOf = async () => (await simulator.zvonobot()).calls.find((one) => one.phone === phone);
	const own = await client.told(callOf);
	if (own === undefined) return;
	if (conduct !== 'silent') {
		const steps =
			kind === 'trigger' ? TALK[conduct].filter((step) => typeof step === 'string') : TALK[conduct];
		const reports = await simulator.playCall({ phone }, { steps, repeat: 1 });
		client.noteCutOff(person, ...reports.flatMap(({ tries }) => tries.map(({ status }) => status)));
		return;
	}
	if (kind === 'callAndWait') await client.waits(person, url);
	const { calls } = await simulator.zvonobot();
	const other = calls.find(
		(one) => one.phone !== phone && one.webhook !== null && one.webhook.url !== url,
	);
	const secrets = [
		'',
		`${crypto.randomUUID()}.${'A'.repeat(43)}`,
		other?.webhook?.headers[SECRET_HEADER] ?? '',
	];
	const body = { id: own.id, calls: [{ phone, status: 'finished', ivrDigit: 1 }] };
	for (const secret of secrets) {
		await client.forge(
			`robocall of ${phone}`,
			async () => (await post(url, body, { [SECRET_HEADER]: secret })).status < 300,
		);
	}
}

/** Sends what the Zvonobot Trigger has accepted once more, as somebody could who has listened in. */
export async function replayEvents({ simulator, published, tally }: Client): Promise<void> {
	const { calls } = await simulator.zvonobot();
	const headers = new Map(calls.map(({ phone, webhook }) => [phone, webhook?.headers ?? {}]));
	const { deliveries } = await simulator.journal();
	const accepted = deliveries.filter(
		({ url, status }) => url === published.triggerUrl && status === 200,
	);
	for (const { url, body } of accepted) {
		const [phone = ''] = /7926\d{7}/.exec(JSON.stringify(body)) ?? [];
		await simulator.deliver({ url, headers: headers.get(phone) ?? {}, body });
		tally.replayed += 1;
	}
}
