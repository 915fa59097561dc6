import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { Failure } from './errors';
import { networkFailure } from './networkFailure';

/** The n8n contexts that may send a request with a credential. */
export type RequestContext = IExecuteFunctions | ILoadOptionsFunctions | IWebhookFunctions;

interface WireRequest {
	method: IHttpRequestMethods;
	url: string;
	query?: IDataObject;
	/** A form only with a credential that encodes it. */
	body?: IDataObject | FormData;
}

/** An answer as it came over the wire. `body` is undefined when the text is not JSON. */
export interface Answer {
	status: number;
	retryAfterSeconds: number | undefined;
	isEmpty: boolean;
	body: unknown;
	/** What `body` was read from. */
	text: string;
}

interface WireSettings {
	/** The provider's name, for messages. */
	provider: string;
	credentialType: string;
	credentials: ICredentialDataDecryptedObject;
	/** From the first byte sent to the last byte received. */
	timeoutMs: number;
}

/** A file as it came over the wire. */
export interface Fetched {
	status: number;
	retryAfterSeconds: number | undefined;
	contentType: string;
	data: Buffer;
}

type FetchSettings = Pick<WireSettings, 'provider' | 'timeoutMs'>;

const MEGABYTE = 1024 * 1024;
const MOST_MEGABYTES = 10;
const LEAST_RETRY_SECONDS = 1;

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
	const send = async () => await sendWithKey(context, request, settings);
	const hint = 'Check the base URL of the credential: no answer of this API is that large.';
	const { status, headers, data } = await receive(send, request.url, settings, {
		megabytes: MOST_MEGABYTES,
		hint,
	});
	const text = data.toString('utf8');
	return {
		status,
		retryAfterSeconds: readRetryAfter(headers['retry-after']),
		isEmpty: text.trim() === '',
		body: parseJson(text),
		text,
	};
}

/**
 * Fetches a file, without any credential and without following redirects.
 *
 * @param megabytes how large it may be
 * @throws Failure when it did not come whole
 */
export async function fetchFile(
	context: RequestContext,
	url: string,
	settings: FetchSettings,
	megabytes: number,
): Promise<Fetched> {
	const options: IHttpRequestOptions = {
		...optionsFor('GET', url, settings),
		headers: { Accept: '*/*' },
	};
	const send = async () => (await context.helpers.httpRequest(options)) as StreamedResponse;
	const hint = 'Raise Max Size in the options of the node, if the file may be that large.';
	const { status, headers, data } = await receive(send, url, settings, { megabytes, hint });
	return {
		status,
		retryAfterSeconds: readRetryAfter(headers['retry-after']),
		contentType: headers['content-type'] ?? '',
		data,
	};
}

interface StreamedResponse {
	statusCode: number;
	headers: Record<string, string | undefined>;
	body: NodeJS.ReadableStream & { destroy(): void };
}

async function sendWithKey(
	context: RequestContext,
	{ method, url, query, body }: WireRequest,
	settings: WireSettings,
): Promise<StreamedResponse> {
	const { credentialType, credentials } = settings;
	const isForm = body instanceof FormData;
	const options: IHttpRequestOptions = {
		...optionsFor(method, url, settings),
		headers: {
			Accept: 'application/json',
			...(isForm ? {} : { 'Content-Type': 'application/json' }),
		},
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

function optionsFor(
	method: IHttpRequestMethods,
	url: string,
	{ timeoutMs }: FetchSettings,
): IHttpRequestOptions {
	return {
		method,
		url,
		timeout: timeoutMs,
		// A stream is the only form in which n8n lets a node stop reading before the end.
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
}

interface SizeLimit {
	megabytes: number;
	/** What to do when more comes. */
	hint: string;
}

/** Waits for an answer and reads it, all within the time and the size. */
async function receive(
	send: () => Promise<StreamedResponse>,
	url: string,
	settings: FetchSettings,
	limit: SizeLimit,
): Promise<{ status: number; headers: StreamedResponse['headers']; data: Buffer }> {
	const deadline = AbortSignal.timeout(settings.timeoutMs);
	try {
		const sending = send();
		// n8n keeps its own abort signal on the request, so an answer may still come: nobody reads it.
		sending.then(({ body }) => deadline.aborted && body.destroy()).catch(() => undefined);
		const { statusCode, headers, body } = await beforeDeadline(sending, deadline);
		const data = await readAll(body, deadline, settings.provider, limit);
		return { status: statusCode, headers, data };
	} catch (thrown) {
		throw deadline.aborted ? timedOut(settings) : networkFailure(thrown, settings.provider, url);
	}
}

/** Waits for something, but no longer than there is time. */
async function beforeDeadline<T>(awaited: Promise<T>, deadline: AbortSignal): Promise<T> {
	let giveUp = () => {};
	const late = new Promise<never>((_, reject) => {
		giveUp = () => reject(deadline.reason);
	});
	deadline.addEventListener('abort', giveUp, { once: true });
	try {
		deadline.throwIfAborted();
		return await Promise.race([awaited, late]);
	} finally {
		// Whoever listens keeps the deadline, and with it this request, in memory until it is over.
		deadline.removeEventListener('abort', giveUp);
		awaited.catch(() => undefined);
	}
}

async function readAll(
	stream: StreamedResponse['body'],
	deadline: AbortSignal,
	provider: string,
	limit: SizeLimit,
): Promise<Buffer> {
	const parts = stream[Symbol.asyncIterator]();
	const chunks: Buffer[] = [];
	let bytes = 0;
	try {
		for (;;) {
			// Destroying the stream would not do: n8n's waits for the next byte before it ends.
			const { done, value } = await beforeDeadline(parts.next(), deadline);
			if (done) return Buffer.concat(chunks);
			const part = Buffer.from(value);
			bytes += part.length;
			if (bytes > limit.megabytes * MEGABYTE) throw tooLarge(provider, limit);
			chunks.push(part);
		}
	} finally {
		stream.destroy();
	}
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text.replace(/^\ufeff/, ''));
	} catch {
		return undefined;
	}
}

function readRetryAfter(header: string | undefined): number | undefined {
	const text = header?.trim() ?? '';
	const seconds = /^\d{1,9}(\.\d+)?$/.test(text)
		? Number(text)
		: /^[a-z]{3,9},? /i.test(text)
			? (Date.parse(text) - Date.now()) / 1000
			: NaN;
	// Whose clock is slow means a moment, too: at once would only be refused again.
	return Number.isNaN(seconds) ? undefined : Math.max(LEAST_RETRY_SECONDS, Math.ceil(seconds));
}

function timedOut({ provider, timeoutMs }: FetchSettings): Failure {
	const seconds = timeoutMs / 1000;
	return new Failure({
		code: 'timeout',
		message: `${provider} gave no complete answer within ${seconds} second${seconds === 1 ? '' : 's'}`,
		hint: 'Try again later, or raise Timeout in the options of the node.',
		ambiguous: true,
	});
}

function tooLarge(provider: string, { megabytes, hint }: SizeLimit): Failure {
	return new Failure({
		code: 'answer_too_large',
		message: `${provider} sent more than ${megabytes} MB, which was not read to its end`,
		hint,
		ambiguous: true,
	});
}
