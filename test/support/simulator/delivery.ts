/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: runs in its own process, never inside n8n */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

import { LOOP_MARK, type Fault, type SlowPhase } from './faults';
import type { RequestStatus } from './journal';
import { splitUrl, type JsonValue, type ProviderAnswer } from './types';

const JSON_TYPE = 'application/json';
const HTML_TYPE = 'text/html; charset=UTF-8';
const BINARY_TYPE = 'application/octet-stream';
const HTML_PAGE =
	'<!DOCTYPE html>\n<html><head><title>Service page</title></head><body><h1>Temporarily unavailable</h1></body></html>\n';
const MEGABYTE = 1024 * 1024;
const TRICKLE_STEPS = 20;

export interface Exchange {
	request: IncomingMessage;
	response: ServerResponse;
	/** Does the provider's work. Called at most once. */
	process: () => ProviderAnswer;
	/** Ends all waiting when the simulator closes. */
	signal: AbortSignal;
}

/** Lets the provider work, sends its answer, spoilt by the fault if there is one, and says what was sent. */
export async function deliver(
	exchange: Exchange,
	fault: Fault | undefined,
): Promise<RequestStatus> {
	const { request, response, process, signal } = exchange;
	if (fault === undefined) return await sendReply(response, process());

	switch (fault.kind) {
		case 'resetUnread':
		case 'resetBefore':
			return reset(request);
		case 'resetAfter':
			process();
			return reset(request);
		case 'status':
			return await sendReply(response, fault);
		case 'statusAfter':
			process();
			return await sendReply(response, fault);
		case 'brokenJson': {
			const bytes = encode(process().body);
			return await send(response, 200, JSON_TYPE, bytes.subarray(0, Math.ceil(bytes.length / 2)));
		}
		case 'empty':
			process();
			return await send(response, 200, JSON_TYPE, '');
		case 'html':
			process();
			return await send(response, 200, HTML_TYPE, HTML_PAGE);
		case 'wrongContentType':
			return await send(response, 200, 'text/plain; charset=UTF-8', encode(process().body));
		case 'wrongShape':
			process();
			return await send(
				response,
				200,
				JSON_TYPE,
				encode(fault.shape === undefined ? [] : fault.shape),
			);
		case 'truncated':
			return await sendTruncated(exchange);
		case 'slow':
			return await sendSlowly(exchange, fault.ms, fault.phase ?? 'before');
		case 'huge':
			process();
			return await sendHuge(response, fault.megabytes, signal);
		case 'redirect':
			return await redirect(response, fault.status ?? 302, fault.location);
		case 'redirectLoop':
			return await redirect(response, fault.status ?? 302, nextHop(request));
	}
}

function render(body: JsonValue | Buffer): { type: string; bytes: Buffer } {
	if (Buffer.isBuffer(body)) return { type: BINARY_TYPE, bytes: body };
	if (typeof body !== 'string') return { type: JSON_TYPE, bytes: encode(body) };
	const isPage = body.trimStart().startsWith('<');
	return { type: isPage ? HTML_TYPE : 'text/plain; charset=UTF-8', bytes: Buffer.from(body) };
}

/** PHP's json_encode escapes slashes, as the page addresses in the documents show. */
function encode(value: JsonValue | Buffer): Buffer {
	if (Buffer.isBuffer(value)) return value;
	return Buffer.from(JSON.stringify(value).replaceAll('/', '\\/'));
}

async function send(
	response: ServerResponse,
	status: number,
	contentType: string,
	content: string | Buffer,
	headers: Record<string, string> = {},
): Promise<RequestStatus> {
	if (response.destroyed) return 'aborted';
	response.writeHead(status, {
		'content-type': contentType,
		'content-length': Buffer.byteLength(content),
		...headers,
	});
	return await finish(response, status, content);
}

async function finish(
	response: ServerResponse,
	status: number,
	lastPart: string | Buffer,
): Promise<RequestStatus> {
	if (response.destroyed) return 'aborted';
	return await new Promise((resolve) => {
		response.once('close', () => resolve(response.writableFinished ? status : 'aborted'));
		response.once('finish', () => resolve(status));
		response.end(lastPart);
	});
}

function reset(request: IncomingMessage): RequestStatus {
	// A FIN would look like an orderly end: RST is what a crashed worker or a firewall sends.
	request.socket.resetAndDestroy();
	return 'reset';
}

const USUAL_BODIES: Record<number, JsonValue> = {
	401: { message: 'Unauthenticated.', code: 401 },
	403: { message: 'This action is unauthorized.', code: 403 },
	404: { error: 'Not found' },
	408: { message: 'Request Timeout', code: 408 },
	422: { message: 'The given data was invalid.', code: 422 },
	429: { message: 'Too Many Attempts.', code: 429 },
};

async function sendReply(
	response: ServerResponse,
	reply: { status: number; headers?: Record<string, string>; body?: JsonValue | Buffer },
): Promise<RequestStatus> {
	// Gateways in front of the application answer with pages, the application with JSON.
	const body =
		reply.body ??
		USUAL_BODIES[reply.status] ??
		(reply.status >= 502 ? HTML_PAGE : { message: 'Server Error', code: reply.status });
	const { type, bytes } = render(body);
	return await send(response, reply.status, type, bytes, reply.headers);
}

async function sendTruncated({ request, response, process }: Exchange): Promise<RequestStatus> {
	const { body, headers } = process();
	const bytes = encode(body);
	if (response.destroyed) return 'aborted';
	response.writeHead(200, {
		'content-type': JSON_TYPE,
		'content-length': bytes.length + 64,
		...headers,
	});
	await new Promise<void>((resolve) => response.write(bytes, () => resolve()));
	request.socket.destroy();
	return 200;
}

async function sendSlowly(
	{ response, process, signal }: Exchange,
	ms: number,
	phase: SlowPhase,
): Promise<RequestStatus> {
	if (phase === 'before') {
		// A client that gives up meanwhile does not stop the provider: the work is done all the same.
		await wait(ms, undefined, { signal });
		return await sendReply(response, process());
	}
	const answer = process();
	if (phase === 'answer') {
		await wait(ms, undefined, { signal });
		return await sendReply(response, answer);
	}

	const { type, bytes } = render(answer.body);
	response.writeHead(answer.status, {
		'content-type': type,
		'content-length': bytes.length,
		...answer.headers,
	});
	const steps = phase === 'middle' ? 2 : TRICKLE_STEPS;
	const step = Math.ceil(bytes.length / steps);
	for (let from = 0; from < bytes.length; from += step) {
		if (response.destroyed) return 'aborted';
		response.write(bytes.subarray(from, from + step));
		// A client has all of it once the last byte is there.
		await wait(ms / (steps - 1), undefined, { signal });
	}
	return await finish(response, answer.status, '');
}

async function sendHuge(
	response: ServerResponse,
	megabytes: number,
	signal: AbortSignal,
): Promise<RequestStatus> {
	// Valid JSON from end to end, so that only its size can be the reason to refuse it.
	response.writeHead(200, { 'content-type': JSON_TYPE });
	response.write('{"success":true,"data":"');
	const block = Buffer.alloc(MEGABYTE, 'a');
	for (let sent = 0; sent < megabytes; sent += 1) {
		if (response.destroyed) return 'aborted';
		if (response.write(block)) continue;
		const stop = new AbortController();
		const closed = once(response, 'close', { signal: stop.signal });
		const drained = once(response, 'drain', { signal: AbortSignal.any([signal, stop.signal]) });
		closed.catch(() => undefined);
		drained.catch(() => undefined);
		await Promise.race([closed, drained]);
		stop.abort();
	}
	return await finish(response, 200, '"}');
}

async function redirect(
	response: ServerResponse,
	status: number,
	location: string,
): Promise<RequestStatus> {
	return await send(response, status, HTML_TYPE, HTML_PAGE, { location });
}

function nextHop(request: IncomingMessage): string {
	const { path, params } = splitUrl(request.url ?? '/');
	params.set(LOOP_MARK, String(Number(params.get(LOOP_MARK) ?? '0') + 1));
	return `${path}?${params.toString()}`;
}
