import type { IDataObject, IExecuteFunctions, INodeParameters } from 'n8n-workflow';
import type { Field } from '../../../nodes/shared/operation';
import { coerce, paramReader } from '../../../nodes/shared/params';
import { defineField } from '../../../nodes/shared/operation';
import { runPlusofon } from '../../support/plusofon';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const PHONE = '79991112233';

/** Runs an operation with parameters that are expressions over `$json`, and gives what came out. */
async function run(operation: string, parameters: INodeParameters, item: IDataObject) {
	const { json, error } = await runPlusofon(
		simulator,
		['verification', operation],
		parameters,
		[item],
		{ onError: 'continueRegularOutput' },
	);
	return { json: json[0], error, requests: simulator.journal.requests };
}

describe('a text that an expression brings', () => {
	const checkPin = { key: '={{ $json.value }}', pin: '0427' };

	it.each([
		['text', 'abc', 'abc'],
		['a number', 12345, '12345'],
		['zero', 0, '0'],
		['a long number', 79991112233, '79991112233'],
	])('may be %s', async (_, value, sent) => {
		const { requests } = await run('checkPin', checkPin, { value });

		expect(requests).toMatchObject([{ body: { key: sent, pin: '0427' } }]);
	});

	it.each([
		['an object', { key: 'abc' }, 'Key holds an object instead of text'],
		['an array', ['abc'], 'Key holds a list instead of text'],
		['an empty array', [], 'Key holds a list instead of text'],
		['a boolean', true, 'Key holds true or false instead of text'],
		['null', null, 'Key is empty'],
		['an empty text', '', 'Key is empty'],
		['blanks', ' \n ', 'Key is empty'],
	])('is refused before any request when it is %s', async (_, value, error) => {
		const { json, requests } = await run('checkPin', checkPin, { value });

		expect(json).toMatchObject({ error, code: 'invalid_input' });
		expect(requests).toHaveLength(0);
	});

	it('is refused before any request when it is undefined', async () => {
		const { json, requests } = await run('checkPin', checkPin, {});

		expect(json).toMatchObject({ error: 'Key is empty', code: 'invalid_input' });
		expect(requests).toHaveLength(0);
	});

	it.each(['={{ NaN }}', '={{ Infinity }}', '={{ new Date() }}'])(
		'is refused before any request when it is %s',
		async (key) => {
			const { json, requests } = await run('checkPin', { key, pin: '0427' }, {});

			expect(json).toMatchObject({ code: 'invalid_input' });
			expect(requests).toHaveLength(0);
		},
	);

	it.each<[key: string, says: RegExp]>([
		['={{ nope( }}', /^Key holds an expression that fails: invalid syntax$/],
		['={{ "now".toDateTime() }}', /^Key holds an expression that fails: \S/],
		// n8n makes nothing of these.
		['={{ $json.missing.deeper.still() }}', /^Key is empty$/],
		['={{ (() => { throw new Error("no") })() }}', /^Key is empty$/],
	])('is refused by its name before any request when %s fails', async (key, says) => {
		const { json, requests } = await run('checkPin', { key, pin: '0427' }, {});

		expect(json).toMatchObject({ error: expect.stringMatching(says), code: 'invalid_input' });
		expect(requests).toHaveLength(0);
	});

	it('is refused by its name when it is an option of the whole run', async () => {
		const options = { itemsAtOnce: '={{ nope( }}' };

		const { json } = await run('checkPin', { key: 'abc', pin: '0427', options }, {});

		expect(json).toMatchObject({
			error: expect.stringMatching(/^Items at Once holds an expression that fails/),
			code: 'invalid_input',
		});
	});

	it.each([
		[' ', 'Fill it in, e.g. +7 999 111-22-33.'],
		[
			'={{ $json.value }}',
			'Its expression brings nothing for this item: compare its names with the input.',
		],
		[
			"={{ $json.value ?? '' }}",
			'Its expression brings nothing for this item: compare its names with the input.',
		],
	])('says in the hint how to fill an empty one: "%s"', async (phone, description) => {
		const { json } = await run('sendFlashCall', { phone }, {});

		expect(json).toEqual({
			error: 'Phone is empty',
			code: 'invalid_input',
			details: { code: 'invalid_input', description },
		});
	});

	it('says so of a field in a group as well', () => {
		const expression = '={{ $json.nothing }}';
		const entries = { list: [{ word: 'given' }, { word: expression }] };
		const field = defineField({
			displayName: 'Words',
			name: 'words',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			default: {},
			options: [
				{
					displayName: 'Entry',
					name: 'list',
					values: [
						{
							displayName: 'Word',
							name: 'word',
							type: 'string',
							default: '',
							required: true,
						},
					],
				},
			],
		});
		const value = { list: [{ word: 'given' }, { word: '' }] };

		expect(() => coerce(field, value, entries)).toThrow(
			expect.objectContaining({ hint: expect.stringContaining('Its expression brings nothing') }),
		);
	});

	it.each([
		['sendFlashCall', { phone: '' }, 'Parameter "Phone" is required.'],
		['checkPin', { key: '', pin: '0427' }, 'Parameter "Key" is required.'],
		['checkPin', { key: 'abc', pin: '' }, 'Parameter "PIN" is required.'],
	])('is asked for by n8n itself when %s has %j', async (operation, parameters, issue) => {
		await expect(run(operation, parameters, {})).rejects.toThrow(issue);
		expect(simulator.journal.requests).toHaveLength(0);
	});

	it('is refused before any request when only blanks were entered', async () => {
		const { json, requests } = await run('checkPin', { key: 'abc', pin: '  ' }, {});

		expect(json).toMatchObject({ error: 'PIN is empty', code: 'invalid_input' });
		expect(requests).toHaveLength(0);
	});
});

describe('an option that an expression brings', () => {
	const withTimeout = (timeout: string) => ({ phone: PHONE, options: { timeout } });

	it.each([
		['a number', 5],
		['a number as text', '5'],
		['a number as text with blanks', ' 5 '],
		['the lowest', 1],
		['the highest', 300],
	])('may be %s', async (_, value) => {
		const { json } = await run('sendFlashCall', withTimeout('={{ $json.value }}'), { value });

		expect(json).toMatchObject({ phone: PHONE });
	});

	it.each([
		['a word', 'soon'],
		['an empty text', ''],
		['blanks', '  '],
		['a fraction', 1.5],
		['a fraction as text', '1.5'],
		['too low', 0],
		['negative', -5],
		['too high', 301],
		['a boolean', true],
		['null', null],
		['an array', [5]],
		['an object', { seconds: 5 }],
	])('is refused before any request when it is %s', async (_, value) => {
		const { json, requests } = await run('sendFlashCall', withTimeout('={{ $json.value }}'), {
			value,
		});

		expect(json).toMatchObject({
			error: 'Timeout is not a whole number from 1 to 300',
			code: 'invalid_input',
		});
		expect(requests).toHaveLength(0);
	});

	it.each(['={{ NaN }}', '={{ Infinity }}'])(
		'is refused before any request when it is %s',
		async (timeout) => {
			const { json, requests } = await run('sendFlashCall', withTimeout(timeout), {});

			expect(json).toMatchObject({ code: 'invalid_input' });
			expect(requests).toHaveLength(0);
		},
	);

	it.each([
		['null', null],
		['an empty text', ''],
		['blanks', ' '],
	])('counts as left out when a PIN is %s', async (_, pin) => {
		const { requests } = await run(
			'sendFlashCall',
			{ phone: PHONE, options: { pin: '={{ $json.pin }}' } },
			{ pin },
		);

		expect(requests).toMatchObject([{ body: { phone: PHONE } }]);
		expect(requests[0]?.body).not.toHaveProperty('pin');
	});

	it.each([
		['an object', { a: 1 }],
		['an array', ['0427']],
		['a boolean', false],
	])('is refused before any request when a PIN is %s', async (_, pin) => {
		const { json, requests } = await run(
			'sendFlashCall',
			{ phone: PHONE, options: { pin: '={{ $json.pin }}' } },
			{ pin },
		);

		expect(json).toMatchObject({ code: 'invalid_input' });
		expect(requests).toHaveLength(0);
	});
});

describe('coerce', () => {
	const field = (more: Partial<Field>): Field =>
		({ displayName: 'Field', name: 'field', type: 'string', default: '', ...more }) as Field;

	it.each([
		[true, true],
		[false, false],
	])('takes %j for a boolean', (value, expected) => {
		expect(coerce(field({ type: 'boolean' }), value)).toBe(expected);
	});

	it.each(['true', 'false', 1, 0, '', null, undefined, {}, []])(
		'does not guess a boolean from %j',
		(value) => {
			expect(() => coerce(field({ type: 'boolean' }), value)).toThrow(
				'Field is neither true nor false',
			);
		},
	);

	const choice = field({
		type: 'options',
		options: [
			{ name: 'A', value: 'a' },
			{ name: 'Seven', value: 7 },
		],
	});

	it.each([
		['a', 'a'],
		[7, 7],
		['7', 7],
	])('takes %j for the option %j', (value, option) => {
		expect(coerce(choice, value)).toBe(option);
	});

	it.each(['A', '7.0', '', null, undefined, {}, [], 'toString'])(
		'refuses %j, which is none of the options, and names them',
		(value) => {
			expect(() => coerce(choice, value)).toThrow(
				expect.objectContaining({
					message: 'Field is none of the values it may have',
					hint: 'Use one of: a, 7.',
				}),
			);
		},
	);

	it.each([
		[0, 0],
		[-1.5, -1.5],
		['1e3', 1000],
	])('takes %j for a number that has no limits', (value, expected) => {
		expect(coerce(field({ type: 'number' }), value)).toBe(expected);
	});

	it.each([
		['both limits', { minValue: 1, maxValue: 5 }, 'Field is not a number from 1 to 5'],
		['the lowest', { minValue: 1 }, 'Field is not a number from 1'],
		['the highest', { maxValue: 5 }, 'Field is not a number to 5'],
		['neither', {}, 'Field is not a number'],
		['whole numbers', { numberPrecision: 0 }, 'Field is not a whole number'],
	])('says which numbers it takes: %s', (_, typeOptions, message) => {
		expect(() => coerce(field({ type: 'number', typeOptions }), 'x')).toThrow(
			expect.objectContaining({ code: 'invalid_input', message }),
		);
	});

	it.each(['{"phone":"79991112233"}', 7, true, [{}]])(
		'refuses a collection that is none, so that nothing it asked for is left out: %j',
		(value) => {
			const field = { displayName: 'Options', name: 'options', type: 'collection', default: {} };

			expect(() => coerce(field as Field, value)).toThrow('Options is not a set of fields');
		},
	);

	it('reads from a collection what it offers and nothing else', () => {
		const collection = field({
			type: 'collection',
			options: [field({ name: 'a' }), field({ name: 'n', type: 'number' })],
		});

		expect(coerce(collection, { a: 5, n: '7', other: 'x', toString: 'y' })).toEqual({
			a: '5',
			n: 7,
		});
		expect(coerce(collection, null)).toEqual({});
	});
});

describe('paramReader', () => {
	const kind = {
		displayName: 'Kind',
		name: 'kind',
		type: 'options',
		default: 'sms',
		options: [
			{ name: 'SMS', value: 'sms' },
			{ name: 'Call', value: 'call' },
		],
	} as const;
	const text = {
		displayName: 'Text',
		name: 'text',
		type: 'string',
		default: '',
		required: true,
		displayOptions: { show: { kind: ['sms'] } },
	} as const;
	const record = {
		displayName: 'Record',
		name: 'record',
		type: 'string',
		default: '',
		displayOptions: { show: { kind: ['call'], text: ['never'] } },
	} as const;
	const fields: Field[] = [kind, text, record];

	/** A context in which each value is a list by item, and which counts what is read. */
	function contextOf(parameters: INodeParameters, values: Record<string, unknown[]>) {
		const read: Array<[string, number]> = [];
		const context = {
			getNode: () => ({ parameters, type: 'test.node' }),
			getInputData: () => [],
			getNodeParameter: (name: string, item: number, preset: unknown) => {
				read.push([name, item]);
				return values[name]?.[item] ?? preset;
			},
		};
		return { context: context as unknown as IExecuteFunctions, read };
	}

	it('does not read a field that another one hides, and does not miss it', () => {
		const { context, read } = contextOf({ kind: 'call' }, { kind: ['call'], text: [{}] });

		expect(paramReader(context, fields)(0)).toEqual({ kind: 'call' });
		expect(read).toEqual([['kind', 0]]);
	});

	it('decides for each item which fields are hidden', () => {
		const { context } = contextOf(
			{ kind: '={{ $json.kind }}', text: '={{ $json.text }}' },
			{ kind: ['sms', 'call', 'sms'], text: ['one', 'two', 'three'] },
		);
		const read = paramReader(context, fields);

		expect([0, 1, 2].map(read)).toEqual([
			{ kind: 'sms', text: 'one' },
			{ kind: 'call' },
			{ kind: 'sms', text: 'three' },
		]);
	});

	it('does not read a field that depends on a hidden one', () => {
		const { context } = contextOf(
			{ kind: 'call' },
			{ kind: ['call'], text: ['never'], record: ['x'] },
		);

		expect(paramReader(context, fields)(0)).not.toHaveProperty('record');
	});

	it('reads what is not an expression once for all items, and an expression once per item', () => {
		const { context, read } = contextOf(
			{ kind: 'sms', text: '={{ $json.text }}' },
			{ kind: ['sms'], text: ['one', 'two', 'three'] },
		);
		const readItem = paramReader(context, fields);

		expect([0, 1, 2].map((item) => readItem(item).text)).toEqual(['one', 'two', 'three']);
		expect(read).toEqual([
			['kind', 0],
			['text', 0],
			['text', 1],
			['text', 2],
		]);
	});

	it('finds an expression deep inside a collection', () => {
		const options: Field = {
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			default: {},
			options: [{ displayName: 'PIN', name: 'pin', type: 'string', default: '' }],
		};
		const { context } = contextOf(
			{ options: { pin: '={{ $json.pin }}' } },
			{ options: [{ pin: '1' }, { pin: '2' }] },
		);
		const readItem = paramReader(context, [options]);

		expect([0, 1].map(readItem)).toEqual([{ options: { pin: '1' } }, { options: { pin: '2' } }]);
	});

	it('gives a field that was never entered its preset', () => {
		const { context } = contextOf({}, { text: ['x'] });

		expect(paramReader(context, fields)(0)).toEqual({ kind: 'sms', text: 'x' });
	});
});
