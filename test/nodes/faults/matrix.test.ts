/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { isDeepStrictEqual } from 'node:util';
import { runPool } from '../../../nodes/shared/concurrency';
import { nodeOperations } from '../../support/nodeOperations';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';
import { causeOf, isUnsure, runCell, runRetried } from './cell';
import type { Cell, Seen } from './cell';
import { causes, isSlow } from './faults';
import { OPERATIONS, titleOf } from './operations';
import { deviations, expectedOf, rows } from './table';

/** How many cells are tried at once; fewer where a second has to suffice. */
const AT_ONCE = 48;
const SLOW_AT_ONCE = 24;
const MOST_MS = 600_000;

const existing = nodeOperations();
const operationOf = (title: string) => existing.get(title.replace(/ over .*$/, ''))?.operation;

const cells: Cell[] = OPERATIONS.flatMap((tried) =>
	rows.map((row): Cell => {
		const title = titleOf(tried);
		const { kind } = tried;
		const untouched = { outcome: 'ok', requests: 0 };
		const expected = kind === 'nobody' ? untouched : expectedOf(title, kind, row);
		const operation = operationOf(title);
		return { tried, row, expected, waits: operation !== undefined && 'wait' in operation };
	}),
);
const retried = cells.filter(isUnsure);

const seen = new Map<Cell, Seen>();
const seenAgain = new Map<Cell, Seen>();
let elsewhere: Simulator;

beforeAll(async () => {
	elsewhere = await startSimulator();
	const simulators = await Promise.all(
		Array.from({ length: AT_ONCE }, async () => await startSimulator()),
	);
	const free = [...simulators];
	const tryAll = async (
		some: readonly Cell[],
		atOnce: number,
		run: typeof runCell,
		into: Map<Cell, Seen>,
	) =>
		await runPool(some.length, atOnce, async (index) => {
			const [cell, simulator] = [some[index], free.pop()];
			if (cell === undefined || simulator === undefined) return false;
			into.set(cell, await run(cell, simulator, elsewhere.url));
			free.push(simulator);
			return true;
		});
	const isLate = (cell: Cell) => isSlow(causeOf(cell));
	const isInTime = (cell: Cell) => !isLate(cell);
	await tryAll(cells.filter(isInTime), AT_ONCE, runCell, seen);
	await tryAll(retried.filter(isInTime), AT_ONCE, runRetried, seenAgain);
	await tryAll(cells.filter(isLate), SLOW_AT_ONCE, runCell, seen);
	await tryAll(retried.filter(isLate), SLOW_AT_ONCE, runRetried, seenAgain);
	// A machine that stands still for a second looks like the fault itself: once more, alone.
	const isOdd = (cell: Cell) => !isDeepStrictEqual(seen.get(cell), wantedOf(cell));
	await tryAll(
		cells.filter((cell) => isLate(cell) && isOdd(cell)),
		1,
		runCell,
		seen,
	);
	await Promise.all(simulators.map(async (simulator) => await simulator.close()));
}, MOST_MS);
afterAll(async () => await elsewhere.close());

const costsMoney = ({ tried }: Cell) => operationOf(titleOf(tried))?.costsMoney === true;

/** What has to be seen: the item that is hit as the table says, and the other one unharmed. */
function wantedOf(cell: Cell): Seen {
	const { tried, row, expected, waits } = cell;
	const { outcome, requests } = expected;
	const isAlone = waits;
	const sharesFate = tried.together === true || causeOf(cell) === 'nobody listens';
	const others = tried.kind === 'nobody' || sharesFate || isAlone ? 0 : 1;
	const paid = (row.isDone ? 1 : 0) + others;
	return {
		outcomes: isAlone ? [outcome] : [outcome, sharesFate ? outcome : 'ok'],
		requests: requests + others,
		charges: costsMoney(cell) ? paid : 0,
		leaked: [],
	};
}

describe.each(OPERATIONS.map((tried) => [titleOf(tried), tried] as const))('%s', (_, tried) => {
	const own = cells.filter((cell) => cell.tried === tried);

	it.each(own.map((cell) => [cell.row.fault, cell.expected.outcome, cell] as const))(
		'under "%s" comes to %s, and nothing else is harmed',
		(_fault, _outcome, cell) => {
			expect(seen.get(cell)).toEqual(wantedOf(cell));
		},
	);

	const again = own.filter(isUnsure);
	if (again.length === 0) return;

	it.each(again.map((cell) => [cell.row.fault, cell] as const))(
		'is not done again by n8n after "%s"',
		(_fault, cell) => {
			expect(seenAgain.get(cell)).toEqual({
				outcomes: ['may_have_been_sent', 'may_have_been_sent'],
				requests: 1,
				charges: costsMoney(cell) && cell.row.isDone ? 1 : 0,
				leaked: [],
			});
		},
	);
});

it('no redirect takes anything to another host', () => {
	expect(elsewhere.journal.requests).toEqual([]);
});

it('every operation of every node is tried', () => {
	const tried = new Set(OPERATIONS.map((one) => titleOf({ ...one, over: undefined })));

	expect([...tried].sort()).toEqual([...existing.keys()].sort());
});

it('every operation that must not be done twice counts as such, and no other', () => {
	const once = [...existing].filter(([, { operation }]) => operation.onceFor !== undefined);
	const tried = OPERATIONS.filter(({ kind }) => kind === 'once');
	const titles = new Set(tried.map((one) => titleOf({ ...one, over: undefined })));

	expect([...titles].sort()).toEqual(once.map(([title]) => title).sort());
});

it('every fault of the table has a cause, and every cause a row', () => {
	const known = Object.keys(causes('plusofon', ''));

	expect(rows.map(({ fault }) => fault).sort()).toEqual(known.sort());
});

it('every deviation is one', () => {
	const idle = deviations.filter(({ operation, fault, instead }) => {
		const tried = OPERATIONS.find((one) => titleOf(one) === operation);
		const row = rows.find((one) => one.fault === fault);
		if (tried === undefined || row === undefined || tried.kind === 'nobody') return true;
		const usual = row.expected[tried.kind];
		return usual.outcome === instead.outcome && usual.requests === instead.requests;
	});

	expect(idle).toEqual([]);
});
