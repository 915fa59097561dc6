import { Failure } from './errors';

export interface Page<T> {
	rows: T[];
	/** Which page the provider says this is, where it says so. */
	current?: number;
	hasNext: boolean;
}

/** More pages than any real list has; a list that goes on is not ending at all. */
const MOST_PAGES = 2_000;

/**
 * Reads a paged list row by row, counting pages itself, from 1: the addresses of further pages in
 * answers are never followed. Whoever stops asking stops the requests.
 *
 * @throws Failure `endless_list` when the provider repeats itself or never comes to an end
 */
export async function* readPages<T>(
	fetchPage: (page: number) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
	const seen = new Set<string>();
	for (let page = 1; page <= MOST_PAGES; page++) {
		const { rows, current = page, hasNext } = await fetchPage(page);
		const content = JSON.stringify(rows);
		if (current !== page || (rows.length > 0 && seen.has(content))) throw repeats(page);
		yield* rows;
		if (!hasNext || rows.length === 0) return;
		seen.add(content);
	}
	throw new Failure({
		code: 'endless_list',
		message: `The list did not end after ${MOST_PAGES} pages`,
		hint: 'Narrow the search with filters, or turn Return All off and set a Limit.',
	});
}

function repeats(page: number): Failure {
	return new Failure({
		code: 'endless_list',
		message: `The list does not end: page ${page} brought what an earlier page had`,
		hint: 'Turn Return All off and set a Limit, and tell the provider.',
	});
}
