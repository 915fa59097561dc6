import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import type { Api } from '../api';
import { Attempts } from '../attempts';
import { Failure, invalidInput } from '../errors';
import { PRESET_ATTEMPTS } from '../fields/maxAttempts';
import { requirePhone } from '../fields/phone';
import { openCode, sealCode } from '../sealedCode';
import { LEAVE } from './codeFields';
import { PRESET_BUTTON, PRESET_TITLE, wordsIn } from './pageFields';
import type { OwnWords, Words } from './pageFields';
import type { WaitContext } from './waiting';

/** What the keys are sealed for that stand in the data of a waiting execution. */
const PURPOSE = 'wait/code/v1';
/** The same for those that leave it: one is worth nothing in the place of the other. */
const RETRY_PURPOSE = 'wait/retry/v1';

/** Tries at the codes that this process was asked about. */
export const attempts = new Attempts();

/** A code that a person was told. */
export interface SentCode {
	/** Digits of the person's number. */
	phone: string;
	/** The code itself, or what the provider knows it by; it is never shown. */
	secret: string;
	/** What the provider said of it, to stand in every outcome. */
	shown: IDataObject;
}

export interface CodeOptions extends OwnWords {
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

/** What a wait for a code keeps. */
export interface CodeWait {
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
	page: { title: string; text: string; button: string; words: Words };
}

export interface CodeWaitParams {
	phone: string;
	timeLimit: number;
	onWrongCode: string;
	retryKey?: string | undefined;
	options: CodeOptions;
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
		...own
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
			button: pageButton ?? PRESET_BUTTON,
			words: wordsIn(own),
		},
	};
	return state as unknown as IDataObject;
}

/** What an earlier wait of this person has left, when the flow came back with it. */
export async function reopened(
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

/** The code of a wait; undefined when the credential was changed since. */
export async function openWait(api: Api, { key }: CodeWait): Promise<TriedCode | undefined> {
	const opened = openCode(key, await api.deriveKey(PURPOSE), PURPOSE);
	if (opened === undefined) return undefined;
	return { phone: opened.phone, ...(JSON.parse(opened.code) as Omit<TriedCode, 'phone'>) };
}

/** The key with which a flow comes back to a code, to try again. */
export async function retryKeyFor(api: Api, code: TriedCode, until: number): Promise<string> {
	return await seal(api, code, until, RETRY_PURPOSE);
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
	const tried = await openWait(api, wait);
	if (tried === undefined) throw changedCredential();
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

// After a restart only the tries before this wait are known, and they stand in its data.
export function wrongSoFar(wait: CodeWait): number {
	return Math.max(wait.wrong, attempts.wrong(triesIdOf(wait)));
}

export function triesIdOf({ codeId, triesId = codeId }: CodeWait): string {
	return triesId;
}
