import { Failure } from '../../../nodes/shared/errors';
import { networkFailure } from '../../../nodes/shared/networkFailure';

const ADDRESS = 'https://restapi.plusofon.ru/api/v1/flash-call/send?secret=1';

function networkError(code: string, more: Record<string, unknown> = {}): Error {
	return Object.assign(new Error(`${code} with a secret`), { code, ...more });
}

it.each([
	['nobody listens', networkError('ECONNREFUSED', { syscall: 'connect' })],
	['the name is unknown', networkError('ENOTFOUND', { syscall: 'getaddrinfo' })],
	['no name server answers', networkError('EAI_AGAIN', { syscall: 'getaddrinfo' })],
	['there is no way to the host', networkError('EHOSTUNREACH', { syscall: 'connect' })],
	['there is no network', networkError('ENETUNREACH', { syscall: 'connect' })],
	['connecting takes too long', networkError('ETIMEDOUT', { syscall: 'connect' })],
	['the certificate has expired', networkError('CERT_HAS_EXPIRED')],
	['the certificate is of another host', networkError('ERR_TLS_CERT_ALTNAME_INVALID')],
	['nobody vouches for the certificate', networkError('DEPTH_ZERO_SELF_SIGNED_CERT')],
	['its issuer is unknown', networkError('UNABLE_TO_GET_ISSUER_CERT_LOCALLY')],
])('says that nothing was sent when %s', (_, error) => {
	expect(networkFailure(error, 'Plusofon', ADDRESS)).toMatchObject({
		code: 'not_reached',
		message: expect.stringMatching(
			/^Plusofon could not be reached at restapi\.plusofon\.ru .*Nothing was sent$/,
		),
		ambiguous: false,
	});
});

it.each([
	['the connection is reset', networkError('ECONNRESET', { syscall: 'read' })],
	['the answer ends too early', networkError('ERR_BAD_RESPONSE')],
	['the stream closes', networkError('ERR_STREAM_PREMATURE_CLOSE')],
	['the answer is not HTTP', networkError('HPE_INVALID_CONSTANT')],
	['waiting for the answer takes too long', networkError('ETIMEDOUT', { syscall: 'read' })],
	['the request takes too long', networkError('ECONNABORTED')],
	['the pipe breaks', networkError('EPIPE', { syscall: 'write' })],
	['the reason is not told', new Error('socket hang up')],
	['the code is no code', networkError('something else')],
	['it is no error at all', 'socket hang up'],
	['there is nothing', undefined],
])('leaves open whether the request was carried out when %s', (_, error) => {
	expect(networkFailure(error, 'Plusofon', ADDRESS)).toMatchObject({
		code: 'connection_lost',
		message: expect.stringContaining('restapi.plusofon.ru'),
		ambiguous: true,
	});
});

it.each([
	['as a cause', (error: Error) => new Error('outer', { cause: error })],
	['twice', (error: Error) => new Error('outer', { cause: new Error('inner', { cause: error }) })],
	['one for each address', (error: Error) => new AggregateError([error, error])],
])('finds the reason when n8n or Node wraps it: %s', (_, wrap) => {
	const wrapped = wrap(networkError('ECONNREFUSED', { syscall: 'connect' }));

	expect(networkFailure(wrapped, 'Plusofon', ADDRESS)).toMatchObject({
		code: 'not_reached',
		message:
			'Plusofon could not be reached at restapi.plusofon.ru (ECONNREFUSED). Nothing was sent',
	});
});

it('does not look for the reason for ever', () => {
	const error = new Error('circular');
	error.cause = error;

	expect(networkFailure(error, 'Plusofon', ADDRESS).code).toBe('connection_lost');
});

it('gives our own failure as it is, also when n8n wrapped it', () => {
	const ours = new Failure({ code: 'unsafe_base_url', message: 'No', hint: 'Change it' });

	expect(networkFailure(ours, 'Plusofon', ADDRESS)).toBe(ours);
	expect(networkFailure(new Error('outer', { cause: ours }), 'Plusofon', ADDRESS)).toBe(ours);
});

it('tells a stopped execution from a lost connection', () => {
	expect(networkFailure(networkError('ERR_CANCELED'), 'Plusofon', ADDRESS)).toMatchObject({
		code: 'cancelled',
		ambiguous: true,
	});
});

it('says that n8n itself does not allow the host', () => {
	class SsrfBlockedIpError extends Error {}

	expect(networkFailure(new SsrfBlockedIpError('no'), 'Plusofon', ADDRESS)).toMatchObject({
		code: 'not_reached',
		message: 'n8n does not allow requests to restapi.plusofon.ru. Nothing was sent',
		ambiguous: false,
	});
});

it('repeats neither the text of the error nor the path and query of the address', () => {
	const { message, hint } = networkFailure(networkError('ECONNRESET'), 'Plusofon', ADDRESS);

	expect(`${message} ${hint}`).not.toMatch(/secret|flash-call/);
});

it.each([
	['EHOSTUNREACH', 'read'],
	['ENETUNREACH', 'write'],
	['EPROTO', 'write'],
	['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', undefined],
	['ERR_SSL_WRONG_VERSION_NUMBER', undefined],
])('leaves it open when an open connection breaks with %s', (code, syscall) => {
	expect(networkFailure(networkError(code, { syscall }), 'Plusofon', ADDRESS).ambiguous).toBe(true);
});
