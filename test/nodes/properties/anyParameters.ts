import * as fc from 'fast-check';
import type { INodeParameters } from 'n8n-workflow';
import { fieldsOf } from '../../../nodes/shared/describe';
import type { Field, Operation } from '../../../nodes/shared/operation';
import { anyJson, anyPhone, anyText } from './anyJson';

/** Stands for the address of the server in a generated value. */
export const SERVER = 'http://the.server';

const EXPRESSIONS = [
	...['$json', '$json.a', '$json.a.b', '$json["__proto__"]', '$json.constructor', '$json.key'],
	...['$json.phone', '$json.id', '[$json.id]', '[$json]', 'undefined', 'null', '[]', '{}', 'NaN'],
	...[
		'"x".repeat(1e5)',
		'new Date(0)',
		'new Date("x")',
		'$now',
		'$itemIndex',
		'1/0',
		'nope(',
		'nope()',
	],
	...['(() => { throw new Error("x") })()', 'Symbol("x")', '10n', '(() => 1)', '$input.all()'],
].map((inner) => `={{ ${inner} }}`);

const anyExpression = fc.oneof(
	fc.constantFrom(...EXPRESSIONS, '=', '={{', '={{ $json.phone }} and {{ $json.id }}'),
	anyText.map((text) => `=${text}`),
);

const anyDigits = fc.stringMatching(/^[1-9]\d{0,5}$/);
const anyId = fc.oneof(anyDigits, fc.constant('={{ $json.id }}'));
const phone = fc.oneof(
	anyPhone,
	fc.constantFrom('={{ $json.phone }}', '={{ $json.phone.trim() }}'),
);
const url = fc.constantFrom('https://n8n.example.com/webhook/1/webhook', 'https://a.b/?c=d');

/** Values that may do, for texts whose names say what they want. */
const LIKELY: Readonly<Record<string, fc.Arbitrary<string>>> = {
	phone,
	destinationNumber: phone,
	managerPhone: phone,
	callerId: fc.constantFrom('99999999997', '={{ $json.phone }}'),
	checkedPhone: phone,
	key: fc.constant('={{ $json.key }}'),
	pin: fc.constantFrom('0427', '={{ $json.pin }}'),
	code: fc.constantFrom('0427', '={{ $json.code }}'),
	hookUrl: url,
	webhookUrl: url,
	recordingUrl: fc.constantFrom(`${SERVER}/recordings/1.mp3`, `${SERVER}/a.wav?b=c`),
	callId: anyId,
	callIds: fc.oneof(anyId, fc.constantFrom('1, 2, 3', '[1, "2"]', '={{ [$json.id, 7] }}')),
	recordingId: anyId,
	requestId: anyId,
	template: anyId,
	account: anyId,
	reservation: anyId,
	recordId: anyId,
	smsTemplateId: anyId,
	number: fc.constantFrom('4951332210', '={{ $json.number }}', '15'),
	package: fc.constant('100b3613-653a-c128-75a6-62c295fb6ab8'),
	type: fc.constantFrom(
		...['sip', 'number', 'group', 'scenario', 'call_queue', 'sip_uri', 'bitrix', 'amo', 'empty'],
	),
	region: fc.constantFrom('', '1'),
	cityCode: fc.constantFrom('', '495'),
	mask: fc.constantFrom('', '133?2*'),
	lang: fc.constant('ru-RU'),
	startTime: fc.constantFrom('09:00', '9:30'),
	endTime: fc.constantFrom('20:00', '23:59'),
	allowedCountries: fc.constantFrom('RU', '*', 'RU, AM'),
	operators: fc.constantFrom('[]', '[{"operator": "mts"}]'),
	allowedHosts: fc.constantFrom('', 'storage.example.com'),
	binaryPropertyName: fc.constant('data'),
	binaryProperty: fc.constant('data'),
};

/** Bounds that keep a run short. */
const BOUNDS: Readonly<Record<string, [least: number, most: number]>> = {
	timeout: [2, 3],
	requestsPerSecond: [200, 1000],
};

/** Options without which little would be sent. */
const PRESET_OPTIONS: Readonly<Record<string, object>> = {
	options: { hookUrl: 'https://n8n.example.com/webhook/1/webhook', allowedCountries: '*' },
	settings: { pin_tries: 3 },
};

type Value = INodeParameters[string];

/** A value that may do. */
function likely(field: Field): fc.Arbitrary<unknown> {
	const named = LIKELY[field.name];
	switch (field.type) {
		case 'number': {
			const { minValue = 0, maxValue = minValue + 100 } = field.typeOptions ?? {};
			const [min, max] = BOUNDS[field.name] ?? [minValue, maxValue];
			return fc.integer({ min, max });
		}
		case 'boolean':
			return fc.boolean();
		case 'options':
			return choices(field).length === 0
				? (named ?? fc.constantFrom('Y', 'N', ''))
				: fc.constantFrom(...choices(field));
		case 'multiOptions':
			// Any channel of Phone Verification wants its provider.
			if (field.name === 'providers') return fc.constant(choices(field));
			return choices(field).length === 0
				? fc.oneof(
						fc.array(anyDigits, { minLength: 1, maxLength: 3 }),
						fc.constant('={{ [$json.number] }}'),
					)
				: fc.subarray(choices(field), { minLength: 1 });
		case 'resourceLocator':
			return (named ?? anyId).map((value) => ({ __rl: true, mode: 'id', value }));
		case 'dateTime':
			return fc.constantFrom('2030-01-01T10:00:00Z', '2030-01-01T10:00:00', '={{ $now }}');
		case 'collection':
			// Few of them at once, for many do not go together.
			return fc.oneof(
				fc.constant({ ...PRESET_OPTIONS[field.name] }),
				fc.subarray(members(field), { maxLength: 2 }).chain((some) => record(some, likely)),
			);
		case 'fixedCollection':
			return groups(field, likely);
		default:
			return named ?? fc.oneof(fc.string({ minLength: 1, maxLength: 30 }), fc.constant('Hello'));
	}
}

/** Any value at all, also of another kind. */
function wild(field: Field): fc.Arbitrary<unknown> {
	// No bound would hold for these, and a run has to be short.
	if (field.name in BOUNDS) return likely(field);
	const isGroup = field.type === 'fixedCollection';
	if (isGroup || field.type === 'collection') {
		const inner = isGroup ? groups(field, wild) : record(members(field), wild);
		// No text: n8n itself takes its methods for members.
		const odd = fc.constantFrom(null, [], {}, [[]], 0, true, { a: [] }, { constructor: 1 });
		return fc.oneof({ weight: 12, arbitrary: inner }, { weight: 1, arbitrary: odd });
	}
	const locator = anyJson.map((value) => ({ __rl: true, mode: 'id', value }));
	// n8n itself breaks on a locator that is null.
	const other =
		field.type === 'resourceLocator' ? anyJson.filter((value) => value !== null) : anyJson;
	return fc.oneof(
		{ weight: 8, arbitrary: likely(field) },
		{ weight: 2, arbitrary: anyExpression },
		{ weight: 1, arbitrary: anyText },
		{ weight: 1, arbitrary: other },
		{ weight: 1, arbitrary: locator },
	);
}

type Make = (field: Field) => fc.Arbitrary<unknown>;

function record(fields: readonly Field[], make: Make): fc.Arbitrary<unknown> {
	return fc.record(Object.fromEntries(fields.map((field) => [field.name, make(field)])), {
		requiredKeys: [],
	});
}

function groups(field: Field, make: Make): fc.Arbitrary<unknown> {
	const all = (field.options ?? []).flatMap((group) => ('values' in group ? [group] : []));
	const entries = all.map(({ name, values }): [string, fc.Arbitrary<unknown>] => [
		name,
		fc.array(record(values, make), { maxLength: 3 }),
	]);
	return fc.record(Object.fromEntries(entries));
}

function members(field: Field): Field[] {
	return (field.options ?? []).filter((member): member is Field => 'type' in member);
}

function choices(field: Field): Array<string | number | boolean> {
	return (field.options ?? []).flatMap((option) => ('value' in option ? [option.value] : []));
}

/** What an operation may be set to: half of the time all may do, else anything stands among it. */
export function anyParameters(operation: Operation): fc.Arbitrary<INodeParameters> {
	const fields = fieldsOf(operation).filter(({ type }) => type !== 'notice');
	const set = (make: Make) =>
		fc.record(
			Object.fromEntries(fields.map((field) => [field.name, make(field) as fc.Arbitrary<Value>])),
			{ requiredKeys: fields.filter(isNeeded).map(({ name }) => name) },
		);
	return fc.oneof(set(likely), set(wild)) as fc.Arbitrary<INodeParameters>;
}

// What n8n itself refuses to run without would only cost time.
function isNeeded({ required, default: preset }: Field): boolean {
	return required === true || preset === '';
}
