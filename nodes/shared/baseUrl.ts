import { Failure } from './errors';

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Reads a provider's base URL from a credential: where its key may travel.
 *
 * @param field what the credential calls it
 * @returns the URL without a trailing slash
 * @throws Failure `unsafe_base_url` unless it is an https URL (http only to a loopback address)
 *   without user, query or fragment
 */
export function readBaseUrl(value: unknown, field = 'Base URL'): string {
	const unsafe = (problem: string, hint: string) => unsafeBaseUrl(field, problem, hint);
	const text = typeof value === 'string' ? value.trim() : '';
	if (text === '') {
		throw unsafe('is empty', 'Enter the address of the provider, with https:// in front.');
	}
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url === undefined || !/^https?:$/.test(url.protocol)) {
		throw unsafe('is not a web address', 'Enter it with https:// in front.');
	}
	if (url.protocol === 'http:' && !isLoopback(url)) {
		throw unsafe(
			'starts with http://, which would send the key in the open',
			'Use https://. Plain http is accepted only for a loopback address such as 127.0.0.1.',
		);
	}
	if (url.username !== '' || url.password !== '' || /[?#]/.test(text)) {
		throw unsafe(
			'holds more than a host and a path',
			'Remove the user name, query (?) and fragment (#).',
		);
	}
	return url.href.replace(/\/+$/, '');
}

/**
 * The last gate before a key is put on a request, whichever node sends it.
 *
 * @param target the request's address, which may be relative to `requestBase`
 * @throws Failure `unsafe_base_url` when the request goes to another origin than `baseUrl`
 */
export function assertSameOrigin(
	target: string,
	requestBase: string | undefined,
	baseUrl: string,
): void {
	// Only a whole address or a plain path: what else the URL parser would take for relative
	// ("https:host", "//host") the sender might read in another way.
	const isPlain = /^(https?:\/\/|\/(?![/\\]))/i.test(target);
	const base = requestBase ?? baseUrl;
	const url = isPlain && URL.canParse(target, base) ? new URL(target, base) : undefined;
	if (url?.origin === new URL(baseUrl).origin) return;
	throw new Failure({
		code: 'unsafe_base_url',
		message: `The credential belongs to ${new URL(baseUrl).host} and is not sent to another host`,
		hint: 'Send the request to the base URL of the credential, or change its base URL.',
	});
}

/** Whether a URL leads to the machine this runs on. */
export function isLoopback(url: URL): boolean {
	return LOOPBACK.test(url.hostname);
}

/** From where an address can be reached, each place within the next one. */
export const REACHES = ['machine', 'network', 'internet'] as const;

export type Reach = (typeof REACHES)[number];

// More spellings than a key may go to over plain http.
const THIS_MACHINE = /^(localhost\.|0\.0\.0\.0|\[::\]|\[::ffff:7f.*\])$/;
/** Names without a dot or with an ending of local networks, and the addresses that are kept for them. */
const OWN_NETWORK =
	/^([^.:[\]]+|.+\.(local|lan|internal|localdomain|home\.arpa)|10\..*|192\.168\..*|172\.(1[6-9]|2\d|3[01])\..*|169\.254\..*|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\..*|\[f[cd].*\]|\[fe[89ab].*\])$/;

/** From where a URL can be reached, as far as its host tells. */
export function reachOf(url: URL): Reach {
	if (isLoopback(url) || THIS_MACHINE.test(url.hostname)) return 'machine';
	return OWN_NETWORK.test(url.hostname) ? 'network' : 'internet';
}

/** What a credential says of a field with which its key would not be safe. */
export function unsafeBaseUrl(field: string, problem: string, hint: string): Failure {
	return new Failure({
		code: 'unsafe_base_url',
		message: `${field} of the credential ${problem}`,
		hint,
	});
}
