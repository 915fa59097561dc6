import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { NodeRun } from '../../support/engine';
import type { RequestEntry } from '../../support/simulator/journal';
import { PRESET_ZVONOBOT } from '../../support/simulator/zvonobot';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';
import { runZvonobot } from '../../support/zvonobot';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const FIRST_CALL = 500_001;
const MANY = 10_000;
const plannedAt = '2030-01-01T10:00:00Z';
const goOn: Partial<NodeRun> = { onError: 'continueRegularOutput' };

/** Numbers of real subscribers, each another one. */
function phoneOf(index: number): string {
	return String(79_990_000_000 + index);
}

function phones(count: number): IDataObject[] {
	return Array.from({ length: count }, (_, index) => ({ phone: phoneOf(index) }));
}

function callIds(count: number): IDataObject[] {
	return Array.from({ length: count }, (_, index) => ({ callId: FIRST_CALL + index }));
}

const SPOKEN = { phone: '={{ $json.phone }}', callerIdSource: 'duty', text: 'Hello' };

async function create(
	items: IDataObject[],
	options: INodeParameters = {},
	run: Partial<NodeRun> = {},
	more: INodeParameters = {},
) {
	const parameters = { ...SPOKEN, ...more, options };
	return await runZvonobot(simulator, 'call', 'create', parameters, items, run);
}

async function createFromTemplate(
	items: IDataObject[],
	more: INodeParameters = {},
	run: Partial<NodeRun> = {},
) {
	const parameters = {
		phone: '={{ $json.phone }}',
		template: { __rl: true, mode: 'id', value: '1' },
		...more,
	};
	return await runZvonobot(simulator, 'call', 'createFromTemplate', parameters, items, run);
}

async function withCalls(operation: string, items: IDataObject[], more: INodeParameters = {}) {
	const parameters = { callId: '={{ $json.callId }}', ...more };
	return await runZvonobot(simulator, 'call', operation, parameters, items, goOn);
}

/** The phones that a request asked for. */
function phonesIn({ body }: RequestEntry): unknown[] {
	const { phone, phones: several } = body as { phone?: string; phones?: string[] };
	return several ?? [phone];
}

function sent(): unknown[][] {
	return simulator.journal.requests.map(phonesIn);
}

function calledOnce(): boolean {
	const called = simulator.journal.charges.map(({ phone }) => phone);
	return new Set(called).size === called.length;
}

const pairs = (items: Array<{ pairedItem?: unknown }>) =>
	items.map(({ pairedItem }) => (pairedItem as { item: number }).item);

/** Planned calls without the help of the node, which takes its time for so many. */
async function createDirectly(count: number): Promise<void> {
	const all = phones(count).map(({ phone }) => phone);
	for (let from = 0; from < count; from += 5000) {
		await fetch(`${simulator.url}/apiCalls/create`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({
				apiKey: PRESET_ZVONOBOT,
				phones: all.slice(from, from + 5000),
				dutyPhone: 1,
				record: { id: 1 },
				plannedAt: 1_893_492_000,
			}),
		});
	}
}

describe('10,000 items', () => {
	it('are created in 20 requests of 500 calls, in order', async () => {
		simulator.zvonobot.setOptions({ balance: 100_000, answerOrder: 'shuffled' });
		const items = phones(MANY);

		const { error, items: found, json } = await create(items);

		expect(error).toBeUndefined();
		expect(sent().map(({ length }) => length)).toEqual(Array.from({ length: 20 }, () => 500));
		expect(simulator.journal.charges).toHaveLength(MANY);
		expect(calledOnce()).toBe(true);
		expect(json.map(({ phone }) => phone)).toEqual(items.map(({ phone }) => phone));
		expect(pairs(found)).toEqual(items.map((_, index) => index));
		const { calls } = simulator.zvonobot.snapshot();
		const idOf = new Map(calls.map(({ phone, id }) => [phone, id]));
		expect(json.every(({ phone, callId }) => idOf.get(String(phone)) === callId)).toBe(true);
	}, 120_000);

	it('are got in 2 requests and cancelled in 2, in order', async () => {
		simulator.zvonobot.setOptions({ balance: 100_000, answerOrder: 'shuffled' });
		await createDirectly(MANY);
		simulator.journal.clear();

		const got = await withCalls('get', callIds(MANY));
		const cancelled = await withCalls('cancel', callIds(MANY));

		expect(simulator.journal.requests.map(({ path }) => path)).toEqual([
			...['/apiCalls/get', '/apiCalls/get'],
			...['/apiCalls/remove', '/apiCalls/remove'],
		]);
		const ids = callIds(MANY).map(({ callId }) => callId);
		expect(got.json.map(({ callId }) => callId)).toEqual(ids);
		expect(pairs(got.items)).toEqual(ids.map((_, index) => index));
		expect(cancelled.json).toEqual(ids.map((callId) => ({ callId, cancelled: true })));
		expect(simulator.zvonobot.snapshot().calls.every(({ removed }) => removed)).toBe(true);
	}, 120_000);
});

describe('calls share a request', () => {
	it('up to as many as the option says', async () => {
		await create(phones(7), { batchSize: 3 });

		expect(sent().map(({ length }) => length)).toEqual([3, 3, 1]);
	});

	it('when their settings are the same, wherever they stand', async () => {
		const items = phones(5).map(({ phone }, index) => ({ phone, text: index % 2 ? 'B' : 'A' }));

		const { json } = await create(items, {}, {}, { text: '={{ $json.text }}' });

		expect(sent()).toEqual([
			[phoneOf(0), phoneOf(2), phoneOf(4)],
			[phoneOf(1), phoneOf(3)],
		]);
		expect(json.map(({ phone }) => phone)).toEqual(items.map(({ phone }) => phone));
	});

	it('as one call when they are to the same phone, however it is spelled', async () => {
		const items = [{ phone: phoneOf(1) }, { phone: '8 (999) 000-00-01' }, { phone: phoneOf(2) }];

		const { items: found, json } = await create(items);

		expect(sent()).toEqual([[phoneOf(1), phoneOf(2)]]);
		expect(json.map(({ callId }) => callId)).toEqual([FIRST_CALL, FIRST_CALL, FIRST_CALL + 1]);
		expect(pairs(found)).toEqual([0, 1, 2]);
	});

	it('not with another call to the same phone', async () => {
		const items = [
			{ phone: phoneOf(1), name: 'Elena' },
			{ phone: phoneOf(1), name: 'Oleg' },
			{ phone: phoneOf(2), name: 'Anna' },
			{ phone: phoneOf(3), name: '' },
		];
		const values = [{ placeholder: 'name', value: '={{ $json.name || "nobody" }}' }];

		const { error, json } = await createFromTemplate(items, { variables: { values } });

		expect(error).toBeUndefined();
		expect(simulator.journal.requests.map(({ body }) => (body as IDataObject).variables)).toEqual([
			{
				[phoneOf(1)]: { Elena: '{name}' },
				[phoneOf(2)]: { Anna: '{name}' },
				[phoneOf(3)]: { nobody: '{name}' },
			},
			{ [phoneOf(1)]: { Oleg: '{name}' } },
		]);
		expect(json.map(({ variables }) => variables)).toEqual([
			{ name: 'Elena' },
			{ name: 'Oleg' },
			{ name: 'Anna' },
			{ name: 'nobody' },
		]);
	});
});

describe('one item that is wrong', () => {
	const items = [{ phone: phoneOf(1) }, { phone: '12' }, { phone: phoneOf(2) }];

	it('keeps all from being called', async () => {
		const { error } = await create(items);

		expect(error?.message).toBe('Item 1: Phone is too short');
		expect(simulator.journal.requests).toEqual([]);
	});

	it('fails alone when the node continues', async () => {
		const { items: found, json } = await create(items, {}, goOn);

		expect(json).toMatchObject([
			{ phone: phoneOf(1), callId: FIRST_CALL },
			{ error: 'Item 1: Phone is too short', code: 'invalid_input' },
			{ phone: phoneOf(2), callId: FIRST_CALL + 1 },
		]);
		expect(pairs(found)).toEqual([0, 1, 2]);
		expect(sent()).toEqual([[phoneOf(1), phoneOf(2)]]);
	});

	it('comes out at the error output', async () => {
		const { outputs } = await create(items, {}, { onError: 'continueErrorOutput' });

		expect(outputs.map(pairs)).toEqual([[0, 2], [1]]);
	});
});

describe('a phone that the answer does not name', () => {
	beforeEach(() => simulator.zvonobot.setOptions({ refusedPhones: [phoneOf(2)] }));

	it('fails alone, and says that it may have been called', async () => {
		const { json } = await create(phones(4), {}, goOn);

		expect(json.map(({ code }) => code)).toEqual([
			undefined,
			undefined,
			'may_have_been_sent',
			undefined,
		]);
		expect(json[2]).toMatchObject({
			error: expect.stringContaining('names no call to this phone'),
			details: { description: expect.stringContaining('not sent again') },
		});
	});

	it('is refused with the words of Zvonobot when it is alone', async () => {
		const { json } = await create([{ phone: phoneOf(2) }], {}, goOn);

		expect(json).toMatchObject([
			{ code: 'refused', error: expect.stringContaining('Звонок на указанный номер невозможен') },
		]);
	});

	it('keeps later requests from being sent when the node stops', async () => {
		const { error } = await create(phones(9), { batchSize: 3, itemsAtOnce: 1 });

		expect(error?.message).toContain('Item 2: ');
		expect(sent()).toHaveLength(1);
	});
});

describe('a request that is refused', () => {
	it('fails all items in it, and only those', async () => {
		simulator.zvonobot.setOptions({ balance: 10 });

		const { json } = await create(phones(4), { batchSize: 2, itemsAtOnce: 1 }, goOn);

		expect(json.map(({ code }) => code)).toEqual([
			...[undefined, undefined],
			...['not_enough_money', 'not_enough_money'],
		]);
	});

	it('is the last one sent when the node stops', async () => {
		simulator.zvonobot.setOptions({ balance: 0 });

		const { error } = await create(phones(4), { batchSize: 2, itemsAtOnce: 1 });

		expect(error?.context.code).toBe('not_enough_money');
		expect(sent()).toHaveLength(1);
	});
});

describe('Retry On Fail', () => {
	const retryOnFail = { maxTries: 3 };

	it('dials nobody twice when the answer was lost', async () => {
		simulator.faults.add({ kind: 'resetAfter' });

		const { error } = await create(phones(4), { batchSize: 2, itemsAtOnce: 1 }, { retryOnFail });

		expect(error?.context.code).toBe('may_have_been_sent');
		expect(calledOnce()).toBe(true);
		expect(sent()).toEqual([[phoneOf(0), phoneOf(1)]]);
	});

	it('dials nobody twice when the answer named only some', async () => {
		simulator.zvonobot.setOptions({ refusedPhones: [phoneOf(1)] });

		const { error } = await create(phones(4), {}, { retryOnFail });

		expect(error?.message).toContain('Item 1: ');
		expect(calledOnce()).toBe(true);
		expect(sent()).toHaveLength(1);
	});

	it('sends again what was refused for sure, and gives all results', async () => {
		simulator.faults.add({ kind: 'status', status: 429, skip: 1 });

		const { error, json } = await create(
			phones(4),
			{ batchSize: 2, itemsAtOnce: 1 },
			{ retryOnFail },
		);

		expect(error).toBeUndefined();
		expect(calledOnce()).toBe(true);
		expect(json.map(({ phone }) => phone)).toEqual(phones(4).map(({ phone }) => phone));
		expect(sent()).toHaveLength(3);
	});
});

describe('an ID that is not acted on', () => {
	beforeEach(async () => {
		await create(phones(3), { plannedAt });
		await createFromTemplate([{ phone: phoneOf(9) }], { options: { plannedAt } });
		await simulator.zvonobot.play({ id: FIRST_CALL + 1 }, ['processed']);
		simulator.journal.clear();
	});

	const items = [0, 1, 2, 3, 77].map((offset) => ({ callId: String(FIRST_CALL + offset) }));
	const codes = (json: IDataObject[]) => json.map(({ code }) => code);

	it('fails alone when getting calls', async () => {
		const { json } = await withCalls('get', items);
		const { json: fromTemplate } = await withCalls('get', items, { fromTemplate: true });

		const missing = 'not_found';
		expect(codes(json)).toEqual([undefined, undefined, undefined, missing, missing]);
		expect(codes(fromTemplate)).toEqual([missing, missing, missing, undefined, missing]);
		expect(json[3]?.error).toBe(
			`Item 3: Zvonobot knows no call ${FIRST_CALL + 3} among those not created from a template`,
		);
		expect(simulator.journal.requests).toHaveLength(2);
	});

	it('is rescheduled to no time that is over', async () => {
		simulator.journal.clear();

		const { json } = await withCalls('reschedule', items, { plannedAt: '2020-01-01T10:00:00Z' });

		expect(codes(json)).toEqual(items.map(() => 'invalid_input'));
		expect(simulator.journal.requestsTo('POST', '/apiCalls/update')).toEqual([]);
	});

	it('fails alone when rescheduling', async () => {
		const { json } = await withCalls('reschedule', items, { plannedAt: 1_900_000_000 });

		expect(codes(json)).toEqual([undefined, 'not_found', undefined, undefined, 'not_found']);
		expect(json[0]).toEqual({ callId: FIRST_CALL, plannedAt: '2030-03-17T17:46:40.000Z' });
		expect(json[1]?.error).toContain('was not rescheduled: it is not planned any more');
		expect(simulator.zvonobot.call({ id: FIRST_CALL }).plannedAt).toBe(1_900_000_000);
	});

	it('fails alone when cancelling', async () => {
		const { json } = await withCalls('cancel', items);
		const { json: fromTemplate } = await withCalls('cancelFromTemplate', items);

		const missing = 'not_found';
		expect(codes(json)).toEqual([undefined, missing, undefined, missing, missing]);
		expect(codes(fromTemplate)).toEqual([missing, missing, missing, undefined, missing]);
	});

	it('is left out of a list', async () => {
		const parameters = { callIds: '={{ $json.ids }}' };
		const lists = [
			{ ids: [FIRST_CALL, String(FIRST_CALL + 2), 77] },
			{ ids: `${FIRST_CALL + 1}, ${FIRST_CALL}` },
			{ ids: FIRST_CALL + 2 },
			{ ids: [77] },
		];

		const {
			error,
			items: found,
			json,
		} = await runZvonobot(simulator, 'call', 'getAll', parameters, lists);

		expect(error).toBeUndefined();
		expect(json.map(({ callId }) => Number(callId) - FIRST_CALL)).toEqual([0, 2, 1, 0, 2]);
		expect(pairs(found)).toEqual([0, 0, 1, 1, 2]);
		expect(simulator.journal.requests).toMatchObject([
			{ body: { apiCallIdList: [FIRST_CALL, FIRST_CALL + 2, 77, FIRST_CALL + 1] } },
		]);
	});
});

it('gives each of several times to the call it is for', async () => {
	await create(phones(2), { plannedAt });
	const items = [
		{ callId: FIRST_CALL, at: 1_900_000_000 },
		{ callId: FIRST_CALL + 1, at: 1_900_000_060 },
	];

	await withCalls('reschedule', items, { plannedAt: '={{ $json.at }}' });

	const { calls } = simulator.zvonobot.snapshot();
	expect(calls.map((call) => call.plannedAt)).toEqual([1_900_000_000, 1_900_000_060]);
});

it.each<[string, INodeParameters]>([
	['Call IDs is empty', { callIds: '={{ $json.nothing }}' }],
	['Call IDs holds no ID', { callIds: '={{ [] }}' }],
	['Call IDs holds "x", which is not an ID', { callIds: '={{ [1, "x"] }}' }],
	['Call IDs holds "{callId:1}", which is not an ID', { callIds: '={{ [{ callId: 1 }] }}' }],
	['Call IDs holds "12.5", which is not an ID', { callIds: '12.5' }],
])('says "%s" before any request: %j', async (problem, parameters) => {
	const { error } = await runZvonobot(simulator, 'call', 'getAll', parameters);

	expect(error?.message).toBe(problem);
	expect(simulator.journal.requests).toEqual([]);
});

it('deletes many recordings in one request, and fails one that is not there', async () => {
	const items = [{ recordingId: 1 }, { recordingId: '7' }, { recordingId: 1342 }];

	const { json } = await runZvonobot(simulator, 'recording', 'delete', {}, items, goOn);

	expect(json).toMatchObject([
		{ recordingId: 1, deleted: true, name: 'Приветствие', deletedAt: expect.stringMatching(/Z$/) },
		{ code: 'not_found', error: expect.stringContaining('recording 7') },
		{ recordingId: 1342, deleted: true },
	]);
	expect(simulator.journal.requests).toMatchObject([{ body: { idList: [1, 7, 1342] } }]);
});
