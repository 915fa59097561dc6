import type { JsonObject, JsonValue, ProviderAnswer, ProviderRequest } from '../types';
import { parseJson, isRecord } from '../types';
import { DocumentedRefusal, Refusal, refuse } from './refusal';
import { only } from './validate';

/** What an endpoint gets to see: strictly checked on the outside, not yet on the inside. */
export interface Call<Account> {
	params: Record<string, string>;
	query: JsonObject;
	body: JsonObject;
	/** The account whose access token was used. Only on `account` routes. */
	account: Account | undefined;
}

export interface Route<Account> {
	method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** `{name}` stands for one path segment. */
	path: string;
	/** Which of the two tokens opens it. */
	token: 'cabinet' | 'account';
	query?: readonly string[];
	/** On GET and DELETE a body is refused unless this is set. */
	body?: readonly string[];
	handle: (call: Call<Account>) => JsonObject;
}

export interface Gate<Account> {
	clientId: () => string;
	refusalStatus: () => number;
	isCabinet: (token: string) => boolean;
	accountOf: (token: string) => Account | undefined;
}

interface Match<Account> {
	route: Route<Account>;
	params: Record<string, string>;
}

/** Finds the route and applies the rules every Plusofon endpoint shares, in Laravel's order. */
export class Router<Account> {
	constructor(
		private readonly routes: ReadonlyArray<Route<Account>>,
		private readonly gate: Gate<Account>,
	) {}

	dispatch(request: ProviderRequest): ProviderAnswer {
		try {
			const { route, params } = this.find(request);
			this.checkHeaders(request);
			const account = this.authenticate(request, route);
			const query = readQuery(request);
			const body = readBody(request, route);
			only(query, route.query ?? [], 'query');
			only(body, route.body ?? [], 'body');
			return { status: 200, body: route.handle({ params, query, body, account }) };
		} catch (error) {
			if (error instanceof DocumentedRefusal) {
				return { status: this.gate.refusalStatus(), body: error.body };
			}
			if (error instanceof Refusal) return { status: error.status, body: error.body };
			// A mistake in here: shown as what it looks like from outside, with its reason.
			return { status: 500, body: { message: `simulator: ${String(error)}` } };
		}
	}

	private find({ method, path }: ProviderRequest): Match<Account> {
		const byPath: Array<Match<Account>> = [];
		for (const route of this.routes) {
			const params = matchPath(route.path, path);
			if (params !== undefined) byPath.push({ route, params });
		}
		// The contract: on 404 the reason stands in `error`, not in `message`.
		if (byPath.length === 0) throw new Refusal(404, { error: 'Not found' });
		// `/settings` also fits `/{accountId}`: the fixed path wins.
		const found = byPath
			.filter(({ route }) => route.method === method)
			.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)[0];
		if (found === undefined) {
			const supported = [...new Set(byPath.map(({ route }) => route.method))].join(', ');
			throw refuse(
				405,
				`The ${method} method is not supported for this route. Supported methods: ${supported}.`,
			);
		}
		return found;
	}

	private checkHeaders({ method, headers }: ProviderRequest): void {
		const writes = method === 'POST' || method === 'PUT' || method === 'PATCH';
		const contentType = headers['content-type'];
		if (contentType === undefined ? writes : mediaType(contentType) !== 'application/json') {
			throw refuse(415, 'The Content-Type header must be application/json');
		}
		const accepted = (headers.accept ?? '').split(',').map(mediaType);
		if (!accepted.includes('application/json')) {
			throw refuse(406, 'The Accept header must be application/json');
		}
		// 400 rather than 401: a wrong application id must not look like a wrong token.
		if (headers.client !== this.gate.clientId()) throw refuse(400, 'The Client header is invalid');
	}

	private authenticate({ headers }: ProviderRequest, route: Route<Account>): Account | undefined {
		const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
		if (token === undefined) throw refuse(401, 'Unauthenticated.');
		if (route.token === 'cabinet') {
			if (!this.gate.isCabinet(token)) throw refuse(401, 'Unauthenticated.');
			return undefined;
		}
		const account = this.gate.accountOf(token);
		if (account === undefined) throw refuse(401, 'Unauthenticated.');
		return account;
	}
}

function mediaType(header: string): string {
	return (header.split(';')[0] ?? '').trim().toLowerCase();
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
	const wanted = pattern.split('/');
	const given = path.split('/');
	if (wanted.length !== given.length) return undefined;
	const params: Record<string, string> = {};
	for (const [index, segment] of wanted.entries()) {
		const value = given[index] ?? '';
		const name = /^\{(\w+)\}$/.exec(segment)?.[1];
		if (name === undefined) {
			if (segment !== value) return undefined;
		} else {
			if (value === '') return undefined;
			params[name] = value;
		}
	}
	return params;
}

function readQuery({ query }: ProviderRequest): JsonObject {
	const read: Record<string, JsonValue> = {};
	for (const [name, value] of query) {
		if (name in read) throw refuse(422, `The ${name} field is given twice`);
		read[name] = value;
	}
	return read;
}

function readBody<Account>(request: ProviderRequest, route: Route<Account>): JsonObject {
	const bodyless = request.method === 'GET' || request.method === 'DELETE';
	if (request.rawBody === '') return {};
	// The samples send bodies with GET; proxies drop them, so a caller that relies on one is broken.
	if (bodyless && route.body === undefined) {
		throw refuse(400, `A ${request.method} request must not have a body`);
	}
	const body = parseJson(request.rawBody);
	if (body === undefined) throw refuse(400, 'Syntax error in the JSON body');
	if (!isRecord(body)) throw refuse(422, 'The body must be a JSON object');
	return body;
}
