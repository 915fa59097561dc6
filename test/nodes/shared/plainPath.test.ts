import * as fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { plainPathOf, readPlainPath } from '../../../nodes/shared/plainPath';
import { evaluateInNode } from '../../support/engine';

describe('an expression that is a plain path', () => {
	it.each([
		['={{ $json.phone }}', ['phone']],
		['={{$json.a.b_2.C}}', ['a', 'b_2', 'C']],
		['={{\n$json.phone\n}}', ['phone']],
	])('%j is read as %j', (written, keys) => {
		expect(plainPathOf(written)).toEqual(keys);
	});

	it.each([
		'$json.phone',
		'={{ $json }}',
		'={{ $json.phone }} ',
		'= {{ $json.phone }}',
		'=+7{{ $json.phone }}',
		'={{ $json.phone }}{{ $json.b }}',
		'={{ $json["phone"] }}',
		'={{ $json?.phone }}',
		'={{ $json.a[0] }}',
		'={{ $json.phone.trim() }}',
		'={{ $json.phone ?? 1 }}',
		'={{ $json.constructor }}',
		'={{ $json.a.__proto__ }}',
		'={{ $input.item.json.phone }}',
		'={{ $jsonx.phone }}',
		'={{ $json.1 }}',
		'={{ $json.привет }}',
		7,
		undefined,
	])('%j is left to n8n', (written) => {
		expect(plainPathOf(written)).toBeUndefined();
	});
});

it.each([
	['an empty text', ''],
	['nothing', null],
	['a list', [1]],
	['an object', { b: 1 }],
	['a date', new Date(0)],
	['minus zero', -0],
	['no number', NaN],
	['infinity', Infinity],
	['a function', () => 1],
])('%s is left to n8n', (_, value) => {
	expect(readPlainPath({ a: value } as IDataObject, ['a'])).toBeUndefined();
});

it.each([
	['a missing key', {}, ['a']],
	['a key of a text', { a: 'text' }, ['a', 'length']],
	['a key of a list', { a: [1] }, ['a', 'length']],
	['an inherited key', { a: {} }, ['a', 'toLocaleString']],
	['a key behind nothing', { a: null }, ['a', 'b']],
])('%s is left to n8n', (_, json, keys) => {
	expect(readPlainPath(json as IDataObject, keys)).toBeUndefined();
});

describe('what is read is what n8n evaluates', () => {
	const key = fc.oneof(
		fc.constantFrom(
			'a',
			'phone',
			'length',
			'name',
			'first',
			'class',
			'isEmpty',
			'_x',
			'toLocaleString',
		),
		fc.stringMatching(/^[A-Za-z_]\w{0,8}$/),
	);
	const leaf = fc.oneof(
		fc.string({ unit: 'binary' }),
		fc.string({ unit: 'grapheme' }),
		fc.constantFrom(
			'={{ 1 + 1 }}',
			'{{ $json.a }}',
			'=1',
			'2026-01-01T00:00:00Z',
			'true',
			'0042',
			' ',
		),
		fc.double(),
		fc.maxSafeInteger(),
		fc.boolean(),
		fc.constant(null),
	);
	const tree = fc.letrec<{ value: unknown; object: IDataObject }>((tie) => ({
		value: fc.oneof({ depthSize: 'small' }, leaf, tie('object'), fc.array(leaf, { maxLength: 2 })),
		object: fc.dictionary(key, tie('value'), {
			maxKeys: 4,
			noNullPrototype: true,
		}) as fc.Arbitrary<IDataObject>,
	})).object;

	function pathsIn(json: IDataObject, before: string[] = []): string[][] {
		return Object.entries(json).flatMap(([name, value]) => {
			const path = [...before, name];
			const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
			return [path, ...(isObject ? pathsIn(value as IDataObject, path) : [])];
		});
	}

	it('for any item and any path into it', async () => {
		let compared = 0;
		await fc.assert(
			fc.asyncProperty(tree, async (json) => {
				const expressions = pathsIn(json).map((path) => `={{ $json.${path.join('.')} }}`);
				const plain = expressions.filter((text) => plainPathOf(text) !== undefined);
				const evaluated = await evaluateInNode(json, plain);
				plain.forEach((text, index) => {
					const read = readPlainPath(json, plainPathOf(text) ?? []);
					if (read === undefined) return;
					compared++;
					expect(evaluated[index]).toStrictEqual(read);
				});
			}),
			{ numRuns: 300 },
		);
		expect(compared).toBeGreaterThan(200);
	});
});
