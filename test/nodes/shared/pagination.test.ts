import { Failure } from '../../../nodes/shared/errors';
import { takeRows } from '../../../nodes/shared/fields/list';
import { readPages } from '../../../nodes/shared/pagination';
import type { Page } from '../../../nodes/shared/pagination';

/** A provider that answers page by page, and the pages it was asked for. */
function provider(answer: (page: number) => Page<unknown>) {
	const asked: number[] = [];
	const rows = readPages(async (page) => {
		asked.push(page);
		return answer(page);
	});
	return { asked, rows };
}

/** A list of `count` rows in pages of `size`. */
const listOf = (count: number, size: number) => (page: number) => {
	const all = Array.from({ length: count }, (_, index) => ({ index }));
	const rows = all.slice((page - 1) * size, page * size);
	return { rows, current: page, hasNext: page * size < count };
};

async function codeOf(reading: Promise<unknown>): Promise<string> {
	const thrown: unknown = await reading.catch((reason: unknown) => reason);
	if (!(thrown instanceof Failure)) throw new Error('No Failure was thrown');
	return thrown.code;
}

it.each([
	[0, 1],
	[1, 1],
	[15, 1],
	[16, 2],
	[53, 4],
	[10_000, 667],
])('reads %i rows in %i pages, in order', async (count, pages) => {
	const { asked, rows } = provider(listOf(count, 15));

	const read = await takeRows(rows, {});

	expect(read).toEqual(Array.from({ length: count }, (_, index) => ({ index })));
	expect(asked).toEqual(Array.from({ length: pages }, (_, index) => index + 1));
});

it.each([
	[1, 1],
	[14, 1],
	[15, 1],
	[16, 2],
	[30, 2],
	[50, 4],
	[53, 4],
	[100, 4],
])('asks for no page more than %i rows need', async (limit, pages) => {
	const { asked, rows } = provider(listOf(53, 15));

	const read = await takeRows(rows, { limit });

	expect(read).toHaveLength(Math.min(limit, 53));
	expect(asked).toHaveLength(pages);
});

it('asks for nothing before somebody reads', () => {
	expect(provider(listOf(53, 15)).asked).toEqual([]);
});

it('ends at an empty page, whatever that page says about a next one', async () => {
	const { asked, rows } = provider((page) => ({
		rows: page < 3 ? [{ page }] : [],
		hasNext: true,
	}));

	expect(await takeRows(rows, {})).toHaveLength(2);
	expect(asked).toEqual([1, 2, 3]);
});

it('reads pages whose provider does not say which they are', async () => {
	const { rows } = provider((page) => ({ rows: [{ page }], hasNext: page < 4 }));

	expect(await takeRows(rows, {})).toHaveLength(4);
});

it('refuses a page that says it is another one', async () => {
	const { asked, rows } = provider((page) => ({ rows: [{ page }], current: 1, hasNext: true }));

	expect(await codeOf(takeRows(rows, {}))).toBe('endless_list');
	expect(asked).toEqual([1, 2]);
});

it('refuses a page with the rows of the page before', async () => {
	const { asked, rows } = provider((page) => ({
		rows: [{ number: '79991112233' }],
		current: page,
		hasNext: true,
	}));

	expect(await codeOf(takeRows(rows, {}))).toBe('endless_list');
	expect(asked).toEqual([1, 2]);
});

it('does not give the rows of a repeated page', async () => {
	const { rows } = provider((page) => ({
		rows: [{ a: 1 }, { a: 2 }],
		current: page,
		hasNext: true,
	}));
	const read: unknown[] = [];

	const reading = async () => {
		for await (const row of rows) read.push(row);
	};

	expect(await codeOf(reading())).toBe('endless_list');
	expect(read).toEqual([{ a: 1 }, { a: 2 }]);
});

it('comes to an end when a provider invents rows for ever', async () => {
	const { asked, rows } = provider((page) => ({ rows: [{ page }], current: page, hasNext: true }));

	expect(await codeOf(takeRows(rows, {}))).toBe('endless_list');
	expect(asked).toHaveLength(2000);
});

it('comes to an end when two pages take turns for ever', async () => {
	const { asked, rows } = provider((page) => ({ rows: [{ turn: page % 2 }], hasNext: true }));

	expect(await codeOf(takeRows(rows, {}))).toBe('endless_list');
	expect(asked.length).toBeLessThanOrEqual(2000);
});

it('passes on what made a page fail, and asks for none after it', async () => {
	const { asked, rows } = provider((page) => {
		if (page === 3) throw new Error('gone');
		return { rows: [{ page }], hasNext: true };
	});

	await expect(takeRows(rows, {})).rejects.toThrow('gone');
	expect(asked).toEqual([1, 2, 3]);
});
