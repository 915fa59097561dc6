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
	const found = new Map<string, IDataObject[]>();
	for (const row of rows) {
		const id = String(row.id);
		const read = simplify ? flattenCall(row) : [withoutWebhook(row)];
		found.set(id, [...(found.get(id) ?? []), ...read]);
	}
	return found;
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
		read: doneIn,
	});
	const failureFor = done === 'not said' ? notSaid : missing;
	return new Map(
		entries.map((entry): [string, IDataObject | Failure] => {
			const id = Number(entry.target);
			const isDone = done !== 'not said' && done.has(entry.target);
			return [entry.target, isDone ? rowOf(id, entry) : failureFor(id)];
		}),
	);
}

/**
 * The IDs that an answer lists. A bare empty list is how Zvonobot answers a removal by `id`; what it
 * would mean for a list of IDs is not documented.
 */
function doneIn({ data }: IDataObject): Set<string> | 'not said' | undefined {
	if (Array.isArray(data) && data.length === 0) return 'not said';
	const list: unknown = Array.isArray(data) ? data : (Object(data ?? {}) as IDataObject).callIdList;
	const isList = Array.isArray(list) && list.every((id) => /string|number/.test(typeof id));
	return isList ? new Set(list.map(String)) : undefined;
}

function notSaid(id: number): Failure {
	return new Failure({
		code: 'unexpected_answer',
		message: `Zvonobot took the request, and does not say whether anything was done with call ${id}`,
		hint: 'Get the call to see its status and its planned time.',
	});
}

/** The failure for an ID that Zvonobot does not act on. */
export function notFound(message: string, hint: string): Failure {
	return new Failure({ code: 'not_found', message, hint });
}
