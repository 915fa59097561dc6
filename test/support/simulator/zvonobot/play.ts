import { isJson, isRecord, type JsonValue } from '../types';
import type { CallStatus } from './call';
import { OUTCOMES, type Outcome, type PlayStep } from './life';
import type { Notice } from './webhooks';

/** Whose call: the one with this id, or the newest one of this phone. */
export type CallTarget = { id: number } | { phone: string };

/** How the webhooks of a played call go out. Without any of these: one after the other, as things happen. */
export interface PlayOptions {
	/** How often each webhook is sent once more although 200 came. */
	repeat?: number;
	/** All at the end, the last one first. */
	outOfOrder?: boolean;
	/** All at the end, at once. */
	parallel?: boolean;
	/** None at all, as if every one of them were lost. */
	silent?: boolean;
	/** Instead of the headers that were asked for, or beside them; null takes one away. */
	headers?: Record<string, string | null>;
}

export interface PlayRequest extends PlayOptions {
	steps: Outcome | PlayStep[];
}

const STATUSES = [
	'created',
	'processed',
	'started',
	'answered',
	'finished',
	'canceled',
] as const satisfies CallStatus[];

/** Reads what is to be played; throws an Error that names what is wrong. */
export function parsePlay(value: unknown): PlayRequest {
	if (!isRecord(value)) throw new Error('steps are needed');
	const play: PlayRequest = { steps: parseSteps(value.steps) };
	for (const [name, given] of Object.entries(value)) {
		switch (name) {
			case 'steps':
				break;
			case 'outOfOrder':
			case 'parallel':
			case 'silent':
				if (typeof given !== 'boolean') throw new Error(`${name} must be true or false`);
				play[name] = given;
				break;
			case 'repeat':
				if (typeof given !== 'number' || !Number.isInteger(given) || given < 0) {
					throw new Error('repeat must be a non-negative integer');
				}
				play.repeat = given;
				break;
			case 'headers':
				play.headers = parseHeaders(given);
				break;
			default:
				throw new Error(`unknown option ${name}`);
		}
	}
	return play;
}

/** A phone has 11 digits, an id never as many. */
export function parseTarget(text: string): CallTarget {
	if (/^[0-9]{11}$/.test(text)) return { phone: text };
	if (/^[0-9]{1,10}$/.test(text)) return { id: Number(text) };
	throw new Error('a call is named by its id or its phone');
}

export function parseDelivery(value: unknown): Notice {
	if (!isRecord(value)) throw new Error('url and body are needed');
	const { url, headers, body, ...others } = value;
	const [unknown] = Object.keys(others);
	if (unknown !== undefined) throw new Error(`unknown option ${unknown}`);
	if (typeof url !== 'string') throw new Error('url must be a string');
	if (!isJson(body)) throw new Error('body is needed');
	const given = Object.entries(headers === undefined ? {} : parseHeaders(headers));
	const kept = given.filter((pair): pair is [string, string] => pair[1] !== null);
	return { url, headers: Object.fromEntries(kept), body: body satisfies JsonValue };
}

function parseSteps(value: unknown): Outcome | PlayStep[] {
	if (Array.isArray(value)) return value.map(parseStep);
	if (value === 'talked' || value === 'noAnswer') return value;
	throw new Error(`steps must be a list or one of ${Object.keys(OUTCOMES).join(', ')}`);
}

function parseStep(value: unknown): PlayStep {
	const status: CallStatus | undefined = STATUSES.find((known) => known === value);
	if (status !== undefined) return status;
	if (isRecord(value)) {
		const { digit, word } = value;
		if (typeof digit === 'number' && Number.isInteger(digit) && digit >= -1 && digit <= 9) {
			return { digit };
		}
		if (typeof word === 'string') return { word };
	}
	throw new Error(`a step is {digit}, {word} or one of ${STATUSES.join(', ')}`);
}

function parseHeaders(value: unknown): Record<string, string | null> {
	if (!isRecord(value)) throw new Error('headers must be an object');
	const headers: Record<string, string | null> = {};
	for (const [name, given] of Object.entries(value)) {
		if (typeof given !== 'string' && given !== null) {
			throw new Error('headers must hold strings or null');
		}
		headers[name] = given;
	}
	return headers;
}
