import { Failure } from './errors';

/**
 * Before these, not a byte of the request has left: the name was not found, nobody listened, or the
 * server's certificate was not accepted. Other faults of an encrypted connection may come later.
 */
const NEVER_LEFT =
	/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EAI_NODATA|ERR_INVALID_URL|ERR_TLS_CERT_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*)$/;

/** The same, when they happened while connecting. */
const NEVER_CONNECTED = /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/;

/** What a server or a network that is only starting again looks like. */
const PASSING = /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ENOTFOUND|EAI_AGAIN|EAI_NODATA)$/;

/** Turns whatever n8n's request helper threw into a Failure that says whether the request had left. */
export function networkFailure(thrown: unknown, provider: string, url: string): Failure {
	if (thrown instanceof Failure) return thrown;
	const chain = causes(thrown);
	const ours = chain.find((error) => error instanceof Failure);
	if (ours instanceof Failure) return ours;

	const { host } = new URL(url);
	const code = chain.map(codeOf).find((found) => found !== undefined);
	const passing = PASSING.test(code ?? '');
	if (code === 'ERR_CANCELED') {
		return new Failure({
			code: 'cancelled',
			message: 'The execution was stopped while the request was under way',
			hint: 'Before you run it again, look in the cabinet of the provider which items went out: they would be sent again.',
			ambiguous: true,
		});
	}
	if (chain.some(isRefusedByN8n)) {
		return new Failure({
			code: 'not_reached',
			message: `n8n does not allow requests to ${host}. Nothing was sent`,
			hint: 'Ask whoever runs this n8n to allow the host in its outgoing request settings.',
		});
	}
	if (chain.some(neverLeft)) {
		return new Failure({
			code: 'not_reached',
			message: `${provider} could not be reached at ${host} (${code}). Nothing was sent`,
			hint: 'Check the address in the credential and the network of this n8n, then run the node again.',
			passing,
		});
	}
	return new Failure({
		code: 'connection_lost',
		message: `The connection to ${provider} (${host}) broke before a complete answer came${code === undefined ? '' : ` (${code})`}`,
		hint: 'Check the network of this n8n, then run the node again.',
		ambiguous: true,
		passing,
	});
}

interface NetworkError {
	code?: unknown;
	syscall?: unknown;
	cause?: unknown;
	errors?: unknown;
	constructor: { name: string };
}

// n8n wraps the request's own error once or twice; Node wraps one error per address it tried.
function causes(thrown: unknown, depth = 0): NetworkError[] {
	if (typeof thrown !== 'object' || thrown === null || depth > 5) return [];
	const error = thrown as NetworkError;
	const inner = Array.isArray(error.errors) ? error.errors : [];
	return [error, ...causes(error.cause, depth + 1), ...causes(inner[0], depth + 1)];
}

function codeOf({ code }: NetworkError): string | undefined {
	return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : undefined;
}

function neverLeft(error: NetworkError): boolean {
	const code = codeOf(error) ?? '';
	return NEVER_LEFT.test(code) || (NEVER_CONNECTED.test(code) && error.syscall === 'connect');
}

function isRefusedByN8n(error: NetworkError): boolean {
	return error.constructor.name.startsWith('Ssrf') || error.constructor.name === 'UserError';
}
