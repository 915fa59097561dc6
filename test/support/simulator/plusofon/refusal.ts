import type { JsonObject } from '../types';

/** An answer that is not a success, thrown from wherever the reason is found. */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		readonly body: JsonObject,
	) {
		super(JSON.stringify(body));
	}
}

/** A refusal whose body repeats the HTTP status, as Laravel's exception handler is usually set up. */
export function refuse(status: number, message: string): Refusal {
	return new Refusal(status, { message, code: status });
}

/**
 * A refusal in the provider's own words: `code` 400 in the body. The HTTP status under it is not
 * documented, so the router replaces it by the `refusalStatus` option.
 */
export class DocumentedRefusal extends Refusal {
	constructor(message: string) {
		super(400, { message, code: 400 });
	}
}
