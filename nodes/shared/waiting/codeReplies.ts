import { phoneAsInput } from '../phone';
import { retryKeyFor, wrongSoFar } from './codeWait';
import type { CodeWait, SentCode } from './codeWait';
import type { Page } from './page';
import type { Outcome, Reply, WaitContext } from './waiting';

export const VERIFIED = 'Verified';
export const NOT_VERIFIED = 'Not Verified';
export const WRONG_CODE = 'Wrong Code';

export function verified(wait: CodeWait, tries: number): Reply {
	const json = { verified: true, reason: 'verified' };
	const phone = phoneAsInput(wait.phone);
	return {
		status: 200,
		json,
		page: { title: wait.page.title, text: wait.page.words.verified },
		outcome: { output: VERIFIED, json: { ...json, phone, tries, ...wait.shown } },
	};
}

/** The flow goes on only where it is to leave after each wrong code. */
export async function wrongCode(
	wait: CodeWait,
	{ api, until }: WaitContext,
	code: SentCode,
): Promise<Reply> {
	const wrong = wrongSoFar(wait);
	const attemptsLeft = Math.max(0, wait.maxAttempts - wrong);
	if (attemptsLeft === 0) return closing(wait, 'too_many_attempts', wrong);
	const json = { verified: false, reason: 'wrong_code', attemptsLeft };
	const notice = wait.page.words.wrongCode.replaceAll('{left}', String(attemptsLeft));
	const reply: Reply = { status: 200, json, page: { ...pageOf(wait), notice } };
	if (!wait.leaves) return reply;
	const retryKey = await retryKeyFor(api, { ...code, id: wait.codeId, wrong }, until);
	const left = { ...json, phone: phoneAsInput(code.phone), retryKey };
	return { ...reply, outcome: { output: WRONG_CODE, json: left } };
}

/** The code was right before, in another wait. */
export function used(wait: CodeWait): Reply {
	const page = { title: wait.page.title, text: wait.page.words.used };
	return { status: 409, json: { verified: false, reason: 'used' }, page };
}

/**
 * The provider knows the code no more. Perhaps it was right a moment ago, at another process of n8n:
 * that one ends the wait then, and this one must not.
 */
export function forgotten(wait: CodeWait): Reply {
	const attemptsLeft = Math.max(0, wait.maxAttempts - wrongSoFar(wait));
	return {
		status: 200,
		json: { verified: false, reason: 'expired', attemptsLeft },
		page: { ...pageOf(wait), notice: wait.page.words.expired },
	};
}

// Tries that are still being judged may yet be right: only those that were wrong end the wait.
export function tooMany(wait: CodeWait): Reply {
	const reply = closing(wait, 'too_many_attempts', wrongSoFar(wait));
	if (wrongSoFar(wait) >= wait.maxAttempts) return reply;
	return { status: 429, json: reply.json, page: pageOf(wait) };
}

export function closing(wait: CodeWait, reason: string, tries: number): Reply {
	return {
		status: 200,
		json: { verified: false, reason, attemptsLeft: 0 },
		page: { title: wait.page.title, text: wait.page.words.notVerified },
		outcome: notVerified(wait, reason, tries),
	};
}

export function notVerified(wait: CodeWait, reason: string, tries: number): Outcome {
	const phone = phoneAsInput(wait.phone);
	return { output: NOT_VERIFIED, json: { verified: false, reason, phone, tries, ...wait.shown } };
}

export function asking(wait: CodeWait, { until }: WaitContext): Reply {
	const attemptsLeft = Math.max(0, wait.maxAttempts - wrongSoFar(wait));
	const expiresAt = new Date(until).toISOString();
	return { status: 200, json: { status: 'waiting', attemptsLeft, expiresAt }, page: pageOf(wait) };
}

function pageOf({ page: { title, text, button, words } }: CodeWait): Page {
	return { title, text, form: { label: words.codeLabel, button } };
}

/** The provider could not be asked; that counts as no try. */
export function notChecked(wait: CodeWait, code: string): Reply {
	const page = { ...pageOf(wait), notice: wait.page.words.notChecked };
	return { status: 502, json: { error: 'not_checked', code }, page };
}
