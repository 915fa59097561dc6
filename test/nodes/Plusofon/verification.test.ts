import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { NodeRun } from '../../support/engine';
import { startEcho } from '../../support/echo';
import { runPlusofon } from '../../support/plusofon';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';
import type { JsonValue } from '../../support/simulator/types';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

async function run(
	operation: string,
	parameters: INodeParameters,
	items?: IDataObject[],
	options?: Partial<NodeRun>,
) {
	return await runPlusofon(simulator, ['verification', operation], parameters, items, options);
}

const PHONE = '79991112233';

describe('Send Flash Call', () => {
	it('sends the phone as digits, with the documented headers and the account token, once', async () => {
		const { json, error } = await run('sendFlashCall', { phone: '8 (999) 111-22-33' });

		expect(error).toBeUndefined();
		expect(json).toEqual([{ key: expect.any(String), phone: PHONE, operator: expect.any(String) }]);
		expect(simulator.journal.requests).toMatchObject([
			{
				method: 'POST',
				path: '/api/v1/flash-call/send',
				query: {},
				body: { phone: PHONE },
				headers: {
					accept: 'application/json',
					'content-type': expect.stringContaining('application/json'),
					client: '10553',
					authorization: expect.stringMatching(/^Bearer sim-access/),
				},
			},
		]);
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it('leaves operator out when the answer has none', async () => {
		simulator.faults.add({ kind: 'wrongShape', shape: { data: { key: 'abc' }, success: true } });

		const { json } = await run('sendFlashCall', { phone: PHONE });

		expect(json).toEqual([{ key: 'abc', phone: PHONE }]);
	});

	it('takes a key that comes as a number', async () => {
		simulator.faults.add({ kind: 'wrongShape', shape: { data: { key: 507 }, success: true } });

		const { json } = await run('sendFlashCall', { phone: PHONE });

		expect(json).toEqual([{ key: '507', phone: PHONE }]);
	});

	it('sends a PIN of the user only when one was entered', async () => {
		await run('sendFlashCall', { phone: PHONE, options: { pin: '0427' } });

		expect(simulator.journal.requests[0]?.body).toEqual({ phone: PHONE, pin: '0427' });
	});

	it('refuses a PIN that is not four digits before any request', async () => {
		const { error } = await run('sendFlashCall', { phone: PHONE, options: { pin: '42' } });

		expect(error?.message).toBe('PIN is not four digits');
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it.each([
		['a JSON number', 79991112233],
		['ten digits', '9991112233'],
		['a plus', '+7 999 111 22 33'],
	])('understands %s', async (_, phone) => {
		await run('sendFlashCall', { phone: '={{ $json.phone }}' }, [{ phone }]);

		expect(simulator.journal.requests[0]?.body).toEqual({ phone: PHONE });
	});

	it('keeps pairing and order when the second of three numbers is refused', async () => {
		const { items } = await run(
			'sendFlashCall',
			{ phone: '={{ $json.phone }}' },
			[{ phone: PHONE }, { phone: 'not a phone' }, { phone: '79991112244' }],
			{ onError: 'continueRegularOutput' },
		);

		expect(items.map((item) => item.pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(items[1]?.json).toEqual({
			error: 'Item 1: Phone holds characters that do not belong in a phone number',
			code: 'invalid_input',
			details: { code: 'invalid_input', description: expect.stringContaining('+7 999') },
		});
		expect(items[2]?.json).toMatchObject({ phone: '79991112244', key: expect.any(String) });
		expect(simulator.journal.charges).toHaveLength(2);
	});

	it('moves what failed to the error output, with the item it came from', async () => {
		const { outputs } = await run(
			'sendFlashCall',
			{ phone: '={{ $json.phone }}' },
			[{ phone: PHONE }, { phone: '12', customer: 7 }],
			{ onError: 'continueErrorOutput' },
		);

		expect(outputs[0]).toHaveLength(1);
		expect(outputs[1]?.map((item) => item.json)).toEqual([
			{
				phone: '12',
				customer: 7,
				error: 'Item 1: Phone is too short',
				details: { code: 'invalid_input', description: expect.any(String) },
			},
		]);
	});

	it('handles 1,000 items with one decryption, at most ten at once, in order', async () => {
		const phones = Array.from({ length: 1000 }, (_, index) => String(79990000000 + index));

		const { items, use } = await run(
			'sendFlashCall',
			{ phone: '={{ $json.phone }}' },
			phones.map((phone) => ({ phone })),
		);

		expect(items.map((item) => item.json.phone)).toEqual(phones);
		expect(items.map((item) => item.pairedItem)).toEqual(phones.map((_, item) => ({ item })));
		expect(use.decrypted).toBe(1);
		expect(simulator.journal.charges).toHaveLength(1000);
		expect(simulator.journal.maxConcurrent).toBeLessThanOrEqual(10);
	});

	it('works on ten items at once unless told otherwise', async () => {
		// So slow that all ten are under way before the first is answered, on any machine.
		simulator.faults.add({ kind: 'slow', ms: 1_000, times: 'always' });
		const items = Array.from({ length: 12 }, (_, index) => ({ phone: 79990000000 + index }));

		await run('sendFlashCall', { phone: '={{ $json.phone }}' }, items);

		expect(simulator.journal.maxConcurrent).toBe(10);
	});

	it('works on as many items at once as the user allows', async () => {
		simulator.faults.add({ kind: 'slow', ms: 5, times: 'always' });
		const items = Array.from({ length: 20 }, (_, index) => ({ phone: 79990000000 + index }));

		await run('sendFlashCall', { phone: '={{ $json.phone }}', options: { itemsAtOnce: 1 } }, items);

		expect(simulator.journal.maxConcurrent).toBe(1);
	});

	it('refuses a setting out of its range before any request', async () => {
		const { error } = await run('sendFlashCall', { phone: PHONE, options: { itemsAtOnce: 0 } });

		expect(error?.message).toBe('Items at Once is not a whole number from 1 to 100');
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it('gives nothing for no items', async () => {
		const { items, error } = await run('sendFlashCall', { phone: PHONE }, []);

		expect(error).toBeUndefined();
		expect(items).toEqual([]);
	});

	it('calls nobody twice when n8n retries the node after one of its items failed', async () => {
		simulator.faults.add({
			kind: 'status',
			status: 422,
			skip: 1,
			body: { message: 'The phone is barred' },
		});

		const { items, error } = await run(
			'sendFlashCall',
			{ phone: '={{ $json.phone }}', options: { itemsAtOnce: 1 } },
			[{ phone: PHONE }, { phone: '79991112244' }],
			{ retryOnFail: { maxTries: 3 } },
		);

		expect(error).toBeUndefined();
		expect(items).toHaveLength(2);
		expect(simulator.journal.charges.map(({ phone }) => phone)).toEqual([PHONE, '79991112244']);
	});
});

describe('Check PIN', () => {
	async function sentKey(): Promise<string> {
		const { json } = await run('sendFlashCall', { phone: PHONE });
		return String(json[0]?.key);
	}

	it('verifies the right PIN', async () => {
		const key = await sentKey();

		const { json } = await run('checkPin', { key, pin: simulator.plusofon.pinOf(key) });

		expect(json).toEqual([{ verified: true, reason: 'verified' }]);
	});

	it.each(['message200', 'success200', 'status400', 'status422'] as const)(
		'takes a wrong PIN for an outcome, told by %s',
		async (wrongPinStyle) => {
			simulator.plusofon.setOptions({ wrongPinStyle });
			const key = await sentKey();
			const wrong = simulator.plusofon.pinOf(key) === '0000' ? '1111' : '0000';

			const { json, error } = await run('checkPin', { key, pin: wrong });

			expect(error).toBeUndefined();
			expect(json).toEqual([{ verified: false, reason: 'wrong_pin' }]);
		},
	);

	it('says that a key is unknown', async () => {
		const { json } = await run('checkPin', { key: 'nobody-knows-it', pin: '1234' });

		expect(json).toEqual([{ verified: false, reason: 'key_not_found' }]);
	});

	const NOT_A_YES: JsonValue[] = [
		{},
		[],
		'true',
		{ success: 'true' },
		{ success: 1 },
		{ data: { success: true } },
	];
	it.each(NOT_A_YES)('does not verify on the answer %j', async (shape) => {
		simulator.faults.add({ kind: 'wrongShape', shape });

		const { json, error } = await run('checkPin', { key: 'key', pin: '1234' });

		expect(json[0]?.verified ?? false).toBe(false);
		expect(error ?? json[0]).toBeDefined();
	});

	it('sends neither what cannot be a PIN nor an empty key', async () => {
		const { json } = await run(
			'checkPin',
			{ key: '={{ $json.key }}', pin: '={{ $json.pin }}' },
			[
				{ key: 'key', pin: 42 },
				{ key: 'key', pin: '12a4' },
				{ key: '', pin: '1234' },
				{ key: 'key', pin: '' },
			],
			{ onError: 'continueRegularOutput' },
		);

		expect(json).toEqual([
			{ verified: false, reason: 'wrong_pin' },
			{ verified: false, reason: 'wrong_pin' },
			expect.objectContaining({ error: 'Item 2: Key is empty' }),
			expect.objectContaining({ error: 'Item 3: PIN is empty' }),
		]);
		expect(simulator.journal.requests).toHaveLength(0);
	});
});

describe('Request Call', () => {
	const hookUrl = 'https://n8n.example.com/webhook/abc/webhook?tenant=7';

	it('gives the number to dial under its own name, beside the phone of the person', async () => {
		const { json } = await run('requestCall', { phone: PHONE, hookUrl });

		expect(json).toEqual([
			{
				key: expect.any(String),
				phone: PHONE,
				callNumber: expect.stringMatching(/^7\d{10}$/),
				requestId: expect.any(String),
				expiresAt: expect.stringMatching(/Z$/),
			},
		]);
		expect(json[0]?.callNumber).not.toBe(PHONE);
	});

	it('shows no signature of a hook URL that Plusofon quotes in its own spelling', async () => {
		let signature = '';
		const echo = await startEcho(({ hook_url: sent }) => {
			const url = String(sent);
			signature = new URL(url).searchParams.get('fc_signature') ?? '';
			return { success: false, message: `Bad hook: ${url.replaceAll('&', '&amp;')}` };
		});

		const { error, json } = await runPlusofon(
			{ ...simulator, url: echo.url },
			['verification', 'requestCall'],
			{ phone: PHONE, hookUrl },
		);
		echo.close();

		expect(signature).toHaveLength(43);
		expect(error?.message).toContain('Bad hook');
		expect(`${JSON.stringify(json)} ${error?.message} ${error?.description}`).not.toContain(
			signature,
		);
	});

	it('sends the hook URL signed, keeping what it had', async () => {
		await run('requestCall', { phone: PHONE, hookUrl });

		const body = simulator.journal.requests[0]?.body as IDataObject;
		const sent = new URL(String(body.hook_url));
		expect(sent.href.startsWith('https://n8n.example.com/webhook/abc/webhook?tenant=7&')).toBe(
			true,
		);
		expect([...sent.searchParams.keys()]).toEqual([
			'tenant',
			'fc_expires',
			'fc_request',
			'fc_signature',
		]);
		expect(sent.href).not.toContain('sim-access');
	});

	it.each([
		['', 'Hook URL is empty'],
		['n8n.example.com/webhook', 'Hook URL is not a web address'],
		['/webhook/abc', 'Hook URL is not a web address'],
		['ftp://n8n.example.com/', 'Hook URL does not begin with https:// or http://'],
		['javascript:alert(1)', 'Hook URL does not begin with https:// or http://'],
		['https://user:pass@n8n.example.com/', 'Hook URL holds a user name or password'],
		['https://n8n.example.com/ x', 'Hook URL is not a web address'],
		[
			'https://n8n.example.com/#x',
			'Hook URL ends with a fragment (#…), behind which nothing is sent',
		],
	])('refuses the hook URL "%s" before any request', async (bad, message) => {
		const { error } = await run('requestCall', { phone: PHONE, hookUrl: '={{ $json.bad }}' }, [
			{ bad },
		]);

		expect(error?.message).toBe(message);
		expect(simulator.journal.requests).toHaveLength(0);
	});

	const editor = 'https://n8n.example.com/workflow/Ab3-x';
	const test = 'https://n8n.example.com/webhook-test/3f8b/webhook';

	it.each([
		[editor, 'is the address of the editor'],
		[`${editor}/`, 'is the address of the editor'],
		[test, 'is a test URL'],
	])('asks for no call that would be confirmed to nobody: %s', async (hookUrl, problem) => {
		const { error } = await run('requestCall', { phone: PHONE, hookUrl });

		expect(error?.message).toContain(`Hook URL ${problem}`);
		expect(simulator.journal.requests).toEqual([]);
	});

	it('takes a test URL while the flow is tried in the editor', async () => {
		const parameters = { phone: PHONE, hookUrl: test };

		const { json } = await run('requestCall', parameters, [{}], { isManual: true });

		expect(json).toMatchObject([{ callNumber: expect.any(String) }]);
	});

	describe('an address that Plusofon cannot reach', () => {
		const ask = async (hookUrl: string, baseUrl = 'https://plusofon.invalid') =>
			await run('requestCall', { phone: PHONE, hookUrl }, [{}], {
				credentials: { plusofonFlashCallApi: { accessToken: 'token', baseUrl } },
			});

		it.each([
			['http://localhost:5678/webhook/x', 'on this machine'],
			['http://[::1]/webhook/x', 'on this machine'],
			['http://192.168.1.5/webhook/x', 'in your own network'],
			['http://10.0.0.1:5678/webhook/x', 'in your own network'],
			['http://172.20.1.1/webhook/x', 'in your own network'],
			['http://100.100.1.1/webhook/x', 'in your own network'],
			['http://[fd12::1]/webhook/x', 'in your own network'],
			['http://n8n:5678/webhook/x', 'in your own network'],
			['https://n8n.local/webhook/x', 'in your own network'],
			['https://n8n.internal/webhook/x', 'in your own network'],
		])('costs no call: %s', async (hookUrl, where) => {
			const { error } = await ask(hookUrl);

			expect(error?.context.code).toBe('invalid_input');
			expect(error?.message).toMatch(
				new RegExp(`^The hook URL begins with \\S+, which is only ${where}`),
			);
			expect(error?.description).toContain('WEBHOOK_URL');
		});

		it.each([
			['https://n8n.example.com/webhook/x', 'https://plusofon.invalid'],
			['http://172.32.1.1/webhook/x', 'https://plusofon.invalid'],
			['http://100.128.1.1/webhook/x', 'https://plusofon.invalid'],
			['http://192.168.1.5/webhook/x', 'https://gateway.local'],
			['http://n8n:5678/webhook/x', 'https://192.168.1.9'],
			['http://localhost:5678/webhook/x', 'http://127.0.0.1:1'],
		])('is another one: %s from %s', async (hookUrl, baseUrl) => {
			const { error } = await ask(hookUrl, baseUrl);

			expect(error?.context.code).toBe('not_reached');
		});
	});
});
