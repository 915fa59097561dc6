import type { IDataObject } from 'n8n-workflow';
import type { Api } from '../shared/api';
import { readPages } from '../shared/pagination';
import type { Page } from '../shared/pagination';

/** Reads a list that comes whole, under `name`. */
export async function* readWhole(
	api: Api,
	path: string,
	name: string,
): AsyncGenerator<IDataObject, void, undefined> {
	yield* await api.request({ method: 'GET', path, read: (body) => rowsIn(body[name]) });
}

/** Reads a list that comes in Laravel's pages, with or without a total. */
export function readPaged(
	api: Api,
	path: string,
	query: IDataObject,
): AsyncGenerator<IDataObject, void, undefined> {
	return readPages(async (page) => await readPage(api, path, query, page));
}

/** Reads one page. */
export async function readPage(
	api: Api,
	path: string,
	query: IDataObject,
	page: number,
): Promise<Page<IDataObject>> {
	return await api.request({
		method: 'GET',
		path,
		query: { ...query, page },
		read: (body) => {
			const rows = rowsIn(body.data);
			if (rows === undefined) return undefined;
			const current = numberIn(body.current_page);
			return {
				rows,
				...(current === undefined ? {} : { current }),
				hasNext: hasNextPage(body, page),
			};
		},
	});
}

function rowsIn(value: unknown): IDataObject[] | undefined {
	return Array.isArray(value) && value.every((row) => typeof row === 'object' && row !== null)
		? (value as IDataObject[])
		: undefined;
}

/** The address of the next page points at localhost and is never followed: it only says that there is one. */
function hasNextPage(body: IDataObject, page: number): boolean {
	const last = numberIn(body.last_page);
	if (last !== undefined) return page < last;
	if (body.next_page_url !== undefined) return Boolean(body.next_page_url);
	const [total, size] = [numberIn(body.total), numberIn(body.per_page)];
	return total !== undefined && size !== undefined && page * size < total;
}

function numberIn(value: unknown): number | undefined {
	const number = typeof value === 'string' && value !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
