import { requireId, requireIds } from '../../../nodes/shared/fields/id';

describe('requireId', () => {
	it.each<[number | string, number]>([
		[42, 42],
		['42', 42],
		[' 42\n', 42],
		['007', 7],
	])('reads %j as %i', (given, id) => {
		expect(requireId(given, 'Call ID')).toBe(id);
	});

	it.each([
		undefined,
		'',
		0,
		-1,
		1.5,
		NaN,
		'1.5',
		'4 2',
		'4e2',
		'0x2a',
		'٤٢',
		'abc',
		'9'.repeat(17),
	])('refuses %j', (given) => {
		expect(() => requireId(given, 'Call ID')).toThrow('Call ID is not an ID');
	});
});

describe('requireIds', () => {
	it.each<[string, number[]]>([
		['42', [42]],
		['42, 43', [42, 43]],
		[' 42;43\n44 45 ', [42, 43, 44, 45]],
		['[42,43]', [42, 43]],
		['["42", "43"]', [42, 43]],
		['43, 42, 43', [43, 42]],
		['42,,43,', [42, 43]],
	])('reads %j as %j', (given, ids) => {
		expect(requireIds(given, 'Call IDs')).toEqual(ids);
	});

	it.each(['', '  ', '[]', ',', '[""]'])('finds no ID in %j', (given) => {
		expect(() => requireIds(given, 'Call IDs')).toThrow('Call IDs holds no ID');
	});

	it.each(['a', '42, a', '[[42]]', '{"id":42}', '[null]', '[1.5]', '[-1]'])(
		'refuses %j',
		(given) => {
			expect(() => requireIds(given, 'Call IDs')).toThrow(
				/^Call IDs holds ".+", which is not an ID$/,
			);
		},
	);
});
