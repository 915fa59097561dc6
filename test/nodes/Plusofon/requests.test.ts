/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { inspect } from 'node:util';
import { sleep } from 'n8n-workflow';
import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';
import type { NodeResult, NodeRun } from '../../support/engine';
import { runPlusofon } from '../../support/plusofon';
import type { Fault } from '../../support/simulator/faults';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

const PHONE = '79991112233';
const MINUTE = 60_000;

/** Costs money. */
const SEND = 'sendFlashCall';
/** Costs nothing. */
const CHECK = 'checkPin';

const PARAMETERS: Record<string, INodeParameters> = {
	[SEND]: { phone: PHONE },
	[CHECK]: { key: 'the-key-of-the-call', pin: '0427' },
};

let simulator: Simulator;
/** Where redirects lead: it must never see a request. */
let elsewhere: Simulator;

beforeAll(async () => {
	[simulator, elsewhere] = await Promise.all([startSimulator(), startSimulator()]);
});
beforeEach(() => {
	simulator.reset();
	elsewhere.reset();
});
afterAll(async () => await Promise.all([simulator.close(), elsewhere.close()]));

/** Runs an operation that continues on an error, so that its output item tells it. */
async function run(
	operation: string,
	options: Partial<NodeRun> & { parameters?: INodeParameters } = {},
): Promise<NodeResult> {
	const { parameters, items, ...more } = options;
	return await runPlusofon(
		simulator,
		['verification', operation],
		{ ...PARAMETERS[operation], ...parameters },
		items,
		{ onError: 'continueRegularOutput', ...more },
	);
}

async function runWith(
	operation: string,
	credential: ICredentialDataDecryptedObject,
): Promise<NodeResult> {
	return await run(operation, { credentials: { plusofonFlashCallApi: credential } });
}

function descriptionOf(json: IDataObject | undefined): string {
	return String((json?.details as IDataObject | undefined)?.description ?? '');
}

/** Waits until the simulator has noticed that its client went away. */
async function untilAborted(): Promise<void> {
	while (simulator.journal.requests.at(-1)?.status !== 'aborted') await sleep(10);
}

/** A port where nobody listens. */
async function freePort(): Promise<number> {
	const { port, close } = await startSimulator();
	await close();
	return port;
}

interface Row {
	when: string;
	fault: Fault;
	/** What the message says. */
	says: RegExp;
	/** The code of Send Flash Call, and how many calls the provider charged for. */
	send: [code: string, charges: number];
	/** Seconds. */
	timeout?: number;
}

const MAY = 'may_have_been_sent';
const LACKS = /JSON that lacks the documented fields \(HTTP 200\)/;
const BROKE = /connection to Plusofon \(127\.0\.0\.1:\d+\) broke before a complete answer came/;
const DOWN = /could not handle the request/;
const REDIRECT = /redirect .*not followed/;
const BARRED = 'The number is barred';

const ROWS: Row[] = [
	{
		when: 'the connection is reset before the provider works',
		fault: { kind: 'resetBefore' },
		says: BROKE,
		send: [MAY, 0],
	},
	{
		when: 'the connection is reset after the provider worked',
		fault: { kind: 'resetAfter' },
		says: BROKE,
		send: [MAY, 1],
	},
	{
		when: 'the answer is cut off',
		fault: { kind: 'truncated' },
		says: BROKE,
		send: [MAY, 1],
	},
	{
		when: 'the answer is half a JSON',
		fault: { kind: 'brokenJson' },
		says: /something that is not JSON \(HTTP 200\)/,
		send: [MAY, 1],
	},
	{
		when: 'the answer is empty',
		fault: { kind: 'empty' },
		says: /an empty answer \(HTTP 200\)/,
		send: [MAY, 1],
	},
	{
		when: 'the answer is a web page',
		fault: { kind: 'html' },
		says: /something that is not JSON \(HTTP 200\)/,
		send: [MAY, 1],
	},
	{
		when: 'the answer is a list',
		fault: { kind: 'wrongShape' },
		says: LACKS,
		send: [MAY, 1],
	},
	{
		when: 'the answer is null',
		fault: { kind: 'wrongShape', shape: null },
		says: LACKS,
		send: [MAY, 1],
	},
	{
		when: 'the answer is a text',
		fault: { kind: 'wrongShape', shape: 'ok' },
		says: LACKS,
		send: [MAY, 1],
	},
	{
		when: 'the answer has no field at all',
		fault: { kind: 'wrongShape', shape: {} },
		says: LACKS,
		send: [MAY, 1],
	},
	{
		when: 'the answer has only fields of another API',
		fault: { kind: 'wrongShape', shape: { result: 'error', error_code: 'user_disabled' } },
		says: LACKS,
		send: [MAY, 1],
	},
	{
		when: 'the answer has a key of a wrong type',
		fault: { kind: 'wrongShape', shape: { data: { key: [5] } } },
		says: LACKS,
		send: [MAY, 1],
	},
	{
		when: 'HTTP 200 says an error',
		fault: { kind: 'wrongShape', shape: { error: BARRED } },
		says: /Plusofon refused the request: "The number is barred"/,
		send: ['refused', 1],
	},
	{
		when: 'HTTP 200 says that nobody is logged in',
		fault: { kind: 'wrongShape', shape: { message: 'Unauthenticated.', code: 0 } },
		says: /Plusofon did not accept the access token/,
		send: ['wrong_credential', 1],
	},
	{
		when: 'the token is refused (401)',
		fault: { kind: 'status', status: 401 },
		says: /Plusofon did not accept the access token/,
		send: ['wrong_credential', 0],
	},
	{
		when: 'the token is refused without a word (401)',
		fault: { kind: 'status', status: 401, body: '' },
		says: /Plusofon did not accept the access token/,
		send: ['wrong_credential', 0],
	},
	{
		when: 'access is forbidden (403)',
		fault: { kind: 'status', status: 403, body: { message: 'Blocked for your country' } },
		says: /Plusofon does not allow this with the chosen credential: "Blocked for your country"/,
		send: ['forbidden', 0],
	},
	{
		when: 'there is nothing at this address (404)',
		fault: { kind: 'status', status: 404 },
		says: /Plusofon did not find what was asked for: "Not found"/,
		send: ['not_found', 0],
	},
	{
		when: 'there is a web page at this address (404)',
		fault: { kind: 'status', status: 404, body: '<h1>Not Found</h1>' },
		says: /Plusofon did not find what was asked for: HTTP 404/,
		send: ['not_found', 0],
	},
	{
		when: 'a gateway refuses with a web page (400)',
		fault: { kind: 'status', status: 400, body: '<h1>Bad Request</h1>' },
		says: /Plusofon refused the request: HTTP 400/,
		send: ['refused', 0],
	},
	{
		when: 'there are too many requests (429)',
		fault: { kind: 'status', status: 429, body: { message: 'Slow down' } },
		says: /Plusofon takes no more requests for now/,
		send: ['rate_limited', 0],
	},
	...[500, 501, 502, 503, 504, 520, 599].map(
		(status): Row => ({
			when: `the provider is down (${status})`,
			fault: { kind: 'status', status },
			says: DOWN,
			send: [MAY, 0],
		}),
	),
	...[500, 502, 504].map(
		(status): Row => ({
			when: `the provider works and then breaks down (${status})`,
			fault: { kind: 'statusAfter', status },
			says: DOWN,
			send: [MAY, 1],
		}),
	),
	...[301, 307, 308].map(
		(status): Row => ({
			when: `the provider has moved (${status})`,
			fault: { kind: 'redirect', status, location: '/elsewhere' },
			says: REDIRECT,
			send: ['redirect_refused', 0],
		}),
	),
	...[302, 303].map(
		(status): Row => ({
			when: `the answer is a redirect, perhaps after the work (${status})`,
			fault: { kind: 'redirect', status, location: '/elsewhere' },
			says: REDIRECT,
			send: [MAY, 0],
		}),
	),
	{
		when: 'redirects never end',
		fault: { kind: 'redirectLoop', status: 308 },
		says: REDIRECT,
		send: ['redirect_refused', 0],
	},
	{
		when: 'the answer is 100 MB',
		fault: { kind: 'huge', megabytes: 100 },
		says: /Plusofon sent more than 10 MB, which was not read to its end/,
		send: [MAY, 1],
	},
	{
		when: 'the provider takes too long to work',
		fault: { kind: 'slow', ms: MINUTE },
		timeout: 1,
		says: /Plusofon gave no complete answer within 1 second\b/,
		send: [MAY, 0],
	},
	{
		when: 'the provider works but answers too late',
		fault: { kind: 'slow', ms: MINUTE, phase: 'answer' },
		timeout: 1,
		says: /Plusofon gave no complete answer within 1 second\b/,
		send: [MAY, 1],
	},
	{
		when: 'the bytes of the answer trickle in',
		fault: { kind: 'slow', ms: 4000, phase: 'trickle' },
		timeout: 1,
		says: /Plusofon gave no complete answer within 1 second\b/,
		send: [MAY, 1],
	},
	{
		when: 'HTTP 200 says no success',
		fault: { kind: 'wrongShape', shape: { success: false, message: BARRED } },
		says: /Plusofon refused the request: "The number is barred"/,
		send: ['refused', 1],
	},
	{
		when: 'HTTP 200 says no success without a word',
		fault: { kind: 'wrongShape', shape: { success: false } },
		says: /Plusofon refused the request: HTTP 200/,
		send: ['refused', 1],
	},
	{
		when: 'the data is wrong (422)',
		fault: { kind: 'status', status: 422 },
		says: /Plusofon refused the request: "The given data was invalid."/,
		send: ['refused', 0],
	},
	{
		when: 'the money is spent (402)',
		fault: { kind: 'status', status: 402, body: { message: 'Not enough money on balance' } },
		says: /there is not enough money/,
		send: ['not_enough_money', 0],
	},
	{
		when: 'a limit of the account is reached',
		fault: { kind: 'status', status: 400, body: { message: 'Calls per day limit exceeded' } },
		says: /a call limit of the Flash Call settings is reached/,
		send: ['limit_reached', 0],
	},
	{
		when: 'success comes without a key',
		fault: { kind: 'wrongShape', shape: { success: true } },
		says: LACKS,
		send: [MAY, 1],
	},
	{
		when: 'success comes with an empty key',
		fault: { kind: 'wrongShape', shape: { success: true, data: { key: '' } } },
		says: LACKS,
		send: [MAY, 1],
	},
];

const named = (row: Row): [string, Row] => [row.when, row];

describe('Send Flash Call asks once, charges once and says what happened', () => {
	it.each(ROWS.map(named))('when %s', async (_, { fault, says, send, timeout = 30 }) => {
		simulator.faults.add({ ...fault, times: 'always' });

		const { json, error } = await run(SEND, { parameters: { options: { timeout } } });

		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ code: send[0], details: { code: send[0] } }]);
		expect(json[0]?.error).toMatch(/^[A-Z]/);
		expect(json[0]?.error).toMatch(says);
		expect(descriptionOf(json[0])).toMatch(/^[A-Z].{15,}\.$/);
		expect(`${json[0]?.error} ${descriptionOf(json[0])}`).toContain('Plusofon');
		expect(simulator.journal.requests).toHaveLength(1);
		expect(simulator.journal.charges).toHaveLength(send[1]);
	});

	it('warns that the call may have gone through, and where to look', async () => {
		simulator.faults.add({ kind: 'resetAfter' });

		const { json } = await run(SEND);

		expect(json[0]?.error).toMatch(/The request may have been carried out all the same$/);
		expect(descriptionOf(json[0])).toMatch(/not sent again.* Look in the Plusofon cabinet/);
	});
});

describe('an answer that is only unusual', () => {
	it.each([
		['of another content type', { kind: 'wrongContentType' }],
		['that comes slowly but in time', { kind: 'slow', ms: 100, phase: 'trickle' }],
	] as Array<[string, Fault]>)('is read all the same: one %s', async (_, fault) => {
		simulator.faults.add(fault);

		const { json } = await run(SEND);

		expect(json).toEqual([{ key: expect.any(String), phone: PHONE, operator: 'mts' }]);
	});

	it('is read to its end when it is large but not too large', async () => {
		simulator.faults.add({ kind: 'huge', megabytes: 9 });

		const { json } = await run(CHECK);

		expect(json).toEqual([{ verified: true, reason: 'verified' }]);
		expect(simulator.journal.requests).toMatchObject([{ status: 200 }]);
	});
});

describe('the connection is given up', () => {
	it('long before the end of an answer that is too large', async () => {
		simulator.faults.add({ kind: 'huge', megabytes: 100 });

		await run(SEND);

		await untilAborted();
	});

	it.each([
		['before the answer', { kind: 'slow', ms: 1500 }],
		['in the middle of the answer', { kind: 'slow', ms: 4000, phase: 'trickle' }],
	] as Array<[string, Fault]>)('when the time is over %s', async (_, fault) => {
		simulator.faults.add(fault);

		const { json } = await run(CHECK, { parameters: { options: { timeout: 1 } } });

		expect(json).toMatchObject([{ code: 'timeout' }]);
		await untilAborted();
	});
});

describe('a redirect', () => {
	it.each([301, 302, 303, 307, 308])('of status %i takes the token nowhere', async (status) => {
		const { port } = elsewhere;
		const locations = [
			`${elsewhere.url}/api/v1/flash-call/send`,
			`http://localhost:${port}/api/v1/flash-call/send`,
			`//127.0.0.1:${port}/api/v1/flash-call/send`,
			'/api/v1/flash-call/send',
		];
		for (const location of locations) {
			simulator.faults.add({ kind: 'redirect', status, location }, { kind: 'redirect', location });
			await run(SEND);
			simulator.faults.clear();
		}

		expect(elsewhere.journal.requests).toEqual([]);
		expect(simulator.journal.requests).toHaveLength(locations.length);
		expect(simulator.journal.charges).toEqual([]);
	});
});

describe('too many requests', () => {
	const busy = (headers: Record<string, string>): Fault => ({
		kind: 'status',
		status: 429,
		headers,
		body: { message: 'Slow down' },
	});

	it.each([
		['seconds', () => '7', /^Wait 7 seconds/],
		['a fraction of seconds', () => '7.2', /^Wait 8 seconds/],
		['a date', () => new Date(Date.now() + 90_000).toUTCString(), /^Wait (89|90) seconds/],
		['a date that is over', () => new Date(0).toUTCString(), /^Wait 1 second,/],
		['nonsense', () => 'soon', /^Wait a while/],
		['nothing', () => '0', /^Wait 1 second,/],
		['a negative number', () => '-7', /^Wait a while/],
		['a list', () => '5, 5', /^Wait a while/],
	])('say how long to wait, told in %s', async (_, retryAfter, hint) => {
		simulator.faults.add(busy({ 'retry-after': retryAfter() }));

		const { json } = await run(SEND);

		expect(json).toMatchObject([{ code: 'rate_limited', details: { httpStatus: 429 } }]);
		expect(descriptionOf(json[0])).toMatch(hint);
		expect(descriptionOf(json[0])).toContain('fewer items at once');
	});

	it('say to wait a while where nobody told how long', async () => {
		simulator.faults.add(busy({}));

		const { json } = await run(SEND);

		expect(descriptionOf(json[0])).toMatch(/^Wait a while/);
	});
});

describe('a server that is not there', () => {
	it.each([SEND, CHECK])('gets nothing sent: %s', async (operation) => {
		const baseUrl = `http://127.0.0.1:${await freePort()}`;

		const { json } = await runWith(operation, { accessToken: 'token', baseUrl });

		expect(json).toMatchObject([{ code: 'not_reached' }]);
		expect(json[0]?.error).toBe(
			`Plusofon could not be reached at ${new URL(baseUrl).host} (ECONNREFUSED). Nothing was sent`,
		);
		expect(descriptionOf(json[0])).toContain('address in the credential');
	});

	it.each([SEND, CHECK])(
		'gets nothing sent in the open when it has no TLS: %s',
		async (operation) => {
			const { json } = await runWith(operation, {
				accessToken: simulator.plusofon.accessToken,
				baseUrl: `https://127.0.0.1:${simulator.port}`,
			});

			// Whether encryption failed before or after the request left cannot be told for sure.
			expect(json).toMatchObject([
				{ code: operation === SEND ? 'may_have_been_sent' : 'connection_lost' },
			]);
			expect(simulator.journal.requests).toEqual([]);
		},
	);

	it('may be tried again by n8n, since nobody was called', async () => {
		const baseUrl = `http://127.0.0.1:${await freePort()}`;
		const credentials = { plusofonFlashCallApi: { accessToken: 'token', baseUrl } };

		const first = await run(SEND, { credentials, onError: 'stopWorkflow' });
		const second = await run(SEND, { retryOf: first.run });

		expect(first.error?.context).toMatchObject({ code: 'not_reached' });
		expect(second.json).toMatchObject([{ key: expect.any(String) }]);
	});
});

describe('a failure that stops the node', () => {
	it.each([
		[
			'with an HTTP status',
			{ kind: 'status', status: 403, body: { message: BARRED } },
			'forbidden',
		],
		['without one', { kind: 'huge', megabytes: 11 }, MAY],
		['that n8n has advice of its own for', { kind: 'resetAfter' }, MAY],
	] as Array<[string, Fault, string]>)('is shown in full: one %s', async (_, fault, code) => {
		simulator.faults.add(fault);

		const { error, json } = await run(SEND, { onError: 'stopWorkflow' });

		expect(json).toEqual([]);
		expect(error?.message).toMatch(/^[A-Z]/);
		expect(`${error?.message} ${error?.description}`).toContain('Plusofon');
		expect(error?.description).toMatch(/\.$/);
		expect(error?.context).toMatchObject({ code, itemIndex: 0 });
		expect(simulator.journal.requests).toHaveLength(1);
	});

	it('says that nothing was sent, in our words and not in those of n8n', async () => {
		const baseUrl = `http://127.0.0.1:${await freePort()}`;

		const { error } = await run(SEND, {
			onError: 'stopWorkflow',
			credentials: { plusofonFlashCallApi: { accessToken: 'token', baseUrl } },
		});

		expect(error?.message).toMatch(
			/could not be reached at \S+ \(ECONNREFUSED\)\. Nothing was sent$/,
		);
	});
});

describe('secrets', () => {
	const KEY = 'the-key-of-the-call';
	const PIN = '0427';
	const OTHER_PHONE = '79995556677';

	/** What a provider says that repeats the whole request. */
	function echo(): string {
		return `Refused ${PHONE} and +${OTHER_PHONE} and 8 (999) 555-66-77: Bearer ${simulator.plusofon.accessToken}, ${KEY}, ${PIN}`;
	}

	/** Everything a run leaves behind for people to see. */
	function traces({ json, error, outputs }: NodeResult): string {
		return [
			JSON.stringify({ json, outputs }),
			JSON.stringify(error ?? null),
			JSON.stringify({ text: [error?.message, error?.description, error?.stack] }),
			JSON.stringify([error?.context, error?.messages]),
		].join('\n');
	}

	const ITEM = { phone: PHONE, key: KEY, pin: PIN };
	const FROM_ITEM: Record<string, INodeParameters> = {
		[SEND]: { phone: '={{ $json.phone }}', options: { pin: '={{ $json.pin }}' } },
		[CHECK]: { key: '={{ $json.key }}', pin: '={{ $json.pin }}' },
	};

	const cases = [400, 403, 404, 409, 422, 500].flatMap((status) =>
		(['continueRegularOutput', 'continueErrorOutput', 'stopWorkflow'] as const).map(
			(onError): [number, typeof onError] => [status, onError],
		),
	);

	it.each(cases)(
		'stay out of what Send Flash Call shows of a refusal that repeats them (%i, %s)',
		async (status, onError) => {
			simulator.faults.add({ kind: 'status', status, body: { message: echo() } });

			const result = await run(SEND, { onError, items: [ITEM], parameters: FROM_ITEM[SEND] ?? {} });

			const shown = onError === 'continueErrorOutput' ? [] : [PHONE, PIN];
			expect(traces(result)).toContain('Refused');
			for (const secret of [simulator.plusofon.accessToken, OTHER_PHONE, '555-66-77', ...shown]) {
				expect(traces(result)).not.toContain(secret);
			}
			expect(JSON.stringify(result.run.data)).not.toContain(simulator.plusofon.accessToken);
			expect(JSON.stringify(result.run.data)).not.toContain(OTHER_PHONE);
			expect(inspect(result.error, { depth: 10 })).not.toContain(simulator.plusofon.accessToken);
		},
	);

	it.each([403, 500])(
		'stay out of what Check PIN shows of a refusal that repeats them (%i)',
		async (status) => {
			simulator.faults.add({ kind: 'status', status, body: { message: echo() } });

			const result = await run(CHECK, { items: [ITEM], parameters: FROM_ITEM[CHECK] ?? {} });

			expect(traces(result)).toContain('Refused');
			for (const secret of [simulator.plusofon.accessToken, KEY, PIN, PHONE, OTHER_PHONE]) {
				expect(traces(result)).not.toContain(secret);
			}
		},
	);

	it('stay out of the words that go with a PIN that does not count', async () => {
		const message = `Refused for ${PHONE}: ${KEY}, ${PIN}, ${simulator.plusofon.accessToken}`;
		simulator.faults.add({ kind: 'status', status: 200, body: { message } });

		const { json } = await run(CHECK, { items: [ITEM], parameters: FROM_ITEM[CHECK] ?? {} });

		expect(json).toEqual([
			{ verified: false, reason: 'rejected', message: 'Refused for *33: ***, ***, ***' },
		]);
	});

	it.each([
		['the connection breaks', { kind: 'resetAfter' }],
		['the answer is broken', { kind: 'brokenJson' }],
		['the answer is something else', { kind: 'wrongShape', shape: { echo: 'sim-access-token' } }],
	] as Array<[string, Fault]>)('stay out of the whole run when %s', async (_, fault) => {
		for (const onError of ['continueRegularOutput', 'stopWorkflow'] as const) {
			simulator.faults.add(fault);

			const { run: whole, error } = await run(SEND, { onError });

			expect(JSON.stringify(whole)).not.toContain('sim-access');
			expect(inspect(error, { depth: 10 })).not.toContain('sim-access');
		}
	});

	it('stay out of the whole run when all is well', async () => {
		const { run: whole, json } = await run(SEND);

		expect(json).toMatchObject([{ key: expect.any(String) }]);
		expect(JSON.stringify(whole)).not.toContain(simulator.plusofon.accessToken);
	});

	it('are what a web page shows, which is never quoted', async () => {
		simulator.faults.add({ kind: 'status', status: 502, body: `<h1>${echo()}</h1>` });

		const result = await run(SEND);

		expect(traces(result)).not.toContain('Refused');
		expect(result.json[0]?.error).toMatch(/HTTP 502/);
	});
});

describe('the credential', () => {
	const good = () => ({
		accessToken: simulator.plusofon.accessToken,
		baseUrl: simulator.url,
	});

	it.each([SEND, CHECK])('is asked for by name when it is missing: %s', async (operation) => {
		const { json } = await run(operation, { credentials: {} });

		expect(json).toMatchObject([
			{
				code: 'missing_credential',
				error: 'No credential "Plusofon Flash Call API" is chosen in the node',
			},
		]);
		expect(json[0]).not.toHaveProperty('verified');
		expect(descriptionOf(json[0])).toBe(
			'Open the node and choose a "Plusofon Flash Call API" credential, or create one.',
		);
		expect(simulator.journal.requests).toEqual([]);
	});

	it.each([SEND, CHECK])(
		'says how to get the right token when it is wrong: %s',
		async (operation) => {
			for (const accessToken of ['wrong', simulator.plusofon.cabinetToken]) {
				simulator.journal.clear();

				const { json } = await runWith(operation, { ...good(), accessToken });

				expect(json).toMatchObject([{ code: 'wrong_credential', details: { httpStatus: 401 } }]);
				expect(json[0]).not.toHaveProperty('verified');
				expect(descriptionOf(json[0])).toContain('not the token of the cabinet');
				expect(simulator.journal.requests).toHaveLength(1);
				expect(simulator.journal.charges).toEqual([]);
			}
		},
	);

	it.each([
		['empty', ''],
		['blank', '   '],
		['two words', 'abc def'],
		['two lines', 'abc\r\nX-Evil: 1'],
		['in another alphabet', 'ключ'],
	])('is refused before any request when the token is %s', async (_, accessToken) => {
		const { json } = await runWith(SEND, { ...good(), accessToken });

		expect(json).toMatchObject([
			{ code: 'wrong_credential', error: expect.stringContaining('Access Token') },
		]);
		expect(simulator.journal.requests).toEqual([]);
	});

	it('works with a token that was pasted with "Bearer" and a line break', async () => {
		const accessToken = ` Bearer ${simulator.plusofon.accessToken}\r\n`;

		const { json } = await runWith(SEND, { ...good(), accessToken });

		expect(json).toMatchObject([{ key: expect.any(String) }]);
		expect(simulator.journal.requests[0]?.headers.authorization).toBe(
			`Bearer ${simulator.plusofon.accessToken}`,
		);
	});

	it('sends another Client ID when one was entered', async () => {
		simulator.plusofon.setOptions({ clientId: '777' });

		const { json } = await runWith(SEND, { ...good(), clientId: '777' });

		expect(json).toMatchObject([{ key: expect.any(String) }]);
	});

	it.each(['/', '//', '/api', '/api/', '/api/v1', '/api/v1/'])(
		'works when "%s" stands behind the host of its base URL',
		async (behind) => {
			const { json } = await runWith(SEND, { ...good(), baseUrl: `${simulator.url}${behind}` });

			expect(json).toMatchObject([{ key: expect.any(String) }]);
			expect(simulator.journal.requests).toMatchObject([{ path: '/api/v1/flash-call/send' }]);
		},
	);

	it('works when its base URL has blanks around it', async () => {
		const { json } = await runWith(SEND, { ...good(), baseUrl: ` ${simulator.url} ` });

		expect(json).toMatchObject([{ key: expect.any(String) }]);
	});

	it('keeps a path of its own in front of the path of the API', async () => {
		await runWith(SEND, { ...good(), baseUrl: `${simulator.url}/proxy/api/v1` });

		expect(simulator.journal.requests).toMatchObject([{ path: '/proxy/api/v1/flash-call/send' }]);
	});

	it.each([
		['http://restapi.plusofon.ru', 'starts with http://'],
		['http://localhost.evil.example', 'starts with http://'],
		['http://127.0.0.1.evil.example', 'starts with http://'],
		['https://user:pass@restapi.plusofon.ru', 'holds more than a host and a path'],
		['https://restapi.plusofon.ru?a=1', 'holds more than a host and a path'],
		['restapi.plusofon.ru', 'is not a web address'],
		['', 'is empty'],
	])('is refused before any request when its base URL is "%s"', async (baseUrl, problem) => {
		for (const operation of [SEND, CHECK]) {
			const { json } = await runWith(operation, { ...good(), baseUrl });

			expect(json).toMatchObject([{ code: 'unsafe_base_url' }]);
			expect(json[0]?.error).toContain(`Base URL of the credential ${problem}`);
			expect(descriptionOf(json[0])).not.toBe('');
		}
	});

	it('never takes its token to plain http, even when a server of that name listens there', async () => {
		// `localhost.` is no loopback name, but leads to this machine.
		const baseUrl = `http://localhost.:${elsewhere.port}`;

		const { json } = await runWith(SEND, { ...good(), baseUrl });

		expect(json).toMatchObject([{ code: 'unsafe_base_url' }]);
		expect(elsewhere.journal.requests).toEqual([]);
	});
});
