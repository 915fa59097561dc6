import { isRecord, parseJson, type JsonObject, type ProviderRequest } from '../types';
import { Refusal } from './refusal';

/** The fields: of the query, of JSON or of a form. Nothing is passed in two places. */
export function readBody(
	{ headers, query, rawBody, form }: ProviderRequest,
	method: string,
	mayBeForm: boolean,
): JsonObject {
	if (method === 'GET') {
		if (rawBody !== '') throw new Refusal('Запрос GET не должен иметь тела');
		return uniqueFields(query);
	}
	// The samples of get put apiCallIdList there; the table does not.
	if (query.length > 0) throw new Refusal('Параметры передаются в теле запроса');
	if (form !== undefined && mayBeForm) {
		return uniqueFields(
			form.map(([name, value]) => [name, typeof value === 'string' ? value : {}]),
		);
	}
	const type = (headers['content-type'] ?? '').split(';')[0] ?? '';
	const body = type.trim().toLowerCase() === 'application/json' ? parseJson(rawBody) : undefined;
	if (body === undefined || !isRecord(body)) {
		throw new Refusal('Тело запроса должно быть объектом JSON');
	}
	return body;
}

function uniqueFields(pairs: Array<[name: string, value: string | JsonObject]>): JsonObject {
	const body: JsonObject = {};
	for (const [name, value] of pairs) {
		if (Object.hasOwn(body, name)) throw new Refusal(`Поле ${name} передано дважды`);
		body[name] = value;
	}
	return body;
}
