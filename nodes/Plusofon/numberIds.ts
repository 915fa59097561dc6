import type { IDataObject } from 'n8n-workflow';
import type { Api } from '../shared/api';
import { Failure, invalidInput } from '../shared/errors';
import { requireId } from '../shared/fields/id';
import { readPaged } from './plusofon.lists';

/**
 * The IDs of numbers that were given by ID or as phone numbers. Search, Reserve and Buy know a number
 * by its digits only, so that a flow can pass those on; the list of the cabinet is then read, once
 * for all items.
 *
 * @throws Failure `invalid_input` for what is neither, `not_found` for a number the cabinet lacks
 */
export async function numberIds(api: Api, numbers: readonly string[]): Promise<number[]> {
	if (numbers.length === 0) {
		throw invalidInput('Number Names or IDs', 'is empty', 'Choose at least one number.');
	}
	const ids = new Set<number>();
	for (const number of numbers) {
		const digits = number.replace(/[\s()+-]/g, '');
		ids.add(
			/^[78]?\d{10}$/.test(digits)
				? await idOfPhone(api, digits)
				: requireId(number, 'Number Names or IDs'),
		);
	}
	return [...ids];
}

async function idOfPhone(api: Api, digits: string): Promise<number> {
	const known = await api.once('numbers', async () => await idsByNationalNumber(api));
	const id = known.get(digits.slice(-10));
	if (id !== undefined) return id;
	throw new Failure({
		code: 'not_found',
		message: `Number Names or IDs names a number that is not in the cabinet (ends with ${digits.slice(-4)})`,
		hint: 'Buy the number first, or choose one from the list.',
	});
}

async function idsByNationalNumber(api: Api): Promise<Map<string, number>> {
	const ids = new Map<string, number>();
	const rows: AsyncIterable<IDataObject> = readPaged(api, '/api/v1/number', {});
	for await (const { id, number } of rows) {
		const known = Number(id ?? 0);
		// A row without an ID is as good as none: nothing can be done with its number.
		if (Number.isSafeInteger(known) && known > 0) ids.set(String(number).slice(-10), known);
	}
	return ids;
}
