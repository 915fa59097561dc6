import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import type { Api } from '../shared/api';
import { Failure } from '../shared/errors';
import type { BatchAnswer, BatchEntry } from '../shared/operation';
import { phoneAsInput } from '../shared/phone';
import { flattenCall } from './callEvents';
import { mapWebhooks } from './voiceMenu';
import type { WireEntry } from './voiceMenu';
import { HOOK_PURPOSE, SECRET_HEADER, secretHeader } from './webhookSecret';
import { rowsIn } from './zvonobot.api';

/** What the calls of one request have in common. */
export interface CallOrder extends IDataObject {
	/** The body of the request, without the phones. */
	body: IDataObject & Pick<WireEntry, 'webhookUrl' | 'webhookHeaders' | 'ivrs'>;
	/** Whether the webhooks get the header by which the trigger recognizes them. */
	sign: boolean;
}

/**
 * Sends one request that creates calls, and finds each phone's in the answer.
 *
 * @param phonesIn puts the phones, and what belongs to each, into the body
 * @param requestId names the request in the secrets of its webhooks
 */
export async function placeCalls(
	api: Api,
	path: string,
	{ body, sign }: CallOrder,
	entries: readonly BatchEntry[],
	phonesIn: (entries: readonly BatchEntry[]) => IDataObject,
	requestId: string = randomUUID(),
): Promise<BatchAnswer> {
	const signed = sign ? await signWebhooks(api, body, requestId) : undefined;
	const rows = await api.request({
		method: 'POST',
		path,
		body: { ...phonesIn(entries), ...(signed?.body ?? body) },
		read: readCreated,
	});
	const byPhone = new Map(rows.map((row) => [digitsIn(row.phone), row]));
	const isAlone = entries.length === 1 && rows.length === 1;
	return new Map(
		entries.map(({ target }): [string, IDataObject | Failure] => {
			const row = isAlone ? rows[0] : byPhone.get(target);
			if (row === undefined) return [target, notNamed()];
			return [
				target,
				{ ...row, phone: phoneAsInput(target), ...(signed ? { requestId: signed.requestId } : {}) },
			];
		}),
	);
}

/** Adds the trigger's header to every webhook of a request; undefined when it has none. */
async function signWebhooks(
	api: Api,
	body: CallOrder['body'],
	requestId: string,
): Promise<{ body: IDataObject; requestId: string } | undefined> {
	const hookKey = await api.deriveKey(HOOK_PURPOSE);
	let found = false;
	const signed = (
		{ webhookUrl, webhookHeaders }: Pick<WireEntry, 'webhookUrl' | 'webhookHeaders'>,
		action?: number,
	) => {
		if (webhookUrl === undefined) return {};
		found = true;
		const secret = secretHeader(hookKey, webhookUrl, requestId, action);
		return { webhookHeaders: withHeader(webhookHeaders, SECRET_HEADER, secret) };
	};
	let actions = 0;
	const { ivrs, ...rest } = body;
	const withSecrets = {
		...rest,
		...signed(rest),
		...(ivrs === undefined ? {} : { ivrs: mapWebhooks(ivrs, (entry) => signed(entry, ++actions)) }),
	};
	return found ? { body: withSecrets, requestId } : undefined;
}

/** Headers as JSON with one more, which takes the place of one of the same name. */
function withHeader(json: string | undefined, name: string, value: string): string {
	const headers = Object.entries(JSON.parse(json ?? '{}') as Record<string, string>);
	const others = headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
	return JSON.stringify(Object.fromEntries([...others, [name, value]]));
}

function readCreated(body: IDataObject): IDataObject[] | undefined {
	const rows = rowsIn(body)?.map(createdCall);
	// A row without an ID names no call: its phone counts as left out.
	const named = rows?.filter(({ callId }) => callId !== null);
	return named?.length === 0 && rows?.length !== 0 ? undefined : named;
}

/** A call as creating it answers, under the names that getting it has. */
function createdCall(answer: IDataObject): IDataObject {
	const [call = {}] = flattenCall({ ...answer, calls: [] });
	const { callId, phone, createdAt, plannedAt, smartDelay, needRecording } = call;
	return {
		callId,
		phone,
		createdAt,
		plannedAt,
		smartDelay,
		...(call.templateId === null
			? { needRecording, recordCost: call.recordCost }
			: { templateId: call.templateId, variables: variablesIn(answer.phoneInfo) }),
	};
}

function variablesIn(phoneInfo: unknown): IDataObject {
	try {
		const parsed: unknown = typeof phoneInfo === 'string' ? JSON.parse(phoneInfo) : phoneInfo;
		return { ...Object(parsed ?? {}) } as IDataObject;
	} catch {
		return {};
	}
}

function digitsIn(phone: unknown): string {
	return String(phone ?? '').replace(/\D/g, '');
}

/** Zvonobot leaves out of its answer the phones it does not call, and says no word about them. */
function notNamed(): Failure {
	return new Failure({
		code: 'may_have_been_sent',
		message:
			'Zvonobot accepted the request, but names no call to this phone in its answer: most likely it does not call this number',
		hint: 'It was not sent again, so that nobody is called and nothing is charged twice. Look in the Zvonobot cabinet for a call to this phone before you send it again.',
		ambiguous: true,
	});
}
