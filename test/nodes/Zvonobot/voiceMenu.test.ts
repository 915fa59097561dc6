import { NodeHelpers } from 'n8n-workflow';
import type { INode, INodeParameters, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { mapWebhooks, readVoiceMenu, voiceMenuFields } from '../../../nodes/Zvonobot/voiceMenu';
import type { VoiceMenuParams, WireEntry } from '../../../nodes/Zvonobot/voiceMenu';
import type { Failure } from '../../../nodes/shared/errors';
import type { Field } from '../../../nodes/shared/operation';
import { coerce } from '../../../nodes/shared/params';

const [, menuField, menuJsonField] = voiceMenuFields;
const SAY = { record: { text: 'Hello' } };
const ONE = { digit: 1, ...SAY };

/** Reads a menu given as JSON, or as what is to become JSON. */
function fromJson(menu: unknown): WireEntry[] | undefined {
	const menuJson = typeof menu === 'string' ? menu : JSON.stringify(menu);
	return readVoiceMenu({ menuSource: 'json', menu: undefined, menuJson });
}

/** Reads entries as the editor saves them: presets that were not touched are missing. */
function fromFields(...entries: object[]): WireEntry[] | undefined {
	const menu = coerce(menuField, { entries }) as VoiceMenuParams['menu'];
	return readVoiceMenu({ menuSource: 'fields', menu, menuJson: undefined });
}

function refusalOf(read: () => unknown): { message: string; hint: string } {
	let refusal: unknown;
	try {
		read();
	} catch (thrown) {
		refusal = thrown;
	}
	expect(refusal).toMatchObject({ code: 'invalid_input' });
	return refusal as Failure;
}

/** An entry under as many others as make `depth` levels. */
function nested(depth: number, entry: object): object[] {
	return depth === 1 ? [entry] : [{ digit: 1, ivrs: nested(depth - 1, entry) }];
}

it('there is no menu unless one is asked for', () => {
	const params: VoiceMenuParams = { menuSource: 'none', menu: {}, menuJson: '[{}]' };

	expect(readVoiceMenu(params)).toBeUndefined();
});

it('nothing is preset that could be spoken to people', () => {
	const preset = { menuSource: 'json', menu: {}, menuJson: menuJsonField.default } as const;

	expect(refusalOf(() => readVoiceMenu(preset)).message).toContain('is empty');
});

describe('JSON', () => {
	it.each<[string, object, WireEntry]>([
		['a digit', { digit: 0, ...SAY }, { digit: 0, ...SAY }],
		['a digit as text', { digit: '9', ...SAY }, { digit: 9, ...SAY }],
		['no digit as an empty text', { digit: '', ...SAY }, SAY],
		['no digit as null', { digit: null, ...SAY }, SAY],
		['keywords with bars', { keyWords: 'да| нет|', ...SAY }, { keyWords: 'да|нет', ...SAY }],
		[
			'keywords with commas',
			{ keyWords: 'да, не  знаю', ...SAY },
			{ keyWords: 'да|не знаю', ...SAY },
		],
		[
			'a list of keywords',
			{ keyWords: ['да', 'нет', 5], ...SAY },
			{ keyWords: 'да|нет|5', ...SAY },
		],
		[
			'a letter in two spellings',
			{ keyWords: 'мой|мои\u0306', ...SAY },
			{ keyWords: 'мой', ...SAY },
		],
		['a keyword twice', { keyWords: 'Да,да,ДА', ...SAY }, { keyWords: 'Да', ...SAY }],
		[
			'digit and keywords',
			{ digit: 1, keyWords: 'a', ...SAY },
			{ digit: 1, keyWords: 'a', ...SAY },
		],
		[
			'any word',
			{ anyWord: true, recognitionTimeout: '15', recognize: '1' },
			{ anyWord: 1, recognitionTimeout: 15, recognize: 1 },
		],
		['flags of no', { ...ONE, needBlock: false, anyWord: 0 }, { ...ONE, needBlock: 0, anyWord: 0 }],
		['a recording', { digit: 1, record: { id: '7', text: '' } }, { digit: 1, record: { id: 7 } }],
		[
			'a recording with its source',
			{ digit: 1, record: { source: 'file', id: 7 } },
			{ digit: 1, record: { id: 7, source: 'file' } },
		],
		[
			'a spoken text',
			{ digit: 1, record: { source: 'text', gender: true, text: ' Hi ' } },
			{ digit: 1, record: { text: 'Hi', gender: 1, source: 'text' } },
		],
		[
			'a manager in any spelling',
			{ digit: 1, managerPhone: '8 (999) 111-22-33' },
			{ digit: 1, managerPhone: '79991112233' },
		],
		[
			'a manager as a number',
			{ digit: 1, managerPhone: 79991112233 },
			{ digit: 1, managerPhone: '79991112233' },
		],
		['an SMS', { digit: 1, smsText: 'Hi', smsTemplateId: null }, { digit: 1, smsText: 'Hi' }],
		[
			'70 characters',
			{ digit: 1, smsText: '😀'.repeat(70) },
			{ digit: 1, smsText: '😀'.repeat(70) },
		],
		['an SMS template', { digit: 1, smsTemplateId: '5' }, { digit: 1, smsTemplateId: 5 }],
		[
			'what the fields do not have',
			{ ...ONE, smsChannel: 'VIRTA', emailTimeout: 0 },
			{ ...ONE, smsChannel: 'VIRTA', emailTimeout: 0 },
		],
		['an empty submenu', { ...ONE, ivrs: [] }, ONE],
	])('may have %s', (_, entry, expected) => {
		expect(fromJson([entry])).toStrictEqual([expected]);
	});

	it.each<[string, unknown, string | undefined]>([
		['an object', { a: 'x', b: 5, c: true }, '{"a":"x","b":"5","c":"true"}'],
		['JSON', ' {"a": "x"} ', '{"a":"x"}'],
		['nothing', {}, undefined],
		['nothing as JSON', '{}', undefined],
	])('may have webhook parameters and headers as %s', (_, given, sent) => {
		const webhookUrl = 'https://example.com/hook';
		const entry = { digit: 1, webhookHeaders: given, webhookParameters: given, webhookUrl };
		const both = sent === undefined ? {} : { webhookParameters: sent, webhookHeaders: sent };

		expect(fromJson([entry])).toStrictEqual([{ digit: 1, webhookUrl, ...both }]);
	});

	it('may be wrapped as in a request', () => {
		expect(fromJson({ ivrs: [ONE] })).toEqual([ONE]);
	});

	it('is sent in one order of keys', () => {
		const shuffled = { ivrs: [ONE], smsText: 'Hi', record: { gender: 1, text: 'Hi' }, digit: 1 };

		expect(JSON.stringify(fromJson([shuffled]))).toBe(
			'[{"digit":1,"record":{"text":"Hi","gender":1},"smsText":"Hi","ivrs":[{"digit":1,"record":{"text":"Hello"}}]}]',
		);
	});

	it.each([1, 2, 3, 4, 5, 6, 20])('may have %i levels', (depth) => {
		expect(fromJson(nested(depth, ONE))).toEqual(nested(depth, ONE));
	});

	it.each([1, 2, 3, 4, 5, 6])('is checked on level %i, too', (depth) => {
		const place = ['Voice Menu', ...Array<number>(depth).fill(1)].join(' › ');

		expect(refusalOf(() => fromJson(nested(depth, { digit: 12 }))).message).toBe(
			`${place}: digit is not a whole number from 0 to 9`,
		);
	});

	it('may use an answer again on another level', () => {
		const menu = [{ ...ONE, ivrs: [ONE, SAY] }, SAY, { ...ONE, digit: 2, ivrs: [ONE, SAY] }];

		expect(fromJson(menu)).toEqual(menu);
	});
});

describe('JSON is refused', () => {
	const url = 'https://example.com/';

	it.each<[object, string]>([
		[{ digit: 10, ...SAY }, ': digit is not a whole number from 0 to 9'],
		[{ digit: -1, ...SAY }, ': digit is not a whole number'],
		[{ digit: 1.5, ...SAY }, ': digit is not a whole number'],
		[{ digit: '*', ...SAY }, ': digit is not a whole number'],
		[{ digit: true, ...SAY }, ': digit is not a whole number'],
		[{ digit: [1], ...SAY }, ': digit is not a whole number'],
		[{ keyWords: ' , |', ...SAY }, ': keyWords holds no word'],
		[{ keyWords: [], ...SAY }, ': keyWords holds no word'],
		[{ keyWords: [['a']], ...SAY }, ': keyWords is not a list of words'],
		[{ keyWords: { a: 1 }, ...SAY }, ': keyWords is not a list of words'],
		[{ anyWord: 1, digit: 1, ...SAY }, ': anyWord takes any answer, but the entry has a digit'],
		[{ anyWord: 1, keyWords: 'a', ...SAY }, ': anyWord takes any answer, but the entry has'],
		[{ anyWord: 2, ...SAY }, ': anyWord is neither 0 nor 1'],
		[{ anyWord: { toString: 1 }, ...SAY }, ': anyWord is neither 0 nor 1'],
		[{ needBlock: [1], ...SAY }, ': needBlock is neither 0 nor 1'],
		[{ recognize: 'yes', ...SAY }, ': recognize is neither 0 nor 1'],
		[{ ...ONE, recognitionTimeout: 5 }, ': recognitionTimeout has no effect without anyWord'],
		[{ ...SAY, anyWord: 0, recognitionTimeout: 5 }, ': recognitionTimeout has no effect'],
		[
			{ ...SAY, anyWord: 1, recognitionTimeout: 0 },
			': recognitionTimeout is not a whole number from',
		],
		[{ ...SAY, anyWord: 1, recognitionTimeout: 16 }, ': recognitionTimeout is not a whole number'],
		[{ digit: 1, record: 7 }, ': record is not a record'],
		[{ digit: 1, record: [{ id: 7 }] }, ': record is not a record'],
		[{ digit: 1, record: {} }, ': record has neither an id nor a text'],
		[{ digit: 1, record: { id: 7, text: 'a' } }, ': record has an id and a text'],
		[{ digit: 1, record: { id: 0 } }, ': record.id is not an ID'],
		[{ digit: 1, record: { id: 'x' } }, ': record.id is not an ID'],
		[{ digit: 1, record: { text: 'я'.repeat(1025) } }, ': record.text has 1,025 characters'],
		[{ digit: 1, record: { text: { a: 1 } } }, ': record.text is not text'],
		[{ digit: 1, record: { text: 'a', gender: 'male' } }, ': record.gender is neither 0 nor 1'],
		[{ digit: 1, record: { id: 7, gender: 0 } }, ': record has a gender but no text'],
		[{ digit: 1, record: { id: 7, source: 'text' } }, ': record has the source text but an id'],
		[
			{ digit: 1, record: { text: 'a', source: 'file' } },
			': record has the source file but a text',
		],
		[{ digit: 1, record: { id: 7, source: 'mic' } }, ': record.source is not text or file'],
		[{ digit: 1, smsText: 'я'.repeat(71) }, ': smsText has 71 characters'],
		[{ digit: 1, smsText: 'a', smsTemplateId: 1 }, ': smsText stands beside smsTemplateId'],
		[{ digit: 1, smsTemplateId: 1.5 }, ': smsTemplateId is not an ID'],
		[{ ...ONE, emailTimeout: -1 }, ': emailTimeout is not a whole number from 0'],
		[{ digit: 1, managerPhone: '123' }, ': managerPhone is too short'],
		[
			{ digit: 1, managerPhone: '+380 44 123 45 67' },
			': managerPhone is not a number of 11 digits',
		],
		[{ digit: 1, managerPhone: true }, ': managerPhone is not text'],
		[{ digit: 1, webhookUrl: 'example.com' }, ': webhookUrl is not a web address'],
		[{ digit: 1, webhookUrl: 'https://[a' }, ': webhookUrl is not a web address'],
		[
			{ digit: 1, webhookUrl: url, webhookParameters: '{"__proto__": 1}' },
			' without a usable name',
		],
		[{ digit: 1, webhookUrl: 'ftp://example.com' }, ': webhookUrl is not a web address'],
		[{ digit: 1, webhookUrl: 'https://a b.example' }, ': webhookUrl is not a web address'],
		[{ digit: 1, webhookUrl: 'https://a.example/\nb' }, ': webhookUrl is not a web address'],
		[{ digit: 1, webhookUrl: `${url}${'a'.repeat(240)}` }, ': webhookUrl has 260 characters'],
		[{ ...ONE, webhookParameters: { a: 1 } }, ': webhookParameters has no webhookUrl to go to'],
		[{ ...ONE, webhookHeaders: { a: 1 } }, ': webhookHeaders has no webhookUrl to go to'],
		[
			{ digit: 1, webhookUrl: url, webhookParameters: 'a=1' },
			': webhookParameters is not an object',
		],
		[{ digit: 1, webhookUrl: url, webhookParameters: [1] }, ': webhookParameters is not an object'],
		[
			{ digit: 1, webhookUrl: url, webhookParameters: '[1]' },
			': webhookParameters is not an object',
		],
		[
			{ digit: 1, webhookUrl: url, webhookParameters: { a: {} } },
			' has neither text nor a number in a',
		],
		[
			{ digit: 1, webhookUrl: url, webhookHeaders: { a: null } },
			' has neither text nor a number in a',
		],
		[
			{ digit: 1, webhookUrl: url, webhookHeaders: { '': 'a' } },
			' has a value without a usable name',
		],
		[
			{ digit: 1, webhookUrl: url, webhookHeaders: { 'a b': 'a' } },
			' has a name no HTTP header can',
		],
		[
			{ digit: 1, webhookUrl: url, webhookHeaders: { 'a:': 'a' } },
			' has a name no HTTP header can',
		],
		[
			{ digit: 1, webhookUrl: url, webhookHeaders: { a: 'b\r\nc: d' } },
			' has a value in a that no HTTP',
		],
		[{ digit: 1, webhookUrl: url, webhookHeaders: { a: 'да' } }, ' has a value in a that no HTTP'],
		[
			{ digit: 1, webhookUrl: url, webhookHeaders: { a: 'b', A: 'c' } },
			': webhookHeaders has A twice',
		],
		[{ digit: 1 }, ' does nothing'],
		[{ digit: 1, needBlock: 0, recognize: 0, ivrs: [], smsText: ' ' }, ' does nothing'],
		[{}, ' does nothing'],
		[{ ...ONE, ivrs: {} }, ': ivrs is not a list of entries'],
		[{ ...ONE, ivrs: 'x' }, ': ivrs is not a list of entries'],
	])('for the entry %j', (entry, message) => {
		const { message: given, hint } = refusalOf(() => fromJson([entry]));

		expect(given).toMatch(/^Voice Menu › 1/);
		expect(given).toContain(message);
		expect(hint).toMatch(/^[A-Z].*[.\d?]$/);
	});

	it.each<[string, object[], string]>([
		['a digit', [{ ...SAY }, ONE, ONE], '3: digit 1 leads to entry 2 of this level already'],
		['a digit, once as text', [ONE, { ...ONE, digit: '1' }], '2: digit 1 leads to entry 1 of'],
		[
			'a keyword in other letters',
			[
				{ ...SAY, keyWords: 'нет|Да' },
				{ ...ONE, keyWords: ['да'] },
			],
			'2: keyWords "да" leads to entry 1 of this level already',
		],
		['staying', [SAY, ONE, { digit: '', smsText: 'a' }], '3: Staying on the line leads to entry 1'],
		[
			'any word',
			[
				{ ...SAY, anyWord: 1 },
				{ ...SAY, anyWord: 1 },
			],
			'2: Saying anything leads to entry 1 of this level already',
		],
	])('when two entries of a level share %s', (_, level, message) => {
		expect(refusalOf(() => fromJson(level)).message).toContain(`Voice Menu › ${message}`);
		expect(refusalOf(() => fromJson([{ digit: 5, ivrs: level }])).message).toContain(
			`Voice Menu › 1 › ${message}`,
		);
	});

	it.each<[string, string, string]>([
		['{"keywords": "a"}', '1: keywords', 'Did you mean keyWords?'],
		['{"sms_text": "a"}', '1: sms_text', 'Did you mean smsText?'],
		['{"webhokUrl": "a"}', '1: webhokUrl', 'Did you mean webhookUrl?'],
		['{"KEYWORDS": "a"}', '1: KEYWORDS', 'Did you mean keyWords?'],
		['{"digits": 1}', '1: digits', 'Did you mean digit?'],
		['{"record": {"txt": "a"}}', '1: record.txt', 'Did you mean record.text?'],
		['{"digit": 1, "ivrs": [{"ivr": []}]}', '1 › 1: ivr', 'Did you mean ivrs?'],
		['{"somethingElse": 1}', '1: somethingElse', 'Use digit, keyWords, anyWord, '],
		['{"__proto__": {"digit": 1}}', '1: __proto__', 'Use digit, '],
		['{"record": {"__proto__": 1}}', '1: record.__proto__', 'Use id, text, gender, source.'],
		['{"constructor": 1}', '1: constructor', 'Use digit, '],
		[`{"${'x'.repeat(99)}": 1}`, `1: ${'x'.repeat(40)}`, 'Use digit, '],
	])('for the unknown key in %s', (entry, place, hint) => {
		const refusal = refusalOf(() => fromJson(`[${entry}]`));

		expect(refusal.message).toBe(`Voice Menu › ${place} is not known to Zvonobot`);
		expect(refusal.hint).toContain(hint);
	});

	it.each<[string, string, string, string]>([
		['nothing', ' ', 'is empty', 'choose None'],
		['no JSON', '[\n  {"digit": 1,}\n]', 'is not valid JSON', 'Look at line 2.'],
		['an end that is missing', '[{', 'is not valid JSON', 'quotation marks'],
		['no entries', '[]', 'has no entries', 'None'],
		['text', '"x"', 'is not a list of entries', 'square brackets'],
		['more than ivrs', '{"ivrs": [{"digit": 1}], "digit": 1}', 'is not a list', 'brackets'],
		['an object', '{"digit": 1}', 'is not a list of entries', 'square brackets'],
		['entries that are none', '[5]', '› 1 is not an entry', 'braces'],
		['a null entry', '[null]', '› 1 is not an entry', 'braces'],
		['lists in lists', '['.repeat(9999) + ']'.repeat(9999), '› 1 is not an entry', 'braces'],
		['too much text', ' '.repeat(1_000_001), 'has more than 1,000,000 characters', 'fewer'],
		['too many levels', JSON.stringify(nested(21, ONE)), ': ivrs is below level 20', 'less deep'],
		[
			'too many entries',
			JSON.stringify(
				Array.from({ length: 10 }, (_, digit) => ({
					digit,
					ivrs: Array.from({ length: 100 }, (__, word) => ({ ...SAY, keyWords: `w${word}` })),
				})),
			),
			'has more than 1,000 entries',
			'fewer',
		],
	])('when it holds %s', (_, json, message, hint) => {
		const refusal = refusalOf(() => fromJson(json));

		expect(refusal.message).toContain('Voice Menu');
		expect(refusal.message).toContain(message);
		expect(refusal.hint).toContain(hint);
	});
});

describe('fields', () => {
	const play = { play: 'text', text: 'Hello' };
	const HELLO: WireEntry = { record: { text: 'Hello', gender: 0 } };

	it.each<[string, object, WireEntry]>([
		['a digit', { digit: 0, ...play }, { digit: 0, ...HELLO }],
		['keywords', { keyWords: 'да, нет', ...play }, { keyWords: 'да|нет', ...HELLO }],
		['staying on the line', { when: 'stay', digit: 1, ...play }, HELLO],
		[
			'any word',
			{ when: 'anyWord', keyWords: 'x', actions: { recognize: true } },
			{ anyWord: 1, recognitionTimeout: 7, recognize: 1 },
		],
		[
			'a response time',
			{ when: 'anyWord', recognitionTimeout: 15, ...play },
			{ anyWord: 1, recognitionTimeout: 15, ...HELLO },
		],
		[
			'a male voice',
			{ digit: 1, ...play, gender: 1 },
			{ digit: 1, record: { text: 'Hello', gender: 1 } },
		],
		[
			'a recording',
			{ digit: 1, play: 'recording', recordId: '7', text: 'x' },
			{ digit: 1, record: { id: 7 } },
		],
		[
			'actions',
			{ digit: 1, actions: { needBlock: true, managerPhone: '+7 999 111-22-33', smsText: 'Hi' } },
			{ digit: 1, needBlock: 1, managerPhone: '79991112233', smsText: 'Hi' },
		],
		[
			'an SMS template',
			{ digit: 1, actions: { smsTemplateId: 5 } },
			{ digit: 1, smsTemplateId: 5 },
		],
		[
			'a webhook',
			{
				digit: 1,
				actions: {
					webhookUrl: 'https://example.com',
					webhookParameters: { parameters: [{ name: 'a', value: 5 }] },
					webhookHeaders: { headers: [{ name: 'X-A', value: 'b' }] },
				},
			},
			{
				digit: 1,
				webhookUrl: 'https://example.com',
				webhookParameters: '{"a":"5"}',
				webhookHeaders: '{"X-A":"b"}',
			},
		],
		[
			'a submenu',
			{
				digit: 1,
				ivrs: {
					entries: [
						{ digit: 1, ...play },
						{ when: 'stay', ...play },
					],
				},
			},
			{ digit: 1, ivrs: [{ digit: 1, ...HELLO }, HELLO] },
		],
	])('may have %s', (_, entry, expected) => {
		expect(fromFields(entry)).toStrictEqual([expected]);
	});

	it.each<[string, object, string]>([
		['neither digit nor keywords', play, ' has neither a digit nor keywords'],
		['no action', { digit: 1 }, ' does nothing'],
		[
			'a recording that is no number',
			{ digit: 1, play: 'recording', recordId: 'x' },
			': Recording ID is',
		],
		['too long a text', { digit: 1, play: 'text', text: 'a'.repeat(1025) }, ': Text has 1,025'],
		['a bad phone', { digit: 1, actions: { managerPhone: '5' } }, ': Manager Phone is too short'],
		[
			'two kinds of SMS',
			{ digit: 1, actions: { smsText: 'a', smsTemplateId: '1' } },
			': SMS Text stands beside SMS Template ID',
		],
		[
			'a parameter twice',
			{
				digit: 1,
				actions: {
					webhookUrl: 'https://example.com',
					webhookParameters: { parameters: [{ name: 'a' }, { name: ' a ' }] },
				},
			},
			': Webhook Parameters has a twice',
		],
		[
			'a header without a name',
			{
				digit: 1,
				actions: { webhookUrl: 'https://a.b', webhookHeaders: { headers: [{ value: 'a' }] } },
			},
			': Webhook Headers has a value without a usable name',
		],
		[
			'headers for nobody',
			{ digit: 1, actions: { webhookHeaders: { headers: [{ name: 'a', value: 'b' }] } } },
			': Webhook Headers has no Webhook URL to go to',
		],
	])('are refused when an entry has %s, on either level', (_, entry, message) => {
		const below = { digit: 1, ivrs: { entries: [{ digit: 5, ...play }, entry] } };

		expect(refusalOf(() => fromFields(entry)).message).toContain(`Voice Menu › 1${message}`);
		expect(refusalOf(() => fromFields(below)).message).toContain(`Voice Menu › 1 › 2${message}`);
	});

	it.each<[string, object, string]>([
		['an unknown digit', { digit: 12 }, 'Digit is none of the values it may have'],
		['no text to speak', { digit: 1, play: 'text' }, 'Text is empty'],
		[
			'a bad time',
			{ when: 'anyWord', recognitionTimeout: 16 },
			'Response Time is not a whole number',
		],
	])('are refused by their kind when an entry has %s', (_, entry, message) => {
		const below = { digit: 1, ivrs: { entries: [entry] } };

		expect(refusalOf(() => fromFields({}, entry)).message).toContain(
			`Voice Menu Entries › Entry 2 › ${message}`,
		);
		expect(refusalOf(() => fromFields(below)).message).toContain(
			`Voice Menu Entries › Entry 1 › Submenu › Entry 1 › ${message}`,
		);
	});

	it('are refused when two entries share an answer', () => {
		const twice = { digit: 1, ...play };

		expect(refusalOf(() => fromFields(twice, twice)).message).toBe(
			'Voice Menu › 2: Digit 1 leads to entry 1 of this level already',
		);
	});

	it('are refused without an entry', () => {
		expect(refusalOf(() => fromFields()).message).toBe('Voice Menu has no entries');
	});

	it('survive how n8n completes what was saved', () => {
		const saved = {
			menuSource: 'fields',
			menu: {
				entries: [
					{ digit: 1, play: 'text', text: 'Hi', ivrs: { entries: [{ when: 'stay', ...play }] } },
					{
						when: 'anyWord',
						actions: {
							webhookUrl: 'https://example.com',
							webhookHeaders: {
								headers: [{ name: 'a', value: 'b' }],
							},
						},
					},
				],
			},
		} satisfies INodeParameters;
		const node = { typeVersion: 1 } as INode;
		const properties = structuredClone(voiceMenuFields) as unknown as INodeProperties[];
		const description = { properties } as INodeTypeDescription;

		const completed = NodeHelpers.getNodeParameters(
			properties,
			saved,
			true,
			false,
			node,
			description,
		);

		expect(fromFields(...(completed?.menu as { entries: object[] }).entries)).toEqual([
			{ digit: 1, record: { text: 'Hi', gender: 0 }, ivrs: [HELLO] },
			{
				anyWord: 1,
				recognitionTimeout: 7,
				webhookUrl: 'https://example.com',
				webhookHeaders: '{"a":"b"}',
			},
		]);
	});

	it('are few enough for a node', () => {
		const inside = ({ options = [] }: Field): Field[] =>
			options.flatMap((option) =>
				'values' in option ? [...option.values] : 'type' in option ? [option] : [],
			);
		const count = (field: Field): number =>
			inside(field).reduce((sum, member) => sum + count(member), 1);

		expect(voiceMenuFields.reduce((sum, field) => sum + count(field), 0)).toBeLessThan(60);
	});
});

describe('mapWebhooks', () => {
	const hook = { digit: 1, webhookUrl: 'https://example.com' };

	it.each([1, 2, 3, 4, 5, 6])('adds to a webhook on level %i and changes nothing else', (depth) => {
		const menu = nested(depth, { ...hook, ivrs: [ONE] });
		const before = structuredClone(menu);
		const mapped = mapWebhooks(menu, ({ webhookUrl }) => ({ webhookHeaders: `to ${webhookUrl}` }));

		expect(mapped).toEqual(
			nested(depth, { ...hook, ivrs: [ONE], webhookHeaders: 'to https://example.com' }),
		);
		expect(menu).toEqual(before);
	});

	it('does not ask for entries without one', () => {
		const fn = jest.fn(() => ({}));

		mapWebhooks([ONE, hook, { ...ONE, ivrs: [hook] }], fn);

		expect(fn.mock.calls).toEqual([[hook], [hook]]);
	});
});
