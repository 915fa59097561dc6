import { defineField } from '../operation';

const returnAllField = defineField({
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
});

const limitField = defineField({
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: { show: { returnAll: [false] } },
});

/** What every operation that gives a list asks for; the executor reads them, not the operation. */
export const listFields = [returnAllField, limitField] as const;

/** Reads as many rows as the user wants, and asks for no page more. */
export async function takeRows<T>(
	rows: AsyncIterable<T>,
	params: Readonly<Record<string, unknown>>,
): Promise<T[]> {
	const most = typeof params.limit === 'number' ? params.limit : Infinity;
	const taken: T[] = [];
	for await (const row of rows) {
		taken.push(row);
		if (taken.length >= most) break;
	}
	return taken;
}
