import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { asFailure } from '../shared/errors';
import { phoneAsInput, readingsOf } from '../shared/phone';
import { deriveKey, sameSecret } from '../shared/secrets';
import { Expiring } from '../shared/expiring';
import { calledPath } from '../shared/hookPlace';
import { verifyHook } from '../shared/webhookSignature';
import { accessTokenOf, flashCallAccountApi, HOOK_PURPOSE } from './plusofon.api';

const MOST_KEPT_IN_WORKFLOW = 1000;

/** Confirmations that were accepted in this process; n8n's static data remembers them across restarts. */
const accepted = new Expiring<true>();

/** Keys of the calls that this process requested, by request ID. */
const issued = new Expiring<string>();

/** Lets this process recognise a confirmation whose key was altered. */
export function rememberIssued(requestId: string, key: string, expiresAt: number): void {
	issued.add(requestId, key, expiresAt, Date.now());
}

/**
 * Receives the webhook of POST api/v1/flash-call/call-to-auth: `{phone: the person's number, key}`,
 * as JSON or as a form. Answers 401 to whatever is not genuine, the same for every reason, 409 to a
 * repetition, and starts the flow for neither.
 */
export async function receiveCallConfirmation(
	context: IWebhookFunctions,
): Promise<IWebhookResponseData> {
	try {
		const now = Date.now();
		const { phones, key } = readBody(context);
		const credentials = await context.getCredentials(flashCallAccountApi.credentialType);
		const hookKey = deriveKey(accessTokenOf(credentials), HOOK_PURPOSE);
		const path = calledPath(context);
		const query = context.getQueryData() as IDataObject;
		const confirmed = phones
			.map((phone) => ({ phone, verdict: verifyHook({ path, query }, phone, hookKey, now) }))
			.find(({ verdict }) => verdict.genuine);
		if (confirmed?.verdict.genuine !== true || key === '') {
			return refuse(context, 401, 'unauthorized');
		}

		const { requestId, expiresAt } = confirmed.verdict;
		const phone = phoneAsInput(confirmed.phone);
		if (!sameSecret(key, issued.get(requestId, now) ?? key))
			return refuse(context, 401, 'unauthorized');
		if (!acceptOnce(context, requestId, expiresAt * 1000, now)) {
			return refuse(context, 409, 'already_confirmed');
		}
		const confirmedAt = new Date(now).toISOString();
		// Answered here and not by n8n, which then saves the static data before it starts the flow;
		// with an answer of n8n's own only the first change of the data is ever saved.
		context.getResponseObject().status(200).json({ success: true });
		return {
			noWebhookResponse: true,
			workflowData: [[{ json: { verified: true, phone, key, requestId, confirmedAt } }]],
		};
	} catch (thrown) {
		// Throwing would let n8n start the flow with an empty item: nothing may pass on a failure.
		context.logger.error(`Plusofon Trigger: ${asFailure(thrown).message}`);
		return refuse(context, 500, 'internal');
	}
}

/** What was posted, in whatever form: n8n parses JSON and forms by their content type only. */
function readBody(context: IWebhookFunctions): { phones: string[]; key: string } {
	const parsed: IDataObject = Object(context.getBodyData() ?? {});
	// n8n puts the fields of a multipart form under `data`.
	const forms: IDataObject[] = [parsed, Object(parsed.data ?? {}), jsonIn(context)];
	const { phone, key } = forms.find((form) => textOf(form.phone) !== '') ?? {};
	return { phones: readingsOf(textOf(phone)), key: textOf(key) };
}

function jsonIn(context: IWebhookFunctions): IDataObject {
	try {
		return Object(JSON.parse(String(context.getRequestObject().rawBody))) as IDataObject;
	} catch {
		return {};
	}
}

function textOf(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function acceptOnce(
	context: IWebhookFunctions,
	requestId: string,
	expiresAt: number,
	now: number,
): boolean {
	const kept = context.getWorkflowStaticData('node') as { confirmed?: Record<string, number> };
	if (kept.confirmed?.[requestId] !== undefined) return false;
	if (!accepted.add(requestId, true, expiresAt, now)) return false;
	const stillValid = Object.entries(kept.confirmed ?? {}).filter(([, until]) => until > now);
	kept.confirmed = Object.fromEntries([
		...stillValid.slice(1 - MOST_KEPT_IN_WORKFLOW),
		[requestId, expiresAt],
	]);
	return true;
}

function refuse(context: IWebhookFunctions, status: number, error: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ error });
	return { noWebhookResponse: true };
}
