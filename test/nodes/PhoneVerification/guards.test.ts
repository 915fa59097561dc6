import type { INodeParameters } from 'n8n-workflow';
import { checkNumber, Starts } from '../../../nodes/PhoneVerification/guards';
import { runNode } from '../../support/engine';
import { EngineWait } from '../../support/engineWait';
import { newPhone, nodeRun, runStart } from '../../support/phoneVerification';
import type { Given } from '../../support/phoneVerification';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());
afterEach(() => jest.useRealTimers());

const channels = ['mobilgroupFlashCall'];

async function start(phone: string | string[], nodeOptions: INodeParameters, more: Given = {}) {
	return await runStart(simulator, phone, {
		channels,
		nodeOptions,
		onError: 'continueRegularOutput',
		...more,
	});
}

const charged = () => simulator.journal.charges.length;

function pass(seconds: number): void {
	const then = Date.now() + seconds * 1000;
	jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval'] });
	jest.setSystemTime(then);
}

describe('who may be called', () => {
	const rules = { countries: 'RU', types: ['mobile'] };
	const EVERYONE = {
		countries: '*',
		types: ['mobile', 'fixedLine', 'tollFree', 'voip', 'costly', 'other'],
	};

	it.each([
		['79261234567', rules],
		['74951234567', { countries: 'RU', types: ['fixedLine'] }],
		['78001234567', { countries: 'RU', types: ['tollFree'] }],
		['77011234567', { countries: ' ru, kz ', types: ['mobile'] }],
		['375291234567', { countries: 'RU;BY', types: ['mobile'] }],
		['12025550123', { countries: 'US', types: ['mobile'] }],
		['12025550123', { countries: 'US', types: ['fixedLine'] }],
		['4915123456789', { countries: '*', types: ['mobile'] }],
	])('%s may, with %j', (phone, allowed) => {
		expect(() => checkNumber(phone, allowed)).not.toThrow();
	});

	it.each([
		['a fixed line', '74951234567', 'number_type_not_allowed'],
		['a toll-free number', '78001234567', 'number_type_not_allowed'],
		['Kazakhstan, which shares the 7', '77011234567', 'country_not_allowed'],
		['Belarus', '375291234567', 'country_not_allowed'],
	])('%s may not unless it is allowed', (_, phone, code) => {
		expect(() => checkNumber(phone, rules)).toThrow(expect.objectContaining({ code }));
	});

	it.each([
		['a premium number', '78091234567'],
		['a shared-cost number', '78031234567'],
		['a Russian satellite phone', '79541234567'],
		['an Iridium phone', '881612345678'],
		['an Inmarsat phone', '870773123456'],
		['a British personal number', '447012345678'],
	])('%s may never, whatever is allowed', (_, phone) => {
		expect(() => checkNumber(phone, EVERYONE)).toThrow(
			expect.objectContaining({ code: 'number_type_not_allowed' }),
		);
	});

	it.each([
		['allowedCountries', '', 'Allowed Countries is empty'],
		['allowedCountries', 'RU, Russia', 'Allowed Countries holds "RUSSIA", which is no country'],
		['allowedCountries', 'RU, XX', 'Allowed Countries holds "XX", which is no country'],
		['numberTypes', [], 'Allowed Number Types is empty'],
	])('%s as %j is refused', async (name, value, message) => {
		const { json } = await start(newPhone(), { [name]: value });

		expect(json[0]).toMatchObject({ code: 'invalid_input', error: `${message}` });
		expect(simulator.journal.requests).toEqual([]);
	});

	it.each(['112', '0890', '+7 495', '8 800', '900', ''])(
		'the short number %j may not',
		async (phone) => {
			const { json } = await start(phone, { allowedCountries: '*' });

			expect(json[0]?.error).toMatch(/^Phone is/);
			expect(simulator.journal.requests).toEqual([]);
		},
	);

	it('says so without calling anybody, in every operation that calls', async () => {
		const phone = '+7 701 123-45-67';
		const { json } = await start(phone, {});
		const given = { channels, nodeParameters: { phone, timeLimit: 60 } };
		const waiting = await EngineWait.start(nodeRun(simulator, 'verifyAndWait', [{}], given));

		expect(json[0]).toMatchObject({
			code: 'country_not_allowed',
			error: 'Phone belongs to KZ, and only RU is allowed. Nothing was sent',
		});
		expect(waiting.waits).toBe(false);
		expect(waiting.first.error?.context.code).toBe('country_not_allowed');
		expect(simulator.journal.requests).toEqual([]);
	});
});

describe('how often one phone may be called', () => {
	const spellings = (digits: string) => [
		digits,
		`+${digits}`,
		`8${digits.slice(1)}`,
		digits.slice(1),
		`+7 (${digits.slice(1, 4)}) ${digits.slice(4, 7)}-${digits.slice(7, 9)}-${digits.slice(9)}`,
		`\u202d+${digits}\u202c`,
	];

	it('counts all spellings of a phone as one', async () => {
		const { json } = await start(spellings(newPhone()), { coolDown: 0, maxStarts: 2 });

		expect(json.map(({ status, code }) => status ?? code)).toEqual([
			...['sent', 'sent'],
			...Array.from({ length: 4 }, () => 'too_many_starts'),
		]);
		expect(charged()).toBe(2);
	});

	it('calls a phone once when it comes in many items at the same moment', async () => {
		const phone = newPhone();
		const { json } = await start(
			Array.from({ length: 100 }, () => phone),
			{ itemsAtOnce: 100, maxStarts: 0 },
		);

		expect(json.filter(({ status }) => status === 'sent')).toHaveLength(1);
		expect(json.filter(({ code }) => code === 'cool_down')).toHaveLength(99);
		expect(charged()).toBe(1);
	});

	it('calls a phone once when it comes in many executions at the same moment', async () => {
		const phone = newPhone();
		await Promise.all(Array.from({ length: 20 }, async () => await start(phone, {})));

		expect(charged()).toBe(1);
	});

	it('calls a phone again after the cool-down, and not a second earlier', async () => {
		const phone = newPhone();
		await start(phone, { coolDown: 30 });

		pass(29);
		expect((await start(phone, { coolDown: 30 })).json[0]).toMatchObject({
			code: 'cool_down',
			error: expect.stringMatching(/possible in 1 seconds/),
		});
		pass(1.1);
		expect((await start(phone, { coolDown: 30 })).json[0]).toMatchObject({ status: 'sent' });
		expect(charged()).toBe(2);
	});

	it('counts starts within the window only', async () => {
		const phone = newPhone();
		const limits = { coolDown: 0, maxStarts: 2, windowMinutes: 10 };
		await start(phone, limits);
		pass(6 * 60);
		await start(phone, limits);

		expect((await start(phone, limits)).json[0]).toMatchObject({ code: 'too_many_starts' });
		pass(4 * 60 + 1);
		expect((await start(phone, limits)).json[0]).toMatchObject({ status: 'sent' });
		expect((await start(phone, limits)).json[0]).toMatchObject({ code: 'too_many_starts' });
		expect(charged()).toBe(3);
	});

	it('counts Start and Verify and Wait together', async () => {
		const phone = newPhone();
		await start(phone, {});
		const given = { channels, nodeParameters: { phone, timeLimit: 60 } };

		const waiting = await EngineWait.start(nodeRun(simulator, 'verifyAndWait', [{}], given));

		expect(waiting.first.error?.context.code).toBe('cool_down');
		expect(charged()).toBe(1);
	});

	it('does not count a start in which nobody was reached', async () => {
		const phone = newPhone();
		simulator.mobilgroup.setOptions({ balance: 0 });
		expect((await start(phone, { maxStarts: 1 })).json[0]?.code).toBe('no_channel_left');
		simulator.mobilgroup.setOptions({ balance: 100 });

		expect((await start(phone, { maxStarts: 1 })).json[0]).toMatchObject({ status: 'sent' });
		expect((await start(phone, { maxStarts: 1, coolDown: 0 })).json[0]).toMatchObject({
			code: 'too_many_starts',
		});
	});

	it('counts a start that may have reached somebody', async () => {
		const phone = newPhone();
		simulator.faults.add({ kind: 'resetAfter' });
		expect((await start(phone, {})).json[0]?.code).toBe('may_have_been_sent');

		expect((await start(phone, {})).json[0]?.code).toBe('cool_down');
		expect(charged()).toBe(1);
	});

	it('counts a start whose last channel was refused, when an earlier one may have reached somebody', async () => {
		const phone = newPhone();
		simulator.faults.add({ kind: 'resetAfter' });
		simulator.zvonobot.setOptions({ balance: 0 });
		const both = { channels: [...channels, 'zvonobotPinCall'] };
		const first = await start(phone, { whenUnsure: 'next' }, both);
		expect(first.json[0]?.code).toBe('no_channel_left');

		expect((await start(phone, {})).json[0]?.code).toBe('cool_down');
		expect(charged()).toBe(1);
	});

	it('neither counts nor calls twice when n8n runs the node again', async () => {
		const [good, bad] = [newPhone(), newPhone()];
		simulator.mobilgroup.setOptions({ barred: [bad] });

		const { error } = await start(
			[good, bad],
			{ maxStarts: 2, coolDown: 0, itemsAtOnce: 1 },
			{ onError: 'stopWorkflow', retryOnFail: { maxTries: 3 } },
		);

		expect(error?.context.code).toBe('no_channel_left');
		expect(charged()).toBe(1);
		const again = { maxStarts: 2, coolDown: 0 };
		expect((await start(good, again)).json[0]).toMatchObject({ status: 'sent' });
		expect((await start(good, again)).json[0]).toMatchObject({ code: 'too_many_starts' });
	});

	it('is counted for each node by itself', async () => {
		const [one, other] = ['workflow/one/7926', 'workflow/two/7926'];
		const starts = new Starts();
		const rules = { coolDown: 30, maxStarts: 1, windowMinutes: 60 };
		starts.count(one, rules, 0);

		expect(() => starts.count(other, rules, 0)).not.toThrow();
		expect(() => starts.count(one, rules, 0)).toThrow(
			expect.objectContaining({ code: 'cool_down' }),
		);
	});

	it('forgets whom it called longest ago when it remembers too many', () => {
		const starts = new Starts(2);
		const rules = { coolDown: 30, maxStarts: 1, windowMinutes: 60 };
		for (const key of ['a', 'b', 'c']) starts.count(key, rules, 0);

		expect(() => starts.count('c', rules, 1)).toThrow();
		expect(() => starts.count('b', rules, 1)).toThrow();
		expect(() => starts.count('a', rules, 1)).not.toThrow();
	});

	it('remembers a long cool-down in a short window', () => {
		const starts = new Starts();
		const rules = { coolDown: 3600, maxStarts: 5, windowMinutes: 1 };
		starts.count('a', rules, 0);

		expect(() => starts.count('a', rules, 3_599_000)).toThrow(
			expect.objectContaining({ code: 'cool_down' }),
		);
		expect(() => starts.count('a', rules, 3_600_000)).not.toThrow();
	});

	it('takes back one start of several', () => {
		const starts = new Starts();
		const rules = { coolDown: 0, maxStarts: 2, windowMinutes: 60 };
		const takeBack = starts.count('a', rules, 0);
		starts.count('a', rules, 0);
		takeBack();

		expect(() => starts.count('a', rules, 0)).not.toThrow();
		expect(() => starts.count('a', rules, 0)).toThrow();
	});
});

describe('as a tool of an AI agent', () => {
	const type = 'phoneVerificationTool';

	it('shows a masked phone', async () => {
		const phone = newPhone();
		const { json } = await start(phone, {}, { type });

		expect(json[0]).toMatchObject({
			status: 'sent',
			phone: `${phone.slice(0, 4)}*****${phone.slice(-2)}`,
		});
		expect(JSON.stringify(json)).not.toContain(phone);
		expect(charged()).toBe(1);
	});

	it.each(['country', 'cool-down', 'money'])('shows no phone when it refuses: %s', async (why) => {
		const phone = why === 'country' ? '77011234567' : newPhone();
		if (why === 'cool-down') await start(phone, {});
		if (why === 'money') simulator.mobilgroup.setOptions({ balance: 0 });

		const { json } = await start(phone, {}, { type });

		expect(json[0]).toHaveProperty('error');
		expect(JSON.stringify(json)).not.toContain(phone.slice(-7));
	});

	it('refuses to wait, and calls nobody', async () => {
		const { error } = await runNode(
			nodeRun(simulator, 'verifyAndWait', [{}], {
				type,
				channels,
				nodeParameters: { phone: newPhone(), timeLimit: 60 },
			}),
		);

		expect(error?.message).toMatch(/A tool of an AI agent cannot wait. Nothing was sent/);
		expect(simulator.journal.requests).toEqual([]);
	});
});
