/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { setTimeout as sleep } from 'node:timers/promises';

import type { IDataObject, INode } from 'n8n-workflow';

import { ITEMS, nodeOf, noOp, respondingFlow, WAITS } from './flows';
import { errorOf, post, type Execution, type Host, type WorkflowFile } from './n8n';
import { readWorkflow, setStage, type Stage } from './stage';
import { newPhone, NOT_VERIFIED, open, outcomes, VERIFIED, Waits, type Started } from './waiting';
import type { SimulatorClient } from '../support/simulator/client';

const PROVIDERS = ['plusofon', 'mobilgroup', 'zvonobot'];
/** n8n looks once a minute whose time is up. */
const A_MINUTE_AND_MORE = 80_000;
/** Long enough for n8n to be up again before the next channel is due. */
const PATIENCE = 60;

let stage: Stage;
let host: Host;
let simulator: SimulatorClient;
let waits: Waits;
let slow: Awaited<ReturnType<typeof startSlow>>;

beforeAll(async () => {
	const tarball = process.env.FLASHCALL_TARBALL;
	if (!tarball) throw new Error('Start these tests with `npm run test:host`.');
	stage = await setStage({ tarball });
	({ host, simulator } = stage);
	waits = new Waits(stage);
	slow = await startSlow();
	// Now, when nothing is due: n8n itself takes what it resumes while it starts for crashed.
	await host.restart();
}, 360_000);

afterAll(async () => {
	await stage?.stop();
}, 30_000);

interface Flow {
	path: string;
	channels: string[];
	providers?: string[];
	patience?: number;
	timeLimit?: number;
	options?: IDataObject;
	settings?: Partial<INode>;
}

function verificationNode({ channels, providers = PROVIDERS, ...given }: Flow): INode {
	const { patience = 10, timeLimit = 300, options = {}, settings } = given;
	const { flashCall, mobilgroup, zvonobot } = stage.credentials;
	const owned = { plusofon: flashCall, mobilgroup, zvonobot };
	const credentials = Object.entries(owned)
		.filter(([provider]) => providers.includes(provider))
		.map(([, { type, id, name }]) => [type, { id, name }]);
	return {
		...nodeOf(WAITS, 'n8n-nodes-flashcall.phoneVerification', 1, {
			resource: 'verification',
			operation: 'verifyAndWait',
			phone: '={{ $json.phone }}',
			providers,
			channels: { list: channels.map((channel) => ({ channel, patience })) },
			timeLimit,
			options,
		}),
		credentials: Object.fromEntries(credentials) as INode['credentials'],
		...settings,
	};
}

function flowOf(flow: Flow): WorkflowFile {
	return respondingFlow({
		path: flow.path,
		nodes: [verificationNode(flow), noOp(VERIFIED), noOp(NOT_VERIFIED)],
		links: { [ITEMS]: [[WAITS]], [WAITS]: [[VERIFIED], [NOT_VERIFIED]] },
	});
}

async function publish(flow: Flow): Promise<void> {
	await waits.publish(flowOf(flow));
}

/** A number that no other test uses, of another operator than MTS unless it is asked for. */
function phoneOf(operator: 'megafon' | 'mts' = 'megafon'): string {
	const phone = newPhone();
	return operator === 'mts' ? phone : phone.replace(/^7916/, '7926');
}

async function start(path: string, phone = phoneOf()): Promise<Started> {
	return { ...(await waits.start(path, [{ phone }])), phone };
}

const chargesOf = async (phone: string) =>
	(await waits.chargesOf(phone)).map(({ operation }) => operation);

async function pinOf(phone: string): Promise<string> {
	return (await simulator.zvonobot()).pins[phone] ?? '';
}

async function plusofonPinOf(phone: string): Promise<string> {
	const { keys } = await simulator.plusofon();
	return keys.find((one) => one.phone === phone && one.pin !== undefined)?.pin ?? '';
}

function expectVerifiedBy(execution: Execution, channel: string, phone: string): void {
	expect(outcomes(execution, VERIFIED, NOT_VERIFIED)).toEqual([
		[
			expect.objectContaining({
				status: 'verified',
				verified: true,
				reason: 'verified',
				channel,
				provider: channel.replace(/[A-Z].*/, ''),
				phone,
			}),
		],
		[],
	]);
	expect(execution.data.resultData.runData[VERIFIED]).toHaveLength(1);
}

/** Waits until n8n has begun the next channel, and waits again. */
async function begun({ phone, executionId }: Started, count: number): Promise<void> {
	const end = Date.now() + A_MINUTE_AND_MORE;
	while ((await waits.chargesOf(phone)).length < count) {
		if (Date.now() > end) break;
		await sleep(250);
	}
	await host.waitForStatus(executionId, 'waiting');
	expect(await waits.chargesOf(phone)).toHaveLength(count);
}

/** Waits until Mobilgroup has refused the number, and n8n waits again. */
async function refused({ phone, executionId }: Started): Promise<void> {
	const end = Date.now() + A_MINUTE_AND_MORE;
	const asked = async () =>
		(await simulator.journal()).requests.some(
			({ provider, body }) => provider === 'mobilgroup' && JSON.stringify(body).includes(phone),
		);
	while (!(await asked()) && Date.now() < end) await sleep(250);
	await host.waitForStatus(executionId, 'waiting');
}

/** What the waits for the next channel are, all at once: each takes n8n up to a minute. */
async function startSlow() {
	const barred = { mobilgroup: phoneOf(), all: phoneOf() };
	await simulator.setMobilgroup({ barred: Object.values(barred) });
	const flows = {
		earlierCode: ['zvonobotPinCall', 'mobilgroupVoiceCode'],
		sms: ['mobilgroupFlashCall', 'mobilgroupSms'],
		earlierCall: ['plusofonCallToAuth', 'mobilgroupVoiceCode'],
		skipping: ['zvonobotPinCall', 'mobilgroupVoiceCode', 'plusofonFlashCall'],
		ending: ['zvonobotPinCall', 'mobilgroupVoiceCode'],
	};
	for (const [path, channels] of Object.entries(flows)) {
		const timeLimit = path === 'ending' ? 2 * PATIENCE : 600;
		await publish({ path, channels, patience: PATIENCE, timeLimit });
	}
	return {
		earlierCode: await start('earlierCode'),
		sms: await start('sms'),
		earlierCall: await start('earlierCall'),
		skipping: await start('skipping', barred.mobilgroup),
		ending: await start('ending', barred.all),
	};
}

describe('the first channel', () => {
	it.each([
		['mobilgroupVoiceCode', async (phone: string) => await simulator.lastCode(phone)],
		['plusofonFlashCall', plusofonPinOf],
		['zvonobotPinCall', pinOf],
	] as const)('%s verifies with its own credential alone', async (channel, codeOf) => {
		const providers = [channel.replace(/[A-Z].*/, '')];
		await publish({ path: channel, channels: [channel], providers });
		const started = await start(channel);
		const code = await codeOf(started.phone);
		const waiting = JSON.stringify(await host.execution(started.executionId));

		const wrong = await post(started.resumeUrl, { code: code === '1111' ? '2222' : '1111' });
		const right = await post(started.resumeUrl, { code });

		expect(wrong.body).toMatchObject({ verified: false, reason: 'wrong_code', attemptsLeft: 2 });
		expect(right).toEqual({ status: 200, body: { verified: true, reason: 'verified' } });
		const execution = await waits.ended(started);
		expectVerifiedBy(execution, channel, started.phone);
		expect(await waits.chargesOf(started.phone)).toHaveLength(1);
		for (const text of [waiting, JSON.stringify(execution)])
			expect(text).not.toContain(`"${code}"`);
	});

	it('may be a call from the person, which nobody can forge', async () => {
		await publish({
			path: 'call',
			channels: ['plusofonCallToAuth', 'zvonobotPinCall'],
			patience: 300,
		});
		const [started, other] = [await start('call'), await start('call')];
		const [hook, stolen] = [await waits.hookOf(started.phone), await waits.hookOf(other.phone)];
		const key = await simulator.lastKey(started.phone);
		const body = { phone: started.phone, key };
		const changed = (name: string, value: string) => {
			const url = new URL(hook.href);
			url.searchParams.set(name, value);
			return url.href;
		};
		const forged = await Promise.all([
			post(changed('fc_signature', stolen.searchParams.get('fc_signature') ?? ''), body),
			post(changed('fc_request', stolen.searchParams.get('fc_request') ?? ''), body),
			post(changed('fc_expires', '9999999999'), body),
			post(hook.href, { phone: other.phone, key }),
			post(hook.href, { phone: started.phone }),
		]);

		expect(forged.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
		expect((await post(started.resumeUrl, body)).status).toBe(409);
		expect((await open(started.resumeUrl)).body).toContain('Call this number from your phone');
		const [delivery] = await simulator.userCalls({ phone: started.phone });
		expect(delivery?.status).toBe(200);
		expectVerifiedBy(await waits.ended(started), 'plusofonCallToAuth', started.phone);
		expect(await host.statusOf(other.executionId)).toBe('waiting');
		expect(await chargesOf(started.phone)).toEqual(['flash-call/call-to-auth']);
	});

	it('hands over at once when it is refused', async () => {
		await publish({ path: 'refused', channels: ['mobilgroupVoiceCode', 'zvonobotPinCall'] });
		const phone = phoneOf();
		const { options } = await simulator.mobilgroup();
		await simulator.setMobilgroup({ barred: [...options.barred, phone] });

		const started = await start('refused', phone);

		expect(await chargesOf(phone)).toEqual(['confirmPhone']);
		await post(started.resumeUrl, { code: await pinOf(phone) });
		const execution = await waits.ended(started);
		expectVerifiedBy(execution, 'zvonobotPinCall', phone);
		expect(outcomes(execution, VERIFIED)[0]?.[0]?.attempts).toMatchObject([
			{ channel: 'mobilgroupVoiceCode', outcome: 'refused', code: 'number_not_permitted' },
			{ channel: 'zvonobotPinCall', outcome: 'sent', code: 'sent' },
		]);
	});

	it('asks people of MTS to call as well, and takes the code of the flash call', async () => {
		await publish({
			path: 'operator',
			channels: ['plusofonFlashCall', 'mobilgroupVoiceCode', 'plusofonCallToAuth'],
		});
		const started = await start('operator', phoneOf('mts'));

		expect(await chargesOf(started.phone)).toEqual(['flash-call/send', 'flash-call/call-to-auth']);
		await post(started.resumeUrl, { code: await plusofonPinOf(started.phone) });
		expectVerifiedBy(await waits.ended(started), 'plusofonFlashCall', started.phone);
	});
});

describe('when nobody may or can be called', () => {
	const refuse = async () => {
		const phone = phoneOf();
		const { options } = await simulator.mobilgroup();
		await simulator.setMobilgroup({ barred: [...options.barred, phone] });
		return phone;
	};
	const run = async (path: string, phone: string) => {
		const { executionId } = await waits.begin(path, [{ phone }]);
		for (;;) {
			const execution = await host.execution(executionId);
			if (['success', 'error'].includes(execution.status)) return execution;
			await sleep(50);
		}
	};

	it('the flow stops with the reason, and nothing comes out on Verified', async () => {
		await publish({ path: 'none', channels: ['mobilgroupVoiceCode'] });

		const execution = await run('none', await refuse());

		expect(execution.status).toBe('error');
		expect(errorOf(execution, WAITS)?.message).toContain('No channel could reach the phone');
		expect(outcomes(execution, VERIFIED, NOT_VERIFIED)).toEqual([[], []]);
	});

	it('the flow goes on at Not Verified, where it is to go on', async () => {
		const settings = { onError: 'continueRegularOutput' } as const;
		await publish({ path: 'none-on', channels: ['mobilgroupVoiceCode'], settings });

		const phones = [await refuse(), '+7 701 123-45-67', '+881612345678', 'nobody'];
		const codes = [];
		for (const phone of phones) {
			const execution = await run('none-on', phone);
			expect(outcomes(execution, VERIFIED)).toEqual([[]]);
			codes.push(outcomes(execution, NOT_VERIFIED)[0]?.[0]?.code);
		}

		expect(codes).toEqual([
			'no_channel_left',
			'country_not_allowed',
			'number_type_not_allowed',
			'invalid_input',
		]);
	});

	it('a phone is called once, in however many executions and spellings it comes', async () => {
		const settings = { onError: 'continueRegularOutput' } as const;
		await publish({ path: 'often', channels: ['zvonobotPinCall'], settings });
		const phone = phoneOf();
		const spellings = [phone, `+${phone}`, `8${phone.slice(1)}`, phone.slice(1)];

		await Promise.all(
			spellings.map(async (spelling) => await waits.begin('often', [{ phone: spelling }])),
		);
		while ((await chargesOf(phone)).length === 0) await sleep(50);
		// As long as a second call would take.
		await sleep(1000);

		expect(await chargesOf(phone)).toEqual(['confirmPhone']);
	});
});

describe('the example "Sign-up with three channels"', () => {
	let workflowId: string;

	beforeAll(async () => {
		workflowId = await waits.publish(readWorkflow('sign-up-three-channels.json'));
	});

	const signUp = async (phone: string) =>
		await post(host.webhookUrl('sign-up-three/start'), { phone });
	const result = async (node: string, phone: string) => {
		const execution = await host.waitForExecution(workflowId, (one) =>
			(outcomes(one, node)[0] ?? []).some((json) => json.phone === phone),
		);
		return outcomes(execution, 'Mark as verified', 'Not verified');
	};

	it('verifies a person by the code of the first call', async () => {
		const phone = phoneOf();
		// As phone books write it: with non-breaking blanks and hyphens.
		const { body } = await signUp(`+7\u00a0${phone.slice(1, -2)}\u2011${phone.slice(-2)}`);
		const { verifyUrl } = body as { verifyUrl: string };
		while ((await fetch(verifyUrl)).status !== 200) await sleep(50);
		expect((await open(verifyUrl)).body).toContain('the last four digits');

		const answer = await post(verifyUrl, { code: await plusofonPinOf(phone) });

		expect(answer.body).toEqual({ verified: true, reason: 'verified' });
		expect(await result('Mark as verified', phone)).toEqual([
			[{ phone, verified: true, channel: 'plusofonFlashCall' }],
			[],
		]);
		expect(await chargesOf(phone)).toEqual(['flash-call/send']);
	});

	it('says why somebody cannot be called', async () => {
		const typo = await signUp('+7 999');
		const abroad = '+77011234567';
		expect((await signUp(abroad)).status).toBe(200);

		expect(typo).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
		expect(await result('Not verified', abroad)).toEqual([
			[],
			[{ phone: abroad, verified: false, reason: 'country_not_allowed' }],
		]);
	});
});

describe('the example "Second factor before a payment"', () => {
	let workflowId: string;

	beforeAll(async () => {
		workflowId = await waits.publish(readWorkflow('second-factor-payment.json'));
	});

	const order = { orderId: 'A-17', amount: 990 };
	const begin = async (phone: string, about: IDataObject = order) =>
		await post(host.webhookUrl('payment/start'), { phone, ...about });
	const confirm = async (key: string, code: string, about: IDataObject = order) =>
		(await post(host.webhookUrl('payment/confirm'), { key, code, ...about })).body;
	const paid = async () => {
		const executions = await host.executions(workflowId);
		const all = await Promise.all(executions.map(async ({ id }) => await host.execution(id)));
		return all.flatMap((one) => outcomes(one, 'Pay the order')[0] ?? []);
	};

	it('pays once, for this order and amount, at the right code', async () => {
		const phone = phoneOf();
		const { status, body } = await begin(phone);
		const { key } = body as { key: string };
		expect({ status, body }).toEqual({
			status: 200,
			body: { key, channel: 'mobilgroupVoiceCode', expiresAt: expect.any(String) },
		});
		const code = await simulator.lastCode(phone);
		const not = (reason: string) => ({ paid: false, reason });

		expect(await confirm(key, code === '1111' ? '2222' : '1111')).toEqual(not('wrong_code'));
		expect(await confirm(key, code, { ...order, amount: 1 })).toEqual(not('invalid_key'));
		expect(await confirm(key, code, { ...order, orderId: 'A-18' })).toEqual(not('invalid_key'));
		expect(await confirm(key, code, {})).toEqual(not('invalid_key'));
		expect(await confirm(`${key}A`, code)).toEqual(not('invalid_key'));
		expect(await confirm('', code)).toEqual(not('invalid_input'));
		expect(await paid()).toEqual([]);
		expect(await confirm(key, code)).toEqual({ paid: true, reason: 'verified' });
		expect(await confirm(key, code)).toEqual(not('used'));
		expect(await paid()).toEqual([order]);
		expect(await chargesOf(phone)).toEqual(['voice-password/voice']);
	});

	it('calls nobody for an order without a name, or too often', async () => {
		const phone = phoneOf();

		const incomplete = [
			{ amount: 990 },
			{ orderId: ' ', amount: 990 },
			{ orderId: 'A-17', amount: 0 },
			{ orderId: 'A-17', amount: [990] },
		];
		for (const about of incomplete) {
			const refused = await begin(phone, about);
			expect(refused).toEqual({
				status: 400,
				body: { error: 'Send orderId and amount, too.', code: 'invalid_input' },
			});
		}
		const both = await Promise.all([begin(phone), begin(phone)]);

		expect(both.map(({ status }) => status).sort()).toEqual([200, 429]);
		expect(await chargesOf(phone)).toHaveLength(1);
	});
});

it('an AI agent can be given the node', async () => {
	const { nodes } = await host.installedTypes();

	expect(nodes).toContain('n8n-nodes-flashcall.phoneVerificationTool');
});

describe('when the patience has passed, though n8n was restarted before and after', () => {
	it(
		'the next channel has begun for everybody, and none twice',
		async () => {
			await Promise.all([
				begun(slow.earlierCode, 2),
				begun(slow.sms, 2),
				begun(slow.earlierCall, 2),
				begun(slow.skipping, 2),
				refused(slow.ending),
			]);

			expect(await chargesOf(slow.earlierCode.phone)).toEqual([
				'confirmPhone',
				'voice-password/voice',
			]);
			expect(await chargesOf(slow.skipping.phone)).toEqual(['confirmPhone', 'flash-call/send']);
			await host.restart();
		},
		A_MINUTE_AND_MORE + 60_000,
	);

	it('the code of the first channel is still good', async () => {
		const { phone, resumeUrl } = slow.earlierCode;
		expect((await open(resumeUrl)).body).toContain('a voice tells you the code');

		await post(resumeUrl, { code: await pinOf(phone) });

		expectVerifiedBy(await waits.ended(slow.earlierCode), 'zvonobotPinCall', phone);
		expect(await waits.chargesOf(phone)).toHaveLength(2);
	});

	it('the message repeats the code of the call', async () => {
		const { phone, resumeUrl } = slow.sms;

		await post(resumeUrl, { code: await simulator.lastCode(phone) });

		expectVerifiedBy(await waits.ended(slow.sms), 'mobilgroupSms', phone);
		expect(await chargesOf(phone)).toEqual(['voice-password/flash-call', 'voice-password/sms']);
	});

	it('the call to the first channel still counts, and no forged one does', async () => {
		const { phone, resumeUrl } = slow.earlierCall;
		const hook = await waits.hookOf(phone);
		hook.searchParams.set('fc_signature', 'forged');
		const key = await simulator.lastKey(phone);

		expect((await post(hook.href, { phone, key })).status).toBe(401);
		expect((await post(resumeUrl, { code: '' })).status).toBe(400);
		const [delivery] = await simulator.userCalls({ phone });

		expect(delivery?.status).toBe(200);
		expectVerifiedBy(await waits.ended(slow.earlierCall), 'plusofonCallToAuth', phone);
		expect(await chargesOf(phone)).toEqual(['flash-call/call-to-auth', 'voice-password/voice']);
	});

	it('a channel that refuses is passed over', async () => {
		const { phone, resumeUrl } = slow.skipping;

		await post(resumeUrl, { code: await plusofonPinOf(phone) });

		const execution = await waits.ended(slow.skipping);
		expectVerifiedBy(execution, 'plusofonFlashCall', phone);
		expect(outcomes(execution, VERIFIED)[0]?.[0]?.attempts).toMatchObject([
			{ channel: 'zvonobotPinCall', outcome: 'sent' },
			{ channel: 'mobilgroupVoiceCode', code: 'number_not_permitted' },
			{ channel: 'plusofonFlashCall', outcome: 'sent' },
		]);
	});

	it(
		'nobody is verified when no channel is left and the time is up',
		async () => {
			const execution = await waits.ended(slow.ending, 2 * A_MINUTE_AND_MORE);

			expect(outcomes(execution, VERIFIED, NOT_VERIFIED)).toEqual([
				[],
				[expect.objectContaining({ verified: false, reason: 'timeout' })],
			]);
			expect(await chargesOf(slow.ending.phone)).toEqual(['confirmPhone']);
		},
		2 * A_MINUTE_AND_MORE,
	);
});
