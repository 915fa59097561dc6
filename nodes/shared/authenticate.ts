import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	IHttpRequestOptions,
} from 'n8n-workflow';
import { assertSameOrigin, readBaseUrl } from './baseUrl';
import { Failure } from './errors';

/**
 * Builds a credential's `authenticate`: a function, not n8n's declarative form, because it is
 * checked and cheap. The key goes only to the credential's own origin, over https or to a loopback
 * address, and never along on a redirect, also when the HTTP Request node borrows the credential.
 */
export function keyInHeaders(
	headersOf: (credentials: ICredentialDataDecryptedObject) => Record<string, string>,
): IAuthenticate {
	return async (credentials, request) => {
		const baseUrl = readBaseUrl(credentials.baseUrl);
		assertSameOrigin(targetOf(request), request.baseURL, baseUrl);
		return {
			...request,
			headers: { ...request.headers, ...headersOf(credentials) },
			sendCredentialsOnCrossOriginRedirect: false,
			allowedDomains: new URL(baseUrl).hostname,
		};
	};
}

/**
 * A key as it was pasted, without the spaces, line breaks and the word "Bearer" that come along.
 *
 * @throws Failure `wrong_credential` when it is empty or could not stand in a header
 */
export function readKey(value: unknown, field: string): string {
	const key = typeof value === 'string' ? value.trim().replace(/^Bearer(\s+|$)/i, '') : '';
	if (/^[\x21-\x7e]+$/.test(key)) return key;
	throw new Failure({
		code: 'wrong_credential',
		message: `${field} of the credential ${key === '' ? 'is empty' : 'holds characters no key has'}`,
		hint: 'Copy it again from the cabinet and save the credential.',
	});
}

// The HTTP Request node still builds n8n's older options, where the address is called `uri`.
function targetOf(request: IHttpRequestOptions & { uri?: string }): string {
	return request.url ?? request.uri ?? '';
}
