import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { confirmedBy } from '../Plusofon/callWait';
import { flashCallAccountApi } from '../Plusofon/plusofon.api';
import type { Api, ApiDefinition } from '../shared/api';
import { asFailure } from '../shared/errors';
import { phoneAsInput } from '../shared/phone';
import { codeOver, codeTimedOut, receiveForCode } from '../shared/waiting/code';
import { NOT_VERIFIED, VERIFIED } from '../shared/waiting/codeReplies';
import { codeWaitState, withSecret } from '../shared/waiting/codeWait';
import type { CodeOptions } from '../shared/waiting/codeWait';
import type { Words } from '../shared/waiting/pageFields';
import type { Page } from '../shared/waiting/page';
import type {
	Hook,
	NextWait,
	Outcome,
	Reply,
	TimeOutContext,
	WaitContext,
	WaitRequest,
} from '../shared/waiting/waiting';
import { hasNext, takeStep } from './chain';
import type { Chain, Progress, Step } from './chain';
import { channelOf } from './channels';
import { codesOf, judgeCodes } from './codes';
import type { ToldCode } from './codes';

/** A channel that would have less time than this is not begun: the person could hardly use it. */
const LEAST_SECONDS = 15;

interface Settings {
	phone: string;
	chain: Chain;
	/** Seconds by channel. */
	patience: Record<string, number>;
	/** Whether the page shows a text of the user's instead of each channel's own. */
	hasOwnText: boolean;
	words: Words;
}

/** What a wait for a person, whatever the channel, keeps. */
export interface ChainWait extends Settings {
	progress: Progress;
	/** The channel that reached the person last. */
	channel: string;
	/** The channel with whose credential the codes are sealed. */
	sealer: string;
	/** A wait for a code; its secret lists all codes the person was told, with their channels. */
	code: IDataObject;
	/** Whether the person was told a code at all. */
	hasCode: boolean;
	/** A call that the person was asked to make. */
	call?: { key: string; callNumber: string; hookId: string };
}

/** What a chain keeps after its first step. */
export async function firstState(
	settings: Settings,
	step: Step,
	options: CodeOptions,
	{ open, hook }: { open(definition: ApiDefinition): Api; hook: Hook },
): Promise<IDataObject> {
	const api = open(step.channel.api);
	const code = { id: randomUUID(), phone: settings.phone, secret: '[]', shown: {}, wrong: 0 };
	const state: ChainWait = {
		...settings,
		progress: step.progress,
		channel: step.channel.value,
		sealer: step.channel.value,
		code: await codeWaitState(api, code, options, hook.until),
		hasCode: false,
	};
	return { ...(await told(state, step, api, hook)) };
}

/** Adds what the person was told by a step. */
async function told(wait: ChainWait, step: Step, api: Api, hook: Hook): Promise<ChainWait> {
	const { channel, reached, progress } = step;
	const { secret: key, callNumber = '' } = reached;
	const codes = codesOf(step);
	const add = (list: string) => JSON.stringify([...codes, ...(JSON.parse(list) as ToldCode[])]);
	const code = await withSecret({ api, state: wait.code, until: hook.until }, add);
	return {
		...wait,
		channel: channel.value,
		progress,
		code,
		hasCode: wait.hasCode || codes.length > 0,
		...(channel.kind === 'call' ? { call: { key, callNumber, hookId: hook.id } } : {}),
	};
}

/** After how many seconds the next channel begins; undefined when there is none. */
export function patienceOf({ chain, progress, channel, patience }: ChainWait): number | undefined {
	return hasNext(chain, progress) ? patience[channel] : undefined;
}

/** Answers the person, the program that leads them, or Plusofon's confirmation of their call. */
export async function receiveForChain(request: WaitRequest, context: WaitContext): Promise<Reply> {
	const wait = context.state as unknown as ChainWait;
	if (request.method === 'POST' && 'fc_signature' in request.query) {
		return await receiveCall(request, wait, context);
	}
	const api = context.open(channelOf(wait.sealer).api);
	const codeContext = { ...context, api, state: wait.code };
	let matched = wait.channel;
	const judge = async (_: Api, secret: string, code: string) => {
		const verdict = await judgeCodes(JSON.parse(secret) as ToldCode[], code, context.open);
		matched = verdict.channel ?? matched;
		// A code that counts no more does not end a wait in which something else may still come.
		return verdict.judgement !== 'verified' && mayStillVerify(wait)
			? 'wrong_code'
			: verdict.judgement;
	};
	if (request.method === 'POST' && !wait.hasCode) {
		const asking = await receiveForCode({ ...request, method: 'GET' }, codeContext, judge);
		const json = { ...asking.json, verified: false, reason: 'waiting_for_call' };
		return describeChannel({ ...asking, status: 409, json }, wait);
	}
	const reply = await receiveForCode(request, codeContext, judge);
	if (reply.outcome === undefined) return describeChannel(reply, wait);
	return { ...reply, outcome: neutral(reply.outcome, wait, matched) };
}

/** Whether the person may still call, or a channel is still to come. */
function mayStillVerify({ call, chain, progress }: ChainWait): boolean {
	return call !== undefined || hasNext(chain, progress);
}

async function receiveCall(
	request: WaitRequest,
	wait: ChainWait,
	context: WaitContext,
): Promise<Reply> {
	const { call, phone } = wait;
	const api = context.open(flashCallAccountApi);
	const isGenuine =
		call !== undefined &&
		(await confirmedBy(request, { phone, key: call.key }, { ...context, api, id: call.hookId }));
	if (!isGenuine) return { status: 401, json: { error: 'unauthorized' } };
	const tries = Number(codeTimedOut(wait.code).json.tries);
	const json = { verified: true, reason: 'verified', tries };
	return {
		status: 200,
		json: { success: true },
		outcome: neutral({ output: VERIFIED, json }, wait, 'plusofonCallToAuth'),
	};
}

/** The reply to somebody who is still asked, with what the channel wants of them. */
function describeChannel(reply: Reply, wait: ChainWait): Reply {
	const { channel, call, words } = wait;
	const { page } = reply;
	if (call === undefined) {
		const described = page === undefined ? {} : { page: pageFor(page, wait) };
		return { ...reply, json: { ...reply.json, channel }, ...described };
	}
	const { callNumber } = call;
	const toCall = { number: callNumber, note: words.afterCall };
	const described = page === undefined ? {} : { page: { ...pageFor(page, wait), call: toCall } };
	return { ...reply, json: { ...reply.json, channel, callNumber }, ...described };
}

function pageFor(
	{ form, ...page }: NonNullable<Reply['page']>,
	{ channel, hasCode, hasOwnText, chain, progress, words }: ChainWait,
): NonNullable<Reply['page']> {
	// What is no question any more has its own text.
	if (form === undefined) return page;
	const { prompt, kind } = channelOf(channel);
	const text = [
		hasOwnText ? page.text : prompt,
		hasCode && kind === 'call' ? words.orCode : '',
		// The page does not change by itself when the next channel begins.
		hasNext(chain, progress) ? words.calledAgain : '',
	]
		.filter((part) => part !== '')
		.join(' ');
	return { ...page, text, ...(hasCode ? { form } : {}) };
}

/** The next channel; or the rest of the time without one, when none reached the person. */
export async function nextState(context: TimeOutContext): Promise<NextWait> {
	const wait = context.state as unknown as ChainWait;
	const { chain, progress, phone } = wait;
	const hook = context.newHook();
	const isTooLate = context.until - context.now < LEAST_SECONDS * 1000;
	if (isTooLate) return { hook, state: withoutNext(wait, progress) };

	const api = context.open(channelOf(wait.sealer).api);
	// A credential that was changed meanwhile has to come to light before anything is paid.
	await withSecret({ api, state: wait.code, until: hook.until }, (list) => list);
	const expiresAt = Math.ceil(context.until / 1000);
	const claim = { phone, requestId: hook.id, expiresAt };
	const target = { phone, open: context.open, hook: { url: hook.url, claim } };
	const step = await takeStep(chain, progress, target).catch(asFailure);
	if (step instanceof Error) {
		const attempts = step.facts.attempts as Progress['attempts'] | undefined;
		return {
			hook,
			state: withoutNext(wait, { ...progress, attempts: attempts ?? progress.attempts }),
		};
	}
	const next = await told(wait, step, api, hook);
	const patience = patienceOf(next) ?? Infinity;
	const wakeAt = Math.min(hook.until, Date.now() + patience * 1000);
	return { hook: { ...hook, wakeAt }, state: { ...next } };
}

// Whoever was told a code or a number may still use it until the end.
function withoutNext(wait: ChainWait, progress: Progress): IDataObject {
	return { ...wait, progress, chain: { ...wait.chain, channels: [] } };
}

/** The page for somebody who comes too late. */
export function chainOver({ code }: IDataObject): Page {
	return codeOver(code as IDataObject);
}

export async function timedOut({ state }: TimeOutContext): Promise<Outcome> {
	const wait = state as unknown as ChainWait;
	return await Promise.resolve(neutral(codeTimedOut(wait.code), wait, wait.channel));
}

/** The outcome in the words that every channel shares. */
function neutral({ output, json }: Outcome, wait: ChainWait, channel: string): Outcome {
	const { verified, reason, tries } = json;
	const { progress } = wait;
	return {
		output,
		json: {
			status: verified === true ? 'verified' : 'not_verified',
			verified: verified ?? false,
			reason: reason ?? null,
			channel,
			provider: channelOf(channel).provider,
			phone: phoneAsInput(wait.phone),
			tries: tries ?? 0,
			...(progress.operator === undefined ? {} : { operator: progress.operator }),
			attempts: progress.attempts,
		},
	};
}

export { NOT_VERIFIED, VERIFIED };
