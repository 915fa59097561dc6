import type { IDataObject } from 'n8n-workflow';
import { flattenAnswer, flattenCall, parametersBeside } from '../../../nodes/Zvonobot/callEvents';

const entry: IDataObject = {
	phone: '79991112233',
	ivrDigit: 2,
	startedAt: 1_750_000_010,
	answeredAt: 1_750_000_020,
	managerStartedAt: 1_750_000_030,
	managerAnsweredAt: 1_750_000_040,
	finishedAt: 1_750_000_050,
	toBlock: 0,
	status: 'finished',
	nextCallId: 0,
	hangupCause: 16,
	managerStatus: 'finished',
	recordFilePath: 'https://lk.zvonobot.ru/recordings/1.mp3',
	cost: '2.50',
	createdAt: 1_750_000_000,
	updatedAt: 1_750_000_060,
	label: '127.0.0.1',
	ivrAnswers: '1|2|-1',
	ivrIdList: [4001, 4002],
	comment: '',
};

const call: IDataObject = {
	id: 41,
	createdAt: 1_750_000_000,
	smartDelay: 15,
	prevCallId: 40,
	needRecording: 1,
	plannedAt: 1_750_000_005,
	webhookUrl: 'https://n8n.example.com/webhook/3f8b/webhook',
	webhookSent: 1,
	templateId: 7,
	amoscriptId: null,
	webhookParameters: '{"order":"A-17"}',
	webhookTry: 1,
	recognitionGroupId: null,
	generateGroupId: null,
	calls: [entry],
};

const ROW = {
	callId: 41,
	phone: '79991112233',
	status: 'finished',
	digit: 2,
	answers: ['1', '2', 'stayed'],
	cost: 2.5,
	createdAt: '2025-06-15T15:06:40.000Z',
	plannedAt: '2025-06-15T15:06:45.000Z',
	startedAt: '2025-06-15T15:06:50.000Z',
	answeredAt: '2025-06-15T15:07:00.000Z',
	finishedAt: '2025-06-15T15:07:30.000Z',
	updatedAt: '2025-06-15T15:07:40.000Z',
	blocked: false,
	hangupCause: 16,
	needRecording: true,
	recordingUrl: 'https://lk.zvonobot.ru/recordings/1.mp3',
	managerStatus: 'finished',
	managerStartedAt: '2025-06-15T15:07:10.000Z',
	managerAnsweredAt: '2025-06-15T15:07:20.000Z',
	templateId: 7,
	smartDelay: 15,
	previousCallId: 40,
	nextCallId: null,
	recordCost: null,
	label: '127.0.0.1',
	comment: null,
	actionIds: [4001, 4002],
	parameters: { order: 'A-17' },
	webhookSent: true,
	webhookTry: 1,
};

const EMPTY = {
	...Object.fromEntries(Object.keys(ROW).map((key) => [key, null])),
	answers: [],
	actionIds: [],
	blocked: false,
	parameters: {},
};

/** The one row of a call whose entry is changed. */
function rowWith(change: IDataObject, changeOfCall: IDataObject = {}): IDataObject {
	const [row = {}] = flattenCall({ ...call, ...changeOfCall, calls: [{ ...entry, ...change }] });
	return row;
}

describe('the rows of a call', () => {
	it('are flat and named', () => {
		expect(flattenCall(call)).toEqual([ROW]);
	});

	it('have the link to the recording under each of its documented names', () => {
		const link = 'https://lk.zvonobot.ru/recordings/2.mp3';
		const other = { ...entry, recordFilePath: null };

		const rows = [
			...flattenCall({ ...call, calls: [{ ...other, recordPath: link }] }),
			...flattenCall({ ...call, calls: [other], recordPath: link }),
		];

		expect(rows).toEqual([
			{ ...ROW, recordingUrl: link },
			{ ...ROW, recordingUrl: link },
		]);
		expect(parametersBeside({ ...call, recordPath: link, order: 'A-17' })).toEqual({
			order: 'A-17',
		});
	});

	it('are one for each phone', () => {
		const rows = flattenCall({ ...call, calls: [entry, { ...entry, phone: '79995554433' }] });

		expect(rows.map(({ callId, phone }) => [callId, phone])).toEqual([
			[41, '79991112233'],
			[41, '79995554433'],
		]);
	});

	it('have the same fields in the same order, whatever is there', () => {
		const fields = Object.keys(ROW);

		for (const raw of [call, {}, { id: 1, calls: [{}] }, { calls: [] }]) {
			expect(flattenCall(raw).map(Object.keys)).toEqual([fields]);
		}
	});

	it.each([
		['no calls', {}],
		['an empty list', { calls: [] }],
		['null', { calls: null }],
		['a list of nothing', { calls: [null, 1, 'x', []] }],
	])('are one without details when there is %s', (_, calls) => {
		expect(flattenCall({ id: 41, ...calls })).toEqual([{ ...EMPTY, callId: 41 }]);
	});

	it('take what stands beside when there are no entries, as in the answer to create', () => {
		const created = {
			id: 41,
			phone: '79991112233',
			needrecording: 0,
			recordCost: 0.4,
			status: 'created',
		};

		expect(flattenCall(created)).toEqual([
			{
				...EMPTY,
				callId: 41,
				phone: '79991112233',
				status: 'created',
				needRecording: false,
				recordCost: 0.4,
			},
		]);
	});

	it('do not take the status of an answer for that of a call', () => {
		expect(flattenCall({ id: 41, status: 'success' })).toEqual([{ ...EMPTY, callId: 41 }]);
	});

	it.each([
		['one object', entry],
		['an object with positions', { 0: entry }],
		['an object with IDs', { 41: entry }],
	])('understand entries that come as %s', (_, calls) => {
		expect(flattenCall({ ...call, calls })).toEqual([ROW]);
	});
});

describe('a value', () => {
	it.each([
		['a number', 2, 2],
		['a text', '2', 2],
		['zero', 0, 0],
		['zero as text', '0', 0],
		['null', null, null],
		['nothing', '', null],
		['the stay on the line', -1, null],
		['two digits', 12, null],
		['a word', 'да', null],
		['a fraction', 1.5, null],
	])('digit: %s', (_, ivrDigit, digit) => {
		expect(rowWith({ ivrDigit })).toMatchObject({ digit });
	});

	it.each([
		['text with bars', '1|да|-1', ['1', 'да', 'stayed']],
		['one number', 1, ['1']],
		['the stay on the line', -1, ['stayed']],
		['a list', [1, 'нет', -1], ['1', 'нет', 'stayed']],
		['blanks and gaps', ' 1 || 2 |', ['1', '2']],
		['null', null, []],
		['nothing', '', []],
		['a list of odd things', [null, {}, [1], true], []],
	])('answers: %s', (_, ivrAnswers, answers) => {
		expect(rowWith({ ivrAnswers })).toMatchObject({ answers });
	});

	it.each([
		['a number', 2.5, 2.5],
		['a text', '2.50', 2.5],
		['a text with a comma', '2,50', 2.5],
		['zero', 0, 0],
		['null', null, null],
		['a word', 'free', null],
		['not a number', Number.NaN, null],
	])('cost: %s', (_, cost, expected) => {
		expect(rowWith({ cost })).toMatchObject({ cost: expected });
	});

	it.each([
		['seconds', 1_750_000_000, '2025-06-15T15:06:40.000Z'],
		['seconds as text', '1750000000', '2025-06-15T15:06:40.000Z'],
		['milliseconds', 1_750_000_000_000, '2025-06-15T15:06:40.000Z'],
		['ISO', '2025-06-15T18:06:40+03:00', '2025-06-15T18:06:40+03:00'],
		['a date without a zone', '2025-06-15 18:06:40', '2025-06-15 18:06:40'],
		['zero', 0, null],
		['zero as text', '0', null],
		['null', null, null],
		['nothing', '', null],
		['a negative number', -1, null],
		['a number no date can hold', 1e300, null],
		['an object', {}, null],
	])('time: %s', (_, finishedAt, expected) => {
		expect(rowWith({ finishedAt })).toMatchObject({ finishedAt: expected });
	});

	it.each([
		[0, false],
		['0', false],
		[false, false],
		['false', false],
		[null, false],
		['', false],
		[1, true],
		['1', true],
		[true, true],
	])('blocked: %p', (toBlock, blocked) => {
		expect(rowWith({ toBlock })).toMatchObject({ blocked });
	});

	it.each([
		['both', { needRecording: 0, needrecording: 1 }, false],
		['the one of create', { needRecording: undefined, needrecording: 1 }, true],
		['none', { needRecording: undefined }, null],
	])('needRecording: spelled like %s', (_, change, needRecording) => {
		expect(rowWith({}, change)).toMatchObject({ needRecording });
	});

	it.each([
		['a number', 41, 41],
		['a text', '41', 41],
		['a very long number', '12345678901234567890', '12345678901234567890'],
		['a word', 'abc', 'abc'],
		['zero', 0, null],
		['null', null, null],
	])('callId: %s', (_, id, callId) => {
		expect(rowWith({}, { id })).toMatchObject({ callId });
	});

	it.each([
		['a list', [1, '2', null], [1, 2]],
		['a text with bars', '1|2', [1, 2]],
		['a text with JSON', '[1, 2]', [1, 2]],
		['null', null, []],
	])('actionIds: %s', (_, ivrIdList, actionIds) => {
		expect(rowWith({ ivrIdList })).toMatchObject({ actionIds });
	});

	it.each([
		['JSON', '{"order":"A-17"}', { order: 'A-17' }],
		['an object', { order: 'A-17' }, { order: 'A-17' }],
		['null', null, {}],
		['broken JSON', '{"order":', {}],
		['JSON that is no object', '["A-17"]', {}],
		['very deep JSON', `{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`, {}],
	])('parameters: %s', (_, webhookParameters, parameters) => {
		expect(rowWith({}, { webhookParameters })).toMatchObject({ parameters });
	});

	it('is text where the provider may send a code or words', () => {
		expect(rowWith({ hangupCause: 'NO_ANSWER' })).toMatchObject({ hangupCause: 'NO_ANSWER' });
		expect(rowWith({ phone: 79991112233 })).toMatchObject({ phone: '79991112233' });
	});
});

describe('odd JSON', () => {
	const odd = [
		null,
		true,
		0,
		-1,
		1e308,
		'',
		'x',
		'\u0000',
		[],
		{},
		[[]],
		[null],
		{ a: { b: [] } },
		JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"toString":2}'),
	] as unknown[];

	it('in any field of a call or an entry gives a row all the same', () => {
		for (const value of odd) {
			for (const key of Object.keys(call)) {
				expect(flattenCall({ ...call, [key]: value } as IDataObject).length).toBeGreaterThan(0);
			}
			for (const key of Object.keys(entry)) {
				expect(Object.keys(rowWith({ [key]: value } as IDataObject))).toEqual(Object.keys(ROW));
			}
		}
		expect(Object.prototype).not.toHaveProperty('polluted');
	});

	it('in the place of a call gives an empty row', () => {
		for (const value of [null, undefined, 1, 'x', [], true]) {
			expect(flattenCall(value as unknown as IDataObject)).toEqual([EMPTY]);
		}
	});

	it('holds no prototype in the parameters', () => {
		const [row] = flattenCall({ webhookParameters: '{"__proto__":{"polluted":1},"a":"b"}' });

		expect(JSON.stringify(row?.parameters)).toBe('{"a":"b"}');
	});
});

describe('an answer in a voice menu', () => {
	it.each([
		['a digit', 1, { answer: '1', digit: 1, word: null, stayed: false }],
		['a digit as text', '1', { answer: '1', digit: 1, word: null, stayed: false }],
		['zero', 0, { answer: '0', digit: 0, word: null, stayed: false }],
		['a word', ' да ', { answer: 'да', digit: null, word: 'да', stayed: false }],
		['a number that was said', 12, { answer: '12', digit: null, word: '12', stayed: false }],
		['the stay on the line', -1, { answer: 'stayed', digit: null, word: null, stayed: true }],
		['the stay as text', '-1', { answer: 'stayed', digit: null, word: null, stayed: true }],
	])('is %s', (_, answer, expected) => {
		expect(flattenAnswer({ phone: '79991112233', answer })).toEqual({
			phone: '79991112233',
			...expected,
		});
	});

	it.each([
		['without an answer', { phone: '79991112233' }],
		['with an empty answer', { phone: '79991112233', answer: ' ' }],
		['with null', { phone: '79991112233', answer: null }],
		['with a list', { phone: '79991112233', answer: [1] }],
		['without a phone', { answer: 1 }],
		['with nothing', {}],
	])('is none %s', (_, given) => {
		expect(flattenAnswer(given)).toBeUndefined();
	});
});
