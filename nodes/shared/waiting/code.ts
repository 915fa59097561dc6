import { createHash, randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import type { Api } from '../api';
import { Attempts } from '../attempts';
import { asFailure, Failure, invalidInput } from '../errors';
import { Expiring } from '../expiring';
import { maxAttemptsOption, PRESET_ATTEMPTS } from '../fields/maxAttempts';
import { requirePhone } from '../fields/phone';
import { defineField } from '../operation';
import type { OperationContext } from '../operation';
import { phoneAsInput } from '../phone';
import { openCode, sealCode } from '../sealedCode';
import { sameSecret } from '../secrets';
import { timeLimitField } from './limit';
import type { Page } from './page';
import { ownText, pageTextOption, pageTitleOption, PRESET_TITLE } from './pageFields';
import type { Outcome, Reply, WaitContext, Waiting, WaitRequest } from './waiting';

/** What the keys are sealed for that stand in the data of a waiting execution. */
const PURPOSE = 'wait/code/v1';
/** The same for those that leave it: one is worth nothing in the place of the other. */
const RETRY_PURPOSE = 'wait/retry/v1';
const PRESET_SECONDS = 180;
const LEAVE = 'leave';

export const VERIFIED = 'Verified';
export const NOT_VERIFIED = 'Not Verified';
const WRONG_CODE = 'Wrong Code';

/** Tries at the codes that this process was asked about. */
const attempts = new Attempts();

/** Right codes by wait: n8n lets one request end a wait, and the same code may come twice before. */
const accepted = new Expiring<string>();

/** A code that a person was told. */
interface SentCode {
	/** Digits of the person's number. */
	phone: string;
	/** The code itself, or what the provider knows it by; it is never shown. */
	secret: string;
	/** What the provider said of it, to stand in every outcome. */
	shown: IDataObject;
}

/** How a typed code is judged: right, wrong, or why the code counts no more. */
export type Judgement = 'verified' | 'wrong_code' | 'expired' | 'too_many_attempts';

/** Judges a code that the flow itself holds. */
export async function compareCode(_: Api, secret: string, code: string): Promise<Judgement> {
	return await Promise.resolve(sameSecret(code, secret) ? 'verified' : 'wrong_code');
}

/** Fields of every operation that waits for a code, after those that say whom to call and how. */
export const codeWaitFields = [
	timeLimitField(PRESET_SECONDS),
	defineField({
		displayName: 'On Wrong Code',
		name: 'onWrongCode',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Keep Waiting',
				value: 'keepWaiting',
				description: 'The person tries again; tries are counted in the memory of this n8n process',
			},
			{
				name: 'Leave on Wrong Code Output',
				value: LEAVE,
				description:
					'The workflow goes on after each wrong code and may be led back to this node; tries are kept in the data of the execution',
			},
		],
		default: 'keepWaiting',
		description: 'What happens when the person types a wrong code',
	}),
	defineField({
		displayName: 'Retry Key',
		name: 'retryKey',
		type: 'string',
		typeOptions: { password: true },
		default: '={{ $json.retryKey }}',
		placeholder: 'e.g. {{ $json.retryKey }}',
		description:
			'Comes from the Wrong Code output when it is led back to this node. With it nobody is called again: the person gets another try.',
		displayOptions: { show: { onWrongCode: [LEAVE] } },
	}),
] as const;

const LENGTHS = ['four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** What the page tells a person whose phone rings. */
export function flashCallText(codeLength = 4): string {
	const digits = LENGTHS[codeLength - 4] ?? String(codeLength);
	return `Your phone rings. You need not answer: type the last ${digits} digits of the number that calls.`;
}

/** What the page tells a person to whom a voice speaks the code. */
export const VOICE_CODE_TEXT = 'Answer the call: a voice tells you the code. Type it here.';

/** Options of every operation that waits for a code: the tries, and the words of the page. */
export const codeWaitOptions = [
	defineField({
		displayName: 'Button Label',
		name: 'pageButton',
		type: 'string',
		default: 'Confirm',
		placeholder: 'e.g. Confirm',
		description: 'The button of the page on which the person types the code',
	}),
	maxAttemptsOption('the phone counts as not verified'),
	pageTextOption,
	pageTitleOption,
] as const;

interface CodeWaitParams {
	phone: string;
	timeLimit: number;
	onWrongCode: string;
	retryKey?: string | undefined;
	options: CodeOptions;
}

export interface CodeOptions {
	maxAttempts?: number;
	pageTitle?: string;
	pageText?: string;
	pageButton?: string;
	/** Whether the flow goes on after each wrong code. */
	leaves?: boolean;
}

/** A code together with what became of it so far. */
interface TriedCode extends SentCode {
	/** Names this one code over all waits for it, so that tries at once count in each of them. */
	id: string;
	/** Wrong codes typed instead of it. */
	wrong: number;
}

interface CodeWait {
	/** See TriedCode. */
	codeId: string;
	/** Names what tries count for, where that is more than this one code. */
	triesId?: string;
	/** The secret, sealed: what stands in an execution can be read by whoever may see it. */
	key: string;
	phone: string;
	shown: IDataObject;
	/** Wrong codes before this wait. */
	wrong: number;
	maxAttempts: number;
	leaves: boolean;
	page: { title: string; text: string; button: string };
}

/**
 * The waiting part of an operation that tells a person a code: they type it on a page (GET, and the
 * form it shows) or a program posts it as JSON, both at the execution's resume URL.
 *
 * @param send tells the code to the person
 * @param judge looks at what was typed
 * @param textFor what the page tells the person, where the user has written nothing else
 */
export function waitForCode<P extends CodeWaitParams>(
	send: (context: OperationContext<P>) => Promise<SentCode>,
	judge: (api: Api, secret: string, code: string) => Promise<Judgement>,
	textFor: (params: P) => string = () => flashCallText(),
): Waiting<P> {
	return {
		outputs: {
			names: [VERIFIED, NOT_VERIFIED],
			chosen: { parameter: 'onWrongCode', labels: { [LEAVE]: WRONG_CODE } },
			failure: NOT_VERIFIED,
		},
		limitSeconds: ({ timeLimit }) => timeLimit,
		async start({ hook, ...context }) {
			const { params, api } = context;
			const code = (await reopened(api, params)) ?? {
				...(await send(context)),
				id: randomUUID(),
				wrong: 0,
			};
			const leaves = params.onWrongCode === LEAVE;
			const pageText = ownText(params.options) ?? textFor(params);
			return await codeWaitState(api, code, { ...params.options, pageText, leaves }, hook.until);
		},
		receive: async (request, context) => await receiveForCode(request, context, judge),
		timeOut: async ({ state }) => await Promise.resolve(codeTimedOut(state)),
	};
}

/** The state of a wait for a code that was sent. */
export async function codeWaitState(
	api: Api,
	code: TriedCode,
	{
		maxAttempts = PRESET_ATTEMPTS,
		pageTitle,
		pageText = '',
		pageButton,
		leaves = false,
	}: CodeOptions,
	until: number,
): Promise<IDataObject> {
	const { id: codeId, phone, shown, wrong } = code;
	const state: CodeWait = {
		codeId,
		key: await seal(api, code, until),
		phone,
		shown,
		wrong,
		maxAttempts,
		leaves,
		page: {
			title: pageTitle ?? PRESET_TITLE,
			text: pageText,
			button: pageButton ?? 'Confirm',
		},
	};
	return state as unknown as IDataObject;
}

/** Answers a request to a wait for a code. */
export async function receiveForCode(
	request: WaitRequest,
	context: WaitContext,
	judge: (api: Api, secret: string, code: string) => Promise<Judgement>,
): Promise<Reply> {
	const wait = context.state as unknown as CodeWait;
	return request.method === 'GET'
		? asking(wait, context)
		: await receiveCode(request, wait, context, judge);
}

/** The outcome of a wait for a code in which nobody has typed it. */
export function codeTimedOut(state: IDataObject): Outcome {
	const wait = state as unknown as CodeWait;
	return notVerified(wait, 'timeout', wrongSoFar(wait));
}

/** What an earlier wait of this person has left, when the flow came back with it. */
async function reopened(
	api: Api,
	{ phone, onWrongCode, retryKey = '' }: CodeWaitParams,
): Promise<TriedCode | undefined> {
	if (onWrongCode !== LEAVE || retryKey.trim() === '') return undefined;
	const opened = openCode(retryKey.trim(), await api.deriveKey(RETRY_PURPOSE), RETRY_PURPOSE);
	if (opened === undefined) {
		throw invalidInput(
			'Retry Key',
			'was not made by this operation with this credential, or was altered',
			'Connect the Wrong Code output to this node, and let the field read retryKey of its item.',
		);
	}
	if (opened.phone !== requirePhone(phone)) {
		throw invalidInput(
			'Retry Key',
			'is for another phone',
			'Let Phone and Retry Key read the same item of the Wrong Code output.',
		);
	}
	if (Date.now() >= opened.expiresAt * 1000) {
		throw invalidInput(
			'Retry Key',
			'is too old: the time of the wait that gave it is over',
			'Begin anew without it, and lead the Wrong Code output straight back to this node.',
		);
	}
	return { phone: opened.phone, ...(JSON.parse(opened.code) as Omit<TriedCode, 'phone'>) };
}

/**
 * The state of a wait with another secret: for a person who is told a second code while they wait.
 * The tries stay the same. What was used is another: a code that was right and came too late must not
 * stand in the way of the next.
 *
 * @param state what `start` has left
 */
export async function withSecret(
	{ api, state, until }: Pick<WaitContext, 'api' | 'state' | 'until'>,
	change: (secret: string) => string,
): Promise<IDataObject> {
	const wait = state as unknown as CodeWait;
	const { key } = wait;
	const opened = openCode(key, await api.deriveKey(PURPOSE), PURPOSE);
	if (opened === undefined) throw changedCredential();
	const tried = { phone: opened.phone, ...(JSON.parse(opened.code) as Omit<TriedCode, 'phone'>) };
	return {
		...state,
		key: await seal(api, { ...tried, secret: change(tried.secret) }, until),
		codeId: randomUUID(),
		triesId: triesIdOf(wait),
		// Tries are counted in memory; what is known of them here is saved along the way.
		wrong: wrongSoFar(wait),
	};
}

function changedCredential(): Failure {
	return new Failure({
		code: 'missing_credential',
		message: 'The credential was changed while the workflow waited',
		hint: 'Run the workflow again, and change credentials when nothing waits.',
	});
}

async function seal(
	api: Api,
	{ phone, ...kept }: TriedCode,
	until: number,
	purpose = PURPOSE,
): Promise<string> {
	const sealed = { code: JSON.stringify(kept), phone, expiresAt: Math.ceil(until / 1000) };
	return sealCode(sealed, await api.deriveKey(purpose), purpose);
}

async function receiveCode(
	{ body }: WaitRequest,
	wait: CodeWait,
	context: WaitContext,
	judge: (api: Api, secret: string, code: string) => Promise<Judgement>,
): Promise<Reply> {
	const { api, until, now } = context;
	const waitId = `${context.executionId}/${context.id}`;
	const given = body.code ?? body.pin;
	const typed = typeof given === 'number' ? String(given) : typeof given === 'string' ? given : '';
	// People write codes in groups, as they are shown to them.
	const code = typed.length > 100 ? '' : typed.replace(/[\s-]/g, '');
	if (code === '') {
		return { ...asking(wait, context), status: 400, json: { error: 'code_missing' } };
	}
	const opened = openCode(wait.key, await api.deriveKey(PURPOSE), PURPOSE);
	// The credential was changed while the flow waited: no code can be right any more.
	if (opened === undefined) return closing(wait, 'invalid_key', wait.wrong);
	const { secret } = JSON.parse(opened.code) as { secret: string };

	const { codeId, maxAttempts } = wait;
	const id = triesIdOf(wait);
	const refused = attempts.begin(id, maxAttempts, until, now, wait.wrong, codeId);
	if (refused === 'used') return used(wait, waitId, code, now);
	if (refused !== undefined) return tooMany(wait);
	const judgement = await judge(api, secret, code).catch((thrown: unknown) => {
		attempts.drop(id);
		return asFailure(thrown);
	});
	if (typeof judgement !== 'string') {
		const page = { ...pageOf(wait), notice: 'The code could not be checked. Try again.' };
		return { status: 502, json: { error: 'not_checked', code: judgement.code }, page };
	}
	const verdict = attempts.judge(id, judgement === 'verified', codeId);
	if (verdict === 'used') return used(wait, waitId, code, now);
	if (verdict === 'verified') {
		accepted.add(waitId, digestOf(code), until, now);
		return verified(wait, wrongSoFar(wait) + 1);
	}
	if (judgement === 'expired') return forgotten(wait);
	if (judgement !== 'wrong_code') return closing(wait, judgement, wrongSoFar(wait));
	return await wrongCode(wait, context, { phone: opened.phone, secret });
}

function verified(wait: CodeWait, tries: number): Reply {
	const json = { verified: true, reason: 'verified' };
	const phone = phoneAsInput(wait.phone);
	return {
		status: 200,
		json,
		page: { title: wait.page.title, text: 'Thank you, the phone is confirmed.' },
		outcome: { output: VERIFIED, json: { ...json, phone, tries, ...wait.shown } },
	};
}

async function wrongCode(
	wait: CodeWait,
	{ api, until }: WaitContext,
	{ phone, secret }: { phone: string; secret: string },
): Promise<Reply> {
	const wrong = wrongSoFar(wait);
	const attemptsLeft = Math.max(0, wait.maxAttempts - wrong);
	if (attemptsLeft === 0) return closing(wait, 'too_many_attempts', wrong);
	const json = { verified: false, reason: 'wrong_code', attemptsLeft };
	const notice = `That was not the code. Tries left: ${attemptsLeft}`;
	const reply: Reply = { status: 200, json, page: { ...pageOf(wait), notice } };
	if (!wait.leaves) return reply;
	const code = { id: wait.codeId, phone, secret, shown: wait.shown, wrong };
	const retryKey = await seal(api, code, until, RETRY_PURPOSE);
	const left = { ...json, phone: phoneAsInput(phone), retryKey };
	return { ...reply, outcome: { output: WRONG_CODE, json: left } };
}

/** The code was right before: in this very wait it still is, should the first time not have ended it. */
function used(wait: CodeWait, waitId: string, code: string, now: number): Reply {
	const isSame = accepted.get(waitId, now) === digestOf(code);
	if (isSame) return verified(wait, wrongSoFar(wait) + 1);
	const page = { title: wait.page.title, text: 'The phone is confirmed already.' };
	return { status: 409, json: { verified: false, reason: 'used' }, page };
}

/**
 * The provider knows the code no more. Perhaps it was right a moment ago, at another process of n8n:
 * that one ends the wait then, and this one must not.
 */
function forgotten(wait: CodeWait): Reply {
	const attemptsLeft = Math.max(0, wait.maxAttempts - wrongSoFar(wait));
	return {
		status: 200,
		json: { verified: false, reason: 'expired', attemptsLeft },
		page: { ...pageOf(wait), notice: 'This code does not count any more.' },
	};
}

function digestOf(code: string): string {
	return createHash('sha256').update(code).digest('base64');
}

// Tries that are still being judged may yet be right: only those that were wrong end the wait.
function tooMany(wait: CodeWait): Reply {
	const reply = closing(wait, 'too_many_attempts', wrongSoFar(wait));
	if (wrongSoFar(wait) >= wait.maxAttempts) return reply;
	return { status: 429, json: reply.json, page: pageOf(wait) };
}

function closing(wait: CodeWait, reason: string, tries: number): Reply {
	return {
		status: 200,
		json: { verified: false, reason, attemptsLeft: 0 },
		page: { title: wait.page.title, text: 'The phone could not be confirmed.' },
		outcome: notVerified(wait, reason, tries),
	};
}

function notVerified(wait: CodeWait, reason: string, tries: number): Outcome {
	const phone = phoneAsInput(wait.phone);
	return { output: NOT_VERIFIED, json: { verified: false, reason, phone, tries, ...wait.shown } };
}

// After a restart only the tries before this wait are known, and they stand in its data.
function wrongSoFar(wait: CodeWait): number {
	return Math.max(wait.wrong, attempts.wrong(triesIdOf(wait)));
}

function triesIdOf({ codeId, triesId = codeId }: CodeWait): string {
	return triesId;
}

function asking(wait: CodeWait, { until }: WaitContext): Reply {
	const attemptsLeft = Math.max(0, wait.maxAttempts - wrongSoFar(wait));
	const expiresAt = new Date(until).toISOString();
	return { status: 200, json: { status: 'waiting', attemptsLeft, expiresAt }, page: pageOf(wait) };
}

function pageOf({ page: { title, text, button } }: CodeWait): Page {
	return { title, text, form: { label: 'Code', button } };
}
