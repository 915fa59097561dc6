import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
} from 'n8n-workflow';
import { Failure } from './errors';
import { networkFailure } from './networkFailure';

/** The n8n contexts that may send a request with a credential. */
export type RequestContext = IExecuteFunctions | ILoadOptionsFunctions;

export interface WireRequest {
	method: IHttpRequestMethods;
	url: string;
	query?: IDataObject;
	body?: IDataObject;
}

/** An answer as it came over the wire. `body` is undefined when the text is not JSON. */
export interface Answer {
	status: number;
	retryAfterSeconds: number | undefined;
	isEmpty: boolean;
	body: unknown;
}

export interface WireSettings {
	/** The provider's name, for messages. */
	provider: string;
	credentialType: string;
	credentials: ICredentialDataDecryptedObject;
	/** From the first byte sent to the last byte received. */
	timeoutMs: number;
}

const MOST_BYTES = 10 * 1024 * 1024;

/**
 * Sends one request, once, with n8n's own helper (its proxy, certificate and access settings apply),
 * and reads the answer within a size and a time.
 *
 * Statuses are data here: n8n's helper would send a request again on a 401, so it is told to ignore
 * them. Redirects are not followed, because they would carry the key along.
 *
 * @throws Failure when no complete answer came; `ambiguous` unless the request surely never left
 */
export async function exchange(
	context: RequestContext,
	request: WireRequest,
	settings: WireSettings,
): Promise<Answer> {
	const deadline = AbortSignal.timeout(settings.timeoutMs);
	try {
		const response = await beforeDeadline(send(context, request, settings), deadline);
		const text = await readText(response.body, deadline, settings.provider);
		return {
			status: response.statusCode,
			retryAfterSeconds: readRetryAfter(response.headers['retry-after']),
			isEmpty: text.trim() === '',
			body: parseJson(text),
		};
	} catch (thrown) {
		throw deadline.aborted
			? timedOut(settings)
			: networkFailure(thrown, settings.provider, request.url);
	}
}

interface StreamedResponse {
	statusCode: number;
	headers: Record<string, string | undefined>;
	body: NodeJS.ReadableStream & { destroy(): void };
}

async function send(
	context: RequestContext,
	{ method, url, query, body }: WireRequest,
	{ credentialType, credentials, timeoutMs }: WireSettings,
): Promise<StreamedResponse> {
	const options: IHttpRequestOptions = {
		method,
		url,
		headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
		timeout: timeoutMs,
		// A stream is the only form in which n8n lets a node stop reading before the end.
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		...(query === undefined ? {} : { qs: query }),
		...(body === undefined ? {} : { body }),
	};
	return (await context.helpers.httpRequestWithAuthentication.call(
		context as IExecuteFunctions,
		credentialType,
		options,
		// Already decrypted: n8n would read them from its database again for every request.
		{ credentialsDecrypted: { id: '', name: '', type: credentialType, data: credentials } },
	)) as StreamedResponse;
}

async function beforeDeadline(
	sending: Promise<StreamedResponse>,
	deadline: AbortSignal,
): Promise<StreamedResponse> {
	const late = new Promise<never>((_, reject) => {
		deadline.addEventListener('abort', () => reject(deadline.reason), { once: true });
	});
	// n8n keeps its own abort signal on the request, so an answer may still come: nobody reads it.
	sending.then((response) => deadline.aborted && response.body.destroy()).catch(() => undefined);
	return await Promise.race([sending, late]);
}

async function readText(
	stream: StreamedResponse['body'],
	deadline: AbortSignal,
	provider: string,
): Promise<string> {
	const stop = () => stream.destroy();
	deadline.addEventListener('abort', stop, { once: true });
	const chunks: Buffer[] = [];
	let bytes = 0;
	try {
		for await (const chunk of stream) {
			const part = Buffer.from(chunk);
			bytes += part.length;
			if (bytes > MOST_BYTES) throw tooLarge(provider);
			chunks.push(part);
		}
	} finally {
		deadline.removeEventListener('abort', stop);
		stop();
	}
	deadline.throwIfAborted();
	return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text.replace(/^\ufeff/, ''));
	} catch {
		return undefined;
	}
}

function readRetryAfter(header: string | undefined): number | undefined {
	if (header === undefined || header.trim() === '') return undefined;
	const seconds = Number(header);
	if (Number.isFinite(seconds) && seconds >= 0) return Math.ceil(seconds);
	const until = Date.parse(header);
	return Number.isNaN(until) ? undefined : Math.max(0, Math.ceil((until - Date.now()) / 1000));
}

function timedOut({ provider, timeoutMs }: WireSettings): Failure {
	const seconds = timeoutMs / 1000;
	return new Failure({
		code: 'timeout',
		message: `${provider} gave no complete answer within ${seconds} second${seconds === 1 ? '' : 's'}`,
		hint: 'Try again later, or raise Timeout in the options of the node.',
		ambiguous: true,
	});
}

function tooLarge(provider: string): Failure {
	return new Failure({
		code: 'answer_too_large',
		message: `${provider} sent more than ${MOST_BYTES / 1024 / 1024} MB, which was not read to its end`,
		hint: 'Check the base URL of the credential: no answer of this API is that large.',
		ambiguous: true,
	});
}
