import type {
	IAuthenticate,
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	IHttpRequestOptions,
} from 'n8n-workflow';
import { assertSameOrigin, isLoopback, readBaseUrl } from './baseUrl';
import { Failure } from './errors';

/**
 * Builds a credential's `authenticate`: a function, not n8n's declarative form, because it is
 * checked and cheap. The key goes only to the credential's own origin, over https or to a loopback
 * address, and never along on a redirect, also when the HTTP Request node borrows the credential.
 */
export function keyInHeaders(
	headersOf: (credentials: ICredentialDataDecryptedObject) => Record<string, string>,
): IAuthenticate {
	return explained(async (credentials, request) => {
		const guarded = guardedFor(readBaseUrl(credentials.baseUrl), request);
		const headers = { ...request.headers, ...headersOf(credentials) };
		return await Promise.resolve({ ...guarded, headers });
	});
}

/**
 * The same for a key that stands among the fields of the request: in the query of a GET, else in the
 * body, whether that is an object, JSON or a form. A form comes out encoded, because n8n sends no
 * native one. No redirect is followed: the body would go along, also to another port of the host.
 *
 * @param name of the key's field
 */
export function keyInFields(
	name: string,
	keyOf: (credentials: ICredentialDataDecryptedObject) => string,
	baseUrlOf: (credentials: ICredentialDataDecryptedObject) => string,
): IAuthenticate {
	return explained(async (credentials, request) => {
		const guarded = guardedFor(baseUrlOf(credentials), request);
		return { ...guarded, ...NO_REDIRECTS, ...(await withField(request, name, keyOf(credentials))) };
	});
}

type Authenticate = Exclude<IAuthenticate, IAuthenticateGeneric>;

/**
 * n8n's credential test shows the `code` of what was thrown in place of its sentences, and of those
 * the message alone. The failure itself stands behind, where the nodes look for it.
 */
function explained(authenticate: Authenticate): Authenticate {
	return async (credentials, request) =>
		await authenticate(credentials, request).catch((thrown: unknown) => {
			if (!(thrown instanceof Failure)) throw thrown;
			throw new Error(`${thrown.message}. ${thrown.hint}`, { cause: thrown });
		});
}

/**
 * A key as it was pasted, without the spaces, line breaks and the word "Bearer" that come along.
 *
 * @throws Failure `wrong_credential` when it is empty or could not stand in a header
 */
export function readKey(
	value: unknown,
	field: string,
	hint = 'Copy it again from the cabinet and save the credential.',
): string {
	const key = typeof value === 'string' ? value.trim().replace(/^Bearer(\s+|$)/i, '') : '';
	if (/^[\x21-\x7e]+$/.test(key)) return key;
	throw new Failure({
		code: 'wrong_credential',
		message: `${field} of the credential ${key === '' ? 'is empty' : 'holds characters no key has'}`,
		hint,
	});
}

/** A request that may carry the key: to the origin it belongs to, and nowhere on from there. */
function guardedFor(baseUrl: string, request: AnyRequest): IHttpRequestOptions {
	// The HTTP Request node still builds n8n's older options, where the address is called `uri`.
	assertSameOrigin(request.url ?? request.uri ?? '', request.baseURL, baseUrl);
	assertServerIsProven(request, baseUrl);
	return {
		...request,
		sendCredentialsOnCrossOriginRedirect: false,
		allowedDomains: new URL(baseUrl).hostname,
	};
}

/** Whoever a request goes through could read the key, if the server need not show who it is. */
function assertServerIsProven(request: AnyRequest, baseUrl: string): void {
	const isProven =
		request.skipSslCertificateValidation !== true &&
		request.rejectUnauthorized !== false &&
		request.agentOptions?.rejectUnauthorized !== false;
	if (isProven || isLoopback(new URL(baseUrl))) return;
	throw new Failure({
		code: 'unsafe_base_url',
		message: 'The key is not sent to a server whose certificate is not checked',
		hint: 'Turn off Ignore SSL Issues in the options of the node.',
	});
}

/** n8n's options, or its older ones: with `uri`, and forms apart from other bodies. */
type AnyRequest = IHttpRequestOptions & {
	uri?: string;
	form?: unknown;
	formData?: unknown;
	followRedirect?: boolean;
	followAllRedirects?: boolean;
	rejectUnauthorized?: boolean;
};

const NO_REDIRECTS: Partial<AnyRequest> = {
	disableFollowRedirect: true,
	followRedirect: false,
	followAllRedirects: false,
};

/** What of a request changes when a field is added to those it sends. */
async function withField(
	request: AnyRequest,
	name: string,
	value: string,
): Promise<Partial<AnyRequest>> {
	const { method = 'GET', qs, headers, body, form, formData } = request;
	if (method.toUpperCase() === 'GET') return { qs: { ...qs, [name]: value } };
	if (body instanceof FormData) return await encoded(headers, body, name, value);
	for (const [place, fields] of Object.entries({ formData, form, body })) {
		const added = withAdded(fields, name, value);
		if (added !== undefined) return { [place]: added };
	}
	if (body === undefined || body === null || body === '') return { body: { [name]: value } };
	throw new Failure({
		code: 'invalid_input',
		message: `The body of the request is of a kind that the key cannot be put in`,
		hint: `Send a JSON object or a form: the API key belongs in its field "${name}".`,
	});
}

/** The fields with one more, in the form they came; undefined when they are no fields. */
function withAdded(fields: unknown, name: string, value: string): unknown {
	if (typeof fields === 'string') {
		const parsed = parseObject(fields);
		return parsed && JSON.stringify({ ...parsed, [name]: value });
	}
	if (typeof fields !== 'object' || fields === null) return undefined;
	// URLSearchParams, and n8n's own class of forms, can only be added to.
	if ('append' in fields && typeof fields.append === 'function') {
		fields.append(name, value);
		return fields;
	}
	const prototype: unknown = Object.getPrototypeOf(fields);
	const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
	return isPlain && !Array.isArray(fields) ? { ...fields, [name]: value } : undefined;
}

async function encoded(
	headers: IHttpRequestOptions['headers'],
	body: FormData,
	name: string,
	value: string,
): Promise<Partial<IHttpRequestOptions>> {
	const form = new FormData();
	for (const [field, content] of body) form.append(field, content);
	form.set(name, value);
	const response = new Response(form);
	const others = Object.entries(headers ?? {}).filter(
		([header]) => !/^content-type$/i.test(header),
	);
	return {
		// Its boundary is in the header.
		headers: {
			...Object.fromEntries(others),
			'Content-Type': response.headers.get('content-type') ?? '',
		},
		body: Buffer.from(await response.arrayBuffer()),
	};
}

function parseObject(text: string): object | undefined {
	try {
		const parsed: unknown = JSON.parse(text);
		return typeof parsed === 'object' && !Array.isArray(parsed) ? (parsed ?? undefined) : undefined;
	} catch {
		return undefined;
	}
}
