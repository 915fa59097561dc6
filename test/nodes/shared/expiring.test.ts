import { Expiring } from '../../../nodes/shared/expiring';

it('gives what was added until it expires, and not at that moment', () => {
	const kept = new Expiring<string>();
	kept.add('id', 'value', 1000, 0);

	expect(kept.get('id', 999)).toBe('value');
	expect(kept.get('id', 1000)).toBeUndefined();
	expect(kept.get('other', 0)).toBeUndefined();
});

it('lets only the first of several win, and keeps its value', () => {
	const kept = new Expiring<number>();

	const won = [1, 2, 3].map((value) => kept.add('id', value, 1000, 0));

	expect(won).toEqual([true, false, false]);
	expect(kept.get('id', 0)).toBe(1);
});

it('lets only the first of many that come at once win', async () => {
	const kept = new Expiring<number>();

	const won = await Promise.all(
		Array.from({ length: 50 }, async (_, value) => {
			await Promise.resolve();
			return kept.add('id', value, 1000, 0);
		}),
	);

	expect(won.filter(Boolean)).toHaveLength(1);
});

it('takes an ID again once it has expired', () => {
	const kept = new Expiring<string>();
	kept.add('id', 'old', 1000, 0);

	expect(kept.add('id', 'early', 2000, 999)).toBe(false);
	expect(kept.add('id', 'new', 2000, 1000)).toBe(true);
	expect(kept.get('id', 1500)).toBe('new');
});

it('tells IDs apart that are names of every object', () => {
	const kept = new Expiring<string>();

	expect(kept.get('constructor', 0)).toBeUndefined();
	expect(kept.add('__proto__', 'a', 1000, 0)).toBe(true);
	expect(kept.add('__proto__', 'b', 1000, 0)).toBe(false);
	expect(kept.get('toString', 0)).toBeUndefined();
});

it('drops the oldest when it is full, and no other', () => {
	const kept = new Expiring<string>(3);
	for (const id of ['a', 'b', 'c', 'd']) kept.add(id, id, 1000, 0);

	expect(['a', 'b', 'c', 'd'].map((id) => kept.get(id, 0))).toEqual([undefined, 'b', 'c', 'd']);
});

it('makes room with what has expired before it drops what has not', () => {
	const kept = new Expiring<string>(2);
	kept.add('short', 'short', 10, 0);
	kept.add('long', 'long', 1000, 0);

	kept.add('new', 'new', 1000, 10);

	expect(kept.get('long', 10)).toBe('long');
	expect(kept.get('new', 10)).toBe('new');
});

it('never holds more than it may, whatever comes', () => {
	const kept = new Expiring<number>(100);
	for (let index = 0; index < 10_000; index++) kept.add(String(index), index, 1e9, 0);

	const held = Array.from({ length: 10_000 }, (_, index) => kept.get(String(index), 0));
	expect(held.filter((value) => value !== undefined)).toHaveLength(100);
	expect(held.at(-1)).toBe(9999);
});

it('knows its oldest when it is full', () => {
	const kept = new Expiring<number>(2);
	kept.add('first', 1, 100, 0);
	kept.add('second', 1, 100, 0);

	expect(kept.add('first', 2, 100, 0)).toBe(false);
});

it('lists what has not expired, the oldest first', () => {
	const kept = new Expiring<string>(3);
	kept.add('dropped', '', 1000, 0);
	kept.add('short', '', 10, 0);
	kept.add('long', '', 1000, 0);
	kept.add('longer', '', 2000, 0);

	expect(kept.expiries(10)).toEqual([
		['long', 1000],
		['longer', 2000],
	]);
	expect(kept.expiries(2000)).toEqual([]);
});
