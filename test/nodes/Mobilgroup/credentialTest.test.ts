import { Workflow } from 'n8n-workflow';
import type { ICredentialDataDecryptedObject, IHttpRequestOptions, INode } from 'n8n-workflow';
import { MobilgroupApi } from '../../../credentials/MobilgroupApi.credentials';
import type { Fault } from '../../support/simulator/faults';
import { PRESET_MOBILGROUP } from '../../support/simulator/mobilgroup';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const { authenticate, test: declaredTest } = new MobilgroupApi();
const { request: declared, rules = [] } = declaredTest;

const PASSED = 'passed';
const WRONG_KEY = 'Mobilgroup did not accept the API key. Copy it again from Settings, API.';
const BLOCKED = 'The API key is right, but the Mobilgroup account is blocked. Ask Mobilgroup why.';
const FOREIGN = 'This is not how Mobilgroup answers. Check the base URL.';

/** Sends what the credential declares and reads the answer by its rules, as n8n does. */
async function test(entered: ICredentialDataDecryptedObject = {}): Promise<string> {
	const data = { apiKey: PRESET_MOBILGROUP, baseUrl: simulator.url, ...entered };
	const baseURL = evaluate(declared.baseURL, data);
	const routed = { ...declared, baseURL } as IHttpRequestOptions;
	if (typeof authenticate !== 'function') throw new Error('the credential does not authenticate');
	const { url, method, headers, body } = await authenticate(data, routed);
	// As n8n's request helper joins the two.
	const address = `${baseURL.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}`;
	const response = await fetch(address, {
		method: String(method),
		headers: headers as Record<string, string>,
		body: JSON.stringify(body),
		redirect: 'manual',
	});

	if (isFailure(response.status)) {
		const rule = rules.find(
			({ type, properties }) => type === 'responseCode' && properties.value === response.status,
		);
		return rule?.properties.message ?? response.statusText;
	}
	const answer = parse(await response.text());
	const broken = rules.find(
		({ type, properties }) =>
			type === 'responseSuccessBody' &&
			answer[(properties as unknown as { key: string }).key] === properties.value,
	);
	return broken?.properties.message ?? PASSED;
}

/** What n8n makes of an expression in a declarative request. */
function evaluate(
	expression: string | undefined,
	$credentials: ICredentialDataDecryptedObject,
): string {
	const node: INode = {
		id: 'temp',
		name: 'Temp',
		type: 'temp',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const nodeTypes = {
		getByName: () => ({}) as never,
		getByNameAndVersion: () => undefined as never,
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	return String(
		workflow.expression.getSimpleParameterValue(node, expression, 'internal', { $credentials }),
	);
}

function isFailure(status: number): boolean {
	const { ignoreHttpStatusErrors: ignored } = declared as IHttpRequestOptions;
	if (typeof ignored !== 'object') throw new Error('the test does not say which statuses it reads');
	return ignored.except?.includes(status) ?? false;
}

function parse(text: string): Record<string, unknown> {
	try {
		const value = JSON.parse(text) as unknown;
		// n8n makes an item of each element of a list, and its test looks at the first.
		const first = Array.isArray(value) ? (value as unknown[])[0] : value;
		return typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

it('passes a good key, with one request that charges nothing', async () => {
	expect(await test()).toBe(PASSED);
	expect(simulator.journal.requests).toMatchObject([
		{
			method: 'POST',
			path: '/api/voice-password/send/',
			query: {},
			body: { number: '' },
			headers: { authorization: PRESET_MOBILGROUP },
		},
	]);
	expect(simulator.journal.charges).toEqual([]);
});

it('passes an account without money, which is no matter of the key', async () => {
	simulator.mobilgroup.setOptions({ balance: 0 });

	expect(await test()).toBe(PASSED);
});

it.each([200, 400, 403] as const)('fails a wrong key that is refused with %i', async (status) => {
	simulator.mobilgroup.setOptions({ refusalStatus: status });

	expect(await test({ apiKey: 'wrong-key' })).toBe(WRONG_KEY);
});

it.each([200, 400] as const)('tells a blocked account that is refused with %i', async (status) => {
	simulator.mobilgroup.setOptions({ refusalStatus: status, blocked: true });

	expect(await test()).toBe(BLOCKED);
	expect(await test({ apiKey: 'wrong-key' })).toBe(WRONG_KEY);
});

it('passes a good key when the missing number is refused with 400', async () => {
	simulator.mobilgroup.setOptions({ refusalStatus: 400 });

	expect(await test()).toBe(PASSED);
});

it('reads the answer and not its status, also with 403', async () => {
	simulator.mobilgroup.setOptions({ refusalStatus: 403 });
	const good = await test();
	simulator.mobilgroup.setOptions({ blocked: true });
	const blocked = await test();

	expect([good, blocked]).toEqual([PASSED, BLOCKED]);
});

it.each<[what: string, shape: Extract<Fault, { kind: 'wrongShape' }>['shape']]>([
	['an object', { success: true }],
	['a list', []],
	['a word', 'ok'],
	['null', null],
	['a deeper result', { data: { result: 'ok' } }],
])('fails a server that answers JSON of another shape: %s', async (_, shape) => {
	simulator.faults.add({ kind: 'wrongShape', shape });

	expect(await test()).toBe(FOREIGN);
});

// The answer to a request without a number is a refusal: anything else is not Mobilgroup's.
it.each([{ result: 'ok' }, { result: 'fine' }, { result: null }, [{ result: 'ok' }]])(
	'fails a server that answers %j',
	async (shape) => {
		simulator.faults.add({ kind: 'wrongShape', shape });

		expect(await test()).toBe(FOREIGN);
	},
);

it.each<[what: string, fault: Fault]>([
	['a web page', { kind: 'html' }],
	['nothing', { kind: 'empty' }],
	['half of its JSON', { kind: 'brokenJson' }],
	['a page with HTTP 400', { kind: 'status', status: 400, body: '<h1>Bad Request</h1>' }],
])('fails a server that answers %s', async (_, fault) => {
	simulator.faults.add(fault);

	expect(await test()).toBe(FOREIGN);
});

it.each([301, 302, 307, 308, 401, 403, 404, 405, 429, 500, 502, 503, 504])(
	'fails a server that answers HTTP %i, with a message',
	async (status) => {
		simulator.faults.add(
			status < 400
				? { kind: 'redirect', status, location: '/elsewhere' }
				: { kind: 'status', status },
		);

		expect(await test()).toMatch(/\S/);
		expect(simulator.journal.requests).toHaveLength(1);
	},
);

it.each([
	['a slash behind it', (url: string) => `${url}/`],
	['blanks around it', (url: string) => ` ${url} `],
	['the path of the documentation', (url: string) => `${url}/api/voice-password/send/`],
])('passes a base URL with %s, as the node does', async (_, entered) => {
	expect(await test({ baseUrl: entered(simulator.url) })).toBe(PASSED);
});

it.each([
	['http://voice.mobilgroup.ru', PRESET_MOBILGROUP],
	['https://user:pass@voice.mobilgroup.ru', PRESET_MOBILGROUP],
	['voice.mobilgroup.ru', PRESET_MOBILGROUP],
	['https://voice.mobilgroup.ru', ''],
	['https://voice.mobilgroup.ru', 'two words'],
])('sends nothing to "%s" with the key "%s"', async (baseUrl, apiKey) => {
	await expect(test({ baseUrl, apiKey })).rejects.toThrow(/credential/);
});
