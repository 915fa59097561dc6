import { sleep } from 'n8n-workflow';
import type { IDataObject } from 'n8n-workflow';
import type { Api } from '../../../nodes/shared/api';
import { runBatches } from '../../../nodes/shared/batch';
import type { BatchRun } from '../../../nodes/shared/batch';
import { Failure } from '../../../nodes/shared/errors';
import type { AnyParams, Batch, BatchAnswer, BatchEntry } from '../../../nodes/shared/operation';
import type { Placed } from '../../../nodes/shared/placed';

/** What an item of these tests asks for. */
interface Item {
	/** Targets, several separated by commas. */
	targets: string;
	shared?: string;
	own?: string;
	most?: number;
	/** What is wrong with it. */
	wrong?: string;
}

interface Sent {
	shared: IDataObject;
	targets: string[];
}

const failure = (message: string, ambiguous = false) =>
	new Failure({ code: 'test', message, hint: '', ambiguous });

function batchOf(
	sent: Sent[],
	answer: (entries: readonly BatchEntry[], index: number) => BatchAnswer | Promise<BatchAnswer>,
): Batch<AnyParams> {
	return {
		prepare({ params }) {
			const { targets, shared = '', own, most = 100, wrong } = params as unknown as Item;
			if (wrong !== undefined) throw failure(wrong);
			return {
				shared: { shared },
				entries: targets
					.split(',')
					.filter((target) => target !== '')
					.map((target) => ({ target, ...(own === undefined ? {} : { own: { own } }) })),
				most,
			};
		},
		async send({ shared, entries }) {
			sent.push({ shared, targets: entries.map(({ target }) => target) });
			return await answer(entries, sent.length - 1);
		},
	};
}

/** A row that names its target. */
const echo = (entries: readonly BatchEntry[]): BatchAnswer =>
	new Map(entries.map(({ target, own }) => [target, { target, ...own }]));

interface Ran {
	outcomes: Placed[];
	sent: Sent[];
}

async function run(
	items: Item[],
	answer: Parameters<typeof batchOf>[1] = echo,
	settings: Partial<BatchRun> = {},
): Promise<Ran> {
	const sent: Sent[] = [];
	const outcomes = await runBatches(batchOf(sent, answer), {
		count: items.length,
		api: {} as Api,
		timezone: 'UTC',
		requestsAtOnce: 1,
		goOn: true,
		readParams: (itemIndex) => ({ ...items[itemIndex] }),
		recall: () => undefined,
		remember: () => undefined,
		assertRunning: () => undefined,
		...settings,
	});
	return { outcomes, sent };
}

const rowsOf = ({ outcomes }: Ran) =>
	outcomes.map((outcome) =>
		'rows' in outcome ? outcome.rows.map(({ target }) => target) : outcome.failure.message,
	);

const targetsOf = ({ sent }: Ran) => sent.map(({ targets }) => targets.join());

describe('requests', () => {
	it('are filled in the order of the items', async () => {
		const items = ['a', 'b', 'c', 'd', 'e'].map((targets) => ({ targets, most: 2 }));

		expect(targetsOf(await run(items))).toEqual(['a,b', 'c,d', 'e']);
	});

	it('carry only what has the same settings', async () => {
		const ran = await run([
			{ targets: 'a', shared: 'x' },
			{ targets: 'b', shared: 'y' },
			{ targets: 'c', shared: 'x' },
			{ targets: 'd', shared: 'x', most: 7 },
		]);

		expect(ran.sent).toEqual([
			{ shared: { shared: 'x' }, targets: ['a', 'c'] },
			{ shared: { shared: 'y' }, targets: ['b'] },
			{ shared: { shared: 'x' }, targets: ['d'] },
		]);
	});

	it('split what one item asks for', async () => {
		const ran = await run([
			{ targets: 'a,b,c', most: 2 },
			{ targets: 'd', most: 2 },
		]);

		expect(targetsOf(ran)).toEqual(['a,b', 'c,d']);
		expect(rowsOf(ran)).toEqual([['a', 'b', 'c'], ['d']]);
	});

	it('ask once for what several items ask for', async () => {
		const ran = await run([{ targets: 'a' }, { targets: 'b' }, { targets: 'a,a' }]);

		expect(targetsOf(ran)).toEqual(['a,b']);
		expect(rowsOf(ran)).toEqual([['a'], ['b'], ['a', 'a']]);
	});

	it('do not carry one target for two purposes', async () => {
		const ran = await run([
			{ targets: 'a', own: '1' },
			{ targets: 'a', own: '2' },
			{ targets: 'b', own: '2' },
			{ targets: 'a', own: '2' },
		]);

		expect(targetsOf(ran)).toEqual(['a,b', 'a']);
		expect(ran.outcomes).toEqual(
			[
				['a', '1'],
				['a', '2'],
				['b', '2'],
				['a', '2'],
			].map(([target, own]) => ({ rows: [{ target, own }] })),
		);
	});

	it('run side by side, no more than allowed', async () => {
		let running = 0;
		let most = 0;
		const slowly = async (entries: readonly BatchEntry[]) => {
			most = Math.max(most, ++running);
			await sleep(5);
			running--;
			return echo(entries);
		};
		const items = Array.from({ length: 9 }, (_, index) => ({ targets: `${index}`, most: 1 }));

		const ran = await run(items, slowly, { requestsAtOnce: 3 });

		expect(most).toBe(3);
		expect(rowsOf(ran)).toEqual(items.map(({ targets }) => [targets]));
	});

	it('are none for items that ask for nothing', async () => {
		const ran = await run([{ targets: '' }]);

		expect(ran.sent).toEqual([]);
	});
});

describe('an answer', () => {
	it('may hold no row for a target, or several', async () => {
		const ran = await run([{ targets: 'a' }, { targets: 'b' }], () => {
			return new Map([['b', [{ target: 'b1' }, { target: 'b2' }]]]);
		});

		expect(rowsOf(ran)).toEqual([[], ['b1', 'b2']]);
	});

	it('gives each item a row of its own', async () => {
		const { outcomes } = await run([{ targets: 'a' }, { targets: 'a' }]);

		const [one, other] = outcomes.map((outcome) => ('rows' in outcome ? outcome.rows[0] : {}));
		expect(one).toEqual(other);
		expect(one).not.toBe(other);
	});

	it('may hold a failure, which is that of the items that asked for it', async () => {
		const ran = await run(
			[{ targets: 'a' }, { targets: 'b' }, { targets: 'a,b' }],
			() =>
				new Map<string, IDataObject | Failure>([
					['a', { target: 'a' }],
					['b', failure('no')],
				]),
		);

		expect(rowsOf(ran)).toEqual([['a'], 'no', 'no']);
	});

	it('that failed is the failure of all items of its request, and of no other', async () => {
		const ran = await run(
			['a', 'b', 'c'].map((targets) => ({ targets, most: 2 })),
			(entries, index) => {
				if (index === 0) throw failure('broken');
				return echo(entries);
			},
		);

		expect(rowsOf(ran)).toEqual(['broken', 'broken', ['c']]);
	});
});

describe('when the node stops at a failure', () => {
	const items = ['a', 'b', 'c'].map((targets) => ({ targets, most: 1 }));

	it('one item that is wrong keeps all from being sent', async () => {
		const ran = await run([...items, { targets: 'd', wrong: 'bad' }], echo, { goOn: false });

		expect(ran.sent).toEqual([]);
		expect(ran.outcomes[3]).toMatchObject({ failure: { message: 'bad' } });
	});

	it('the others are sent all the same when it goes on', async () => {
		const ran = await run([{ targets: 'd', wrong: 'bad' }, ...items]);

		expect(rowsOf(ran)).toEqual(['bad', ['a'], ['b'], ['c']]);
	});

	it.each<[string, Parameters<typeof batchOf>[1]]>([
		[
			'a request that failed',
			() => {
				throw failure('no');
			},
		],
		['a failure in an answer', () => new Map([['a', failure('no')]])],
	])('%s is followed by no other request', async (_, answer) => {
		const ran = await run(items, answer, { goOn: false });

		expect(targetsOf(ran)).toEqual(['a']);
		expect(ran.outcomes).toMatchObject([{ failure: { message: 'no' } }]);
	});
});

describe('what was sent before', () => {
	it('is given again without being sent', async () => {
		const before: Placed = { rows: [{ target: 'old' }] };

		const ran = await run([{ targets: 'a' }, { targets: 'b' }], echo, {
			recall: (itemIndex) => (itemIndex === 0 ? before : undefined),
		});

		expect(targetsOf(ran)).toEqual(['b']);
		expect(rowsOf(ran)).toEqual([['old'], ['b']]);
	});

	it('keeps the rest from being sent when it failed and the node stops at a failure', async () => {
		const ran = await run([{ targets: 'a' }, { targets: 'b' }], echo, {
			goOn: false,
			recall: (itemIndex) => (itemIndex === 0 ? { failure: failure('lost', true) } : undefined),
		});

		expect(ran.sent).toEqual([]);
		expect(rowsOf(ran)).toEqual(['lost']);
	});

	it('is remembered as soon as each request is answered', async () => {
		const remembered: number[] = [];
		const whenSent: number[] = [];
		await run(
			['a', 'b', 'c'].map((targets) => ({ targets, most: 2 })),
			(entries) => {
				whenSent.push(remembered.length);
				return echo(entries);
			},
			{ remember: (itemIndex) => void remembered.push(itemIndex) },
		);

		expect(whenSent).toEqual([0, 2]);
		expect(remembered).toEqual([0, 1, 2]);
	});
});

it('sends nothing any more once the execution is stopped', async () => {
	let requests = 0;
	const ran = await run(
		['a', 'b'].map((targets) => ({ targets, most: 1 })),
		(entries) => {
			requests++;
			return echo(entries);
		},
		{
			assertRunning() {
				if (requests > 0) throw failure('stopped');
			},
		},
	);

	expect(rowsOf(ran)).toEqual([['a'], 'stopped']);
});
