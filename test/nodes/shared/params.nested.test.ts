import { defineField } from '../../../nodes/shared/operation';
import type { Field, Params } from '../../../nodes/shared/operation';
import { coerce } from '../../../nodes/shared/params';

const kind = defineField({
	displayName: 'Kind',
	name: 'kind',
	type: 'options',
	default: 'sms',
	options: [
		{ name: 'Call', value: 'call' },
		{ name: 'SMS', value: 'sms' },
	],
});
const digit = defineField({
	displayName: 'Digit',
	name: 'digit',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 9, numberPrecision: 0 },
	default: 1,
});
const text = defineField({
	displayName: 'Text',
	name: 'text',
	type: 'string',
	default: '',
	required: true,
	displayOptions: { show: { kind: ['sms'] } },
});
const headers = defineField({
	displayName: 'Headers',
	name: 'headers',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	default: {},
	options: [
		{
			displayName: 'Header',
			name: 'header',
			values: [
				{ displayName: 'Name', name: 'name', type: 'string', default: 'X-Name' },
				{ displayName: 'Value', name: 'value', type: 'string', default: '' },
			],
		},
	],
});
const actions = defineField({
	displayName: 'Actions',
	name: 'actions',
	type: 'collection',
	default: {},
	options: [digit, headers],
});
const menu = defineField({
	displayName: 'Menu',
	name: 'menu',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	default: {},
	options: [{ displayName: 'Entry', name: 'entries', values: [kind, digit, text, actions] }],
});
const hours = defineField({
	displayName: 'Hours',
	name: 'hours',
	type: 'fixedCollection',
	default: {},
	options: [{ displayName: 'Times', name: 'times', values: [digit, headers] }],
});
const callAt = defineField({
	displayName: 'Call At',
	name: 'callAt',
	type: 'dateTime',
	default: '',
});

const entry = { kind: 'sms', digit: 7, text: 'Hello', actions: {} };

describe('a list of entries', () => {
	it.each<[string, unknown, unknown]>([
		['nothing', {}, {}],
		['null', null, {}],
		['no entries', { entries: [] }, { entries: [] }],
		['undefined', { entries: undefined }, {}],
		['an entry', { entries: [entry] }, { entries: [entry] }],
		['one entry that is no list', { entries: entry }, { entries: [entry] }],
		['numbers as text', { entries: [{ ...entry, digit: '7', text: 5 }] }, [{ text: '5' }]],
		['presets', { entries: [{ text: 'Hello' }] }, [{ kind: 'sms', digit: 1, actions: {} }]],
		['groups it does not have', { entries: [], others: [entry] }, { entries: [] }],
	])('may hold %s', (_, value, expected) => {
		const read = coerce(menu, value);

		if (Array.isArray(expected)) expect(read).toMatchObject({ entries: expected });
		else expect(read).toEqual(expected);
	});

	it('leaves out what a field beside it hides, and does not miss it', () => {
		expect(coerce(menu, { entries: [{ kind: 'call', text: {} }] })).toEqual({
			entries: [{ kind: 'call', digit: 1, actions: {} }],
		});
	});

	it('drops what is no member, even under a name that every object has', () => {
		const read = coerce(menu, JSON.parse('{"entries":[{"text":"a","x":1,"__proto__":{"y":1}}]}'));

		expect(read).toStrictEqual({
			entries: [{ kind: 'sms', digit: 1, text: 'a', actions: {} }],
		});
	});

	it('reads further lists inside a collection inside it', () => {
		const headersOf = (header: unknown) => ({
			entries: [{ ...entry, actions: { headers: { header } } }],
		});

		expect(coerce(menu, headersOf([{ value: 5 }, { name: 'a' }]))).toEqual(
			headersOf([
				{ name: 'X-Name', value: '5' },
				{ name: 'a', value: '' },
			]),
		);
	});

	it.each<[string, unknown, string]>([
		['text', 'x', 'Menu is not a set of fields'],
		['a list', [entry], 'Menu is not a set of fields'],
		['an entry of text', { entries: [entry, 'x'] }, 'Menu › Entry 2 is not a set of fields'],
		['an entry of null', { entries: null }, 'Menu › Entry 1 is not a set of fields'],
		[
			'an unknown option',
			{ entries: [entry, { kind: 'fax' }] },
			'Menu › Entry 2 › Kind is none of',
		],
		['a bad number', { entries: [{ digit: 10 }] }, 'Menu › Entry 1 › Digit is not a whole number'],
		['an empty text', { entries: [{ text: ' ' }] }, 'Menu › Entry 1 › Text is empty'],
		['no text', { entries: [{}] }, 'Menu › Entry 1 › Text is empty'],
		[
			'a bad option in a collection',
			{ entries: [{ ...entry, actions: { digit: 'x' } }] },
			'Menu › Entry 1 › Digit is not a whole number from 0 to 9',
		],
		[
			'a bad text deep inside',
			{ entries: [{ ...entry, actions: { headers: { header: [{ value: {} }] } } }] },
			'Menu › Entry 1 › Headers › Header 1 › Value holds an object instead of text',
		],
	])('says where it is wrong when it holds %s', (_, value, message) => {
		expect(() => coerce(menu, value)).toThrow(
			expect.objectContaining({
				code: 'invalid_input',
				message: expect.stringContaining(message) as unknown,
				hint: expect.stringMatching(/\.$|e\.g\./) as unknown,
			}),
		);
	});

	it('reads any depth', () => {
		let deep: Field = digit;
		let value: unknown = 5;
		for (let depth = 1; depth <= 6; depth++) {
			const values = [deep];
			const name: string = deep.name;
			deep = { ...menu, name: 'menu', options: [{ displayName: 'E', name: 'e', values }] };
			value = { e: [{ [name]: value }] };
		}

		expect(coerce(deep, value)).toEqual(value);
		expect(() => coerce(deep, JSON.parse(JSON.stringify(value).replace('5', '"x"')))).toThrow(
			`${'Menu › E 1 › '.repeat(6)}Digit is not a whole number from 0 to 9`,
		);
	});
});

describe('a single entry', () => {
	it.each<[unknown, unknown]>([
		[{}, {}],
		[{ times: {} }, { times: { digit: 1, headers: {} } }],
		[{ times: { digit: '3' } }, { times: { digit: 3, headers: {} } }],
	])('reads %j as %j', (value, expected) => {
		expect(coerce(hours, value)).toEqual(expected);
	});

	it.each<[unknown, string]>([
		[{ times: [{}] }, 'Hours › Times is not a set of fields'],
		[{ times: { digit: -1 } }, 'Hours › Times › Digit is not a whole number from 0 to 9'],
	])('says where %j is wrong', (value, message) => {
		expect(() => coerce(hours, value)).toThrow(message);
	});
});

describe('a date and time', () => {
	it.each<unknown>(['2026-12-01T10:00:00', 1, new Date(), undefined, null, { valueOf: 5 }])(
		'is passed on as it is: %p',
		(value) => {
			expect(coerce(callAt, value)).toBe(value);
		},
	);

	it.each(['', ' ', null, undefined])('is missed when it is required and %p', (value) => {
		expect(() => coerce({ ...callAt, required: true }, value)).toThrow('Call At is empty');
	});
});

it('JSON that contains itself is refused', () => {
	const value: Record<string, unknown> = {};
	value.self = value;

	expect(() => coerce({ ...text, type: 'json' }, value)).toThrow('Text cannot be written as JSON');
});

it('the types are those of the values', () => {
	type Read = Params<readonly [typeof menu, typeof hours, typeof callAt]>;
	type Header = { name: string; value: string };
	type Expected = {
		menu: {
			entries?: Array<{
				kind: 'call' | 'sms';
				digit: number;
				text: string | undefined;
				actions: { digit?: number; headers?: { header?: Header[] } };
			}>;
		};
		hours: { times?: { digit: number; headers: { header?: Header[] } } };
		callAt: unknown;
	};
	const isSame: [Read, Expected] extends [Expected, Read] ? true : false = true;

	expect(isSame).toBe(true);
});
