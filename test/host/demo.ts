/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';

import { rootFolder, scratchFolder } from './folders';
import { itemsOf, OWNER, post, type Answer } from './n8n';
import { readWorkflow, setStage, type Stage } from './stage';

const PHONE = '+7 999 111-22-33';
const DIGITS = '79991112233';

function say(label: string, text: string): void {
	process.stdout.write(`${label.padEnd(15)}${text}\n`);
}

function expect(what: string, seen: unknown, wanted: unknown): void {
	if (isDeepStrictEqual(seen, wanted)) return;
	throw new Error(`${what}: expected ${JSON.stringify(wanted)}, saw ${JSON.stringify(seen)}`);
}

function fieldOf(what: string, { status, body }: Answer, name: string): string {
	const value: unknown =
		typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
	if (status === 200 && typeof value === 'string' && value !== '') return value;
	throw new Error(`${what}: expected ${name}, saw ${status} ${JSON.stringify(body)}`);
}

/** Sign-up by flash call, through the production webhooks of the example flow. */
async function flashCall({ host, simulator, credentials }: Stage): Promise<void> {
	const id = await host.importWorkflow(readWorkflow('sign-up-flash-call.json'), [
		credentials.flashCall,
	]);
	await host.activate(id);
	const started = await post(host.webhookUrl('sign-up/start'), { phone: PHONE });
	const key = fieldOf('Starting the sign-up', started, 'key');
	const { charges } = await simulator.journal();
	expect('Calls that were placed', charges.length, 1);
	expect('Phone that rang', charges[0]?.phone, DIGITS);

	// The person reads the PIN off the calling number; here the simulator tells it.
	const pin = await simulator.pinOf(key);
	const wrong = pin === '0000' ? '1111' : '0000';
	const check = async (typed: string) =>
		(await post(host.webhookUrl('sign-up/check'), { key, pin: typed })).body;
	expect('A wrong PIN', await check(wrong), { verified: false, reason: 'wrong_pin' });
	expect('The right PIN', await check(pin), { verified: true, reason: 'verified' });
	say(
		'Flash call',
		`${PHONE} rang once -> key ${key}; PIN ${wrong} -> refused, PIN ${pin} -> verified`,
	);
}

/** Sign-up by a call from the person: the signed hook starts the Trigger, and only once. */
async function callToAuth({ host, simulator, credentials }: Stage): Promise<void> {
	const id = await host.importWorkflow(readWorkflow('sign-up-call-to-auth.json'), [
		credentials.flashCall,
	]);
	await host.activate(id);
	const started = await post(host.webhookUrl('sign-up/call-me'), { phone: PHONE });
	const number = fieldOf('Asking for a number', started, 'callNumber');
	const requestId = fieldOf('Asking for a number', started, 'requestId');

	const statuses = async (how: { times?: number; phone?: string }) =>
		(await simulator.userCalls({ phone: DIGITS }, how)).map(({ status }) => status);
	expect('A forged confirmation', await statuses({ phone: '79995554433' }), [401]);
	expect('The confirmation and its replay', await statuses({ times: 2 }), [200, 409]);

	const marked = 'Mark as verified';
	const execution = await host.waitForExecution(id, (one) => itemsOf(one, marked).length > 0);
	expect(
		'The verified person',
		itemsOf(execution, marked).map(({ json }) => json),
		[{ phone: DIGITS, requestId, verified: true }],
	);
	const triggered = (await host.executions(id)).length - 1;
	expect('Executions that the confirmation started', triggered, 1);
	say(
		'CallToAuth',
		`dial ${number} -> confirmation signed, accepted once; forged 401, replayed 409, both refused`,
	);
}

const PUBLISHED = ['sign-up-flash-call.json', 'sign-up-call-to-auth.json'];

/** The other examples, to be looked at and published by whoever wants to try them. */
async function importOtherExamples({ host, credentials }: Stage): Promise<void> {
	const files = readdirSync(join(rootFolder, 'test', 'workflows'));
	for (const file of files.filter((name) => !PUBLISHED.includes(name))) {
		await host.importWorkflow(readWorkflow(file), Object.values(credentials));
	}
}

let stage: Stage | undefined;
let ending = false;

async function end(code: number): Promise<void> {
	if (ending) return;
	ending = true;
	await stage?.stop();
	process.exit(code);
}

function endWhenAsked(): void {
	for (const [signal, code] of [
		['SIGINT', 0],
		['SIGTERM', 143],
		['SIGHUP', 129],
	] as const) {
		process.on(signal, () => void end(code));
	}
	// When whoever started this is killed outright, nothing may stay behind.
	const parent = process.ppid;
	setInterval(() => {
		if (process.ppid !== parent) void end(1);
	}, 1_000).unref();
}

async function runExamples(on: Stage): Promise<boolean> {
	try {
		await flashCall(on);
		await callToAuth(on);
		return true;
	} catch (error) {
		if (ending) return false;
		process.stderr.write(`Not as it should be. ${(error as Error).message}\n`);
		process.stderr.write(`n8n's log: ${on.host.logFile}\n`);
		return false;
	}
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { once: { type: 'boolean', default: false }, tarball: { type: 'string' } },
	});
	if (!values.tarball) throw new Error('Start this with `npm start`.');
	endWhenAsked();

	const begun = Date.now();
	process.stdout.write('Starting the simulator and n8n ...\n');
	stage = await setStage({ tarball: values.tarball, folder: join(scratchFolder, 'demo') });
	const { host, simulator } = stage;
	say('Simulator', simulator.url);
	say('n8n', `${host.url}   login ${OWNER.email} / ${OWNER.password}`);

	const good = await runExamples(stage);
	if (good) {
		const seconds = Math.round((Date.now() - begun) / 1000);
		process.stdout.write(`Both flows did what they should, ${seconds}s after the start.\n`);
	}
	if (values.once) return await end(good ? 0 : 1);
	await importOtherExamples(stage);

	const curl = `curl -H 'content-type: application/json'`;
	process.stdout.write('\n');
	say('Try it', `${curl} -d '{"phone":"${PHONE}"}' ${host.webhookUrl('sign-up/start')}`);
	say('The PINs', `curl ${simulator.url}/_sim/plusofon/pins`);
	say('Check one', `${curl} -d '{"key":"...","pin":"..."}' ${host.webhookUrl('sign-up/check')}`);
	say('The editor', `${host.url}   login ${OWNER.email} / ${OWNER.password}`);
	say('Other examples', 'are in the editor; docs/trying-it-out.md says how to try each,');
	say('', `and how to call, answer and see the codes at ${simulator.url}/_sim/...`);
	process.stdout.write('What you change there is gone at the next start.\n');
	process.stdout.write('Ctrl-C stops everything.\n');
	const reason = await host.exited;
	if (!ending) process.stderr.write(`n8n ended by itself (${reason}).\n`);
	await end(1);
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exit(1);
});
