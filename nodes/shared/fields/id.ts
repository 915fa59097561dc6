import { invalidInput } from '../errors';

const LONGEST_SHOWN = 20;

/** An ID that is a whole number, as text or as a number. */
export function requireId(value: number | string | undefined, field: string): number {
	const text = String(value ?? '').trim();
	if (isId(text)) return Number(text);
	throw invalidInput(
		field,
		'is not an ID',
		'Pick it from the list where there is one, or enter its ID, e.g. 42.',
	);
}

/**
 * Several IDs as an expression brings them, a list or text: each once, in their order.
 *
 * @param value text with commas, blanks or lines between the IDs, or a list as JSON
 */
export function requireIds(value: string, field: string): number[] {
	const ids = parts(value.trim()).map((part) => requireListed(part, field));
	if (ids.length > 0) return [...new Set(ids)];
	throw invalidInput(field, 'holds no ID', 'Let it hold at least one ID, e.g. 42.');
}

function requireListed(part: string, field: string): number {
	if (isId(part)) return Number(part);
	throw invalidInput(
		field,
		`holds "${part.slice(0, LONGEST_SHOWN)}", which is not an ID`,
		'Let it hold IDs only, e.g. 42.',
	);
}

function isId(text: string): boolean {
	const id = Number(text);
	return /^\d+$/.test(text) && Number.isSafeInteger(id) && id > 0;
}

function parts(text: string): string[] {
	const listed = /^\[(.*)\]$/s.exec(text)?.[1]?.replace(/"/g, '') ?? text;
	return listed.split(/[\s,;]+/).filter((part) => part !== '');
}
