import type { IDataObject } from 'n8n-workflow';
import type { Api } from '../shared/api';
import { Failure } from '../shared/errors';
import type { BatchAnswer, BatchEntry } from '../shared/operation';
import { flattenCall, withoutWebhook } from './callEvents';
import { rowsIn } from './zvonobot.api';

/** A part of a batch for one ID. */
export function entryFor(id: number): BatchEntry {
	return { target: String(id) };
}

/** The IDs of a batch, as requests want them. */
export function idsOf(entries: readonly BatchEntry[]): number[] {
	return entries.map(({ target }) => Number(target));
}

/** What decides which calls a request looks for, and what becomes of them. */
export interface CallQuery extends IDataObject {
	fromTemplate: boolean;
	simplify: boolean;
}

/**
 * POST apiCalls/get, or apiCalls/getWithTemplates: the calls by their IDs. One that is not known is
 * missing.
 */
export async function readCalls(
	api: Api,
	{ fromTemplate, simplify }: CallQuery,
	entries: readonly BatchEntry[],
): Promise<Map<string, IDataObject[]>> {
	const rows = await api.request({
		method: 'POST',
		path: fromTemplate ? '/apiCalls/getWithTemplates' : '/apiCalls/get',
		body: { apiCallIdList: idsOf(entries) },
		onlyAsks: true,
		read: (body) => {
			const calls = rowsIn(body);
			return calls?.every(({ id }) => id !== undefined) ? calls : undefined;
		},
	});
	const read = (row: IDataObject) => (simplify ? flattenCall(row) : [withoutWebhook(row)]);
	return new Map(rows.map((row) => [String(row.id), read(row)]));
}

/**
 * Asks for something to be done with calls and pairs the answer, which lists the IDs it was done with.
 *
 * @param rowOf what comes out for a call it was done with
 * @param missing why it was not done with one, as a failure
 */
export async function changeCalls(
	api: Api,
	path: string,
	body: IDataObject,
	entries: readonly BatchEntry[],
	rowOf: (id: number, entry: BatchEntry) => IDataObject,
	missing: (id: number) => Failure,
): Promise<BatchAnswer> {
	const done = await api.request({
		method: 'POST',
		path,
		body,
		read: (answer) => doneIn(answer, entries),
	});
	return new Map(
		entries.map((entry): [string, IDataObject | Failure] => {
			const id = Number(entry.target);
			return [entry.target, done.has(entry.target) ? rowOf(id, entry) : missing(id)];
		}),
	);
}

/** The IDs that an answer lists; for one alone the seed also shows an empty list as success. */
function doneIn({ data }: IDataObject, entries: readonly BatchEntry[]): Set<string> | undefined {
	if (Array.isArray(data) && data.length === 0 && entries.length === 1) {
		return new Set(entries.map(({ target }) => target));
	}
	const list: unknown = Array.isArray(data) ? data : (Object(data ?? {}) as IDataObject).callIdList;
	return Array.isArray(list) ? new Set(list.map(String)) : undefined;
}

/** The failure for an ID that Zvonobot does not act on. */
export function notFound(message: string, hint: string): Failure {
	return new Failure({ code: 'not_found', message, hint });
}
