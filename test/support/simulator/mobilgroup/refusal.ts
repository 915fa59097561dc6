/** `{"result":"error","error_code"}`, thrown from wherever the reason is found. */
export class Refusal extends Error {
	constructor(readonly errorCode: string) {
		super(errorCode);
	}
}

/** What the documents call "Ошибочный запрос": it does not say which field was wrong, and so neither does this. */
export function unknownRequest(): Refusal {
	return new Refusal('unknown_request');
}
