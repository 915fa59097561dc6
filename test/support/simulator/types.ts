import type { FormPart } from './multipart';

/** Anything that can stand in a JSON document. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

export interface JsonObject {
	[name: string]: JsonValue;
}

/** One request to a simulated provider, read to its end, before any rule was applied to it. */
export interface ProviderRequest {
	method: string;
	path: string;
	/** In the order of the URL, duplicates included: a strict provider has to see them. */
	query: Array<[name: string, value: string]>;
	/** Lower-case names. */
	headers: Record<string, string>;
	rawBody: string;
	/** A multipart/form-data body taken apart; undefined for every other body, and for one that is broken. */
	form?: FormPart[];
}

/** What a provider answers; the delivery layer turns it into bytes, or into a fault. */
export interface ProviderAnswer {
	status: number;
	headers?: Record<string, string>;
	/** A string is a page and is sent as it is, and so are bytes, anything else as JSON. */
	body: JsonValue | Buffer;
}

/** A simulated provider. It works synchronously: waiting and losing bytes belong to the faults. */
export interface Provider {
	readonly name: string;
	handle(request: ProviderRequest): ProviderAnswer;
	reset(): void;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for what JSON.parse can return; used to narrow parsed text without a cast. */
export function isJson(value: unknown): value is JsonValue {
	if (value === null) return true;
	if (Array.isArray(value)) return value.every(isJson);
	if (isRecord(value)) return Object.values(value).every(isJson);
	return ['string', 'number', 'boolean'].includes(typeof value);
}

/** The parsed text, or undefined when it is not JSON. */
export function parseJson(text: string): JsonValue | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return isJson(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** The parts of a request's address, untouched: a URL object would tidy `..`, `//` and bad escapes away. */
export function splitUrl(url: string): { path: string; params: URLSearchParams } {
	const mark = url.indexOf('?');
	if (mark < 0) return { path: url, params: new URLSearchParams() };
	return { path: url.slice(0, mark), params: new URLSearchParams(url.slice(mark + 1)) };
}
