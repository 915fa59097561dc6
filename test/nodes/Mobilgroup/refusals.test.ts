import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { NodeRun } from '../../support/engine';
import { runMobilgroup } from '../../support/mobilgroup';
import type { Fault } from '../../support/simulator/faults';
import type { JsonValue } from '../../support/simulator/types';
import type { MobilgroupOptions } from '../../support/simulator/mobilgroup';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const PHONE = '79991112233';
const STATUSES = [200, 400, 403] as const;

async function run(
	operation: string,
	parameters: INodeParameters,
	options?: Partial<NodeRun>,
	items?: IDataObject[],
) {
	return await runMobilgroup(simulator, operation, parameters, items, options);
}

/** The documented word, the word flows see, and what the next step is about. */
const REFUSALS: Array<[errorCode: string, code: string, hint: RegExp]> = [
	['unknown_request', 'unknown_request', /fields of the node/],
	['authorisation_failed', 'wrong_credential', /Copy the key/],
	['user_disabled', 'user_disabled', /unblock/],
	['number_is_empty', 'number_is_empty', /field Phone/],
	['number_not_valid', 'number_not_valid', /country code/],
	['number_not_permitted', 'number_not_permitted', /another channel/],
	['number_in_spam_list', 'number_in_spam_list', /another channel/],
	['not_enough_money', 'not_enough_money', /Top up/],
	['ani_phone_not_valid', 'ani_phone_not_valid', /Register the number/],
];

describe.each(STATUSES)('a refusal with HTTP %i', (refusalStatus) => {
	it.each(REFUSALS)('%s becomes %s, with a next step', async (unknownErrorCode, code, hint) => {
		simulator.mobilgroup.setOptions({ refusalStatus, unknownErrorCode });

		const stopped = await run('sendFlashCall', { phone: PHONE });
		const regular = await run(
			'sendFlashCall',
			{ phone: PHONE },
			{ onError: 'continueRegularOutput' },
		);
		const separate = await run(
			'sendFlashCall',
			{ phone: PHONE },
			{ onError: 'continueErrorOutput' },
			[{ customer: 7 }],
		);

		const details = {
			code,
			description: expect.stringMatching(hint),
			httpStatus: refusalStatus,
		};
		expect(stopped.error?.context.code).toBe(code);
		expect(stopped.error?.description).toMatch(hint);
		expect(regular.json).toEqual([{ error: expect.stringMatching(/^[A-Z]/), code, details }]);
		expect(separate.outputs[0]).toEqual([]);
		expect(separate.outputs[1]?.map(({ json }) => json)).toEqual([
			{ customer: 7, error: expect.stringMatching(/^[A-Z]/), details },
		]);
		expect(simulator.journal.requests).toHaveLength(3);
		expect(simulator.journal.charges).toEqual([]);
	});

	it('that is unknown is told in the words of the provider', async () => {
		simulator.mobilgroup.setOptions({ refusalStatus, unknownErrorCode: 'moon_in_wrong_phase' });

		const { json } = await run(
			'sendFlashCall',
			{ phone: PHONE },
			{ onError: 'continueRegularOutput' },
		);

		expect(json).toEqual([
			{
				error: expect.stringContaining('"moon_in_wrong_phase"'),
				code: refusalStatus === 403 ? 'forbidden' : 'refused',
				details: expect.objectContaining({ description: expect.stringMatching(/\S/) }),
			},
		]);
		expect(simulator.journal.charges).toEqual([]);
	});

	it.each<[code: string, options: Partial<MobilgroupOptions>, parameters: INodeParameters]>([
		['user_disabled', { blocked: true }, {}],
		['number_not_valid', { unroutable: [PHONE] }, {}],
		['number_not_permitted', { barred: [PHONE] }, {}],
		['number_in_spam_list', { spam: [PHONE] }, {}],
		['not_enough_money', { balance: 0.34 }, {}],
		['ani_phone_not_valid', { ownNumbers: [] }, { options: { callerId: '74959999999' } }],
	])('says %s where the simulator means it', async (code, options, parameters) => {
		simulator.mobilgroup.setOptions({ refusalStatus, ...options });

		const { error } = await run('sendVoiceCode', { phone: PHONE, ...parameters });

		expect(error?.context.code).toBe(code);
		expect(simulator.journal.charges).toEqual([]);
	});
});

it('tells a wrong key from a blocked account', async () => {
	const wrong = await run(
		'sendFlashCall',
		{ phone: PHONE },
		{ credentials: { mobilgroupApi: { apiKey: 'wrong-key', baseUrl: simulator.url } } },
	);
	simulator.mobilgroup.setOptions({ blocked: true });
	const blocked = await run('sendFlashCall', { phone: PHONE });

	expect(wrong.error?.message).toBe('Mobilgroup did not accept the API key');
	expect(wrong.error?.context.code).toBe('wrong_credential');
	expect(blocked.error?.message).toBe('The Mobilgroup account is blocked');
	expect(blocked.error?.context.code).toBe('user_disabled');
});

it('lets n8n try again after a refusal, which charged nothing', async () => {
	simulator.faults.add({
		kind: 'status',
		status: 200,
		body: { result: 'error', error_code: 'not_enough_money' },
	});

	const { json, error } = await run(
		'sendFlashCall',
		{ phone: PHONE },
		{ retryOnFail: { maxTries: 3 } },
	);

	expect(error).toBeUndefined();
	expect(json).toHaveLength(1);
	expect(simulator.journal.requests).toHaveLength(2);
	expect(simulator.journal.charges).toHaveLength(1);
});

it.each([500, 502, 429, 408])(
	'is taken at its word, whatever the HTTP status: %i',
	async (status) => {
		simulator.faults.add({
			kind: 'status',
			status,
			body: { result: 'error', error_code: 'not_enough_money' },
		});

		const { error } = await run('sendFlashCall', { phone: PHONE });

		expect(error?.context.code).toBe('not_enough_money');
	},
);

it('may have acted when it fails in words that nobody knows', async () => {
	simulator.faults.add({
		kind: 'status',
		status: 500,
		body: { result: 'error', error_code: 'internal_error' },
	});

	const { error } = await run('sendFlashCall', { phone: PHONE });

	expect(error?.context.code).toBe('may_have_been_sent');
});

describe('the words of the provider', () => {
	const echo = (error_code: string): Fault => ({
		kind: 'status',
		status: 200,
		body: { result: 'error', error_code },
	});

	it('are shown without the phone number', async () => {
		simulator.faults.add(echo(`no route to ${PHONE}`));

		const { error } = await run('sendFlashCall', { phone: PHONE });

		expect(error?.message).toContain('no route to');
		expect(JSON.stringify([error?.message, error?.description])).not.toContain(PHONE);
	});

	it('are shown without the code that was sent along', async () => {
		simulator.faults.add(echo('voice.code 0427 is not allowed'));

		const { error } = await run('sendVoiceCode', { phone: PHONE, codeSource: 'own', code: '0427' });

		expect(error?.message).toContain('is not allowed');
		expect(error?.message).not.toContain('0427');
	});
});

describe('an answer that does not tell', () => {
	const spoilt: Array<[what: string, shape: JsonValue]> = [
		['JSON of another kind', { success: true }],
		['no code', { result: 'ok', id: '1', price: '0.35' }],
		['a code that is empty', { result: 'ok', id: '1', code: '' }],
		['a code that is null', { result: 'ok', id: '1', code: null }],
	];

	/** The execution, and two retries of it. */
	async function tryThrice(operation: string, parameters: INodeParameters) {
		const first = await run(operation, parameters);
		const second = await run(operation, parameters, { retryOf: first.run });
		return await run(operation, parameters, { retryOf: second.run });
	}

	it.each(spoilt)('%s is never followed by a second request', async (_, shape) => {
		simulator.faults.add({ kind: 'wrongShape', shape, times: 'always' });

		const { error } = await tryThrice('sendFlashCall', { phone: PHONE });

		expect(error?.context.code).toBe('may_have_been_sent');
		expect(error?.description).toContain('Look in the Mobilgroup cabinet');
		expect(simulator.journal.requests).toHaveLength(1);
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it.each(['OK', 'queued', '', true, 1, null])(
		'the result %j is never followed by a second request',
		async (result) => {
			const shape = { result, id: '1234', number: PHONE, price: '0.35', code: '0042' };
			simulator.faults.add({ kind: 'wrongShape', shape, times: 'always' });

			const { error } = await tryThrice('sendFlashCall', { phone: PHONE });

			expect(simulator.journal.charges).toHaveLength(1);
			expect(error?.context.code).toBe('may_have_been_sent');
		},
	);

	it.each([400, 403])(
		'is no failure when its result is ok, although its status is %i',
		async (status) => {
			const body = { result: 'ok', id: '1234', number: PHONE, price: '0.35', code: '0042' };
			simulator.faults.add({ kind: 'statusAfter', status, body });

			const { json } = await run('sendFlashCall', { phone: PHONE });

			expect(json).toMatchObject([{ id: '1234', phone: PHONE }]);
		},
	);

	it.each([
		['plain text as its type', { kind: 'wrongContentType' }],
		['its bytes one after the other', { kind: 'slow', ms: 200, phase: 'trickle' }],
	] as Array<[string, Fault]>)('a good answer with %s is read all the same', async (_, fault) => {
		simulator.faults.add(fault);

		const { json } = await run('sendFlashCall', { phone: PHONE });

		expect(json).toMatchObject([{ id: '1234', phone: PHONE }]);
	});
});
