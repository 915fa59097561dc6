import { tryToParseDateTime } from 'n8n-workflow';
import { toUnixSeconds } from '../../../nodes/shared/time';

const MOSCOW = 'Europe/Moscow';
const BERLIN = 'Europe/Berlin';
const TEN_IN_MOSCOW = Date.UTC(2026, 11, 1, 7) / 1000;

/** A DateTime of luxon's, as expressions bring it. */
const inTokyo = tryToParseDateTime(new Date(TEN_IN_MOSCOW * 1000), 'Asia/Tokyo');

const read = (value: unknown, timezone = MOSCOW) => toUnixSeconds(value, 'Call At', timezone);

describe('toUnixSeconds', () => {
	it.each([
		['the date picker', '2026-12-01T10:00:00'],
		['a clock without seconds', '2026-12-01T10:00'],
		['a blank instead of the T', ' 2026-12-01 10:00:00 '],
		['fractions of a second', '2026-12-01T10:00:00.999'],
		['UTC', '2026-12-01T07:00:00Z'],
		['UTC in small letters', '2026-12-01t07:00:00.000z'],
		['an offset', '2026-12-01T12:30:00+05:30'],
		['an offset without its colon', '2026-12-01T12:30:00+0530'],
		['an offset of hours alone', '2026-12-01T02:00:00-05'],
		['seconds', TEN_IN_MOSCOW],
		['fractions of seconds', TEN_IN_MOSCOW + 0.9],
		['seconds as text', String(TEN_IN_MOSCOW)],
		['milliseconds', TEN_IN_MOSCOW * 1000],
		['milliseconds as text', String(TEN_IN_MOSCOW * 1000)],
		['a Date', new Date(TEN_IN_MOSCOW * 1000)],
		['a DateTime of another zone', inTokyo],
		['a DateTime as text', inTokyo.toString()],
	])('takes %s', (_, value) => {
		expect(read(value)).toBe(TEN_IN_MOSCOW);
	});

	it('takes a date alone for its midnight in the time zone', () => {
		expect(read('2026-12-01')).toBe(Date.UTC(2026, 10, 30, 21) / 1000);
	});

	it.each([
		['2026-03-29T01:59:00', '2026-03-29T01:59:00+01:00'],
		['2026-03-29T02:30:00', '2026-03-29T03:30:00+02:00'],
		['2026-03-29T03:00:00', '2026-03-29T03:00:00+02:00'],
		['2026-10-25T01:59:00', '2026-10-25T01:59:00+02:00'],
		['2026-10-25T02:30:00', '2026-10-25T02:30:00+02:00'],
		['2026-10-25T03:00:00', '2026-10-25T03:00:00+01:00'],
	])('keeps its head when the clocks change: %s is %s', (clock, exact) => {
		expect(read(clock, BERLIN)).toBe(read(exact));
	});

	it.each(['UTC', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Apia', 'Asia/Yekaterinburg'])(
		'agrees with luxon on every day of a year in %s',
		(zone) => {
			const noon = Date.UTC(2026, 0, 1, 12);
			const clocks = Array.from({ length: 365 }, (_, day) =>
				new Date(noon + day * 86_400_000).toISOString().slice(0, 19),
			);

			expect(clocks.map((clock) => read(clock, zone))).toEqual(
				clocks.map((clock) => tryToParseDateTime(clock, zone).toSeconds()),
			);
		},
	);

	it.each<unknown>([
		'',
		'tomorrow',
		'12/01/2026',
		'01.12.2026',
		'20261201',
		'2026-02-30T10:00:00',
		'2026-13-01',
		'2026-12-01T25:00:00',
		'2026-12-01T10:00:00+99:00',
		'2026-12-01T10:00:00 +03:00 please',
		0,
		0.5,
		-5,
		NaN,
		Infinity,
		true,
		null,
		undefined,
		[],
		{},
		{ valueOf: 5 },
		new Date(NaN),
		inTokyo.setZone('Nowhere'),
	])('refuses %p', (value) => {
		expect(() => read(value)).toThrow(
			expect.objectContaining({
				code: 'invalid_input',
				message: 'Call At is not a date and time',
				hint: expect.stringContaining('2026-12-01T10:00:00+03:00') as unknown,
			}),
		);
	});

	it('says so when it does not know the time zone', () => {
		expect(() => read('2026-12-01T10:00:00', 'Moscow')).toThrow(
			'Timezone in the workflow settings is not known here',
		);
	});
});
