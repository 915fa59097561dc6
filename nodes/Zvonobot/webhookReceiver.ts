import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { asFailure } from '../shared/errors';
import { Expiring } from '../shared/expiring';
import { calledPath } from '../shared/hookPlace';
import { deriveKey } from '../shared/secrets';
import { parseBody, parseFields, readEvents, shortDigestOf } from './webhookBody';
import type { CallEvent } from './webhookBody';
import { HOOK_PURPOSE, SECRET_HEADER, verifySecret } from './webhookSecret';
import { apiKeyOf, zvonobotApi } from './zvonobot.api';

const MOST_BYTES = 1024 * 1024;
const MOST_KNOWN = 20_000;
const MOST_KEPT_IN_WORKFLOW = 2000;

/** Events each trigger accepted in this process; n8n's static data remembers them across restarts. */
const known = new Map<string, Expiring<true>>();

/**
 * Receives the webhooks of calls. Starts the flow for chosen events, each once, with the events of
 * one body as items. Answers 200 to whatever needs no repetition, 401 to whatever is not genuine,
 * the same for every reason.
 */
export async function receiveCallEvents(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const sender = await readSender(context);
		if (sender === undefined) return refuse(context, 401, 'unauthorized');
		if (sizeOf(context) > MOST_BYTES) return refuse(context, 413, 'too_large');
		const events = readEvents(bodyOf(context));
		if (events === undefined) return refuse(context, 413, 'too_large');
		if (events.length === 0) return refuse(context, 400, 'no_event');

		const { requestId, source } = sender;
		const chosen = new Set(context.getNodeParameter('events', []) as string[]);
		const wanted = events.filter(({ kind }) => chosen.has(kind));
		const fresh = onlyNew(context, wanted, source);
		// Answered here and not by n8n, which then saves the static data before it starts the flow.
		context.getResponseObject().status(200).json({ success: true });
		if (fresh.length === 0) return { noWebhookResponse: true };
		const items = fresh.map(({ json }) => ({ json: { ...json, requestId } }));
		return { noWebhookResponse: true, workflowData: [items] };
	} catch (thrown) {
		// Throwing would let n8n start the flow with an empty item: nothing may pass on a failure.
		context.logger.error(`Zvonobot Trigger: ${asFailure(thrown).message}`);
		return refuse(context, 500, 'internal');
	}
}

/** What a secret says of the call it came with; nothing when none is asked for. */
interface Sender {
	requestId: string | null;
	source: string;
}

/** Who calls; undefined when that is not the provider. */
async function readSender(context: IWebhookFunctions): Promise<Sender | undefined> {
	const { ip } = context.getRequestObject();
	if (context.getNodeParameter('onlyFromProvider', false) === true) {
		const allowed = String(context.getNodeParameter('providerAddresses', ''));
		if (!addressesIn(allowed).includes(plainAddress(ip))) {
			context.logger.debug(`Zvonobot Trigger: refused a call from the address ${ip}`);
			return undefined;
		}
	}
	if (context.getNodeParameter('verification', 'signed') === 'none') {
		return { requestId: null, source: '' };
	}

	const credentials = await context.getCredentials(zvonobotApi.credentialType);
	const hookKey = deriveKey(apiKeyOf(credentials), HOOK_PURPOSE);
	const secret = context.getHeaderData()[SECRET_HEADER.toLowerCase()];
	const verdict = verifySecret(hookKey, calledPath(context), secret);
	if (verdict.genuine) return verdict;
	context.logger.debug('Zvonobot Trigger: refused a call without the secret of this webhook');
	return undefined;
}

function addressesIn(text: string): string[] {
	return text
		.split(/[\s,;]+/)
		.filter((address) => address !== '')
		.map(plainAddress);
}

/** An IPv4 address may come written as an IPv6 one. */
function plainAddress(address = ''): string {
	return address.toLowerCase().replace(/^::ffff:/, '');
}

function sizeOf(context: IWebhookFunctions): number {
	const { rawBody, headers } = context.getRequestObject();
	return Math.max(rawBody?.length ?? 0, Number(headers['content-length']) || 0);
}

function bodyOf(context: IWebhookFunctions): unknown {
	const { rawBody } = context.getRequestObject();
	if (rawBody?.length) return parseBody(rawBody.toString('utf8'));
	// n8n does not keep the text of a multipart form, and puts its fields under `data`.
	const { data } = Object(context.getBodyData() ?? {}) as IDataObject;
	return parseFields(Object.entries(Object(data ?? {})));
}

/** Those that did not come before; they count as known from now on. */
function onlyNew(context: IWebhookFunctions, events: CallEvent[], source: string): CallEvent[] {
	// While somebody tries the flow in the editor, one event after the other is wanted, also the same.
	if (context.getMode() === 'manual' || events.length === 0) return events;
	const now = Date.now();
	const kept = context.getWorkflowStaticData('node') as { accepted?: Record<string, number> };
	const ours = knownTo(`${context.getWorkflow().id}/${context.getNode().id}`);
	for (const [id, until] of Object.entries(kept.accepted ?? {})) ours.add(id, true, until, now);

	const fresh = events.filter(({ bySource, identity, knownFor }) => {
		const id = shortDigestOf(bySource ? `${source}${identity}` : identity);
		return ours.add(id, true, now + knownFor, now);
	});
	if (fresh.length > 0) {
		kept.accepted = Object.fromEntries(ours.expiries(now).slice(-MOST_KEPT_IN_WORKFLOW));
	}
	return fresh;
}

function knownTo(trigger: string): Expiring<true> {
	const before = known.get(trigger) ?? new Expiring<true>(MOST_KNOWN);
	known.set(trigger, before);
	return before;
}

function refuse(context: IWebhookFunctions, status: number, error: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ error });
	return { noWebhookResponse: true };
}
