import { invalidInput } from './errors';

/** Larger numbers count milliseconds: as seconds they would be after the year 5138. */
const MOST_SECONDS = 1e11;
const DAY = 86_400_000;
const MINUTE = 60_000;

const ISO =
	/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.,]\d+)?(?:(Z)|([+-])(0\d|1[0-4]):?([0-5]\d)?)?)?$/i;

/**
 * The moment a date field holds, in UNIX seconds.
 *
 * Text without an offset, as n8n's date picker gives it, is read in the workflow's time zone. A time
 * that the change to summer time skips counts as the one an hour later; of a time that comes twice,
 * the first is meant.
 *
 * @param timezone IANA name, e.g. `Europe/Moscow`
 * @throws Failure `invalid_input` when the value is no moment
 */
export function toUnixSeconds(value: unknown, fieldName: string, timezone: string): number {
	const seconds = Math.floor((toMillis(value, timezone) ?? 0) / 1000);
	if (seconds > 0) return seconds;
	throw invalidInput(
		fieldName,
		'is not a date and time',
		'Pick one, or let the expression bring one such as 2026-12-01T10:00:00+03:00, or UNIX seconds.',
	);
}

function toMillis(value: unknown, timezone: string): number | undefined {
	if (typeof value === 'number') return fromNumber(value);
	if (typeof value === 'string') {
		const text = value.trim();
		return /^\d{10,}$/.test(text) ? fromNumber(Number(text)) : fromIso(text, timezone);
	}
	// A Date, or luxon's DateTime, which nodes may not import: both tell their milliseconds.
	if (typeof value !== 'object' || value === null) return undefined;
	return typeof value.valueOf === 'function' ? inRange(value.valueOf()) : undefined;
}

function fromNumber(value: number): number | undefined {
	return inRange(value > MOST_SECONDS ? value : value * 1000);
}

function inRange(millis: unknown): number | undefined {
	return typeof millis === 'number' && millis < MOST_SECONDS * 1000 ? millis : undefined;
}

function fromIso(text: string, timezone: string): number | undefined {
	const match = ISO.exec(text);
	if (match === null) return undefined;
	const [, date, time = '00:00', seconds = ':00', utc, sign, hours = '', minutes = '0'] = match;
	const clock = `${date}T${time}${seconds}`;
	const asUtc = Date.parse(`${clock}Z`);
	// Parsing alone would make 2 March of 30 February.
	if (Number.isNaN(asUtc) || !new Date(asUtc).toISOString().startsWith(clock)) return undefined;
	if (utc !== undefined) return asUtc;
	if (sign === undefined) return fromClock(asUtc, timezone);
	return asUtc - Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
}

/** The moment at which the clocks of a time zone show what a clock of UTC shows at `asUtc`. */
function fromClock(asUtc: number, timezone: string): number {
	const offsetAt = offsets(timezone);
	const before = asUtc - offsetAt(asUtc - DAY);
	const after = asUtc - offsetAt(asUtc + DAY);
	const shows = (millis: number) => millis + offsetAt(millis) === asUtc;
	return shows(after) && !shows(before) ? after : before;
}

/** How far the clocks of a time zone are ahead of UTC, by the moment. */
function offsets(timezone: string): (millis: number) => number {
	const format = formatOf(timezone);
	return (millis) => {
		const name = format.format(millis);
		const [, sign, hours = '0', minutes = '0'] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
		return Number(`${sign ?? '+'}1`) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
	};
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
	try {
		return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
	} catch {
		throw invalidInput(
			'Timezone',
			'in the workflow settings is not known here',
			'Choose another time zone in the settings of the workflow.',
		);
	}
}
