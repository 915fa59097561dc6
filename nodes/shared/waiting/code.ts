import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import type { Api } from '../api';
import { asFailure } from '../errors';
import { Expiring } from '../expiring';
import type { OperationContext } from '../operation';
import { digestOf, sameSecret } from '../secrets';
import { flashCallText, LEAVE } from './codeFields';
import {
	asking,
	closing,
	forgotten,
	notChecked,
	NOT_VERIFIED,
	notVerified,
	tooMany,
	used,
	VERIFIED,
	verified,
	WRONG_CODE,
	wrongCode,
} from './codeReplies';
import { attempts, codeWaitState, openWait, reopened, triesIdOf, wrongSoFar } from './codeWait';
import type { CodeWait, CodeWaitParams, SentCode } from './codeWait';
import type { Page } from './page';
import { ownText } from './pageFields';
import type { Outcome, Reply, WaitContext, Waiting, WaitRequest } from './waiting';

/** Right codes by wait: n8n lets one request end a wait, and the same code may come twice before. */
const accepted = new Expiring<string>();

/** How a typed code is judged: right, wrong, or why the code counts no more. */
export type Judgement = 'verified' | 'wrong_code' | 'expired' | 'too_many_attempts';

/** Judges a code that the flow itself holds. */
export async function compareCode(_: Api, secret: string, code: string): Promise<Judgement> {
	return await Promise.resolve(sameSecret(code, secret) ? 'verified' : 'wrong_code');
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
		over: codeOver,
		timeOut: async ({ state }) => await Promise.resolve(codeTimedOut(state)),
	};
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

/** The page for somebody who comes too late. */
export function codeOver(state: IDataObject): Page {
	const { title, words } = (state as unknown as CodeWait).page;
	return { title, text: words.over };
}

/** The outcome of a wait for a code in which nobody has typed it. */
export function codeTimedOut(state: IDataObject): Outcome {
	const wait = state as unknown as CodeWait;
	return notVerified(wait, 'timeout', wrongSoFar(wait));
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
	const sent = await openWait(api, wait);
	// The credential was changed while the flow waited: no code can be right any more.
	if (sent === undefined) return closing(wait, 'invalid_key', wait.wrong);

	const { codeId, maxAttempts } = wait;
	const id = triesIdOf(wait);
	const refused = attempts.begin(id, maxAttempts, until, now, wait.wrong, codeId);
	if (refused === 'used') return usedOrSame(wait, waitId, code, now);
	if (refused !== undefined) return tooMany(wait);
	const judgement = await judge(api, sent.secret, code).catch((thrown: unknown) => {
		attempts.drop(id);
		return asFailure(thrown);
	});
	if (typeof judgement !== 'string') return notChecked(wait, judgement.code);
	const verdict = attempts.judge(id, judgement === 'verified', codeId);
	if (verdict === 'used') return usedOrSame(wait, waitId, code, now);
	if (verdict === 'verified') {
		accepted.add(waitId, digestOf(code), until, now);
		return verified(wait, wrongSoFar(wait) + 1);
	}
	if (judgement === 'expired') return forgotten(wait);
	if (judgement !== 'wrong_code') return closing(wait, judgement, wrongSoFar(wait));
	return await wrongCode(wait, context, sent);
}

/** The code was right before: in this very wait it still is, should the first time not have ended it. */
function usedOrSame(wait: CodeWait, waitId: string, code: string, now: number): Reply {
	const isSame = accepted.get(waitId, now) === digestOf(code);
	return isSame ? verified(wait, wrongSoFar(wait) + 1) : used(wait);
}
