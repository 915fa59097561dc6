import type { IDataObject } from 'n8n-workflow';
import type { Api } from '../shared/api';
import { asFailure, invalidInput } from '../shared/errors';
import { requireId } from '../shared/fields/id';
import type { Outcome, Reply, WaitContext, WaitRequest } from '../shared/waiting/waiting';
import { phoneAsInput, readingsOf } from '../shared/phone';
import { textOf } from './callEvents';
import { LONGEST_WEBHOOK_URL } from './callSettings';
import { entryFor, readCalls } from './callIds';
import type { WireEntry } from './voiceMenu';
import { readEvents } from './webhookBody';
import { HOOK_PURPOSE, SECRET_HEADER, verifySecret } from './webhookSecret';

export const ANSWERED = 'Answered';
export const NO_ANSWER = 'No Answer';

/** Output labels by the key that a person may press. */
export const KEY_OUTPUTS: Readonly<Record<string, string>> = Object.fromEntries(
	Array.from({ length: 10 }, (_, digit) => [String(digit), `Key ${digit}`]),
);

/** What a wait for the end of a call, or for an answer in its menu, keeps. */
export interface RobocallWait {
	/** As Zvonobot gave it. */
	callId: number | string;
	/** Digits of the person's number. */
	phone: string;
	/** Keys with an output of their own. */
	keys: string[];
	/** Whether the first answer in the menu ends the wait. */
	untilAnswer: boolean;
}

/**
 * The resume URL, where the provider takes it.
 *
 * @throws Failure `invalid_input` when the address of n8n is too long
 */
export function webhookUrlOf(url: string): string {
	if (url.length <= LONGEST_WEBHOOK_URL) return url;
	throw invalidInput(
		'The address of this n8n',
		`makes a webhook URL of ${url.length} characters, and Zvonobot takes ${LONGEST_WEBHOOK_URL}`,
		'Give n8n a shorter address (WEBHOOK_URL), or use Create with a Zvonobot Trigger.',
	);
}

/**
 * Whether what is waited for can come.
 *
 * @throws Failure `invalid_input` for an answer without a voice menu, or a key that none of it has
 */
export function assertCanAnswer(
	{ keys, untilAnswer }: Pick<RobocallWait, 'keys' | 'untilAnswer'>,
	menu: readonly WireEntry[] | undefined,
): void {
	const wanted = keys.length > 0 ? 'Outputs for Keys' : untilAnswer ? 'Wait For' : undefined;
	if (wanted !== undefined && menu === undefined) {
		throw invalidInput(
			wanted,
			'asks for an answer, and without a voice menu there is none',
			'Add a voice menu, or wait for the end of the call and choose no keys.',
		);
	}
	const known = entriesIn(menu ?? []);
	const missing = known.some(({ anyWord }) => anyWord === 1)
		? undefined
		: keys.find((key) => !known.some(({ digit }) => digit === Number(key)));
	if (missing === undefined) return;
	throw invalidInput(
		'Outputs for Keys',
		`holds ${missing}, which no entry of the voice menu has`,
		'Add an entry for this key to the voice menu, or remove the key.',
	);
}

/** @throws Failure `invalid_input` for a call that is planned after the end of the wait for it */
export function assertInTime(plannedAt: unknown, until: number): void {
	if (plannedAt === undefined || Number(plannedAt) * 1000 < until) return;
	throw invalidInput(
		'Planned At',
		'lies behind the Time Limit, so that the wait would be over before the call',
		'Raise Time Limit (Seconds), or let the call begin earlier.',
	);
}

/** The entries of a menu on all levels. */
function entriesIn(entries: readonly WireEntry[]): WireEntry[] {
	return entries.flatMap((entry) => [entry, ...entriesIn(entry.ivrs ?? [])]);
}

/** Answers a webhook of the call: its end, or an answer in the menu, ends the wait. */
export async function receiveCall(
	request: WaitRequest,
	wait: RobocallWait,
	{ api, id, until }: WaitContext,
): Promise<Reply> {
	if (request.method === 'GET') {
		const expiresAt = new Date(until).toISOString();
		return { status: 200, json: { status: 'waiting', callId: wait.callId, expiresAt } };
	}
	const hookKey = await api.deriveKey(HOOK_PURPOSE);
	const secret = request.headers[SECRET_HEADER.toLowerCase()];
	const verdict = verifySecret(hookKey, request.path, secret);
	const isOurs = verdict.genuine && verdict.requestId === id;
	const events = isOurs ? (readEvents(request.content) ?? []).map(({ json }) => json) : [];
	const own = events.filter((event) => isAbout(event, wait));
	if (!isOurs || own.length === 0) return { status: 401, json: { error: 'unauthorized' } };
	const outcome = own.map((event) => outcomeOf(event, wait)).find((one) => one !== undefined);
	return { status: 200, json: { success: true }, ...(outcome === undefined ? {} : { outcome }) };
}

/** Looks once how the call stands, when no webhook came that says it. */
export async function settleCall(wait: RobocallWait, { api }: WaitContext): Promise<Outcome> {
	const call = await callOf(wait, api).catch((thrown: unknown) => ({
		statusUnknown: asFailure(thrown).message,
	}));
	const row = { callId: wait.callId, phone: phoneAsInput(wait.phone), ...call };
	const end = outcomeOf({ event: 'status', ...row }, wait);
	if (end !== undefined) return end;
	const reason = 'statusUnknown' in call ? 'unknown' : 'timeout';
	return { output: NO_ANSWER, json: { answered: false, reason, ...row } };
}

async function callOf(wait: RobocallWait, api: Api): Promise<IDataObject> {
	const entry = entryFor(requireId(wait.callId, 'Call ID'));
	const found = await readCalls(api, { fromTemplate: false, simplify: true }, [entry]);
	return found.get(entry.target)?.find((row) => isAbout(row, wait)) ?? {};
}

function isAbout({ callId = null, phone }: IDataObject, wait: RobocallWait): boolean {
	const isSame = callId === null || String(callId) === String(wait.callId);
	return isSame && readingsOf(textOf(phone) ?? '').includes(wait.phone);
}

/** How an event ends the wait; undefined when the call goes on. */
function outcomeOf(event: IDataObject, wait: RobocallWait): Outcome | undefined {
	const json: IDataObject = { callId: wait.callId, ...event };
	delete json.event;
	if (event.event === 'answer') {
		// Who stays on the line has not answered, and may yet.
		return wait.untilAnswer && event.stayed !== true ? answered(json, wait) : undefined;
	}
	if (event.status === 'finished') return answered(json, wait);
	if (event.status !== 'canceled') return undefined;
	return { output: NO_ANSWER, json: { answered: false, reason: 'no_answer', ...json } };
}

function answered(json: IDataObject, { keys }: RobocallWait): Outcome {
	const key = keyIn(json);
	const output = keys.includes(key) ? KEY_OUTPUTS[key] : undefined;
	const reason = output === undefined ? 'answered' : 'key';
	const digit = key === '' ? null : Number(key);
	return { output: output ?? ANSWERED, json: { answered: true, reason, ...json, digit } };
}

/** The key pressed last, also when the person then stayed on the line, which counts as no digit. */
function keyIn({ digit, answers }: IDataObject): string {
	const given: unknown[] = Array.isArray(answers) ? answers : [];
	const pressed = [...given, digit].map(String).filter((one) => /^\d$/.test(one));
	return pressed.at(-1) ?? '';
}
