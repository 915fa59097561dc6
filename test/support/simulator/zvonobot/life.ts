import type { Answer, CallStatus, ZvonobotCall } from './call';
import { staysOnLine, type Ivr } from './ivrs';

/** One thing that happens to a call. `{digit: -1}`: the person stays on the line. */
export type PlayStep = CallStatus | { digit: number } | { word: string };

/** Whole lives. */
export const OUTCOMES = {
	talked: ['processed', 'started', 'answered', 'finished'],
	noAnswer: ['processed', 'started', 'canceled'],
} as const satisfies Record<string, readonly PlayStep[]>;

export type Outcome = keyof typeof OUTCOMES;

const STAYED = -1;
const HANGUP_NORMAL = 16;
const HANGUP_NO_ANSWER = 19;

/**
 * From which status a call may come into another. Nothing leads back, and nothing out of an end;
 * `created` changes nothing and is there for a webhook that reports it.
 */
const BEFORE: Record<CallStatus, readonly CallStatus[]> = {
	created: ['created'],
	processed: ['created'],
	started: ['created', 'processed'],
	answered: ['started'],
	finished: ['answered'],
	canceled: ['created', 'processed', 'started'],
};

/** Moves a call on. Throws on what cannot happen: that is a mistake in the test's script. */
export function enter(call: ZvonobotCall, status: CallStatus, now: number): void {
	if (!BEFORE[status].includes(call.status)) {
		throw new Error(`a call that is ${call.status} cannot become ${status}`);
	}
	call.status = status;
	call.updatedAt = now;
	if (status === 'started') call.startedAt = now;
	if (status === 'answered') call.answeredAt = now;
	if (status === 'finished' || status === 'canceled') {
		call.finishedAt = now;
		call.hangupCause = status === 'finished' ? HANGUP_NORMAL : HANGUP_NO_ANSWER;
	}
}

/** The person answers. Returns the action this leads to; undefined when there is none for it. */
export function answer(call: ZvonobotCall, given: Answer, now: number): Ivr | undefined {
	if (call.status !== 'answered') {
		throw new Error(`nobody can answer in a call that is ${call.status}`);
	}
	call.answers.push(given);
	if (typeof given === 'number') call.ivrDigit = given;
	call.updatedAt = now;
	const action = match(call.level, given);
	// Nothing happens, and the same actions may still be chosen.
	if (action === undefined) return undefined;
	call.level = action.ivrs;
	call.ivrIdList.push(action.id);
	if (action.needBlock) call.toBlock = true;
	if (action.managerPhone !== undefined) {
		call.managerStartedAt = now;
		call.managerAnsweredAt = now;
		call.managerStatus = 'finished';
	}
	return action;
}

function match(level: Ivr[], given: Answer): Ivr | undefined {
	// "действие, которое выполнится, если никакое другое действие не будет выбрано".
	const otherwise = level.find(staysOnLine);
	if (given === STAYED) return otherwise;
	if (typeof given === 'number') return level.find(({ digit }) => digit === given) ?? otherwise;
	const said = given.trim().toLowerCase();
	return (
		level.find(({ keyWords }) => keyWords.some((word) => word.toLowerCase() === said)) ??
		level.find(({ anyWord }) => anyWord) ??
		otherwise
	);
}
