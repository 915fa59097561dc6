import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { apiOpener } from '../api';
import { asFailure } from '../errors';
import { resourceApi } from '../execution';
import { calledPath } from '../hookPlace';
import { PRESET_TIMEOUT_SECONDS } from '../fields/options';
import type { Operation, Resource } from '../operation';
import { renderPage } from './page';
import { hasEnded, keepEnding, lostEnding, mayEnd } from './ending';
import { currentWait, endsOnce } from './suspension';
import type { Reply, WaitRequest } from './waiting';

const GOES_ON: IWebhookResponseData = { noWebhookResponse: true };

const ENDED: Reply = { status: 409, json: { error: 'ended' } };
const EXPIRED: Reply = { status: 410, json: { error: 'expired' } };

/**
 * The `webhook` of every node with waiting operations: asks the operation what a request means.
 * Whatever is thrown, the wait goes on: n8n would take an error for a reason to continue the flow.
 */
export async function receiveForWait(
	context: IWebhookFunctions,
	resources: readonly Resource[],
): Promise<IWebhookResponseData> {
	try {
		return await receive(context, resources);
	} catch (thrown) {
		context.logger.error(`${context.getNode().name}: ${asFailure(thrown).message}`);
		return answer(context, { status: 500, json: { error: 'internal' } });
	}
}

async function receive(
	context: IWebhookFunctions,
	resources: readonly Resource[],
): Promise<IWebhookResponseData> {
	const wait = currentWait(context);
	const chosen = chosenWaiting(context, resources);
	if (wait === undefined || chosen === undefined) {
		return answer(context, { status: 404, json: { error: 'not_waiting' } });
	}
	const now = Date.now();
	const page = chosen.waiting.over?.(wait.state);
	const over = (reply: Reply) => answer(context, page === undefined ? reply : { ...reply, page });
	if (now >= wait.until) return over(EXPIRED);

	// Whether it is on this process to see to it that the wait ends once.
	const isOnUs = !endsOnce(context);
	if (isOnUs && hasEnded(wait, now)) return over(ENDED);

	const settings = { timeoutMs: PRESET_TIMEOUT_SECONDS * 1000, once: false };
	const open = apiOpener(context, settings);
	const api = resourceApi(chosen.resource, open);
	const { id, until, state } = wait;
	const executionId = context.getExecutionId();
	const waitContext = { api, open, id, executionId, until, now, state };
	const reply =
		lostEnding(executionId, wait, now) ??
		(await chosen.waiting.receive(readRequest(context), waitContext));
	if (reply.outcome === undefined) return answer(context, reply);
	// The provider may have taken its time: n8n has let the flow go on without it meanwhile.
	if (Date.now() >= wait.until) return over(EXPIRED);
	if (isOnUs && !mayEnd(wait, now)) return over(ENDED);
	wait.outcome = reply.outcome;
	keepEnding(executionId, wait, reply, now);
	return answer(context, reply);
}

function chosenWaiting(context: IWebhookFunctions, resources: readonly Resource[]) {
	const resource = resources.find(({ value }) => value === context.getNodeParameter('resource'));
	const value = context.getNodeParameter('operation');
	const operation: Operation | undefined = resource?.operations.find(
		({ option }) => option.value === value,
	);
	return resource !== undefined && operation !== undefined && 'wait' in operation
		? { resource, waiting: operation.wait }
		: undefined;
}

/**
 * A reply that ends the wait is sent by n8n, after it has saved that the execution goes on: only
 * then may a provider forget about it. One that does not is sent here, with a status of its own.
 */
function answer(context: IWebhookFunctions, reply: Reply): IWebhookResponseData {
	const response = context.getResponseObject();
	const wantsPage = String(context.getHeaderData().accept ?? '').includes('text/html');
	const html = wantsPage && reply.page !== undefined ? renderPage(reply.page) : undefined;
	response.setHeader('Cache-Control', 'no-store');
	response.setHeader('Referrer-Policy', 'no-referrer');
	if (html !== undefined) response.setHeader('Content-Type', 'text/html; charset=utf-8');
	if (reply.outcome !== undefined) {
		return { webhookResponse: html ?? reply.json, workflowData: [] };
	}
	response.status(reply.status);
	if (html === undefined) response.json(reply.json);
	else response.send(html);
	return GOES_ON;
}

function readRequest(context: IWebhookFunctions): WaitRequest {
	const request = context.getRequestObject();
	const content = request.method === 'GET' ? undefined : readContent(context);
	const fields = asObject(content);
	return {
		method: request.method === 'GET' ? 'GET' : 'POST',
		path: calledPath(context),
		query: context.getQueryData() as IDataObject,
		headers: context.getHeaderData() as IDataObject,
		// n8n puts the fields of a multipart form under `data`.
		body: { ...asObject(fields.data), ...fields },
		content,
	};
}

/** What was posted: n8n parses JSON and forms by their content type only. */
function readContent(context: IWebhookFunctions): unknown {
	const parsed: unknown = context.getBodyData();
	if (Array.isArray(parsed) || Object.keys(asObject(parsed)).length > 0) return parsed;
	try {
		return JSON.parse(String(context.getRequestObject().rawBody));
	} catch {
		return undefined;
	}
}

function asObject(value: unknown): IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as IDataObject)
		: {};
}
