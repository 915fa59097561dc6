import type { NodeRun } from '../../support/engine';
import { runPlusofon } from '../../support/plusofon';
import type { Fault } from '../../support/simulator/faults';
import { startSimulator } from '../../support/simulator/server';
import type { JsonObject } from '../../support/simulator/types';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const goesOn: Partial<NodeRun> = { onError: 'continueRegularOutput' };

async function send(fault: Fault, options: Partial<NodeRun> = goesOn) {
	simulator.faults.add(fault);
	const parameters = { phone: '79991112233' };
	return await runPlusofon(simulator, ['verification', 'sendFlashCall'], parameters, [{}], options);
}

async function check(fault: Fault) {
	simulator.faults.add(fault);
	const parameters = { key: 'the-key', pin: '0427' };
	return await runPlusofon(simulator, ['verification', 'checkPin'], parameters, [{}], goesOn);
}

describe('words that read like a known refusal', () => {
	it.each(['upstream time limit exceeded', 'Balance service is down'])(
		'do not make a failed server a definite refusal: "%s"',
		async (message) => {
			const fault: Fault = { kind: 'statusAfter', status: 504, times: 'always', body: { message } };

			const { error } = await send(fault, { retryOnFail: { maxTries: 3 } });

			expect(error?.context.code).toBe('may_have_been_sent');
			expect(simulator.journal.charges).toHaveLength(1);
		},
	);

	it.each([send, check])(
		'do not hide that there were too many requests, and how long to wait',
		async (run) => {
			const { json } = await run({ kind: 'status', status: 429, headers: { 'retry-after': '31' } });

			expect(json[0]).toMatchObject({
				code: 'rate_limited',
				details: { description: expect.stringContaining('Wait 31 seconds') },
			});
		},
	);

	it('are no reason to wait 0 seconds when Retry-After is empty', async () => {
		const { json } = await send({ kind: 'status', status: 429, headers: { 'retry-after': '' } });

		expect(json[0]?.details).toMatchObject({
			description: expect.stringContaining('Wait a while'),
		});
	});
});

describe('a "no" that may be a "yes"', () => {
	it.each<JsonObject>([
		{ success: false, message: 'Not now', data: { key: 'abc' } },
		{ success: null, data: { key: 'abc' } },
		{ message: 'Call queued', key: 'abc' },
	])('is not taken for a reason to call again: %j', async (shape) => {
		const { error } = await send(
			{ kind: 'wrongShape', shape, times: 'always' },
			{ retryOnFail: { maxTries: 3 } },
		);

		expect(error?.context.code).toBe('may_have_been_sent');
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it.each<Fault>([
		{ kind: 'statusAfter', status: 400, body: { message: 'Not now', key: 'abc' } },
		{ kind: 'statusAfter', status: 404, body: { data: { calls: [{ id: 7 }] } } },
		{ kind: 'statusAfter', status: 422, body: { result: { data: [{ key: 'abc' }] } } },
		{ kind: 'statusAfter', status: 307, body: { data: { key: 'abc' } } },
	])('is not taken for a reason to call again, whatever its status: %j', async (fault) => {
		const { error } = await send({ ...fault, times: 'always' }, { retryOnFail: { maxTries: 3 } });

		expect(error?.context.code).toBe('may_have_been_sent');
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it.each<JsonObject>([
		{ message: 'Not now', errors: { key: 'unknown', phone: [{ id: 'required' }] } },
		{ message: 'Not now', error: { id: 'E17' }, data: { key: '', id: null } },
		{ message: 'Not now', id: '0', validation: { key: 'The key is required' } },
	])('is none when only what is wrong has a name: %j', async (body) => {
		const { json } = await send({ kind: 'status', status: 422, body });

		expect(json[0]).toMatchObject({ code: 'refused' });
	});

	it.each([401, 429])('is none when nothing was begun: HTTP %i', async (status) => {
		const body = { message: 'Not now', key: 'abc' };

		const { json } = await send({ kind: 'status', status, body });

		expect(json[0]?.code).not.toBe('may_have_been_sent');
	});

	it.each<JsonObject>([
		{ success: false },
		{ success: false, message: 'Not now' },
		{ error: 'Not now' },
	])('is none when it is plain: %j', async (shape) => {
		const { json } = await send({ kind: 'wrongShape', shape });

		expect(json[0]).toMatchObject({ code: 'refused' });
	});

	it('is found in a moment, however long it is', async () => {
		const { json } = await check({
			kind: 'wrongShape',
			shape: { message: 'key '.repeat(500_000) },
		});

		expect(json[0]).toMatchObject({ verified: false });
	});
});

describe('a refusal that is not about the PIN', () => {
	it.each([402, 405, 408, 415])('is a failure when it comes with HTTP %i', async (status) => {
		const { json } = await check({ kind: 'status', status, body: { message: 'Not for you' } });

		expect(json[0]).not.toHaveProperty('verified');
	});

	it('is a failure when the path does not exist', async () => {
		const message = 'The route api/v1/flash-call/check could not be found.';

		const { json } = await check({ kind: 'status', status: 404, body: { message } });

		expect(json[0]).toMatchObject({ code: 'not_found' });
	});

	it('is a failure when it is about the client ID', async () => {
		simulator.plusofon.setOptions({ clientId: '999' });

		const { json } = await runPlusofon(
			simulator,
			['verification', 'checkPin'],
			{ key: 'the-key', pin: '0427' },
			[{}],
			goesOn,
		);

		expect(json[0]).toMatchObject({ code: 'refused' });
	});
});

describe('an answer that says yes in another way', () => {
	it.each([1, 'true'])('is never followed by a second call: success is %j', async (success) => {
		simulator.faults.add({ kind: 'wrongShape', shape: { success }, times: 'always' });

		const { error } = await send(
			{ kind: 'wrongShape', shape: { success } },
			{
				retryOnFail: { maxTries: 3 },
			},
		);

		expect(error?.context.code).toBe('may_have_been_sent');
		expect(simulator.journal.charges).toHaveLength(1);
	});

	it.each([1, 'true'])('verifies no PIN: success is %j', async (success) => {
		const { json } = await check({ kind: 'wrongShape', shape: { success } });

		expect(json[0]).toMatchObject({ code: 'unexpected_answer' });
	});
});

describe('the reason of a refused PIN', () => {
	it.each([
		['Пин-код не подходит к ключу', 'wrong_pin'],
		['Неверный код', 'wrong_pin'],
		['Срок действия ключа истёк', 'expired'],
		['Ключ не найден', 'key_not_found'],
		['Превышен лимит проверок', 'too_many_attempts'],
		['verification service is unavailable', 'rejected'],
	])('is read off "%s"', async (message, reason) => {
		const { json } = await check({ kind: 'status', status: 200, body: { message } });

		expect(json[0]).toMatchObject({ verified: false, reason });
	});

	it('is read off what Laravel says of single fields', async () => {
		const body = {
			message: 'The given data was invalid.',
			errors: { pin: ['The pin is invalid.'] },
		};

		const { json } = await check({ kind: 'status', status: 422, body });

		expect(json).toEqual([{ verified: false, reason: 'wrong_pin' }]);
	});

	it('is none when it is about the client', async () => {
		const body = { message: 'Invalid client code' };

		const { json } = await check({ kind: 'status', status: 400, body });

		expect(json[0]).toMatchObject({ code: 'refused' });
	});
});
