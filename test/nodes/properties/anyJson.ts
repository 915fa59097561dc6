import * as fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import type { AnyAnswer } from './anyServer';

const LONG = 'x'.repeat(20_000);
const DEEP = JSON.parse(`${'[{"a":'.repeat(60)}1${'}]'.repeat(60)}`) as fc.JsonValue;

/** Texts that are taken for something else, or break what is careless. */
const ODD_TEXTS = [
	...['', ' ', '\u0000', '\ufeff', '\u202e', '😀', 'é', '\\', '"', '\n', '{{ $json }}', LONG],
	...['NaN', 'Infinity', '-Infinity', '-0', '1e999', '0x10', 'null', 'undefined', 'true', '[]'],
	...['__proto__', 'constructor', '../../x', '%00', '?a=b#c', '<script>', '7999111223', '+7'],
];

const ODD_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '0', ''];

/** Anything that JSON can hold, the odd more often than chance has it. */
export const anyJson: fc.Arbitrary<fc.JsonValue> = fc.oneof(
	fc.jsonValue({ maxDepth: 3 }),
	fc.constantFrom<fc.JsonValue>(...ODD_TEXTS, DEEP, null, 0, -1, 1e308, 1e-9, 0.1, true, false),
	fc.constantFrom<fc.JsonValue>([], {}, [[]], [null], [1, 2], ['a'], { a: { b: null } }),
);

export const anyText: fc.Arbitrary<string> = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.string(),
	fc.constantFrom(...ODD_TEXTS),
);

/** Mostly mobile numbers of Russia, which all providers call. */
const PREFIXES = [
	'+7926',
	'8 (926) ',
	'7926',
	'926',
	'+7 926 ',
	'+7 495 ',
	'+374 91 1',
	'+44 7911 ',
];

export const anyPhone: fc.Arbitrary<string> = fc
	.tuple(fc.constantFrom(...PREFIXES), fc.integer({ min: 1_000_000, max: 9_999_999 }))
	.map(([start, rest]) => `${start}${rest}`);

const digits = (length: number) =>
	fc
		.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
		.map((all) => all.join(''));

/** Names that the fields' presets and our expressions read, with values that may do. */
const likely = fc.record({
	phone: anyPhone,
	key: fc.stringMatching(/^[A-Za-z0-9]{25}$/),
	pin: digits(4),
	code: digits(4),
	id: fc.integer({ min: 1, max: 99_999 }),
	callId: fc.integer({ min: 1, max: 99_999 }),
	recordingId: fc.integer({ min: 1, max: 99_999 }),
	number: digits(9).map((rest) => `4${rest}`),
	owner_type: fc.constantFrom('business', 'personal'),
	name: fc.string({ minLength: 1 }),
});

/** JSON with names of its own that literals cannot have, such as `__proto__`. */
function objectOf(entries: Array<[name: string, value: unknown]>): IDataObject {
	const members = entries.map(
		([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
	);
	return JSON.parse(`{${members.join(',')}}`) as IDataObject;
}

const anyEntries = fc.array(
	fc.tuple(fc.oneof(fc.constantFrom(...ODD_NAMES, 'a', 'phone', 'key'), fc.string()), anyJson),
	{ maxLength: 4 },
);

const anyItem: fc.Arbitrary<IDataObject> = fc.oneof(
	{ weight: 3, arbitrary: likely },
	{
		weight: 1,
		arbitrary: fc
			.tuple(likely, anyEntries)
			.map(([item, odd]) => objectOf([...Object.entries(item), ...odd])),
	},
	{ weight: 1, arbitrary: anyEntries.map(objectOf) },
);

/** The items of a run. */
export const anyItems: fc.Arbitrary<IDataObject[]> = fc.array(anyItem, {
	minLength: 1,
	maxLength: 4,
});

/** The one item that an operation takes which waits; at times there are more. */
export const anyItemsOfWait: fc.Arbitrary<IDataObject[]> = fc.oneof(
	{ weight: 9, arbitrary: anyItem.map((item) => [item]) },
	{ weight: 1, arbitrary: anyItems },
);

/** What providers say, in all their fields at once, some with values of another kind. */
const { said } = fc.letrec<{ said: fc.JsonValue }>((tie) => {
	const or = <T extends fc.JsonValue>(usual: fc.Arbitrary<T>): fc.Arbitrary<fc.JsonValue> =>
		fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: anyJson });
	const inner = fc.oneof(
		{ maxDepth: 2, withCrossShrink: true },
		fc.constantFrom<fc.JsonValue>('done', null),
		tie('said'),
		fc.array(tie('said'), { maxLength: 3 }),
	);
	const list = fc.array(inner, { maxLength: 3 });
	return {
		said: fc.record(
			{
				success: or(fc.boolean()),
				status: or(fc.constantFrom('success', 'error', 'finished')),
				result: or(fc.constantFrom('ok', 'error')),
				error_code: or(fc.constantFrom('user_disabled', 'number_not_valid', 'unheard_of')),
				message: or(fc.constantFrom('key not found', 'Not enough balance', 'Unauthenticated.')),
				data: or(inner),
				id: or(fc.integer({ min: 1, max: 99_999 })),
				key: or(fc.string()),
				phone: or(anyPhone),
				number: or(anyPhone),
				code: or(digits(4)),
				price: or(fc.constant('0.35')),
				balance: or(fc.constant(12.5)),
				operator: or(fc.constantFrom('mts', 'megafon')),
				account_id: or(fc.integer()),
				callIdList: or(fc.array(fc.integer({ min: 1, max: 99_999 }), { maxLength: 3 })),
				calls: or(list),
				cli_types: or(list),
				follow_types: or(list),
				code_regions: or(list),
				current_page: or(fc.integer({ min: 0, max: 3 })),
				last_page: or(fc.integer({ min: 0, max: 3 })),
				next_page_url: or(fc.constantFrom(null, 'http://localhost/?page=2')),
			},
			{ requiredKeys: [] },
		) as fc.Arbitrary<fc.JsonValue>,
	};
});

/** What says yes to about everything, whoever is asked. */
const YES = {
	success: true,
	status: 'success',
	result: 'ok',
	id: '1234',
	number: '79261234567',
	price: '0.35',
	code: '0427',
	follow_types: [{ type: 'sip' }],
	cli_types: [{ type: 'Y' }],
	code_regions: [{ id: 1 }],
};
const ROW = { id: 1, phone: '79261234567', number: '74951234567', calls: [{ status: 'finished' }] };
const YES_TO: fc.JsonValue[] = [
	{ ...YES, data: { ...ROW, key: 'k', account_id: 1, balance: 5, callIdList: [1, 2, 3] } },
	{ ...YES, data: [ROW, { ...ROW, id: 2 }], current_page: 1, last_page: 1 },
	{ ...YES, data: 'done' },
];

/** A yes, and a yes with something odd in it. */
const yes = fc
	.tuple(
		fc.constantFrom(...YES_TO),
		fc.option(fc.tuple(fc.constantFrom(...Object.keys(YES), 'data'), anyJson)),
	)
	.map(
		([said_, odd]) =>
			(odd === null ? said_ : { ...Object(said_), [odd[0]]: odd[1] }) as fc.JsonValue,
	);

const SOME_HEADERS: Array<Record<string, string>> = [
	...[{}, {}, {}, { 'content-type': 'text/html' }, { 'content-type': 'application/octet-stream' }],
	...[{ 'content-encoding': 'gzip' }, { 'content-type': '' }, { location: 'http://127.0.0.1:1/' }],
	...['0', '-1', 'soon', '31', '', 'Thu, 01 Jan 1970 00:00:00 GMT'].map((text) => ({
		'retry-after': text,
	})),
];

/** Mostly what servers answer; the few that the node waits after are rare, for they take time. */
const anyStatus = fc.oneof(
	{ weight: 150, arbitrary: fc.constant(200) },
	{ weight: 50, arbitrary: fc.integer({ min: 200, max: 499 }) },
	{ weight: 15, arbitrary: fc.constantFrom(400, 401, 403, 404, 408, 422, 429) },
	{ weight: 5, arbitrary: fc.integer({ min: 500, max: 599 }) },
	{ weight: 1, arbitrary: fc.integer({ min: 100, max: 199 }) },
);

const anyAnswer: fc.Arbitrary<AnyAnswer> = fc.record({
	status: anyStatus,
	headers: fc.constantFrom(...SOME_HEADERS),
	body: fc.oneof(
		{ weight: 12, arbitrary: yes.map((json) => JSON.stringify(json)) },
		{ weight: 8, arbitrary: said.map((json) => JSON.stringify(json)) },
		{ weight: 2, arbitrary: fc.array(said).map((json) => JSON.stringify(json)) },
		{ weight: 2, arbitrary: anyJson.map((json) => JSON.stringify(json)) },
		{ weight: 1, arbitrary: anyText },
	),
});

/** What a provider answers during a run, one after the other and over again. */
export const anyAnswers: fc.Arbitrary<AnyAnswer[]> = fc.array(anyAnswer, {
	minLength: 1,
	maxLength: 4,
});
