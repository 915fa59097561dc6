/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { setTimeout as sleep } from 'node:timers/promises';

import type { IDataObject } from 'n8n-workflow';

import { manualFlow, MOBILGROUP, START, webhookFlow } from './flows';
import { itemsOf, post, type Credential, type Execution, type Host } from './n8n';
import { readWorkflow, setStage, type Stage } from './stage';
import type { SimulatorClient } from '../support/simulator/client';

const PHONE = '+7 916 123-45-67';
const DIGITS = '79161234567';

let stage: Stage;
let host: Host;
let simulator: SimulatorClient;
let mobilgroup: Credential;

beforeAll(async () => {
	const tarball = process.env.FLASHCALL_TARBALL;
	if (!tarball) throw new Error('Start these tests with `npm run test:host`.');
	stage = await setStage({ tarball });
	({ host, simulator } = stage);
	({ mobilgroup } = stage.credentials);
}, 180_000);

afterAll(async () => {
	await stage?.stop();
}, 30_000);

beforeEach(async () => {
	await simulator.clearJournal();
});

describe("the credential test of Mobilgroup's key", () => {
	afterEach(async () => {
		await simulator.setMobilgroup({ blocked: false });
	});

	it('tells a wrong key from a blocked account, and rings nobody', async () => {
		const wrong = await host.createCredential(mobilgroup.type, 'Wrong', {
			apiKey: 'a-wrong-api-key',
			baseUrl: simulator.url,
		});
		expect(await host.testCredential(mobilgroup)).toMatchObject({ status: 'OK' });
		expect(await host.testCredential(wrong)).toEqual({
			status: 'Error',
			message: 'Mobilgroup did not accept the API key. Copy it again from Settings, API.',
		});

		await simulator.setMobilgroup({ blocked: true });
		expect(await host.testCredential(mobilgroup)).toEqual({
			status: 'Error',
			message: 'The API key is right, but the Mobilgroup account is blocked. Ask Mobilgroup why.',
		});
		const { charges, requests } = await simulator.journal();
		expect(charges).toEqual([]);
		expect(requests.length).toBeGreaterThanOrEqual(3);
	});
});

/** A person in front of n8n's forms, with a browser that asks what comes next. */
class Visitor {
	private constructor(private readonly address: URL) {}

	/** Fills the first form in. */
	static async start(formUrl: string, value: string): Promise<Visitor> {
		const response = await fetch(formUrl, { method: 'POST', body: formOf(value) });
		const { formWaitingUrl } = (await response.json()) as { formWaitingUrl: string };
		const visitor = new Visitor(new URL(formWaitingUrl));
		await visitor.next();
		return visitor;
	}

	get executionId(): string {
		return this.address.pathname.split('/').at(-1) ?? '';
	}

	/** The page that is shown now. */
	async page(): Promise<string> {
		return await (await fetch(this.address)).text();
	}

	async fillIn(value: string): Promise<void> {
		const response = await fetch(this.address, { method: 'POST', body: formOf(value) });
		expect(response.status).toBe(200);
		await this.next();
	}

	/** The last page; as soon as it is shown, the execution ends. */
	async lastPage(): Promise<string> {
		const page = await this.page();
		await fetch(this.address, { method: 'POST' });
		return page;
	}

	private async next(): Promise<void> {
		const address = new URL(this.address);
		address.pathname += '/n8n-execution-status';
		for (let asked = 0; asked < 200; asked++) {
			const status = (await (await fetch(address)).text()).trim();
			if (status === 'form-waiting') return;
			if (status !== 'running') throw new Error(`the forms ended: ${status}`);
			await sleep(50);
		}
		throw new Error('the next form did not come');
	}
}

function formOf(value: string): FormData {
	const form = new FormData();
	form.append('field-0', value);
	return form;
}

/** Where a text stands by itself in what the nodes put out: "node: field". */
function placesOf(text: string, execution: Execution): string[] {
	const alone = new RegExp(`(?<!\\d)${text}(?!\\d)`);
	return Object.entries(execution.data.resultData.runData).flatMap(([node, runs]) =>
		runs
			.flatMap(({ data }) => (data?.main ?? []).flatMap((items) => items ?? []))
			.flatMap(({ json }) => Object.entries(json))
			.filter(([, value]) => alone.test(JSON.stringify(value)))
			.map(([name]) => `${node}: ${name}`),
	);
}

describe('signing up by flash call, then SMS', () => {
	let workflowId: string;

	beforeAll(async () => {
		workflowId = await host.importWorkflow(readWorkflow('flash-call-then-sms.json'), [mobilgroup]);
		await host.activate(workflowId);
	});

	afterEach(async () => {
		await simulator.setMobilgroup({ balance: 10_000, barred: [] });
	});

	async function startSignUp(): Promise<{ visitor: Visitor; code: string }> {
		const visitor = await Visitor.start(host.formUrl('sign-up-mobilgroup'), PHONE);
		const { charges } = await simulator.journal();
		expect(charges).toMatchObject([{ operation: 'voice-password/flash-call', phone: DIGITS }]);
		expect(await visitor.page()).toContain('Who called?');
		return { visitor, code: await simulator.lastCode(DIGITS) };
	}

	async function endOf({ executionId }: Visitor): Promise<Execution> {
		const execution = await host.waitForExecution(workflowId, ({ id }) => id === executionId);
		expect(execution.status).toBe('success');
		return execution;
	}

	it('verifies the phone with the last digits of the caller', async () => {
		const { visitor, code } = await startSignUp();
		await visitor.fillIn(code);
		expect(await visitor.lastPage()).toContain('Your phone is verified');

		const execution = await endOf(visitor);
		expect(itemsOf(execution, 'Check Code')).toMatchObject([
			{ json: { verified: true, reason: 'verified' }, pairedItem: { item: 0 } },
		]);
		expect(placesOf(code, execution)).toEqual(['Type the code: Code', 'Code typed?: Code']);
		expect((await simulator.journal()).charges).toHaveLength(1);
	});

	it('sends the same code by SMS to whoever got no call', async () => {
		const { visitor, code } = await startSignUp();
		await visitor.fillIn('');
		expect(await visitor.page()).toContain('The code from the SMS');
		expect((await simulator.journal()).charges).toMatchObject([
			{ operation: 'voice-password/flash-call', phone: DIGITS },
			{ operation: 'voice-password/sms', phone: DIGITS },
		]);
		await visitor.fillIn(code);
		expect(await visitor.lastPage()).toContain('Your phone is verified');

		const execution = await endOf(visitor);
		expect(itemsOf(execution, 'Check SMS Code')).toMatchObject([
			{ json: { verified: true, reason: 'verified' } },
		]);
		expect(placesOf(code, execution)).toEqual(['Type the code from the SMS: Code']);
		expect((await simulator.journal()).charges).toHaveLength(2);
	});

	it('says so when it was not the code', async () => {
		const { visitor, code } = await startSignUp();
		await visitor.fillIn(code === '0000' ? '1111' : '0000');
		const page = await visitor.lastPage();
		expect(page).toContain('That was not the code');
		expect(page).not.toContain('Your phone is verified');

		const execution = await endOf(visitor);
		expect(itemsOf(execution, 'Check Code')).toMatchObject([
			{ json: { verified: false, reason: 'wrong_code' } },
		]);
		expect(placesOf(code, execution)).toEqual([]);
		expect((await simulator.journal()).charges).toHaveLength(1);
	});

	it('takes what cannot be a code for a wrong one', async () => {
		const { visitor } = await startSignUp();
		await visitor.fillIn('12');
		expect(await visitor.lastPage()).toContain('That was not the code');
		expect((await simulator.journal()).charges).toHaveLength(1);
		await endOf(visitor);
	});

	it.each([
		['a typing mistake', '123', {}, 'Phone is too short. Start again with the right number.'],
		['a barred number', PHONE, { barred: [DIGITS] }, 'Please check your number'],
		['an account without money', PHONE, { balance: 0 }, 'Please check your number'],
	])('says on a page that it could not call: %s', async (_, phone, options, told) => {
		await simulator.setMobilgroup(options);
		const visitor = await Visitor.start(host.formUrl('sign-up-mobilgroup'), phone);
		const page = await visitor.lastPage();
		expect(page).toContain('We could not call you');
		expect(page).toContain(told);
		// What concerns the account is not for visitors.
		expect(page).not.toMatch(/balance|money|Mobilgroup/);

		const execution = await endOf(visitor);
		const [refused] = itemsOf(execution, 'Not reached');
		expect(refused?.json.error).toEqual(expect.stringMatching(/./));
		expect((await simulator.journal()).charges).toEqual([]);
	});

	it('says on a page that it could not send the SMS', async () => {
		const { visitor } = await startSignUp();
		await simulator.setMobilgroup({ balance: 0 });
		await visitor.fillIn('');
		const page = await visitor.lastPage();
		expect(page).toContain('We could not send the SMS');
		expect(page).not.toContain('We could not call you');

		await endOf(visitor);
		expect((await simulator.journal()).charges).toHaveLength(1);
	});

	it('keeps the API key out of the execution data', async () => {
		const { apiKey } = await simulator.mobilgroup();
		const executions = await host.executions(workflowId);
		expect(executions).not.toEqual([]);
		for (const { id } of executions) {
			expect(JSON.stringify(await host.execution(id))).not.toContain(apiKey);
		}
	});
});

describe('the sign-up API of a web page', () => {
	const OTHER_SITE = 'https://shop.example.com';
	let workflowId: string;

	beforeAll(async () => {
		workflowId = await host.importWorkflow(readWorkflow('sign-up-api.json'), [mobilgroup]);
		await host.activate(workflowId);
	});

	afterEach(async () => {
		await simulator.setMobilgroup({ blocked: false });
	});

	const start = async (phone: unknown) =>
		await post(host.webhookUrl('sign-up-api/start'), { phone } as IDataObject);

	/** Starts a sign-up and answers with where to verify. */
	async function verifyUrlFor(phone: unknown): Promise<string> {
		const { status, body } = await start(phone);
		expect(status).toBe(200);
		expect(body).toEqual({ verifyUrl: expect.stringContaining(`${host.url}/webhook-waiting/`) });
		return (body as { verifyUrl: string }).verifyUrl;
	}

	/** Asks as the page does, until there is something to verify. */
	async function waitingAt(verifyUrl: string): Promise<unknown> {
		for (let asked = 0; asked < 200; asked++) {
			const response = await fetch(verifyUrl);
			if (response.status === 200) return await response.json();
			expect(response.status).toBe(409);
			await sleep(50);
		}
		throw new Error('nobody was called');
	}

	/** A sign-up whose phone has rung. */
	async function ringing(): Promise<{ verifyUrl: string; code: string }> {
		const verifyUrl = await verifyUrlFor(PHONE);
		expect(await waitingAt(verifyUrl)).toMatchObject({ status: 'waiting' });
		return { verifyUrl, code: await simulator.lastCode(DIGITS) };
	}

	/** What the flow makes of a sign-up: the items of both its ends. */
	async function endOf(verifyUrl: string): Promise<IDataObject[][]> {
		const executionId = new URL(verifyUrl).pathname.split('/').at(-1);
		const execution = await host.waitForExecution(workflowId, ({ id }) => id === executionId);
		expect(execution.status).toBe('success');
		return ['Mark as verified', 'Not verified'].map((node) =>
			itemsOf(execution, node).map(({ json }) => json),
		);
	}

	it('answers at once with where to verify, and verifies the person there', async () => {
		const verifyUrl = await verifyUrlFor(PHONE);
		expect(await waitingAt(verifyUrl)).toEqual({
			status: 'waiting',
			attemptsLeft: 3,
			expiresAt: expect.any(String),
		});
		const code = await simulator.lastCode(DIGITS);

		const wrong = await post(verifyUrl, { code: code === '0000' ? '1111' : '0000' });
		const right = await post(verifyUrl, { code });

		expect([wrong, right]).toEqual([
			{ status: 200, body: { verified: false, reason: 'wrong_code', attemptsLeft: 2 } },
			{ status: 200, body: { verified: true, reason: 'verified' } },
		]);
		expect(await endOf(verifyUrl)).toEqual([[{ phone: DIGITS, verified: true }], []]);
		expect((await simulator.journal()).charges).toMatchObject([
			{ operation: 'voice-password/flash-call', phone: DIGITS },
		]);
		expect((await fetch(verifyUrl)).status).toBe(409);
	});

	it('shows a person a form at the same address', async () => {
		const { verifyUrl, code } = await ringing();
		const headers = { accept: 'text/html' };

		const form = await (await fetch(verifyUrl, { headers })).text();
		const done = await fetch(verifyUrl, {
			method: 'POST',
			headers,
			body: new URLSearchParams({ code }),
		});

		expect(form).toContain('Type the last four digits of the number that calls');
		expect(form).toContain('<form method="post">');
		expect(await done.text()).toContain('the phone is confirmed');
		expect(await endOf(verifyUrl)).toEqual([[{ phone: DIGITS, verified: true }], []]);
	});

	it('lets a page of another site ask', async () => {
		const { verifyUrl, code } = await ringing();

		const preflight = await fetch(verifyUrl, {
			method: 'OPTIONS',
			headers: {
				origin: OTHER_SITE,
				'access-control-request-method': 'POST',
				'access-control-request-headers': 'content-type',
			},
		});
		const answer = await fetch(verifyUrl, {
			method: 'POST',
			headers: { origin: OTHER_SITE, 'content-type': 'application/json' },
			body: JSON.stringify({ code }),
		});

		expect(preflight.status).toBe(204);
		expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type');
		for (const { headers } of [preflight, answer]) {
			expect(headers.get('access-control-allow-origin')).toBe(OTHER_SITE);
		}
		expect(await answer.json()).toMatchObject({ verified: true });
	});

	it('takes the other branch after three wrong codes', async () => {
		const { verifyUrl, code } = await ringing();
		const wrong = code === '0000' ? '1111' : '0000';

		for (const attemptsLeft of [2, 1, 0]) {
			expect((await post(verifyUrl, { code: wrong })).body).toMatchObject({ attemptsLeft });
		}

		expect(await endOf(verifyUrl)).toEqual([
			[],
			[{ phone: PHONE, verified: false, reason: 'too_many_attempts' }],
		]);
	});

	it.each([
		undefined,
		null,
		'',
		'abc',
		'123',
		'+7 999',
		'7916123456x',
		'+79991112200000',
		12345,
		'=1+1',
		[],
		{},
		true,
	])('answers 400 to the typing mistake %j, and calls nobody', async (phone) => {
		const { status, body } = await start(phone);
		expect(status).toBe(400);
		expect(body).toEqual({
			error: expect.stringContaining('not a phone number'),
			code: 'invalid_input',
		});
		expect((await simulator.journal()).requests).toEqual([]);
	});

	it.each<[unknown, string]>([
		['8 (916) 123-45-67', DIGITS],
		['9161234567', DIGITS],
		[79161234567, DIGITS],
		['+7.701.123.45.67', '77011234567'],
		['+7\u00a0916\u00a0123\u201145\u201167', DIGITS],
		['+7 916 123\u201345\u201467\u200b', DIGITS],
	])('calls %j', async (phone, digits) => {
		await waitingAt(await verifyUrlFor(phone));
		expect((await simulator.journal()).charges).toMatchObject([{ phone: digits }]);
	});

	it('takes the other branch when only the node sees that a number cannot exist', async () => {
		const phone = '+7 000 000-00-00';
		const verifyUrl = await verifyUrlFor(phone);

		expect(await endOf(verifyUrl)).toEqual([
			[],
			[{ phone, verified: false, reason: 'invalid_input' }],
		]);
		expect((await fetch(verifyUrl)).status).toBe(409);
		expect((await simulator.journal()).requests).toEqual([]);
	});

	it('takes the other branch when Mobilgroup refuses', async () => {
		await simulator.setMobilgroup({ blocked: true });
		const verifyUrl = await verifyUrlFor(PHONE);

		expect(await endOf(verifyUrl)).toEqual([
			[],
			[{ phone: PHONE, verified: false, reason: 'user_disabled' }],
		]);
	});
});

describe('guessing a code', () => {
	const REQUESTS = 10;
	const GUESSES = 100;

	it('ends after three wrong ones, with 1,000 guesses in ten requests at the same time', async () => {
		const credential = mobilgroup;
		const send = manualFlow({
			node: MOBILGROUP,
			operation: 'sendFlashCall',
			parameters: { phone: PHONE, options: {} },
			items: [{}],
			credential,
		});
		const sent = await host.runManually(await host.importWorkflow(send, [credential]), START);
		const key = itemsOf(sent, MOBILGROUP)[0]?.json.key;
		expect(key).toEqual(expect.any(String));
		const code = await simulator.lastCode(DIGITS);

		const check = webhookFlow({
			node: MOBILGROUP,
			operation: 'checkCode',
			parameters: { key: '={{ $json.key }}', code: '={{ $json.code }}', options: {} },
			path: 'guess',
			credential,
		});
		await host.activate(await host.importWorkflow(check, [credential]));
		const guess = async (codes: string[]): Promise<IDataObject[]> => {
			const items = codes.map((typed) => ({ key, code: typed }));
			const { status, body } = await post(host.webhookUrl('guess'), { items });
			expect(status).toBe(200);
			return body as IDataObject[];
		};

		const wrong = Array.from({ length: REQUESTS * GUESSES + 1 }, (_, index) =>
			String(index).padStart(4, '0'),
		).filter((typed) => typed !== code);
		const outcomes = await Promise.all(
			Array.from(
				{ length: REQUESTS },
				async (_, index) => await guess(wrong.slice(index * GUESSES, (index + 1) * GUESSES)),
			),
		);
		const reasons = outcomes.flat().map(({ reason }) => reason);
		expect(reasons).toHaveLength(REQUESTS * GUESSES);
		expect(reasons.filter((reason) => reason === 'wrong_code')).toHaveLength(3);
		expect(reasons.filter((reason) => reason === 'too_many_attempts')).toHaveLength(997);

		expect(await guess([code])).toEqual([{ verified: false, reason: 'too_many_attempts' }]);
		expect((await simulator.journal()).charges).toHaveLength(1);
	});
});
