import type { JsonObject, JsonValue } from '../types';

/** The wrong host is the provider's own: a caller that follows these addresses goes nowhere. */
const PAGE_HOST = 'http://localhost';

/** A Laravel page that knows the total; the order of the keys is the documented one. */
export function fullPage(
	path: string,
	items: JsonObject[],
	page: number,
	perPage: number,
): JsonObject {
	const lastPage = Math.max(1, Math.ceil(items.length / perPage));
	const { slice, from, to } = cut(items, page, perPage);
	return {
		current_page: page,
		data: slice,
		first_page_url: address(path, 1),
		from,
		last_page: lastPage,
		last_page_url: address(path, lastPage),
		next_page_url: page < lastPage ? address(path, page + 1) : null,
		path: PAGE_HOST + path,
		per_page: perPage,
		prev_page_url: page > 1 ? address(path, page - 1) : null,
		to,
		total: items.length,
		success: true,
	};
}

/** Laravel's simple page: it only knows whether there is a next one. */
export function simplePage(
	path: string,
	items: JsonObject[],
	page: number,
	perPage: number,
): JsonObject {
	const { slice, from, to } = cut(items, page, perPage);
	return {
		current_page: page,
		data: slice,
		first_page_url: address(path, 1),
		from,
		next_page_url: page * perPage < items.length ? address(path, page + 1) : null,
		path: PAGE_HOST + path,
		per_page: perPage,
		prev_page_url: page > 1 ? address(path, page - 1) : null,
		to,
		success: true,
	};
}

function cut(
	items: JsonObject[],
	page: number,
	perPage: number,
): { slice: JsonValue[]; from: number | null; to: number | null } {
	const start = (page - 1) * perPage;
	const slice = items.slice(start, start + perPage);
	if (slice.length === 0) return { slice, from: null, to: null };
	return { slice, from: start + 1, to: start + slice.length };
}

/** As documented, filters are not repeated in the address. */
function address(path: string, page: number): string {
	return `${PAGE_HOST}${path}?page=${page}`;
}
