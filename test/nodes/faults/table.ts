/**
 * What comes of every fault, by what an operation does:
 *
 * - `asks`: changes nothing
 * - `changes`: may be done twice, but is not without need
 * - `once`: must not be done twice: costs money, rings a phone or creates
 * - `file`: fetches a file, without the key
 *
 * A cell is the stable code of the item that is hit, or `ok` where the fault does no harm. ×3 stands
 * where the request is made three times before it is given up, ×0 where none arrives; else it is made
 * once. Behind a fault marked ! the provider has done the work before its answer was spoilt: whatever
 * costs money is paid then, once.
 */
const TABLE = `
| fault                              | asks                 | changes           | once               | file                 |
| ---------------------------------- | -------------------- | ----------------- | ------------------ | -------------------- |
| none !                             | ok                   | ok                | ok                 | ok                   |
| connection refused                 | not_reached ×0       | not_reached ×0    | not_reached ×0     | not_reached ×0       |
| reset, nothing was read            | connection_lost ×3   | connection_lost   | may_have_been_sent | connection_lost ×3   |
| reset before the work              | connection_lost ×3   | connection_lost   | may_have_been_sent | connection_lost ×3   |
| reset after the work !             | connection_lost ×3   | connection_lost   | may_have_been_sent | connection_lost ×3   |
| cut off in mid-answer !            | connection_lost ×3   | connection_lost   | may_have_been_sent | connection_lost ×3   |
| too late, without the work         | timeout              | timeout           | may_have_been_sent | timeout              |
| too late, after the work !         | timeout              | timeout           | may_have_been_sent | timeout              |
| too slow, byte by byte !           | timeout              | timeout           | may_have_been_sent | timeout              |
| silent in mid-answer !             | timeout              | timeout           | may_have_been_sent | timeout              |
| 401                                | wrong_credential     | wrong_credential  | wrong_credential   | refused              |
| 403                                | forbidden            | forbidden         | forbidden          | refused              |
| 404                                | not_found            | not_found         | not_found          | not_found            |
| 408                                | provider_down        | provider_down     | may_have_been_sent | refused              |
| 422                                | refused              | refused           | refused            | refused              |
| 429                                | rate_limited         | rate_limited      | rate_limited       | rate_limited         |
| 429, Retry-After: 1                | rate_limited ×3      | rate_limited ×3   | rate_limited       | rate_limited ×3      |
| 429, Retry-After: 31               | rate_limited         | rate_limited      | rate_limited       | rate_limited         |
| 500 after the work !               | provider_down ×3     | provider_down     | may_have_been_sent | provider_down ×3     |
| 502 with a page, after the work !  | provider_down ×3     | provider_down     | may_have_been_sent | provider_down ×3     |
| 503, Retry-After: 1                | provider_down ×3     | provider_down     | may_have_been_sent | provider_down ×3     |
| 503, Retry-After: 31               | provider_down        | provider_down     | may_have_been_sent | provider_down ×3     |
| 200, refused !                     | refused              | refused           | refused            | unexpected_answer    |
| 202, accepted !                    | unexpected_answer    | unexpected_answer | may_have_been_sent | unexpected_answer    |
| 200, queued !                      | unexpected_answer    | unexpected_answer | may_have_been_sent | unexpected_answer    |
| 200, broken JSON !                 | unexpected_answer    | unexpected_answer | may_have_been_sent | ok                   |
| 200, empty !                       | unexpected_answer    | unexpected_answer | may_have_been_sent | unexpected_answer    |
| 200, a page !                      | unexpected_answer    | unexpected_answer | may_have_been_sent | unexpected_answer    |
| 200, of another content type !     | ok                   | ok                | ok                 | ok                   |
| 200, null !                        | unexpected_answer    | unexpected_answer | may_have_been_sent | unexpected_answer    |
| 200, a word !                      | unexpected_answer    | unexpected_answer | may_have_been_sent | unexpected_answer    |
| 200, a list of numbers !           | unexpected_answer    | unexpected_answer | may_have_been_sent | unexpected_answer    |
| 200, an object without fields !    | unexpected_answer    | unexpected_answer | may_have_been_sent | unexpected_answer    |
| 200, 100 MB !                      | answer_too_large     | answer_too_large  | may_have_been_sent | answer_too_large     |
| redirect to another host (301)     | redirect_refused     | redirect_refused  | redirect_refused   | redirect_refused     |
| redirect to another host (302)     | redirect_refused     | redirect_refused  | may_have_been_sent | redirect_refused     |
| redirect to another host (307)     | redirect_refused     | redirect_refused  | redirect_refused   | redirect_refused     |
| redirect without end (308)         | redirect_refused     | redirect_refused  | redirect_refused   | redirect_refused     |
`;

/** Where an operation differs, and why. */
const DEVIATIONS = `
| operation                                                  | fault                          | instead      | because                                       |
| ---------------------------------------------------------- | ------------------------------ | ------------ | --------------------------------------------- |
| plusofon verification/checkPin                             | 200, refused                   | ok           | a refusal is how Plusofon says "wrong PIN"    |
| phoneVerification verification/check over plusofonFlashCall | 200, refused                  | ok           | the same                                      |
| zvonobot call/cancel                                       | 200, a list of numbers         | not_found    | such a list names the calls that are done     |
| zvonobot call/cancelFromTemplate                           | 200, a list of numbers         | not_found    | the same                                      |
| zvonobot call/reschedule                                   | 200, a list of numbers         | not_found    | the same                                      |
| zvonobot language/getAll                                   | 404                            | not_found ×2 | some hosts want POST where the others want GET |
`;

export const KINDS = ['asks', 'changes', 'once', 'file'] as const;

export type Kind = (typeof KINDS)[number];

export interface Expected {
	/** A stable code, or `ok`. */
	outcome: string;
	/** How many requests are made for the item that is hit. */
	requests: number;
}

export interface Row {
	fault: string;
	/** Whether the provider has done the work. */
	isDone: boolean;
	expected: Record<Kind, Expected>;
}

export interface Deviation {
	operation: string;
	fault: string;
	instead: Expected;
}

export const rows: readonly Row[] = cellsOf(TABLE).map(([name = '', ...cells]) => ({
	fault: name.replace(/ !$/, ''),
	isDone: name.endsWith(' !'),
	expected: Object.fromEntries(
		KINDS.map((kind, index) => [kind, readCell(cells[index])]),
	) as Row['expected'],
}));

export const deviations: readonly Deviation[] = cellsOf(DEVIATIONS).map(
	([operation = '', fault = '', instead]) => ({ operation, fault, instead: readCell(instead) }),
);

/** What is expected of an operation under a fault. */
export function expectedOf(operation: string, kind: Kind, { fault, expected }: Row): Expected {
	const own = deviations.find((one) => one.operation === operation && one.fault === fault);
	return own?.instead ?? expected[kind];
}

function cellsOf(table: string): string[][] {
	const [, , ...lines] = table.trim().split('\n');
	return lines.map((line) =>
		line
			.split('|')
			.slice(1, -1)
			.map((cell) => cell.trim()),
	);
}

function readCell(cell = ''): Expected {
	const [, outcome, times] = /^(\w+)(?: ×(\d))?$/.exec(cell) ?? [];
	if (outcome === undefined) throw new Error(`The table has a cell that says nothing: "${cell}"`);
	return { outcome, requests: Number(times ?? 1) };
}
