import type { IDataObject } from 'n8n-workflow';
import { digestOf } from '../shared/secrets';
import {
	flattenAnswer,
	flattenCall,
	isCall,
	isContainer,
	isObject,
	isShallow,
	objectsIn,
	parametersBeside,
} from './callEvents';

/** How long an event stays known, in milliseconds, so that its repetitions are recognised. */
const STATUS_KNOWN_FOR = 24 * 60 * 60_000;
// A person may answer the same in the next call; the provider repeats for three minutes at most.
const ANSWER_KNOWN_FOR = 15 * 60_000;

const MOST = 10_000;
const MOST_PARAMETERS = 100;
const MOST_FORM_FIELDS = 2000;
const MOST_WRAPPED = 3;
const IN_BRACKETS = /^([^[\]]+)((?:\[[^[\]]*\]){0,8})$/;

export interface CallEvent {
	/** What a filter chooses by: the status, `answer`, or nothing for a call without a status. */
	kind: string;
	/** The same in a repetition, and in no other event. */
	identity: string;
	/** Milliseconds. */
	knownFor: number;
	/** Whether only who sends it tells it from an event that is alike. */
	bySource: boolean;
	json: IDataObject;
}

/**
 * The events in the body of a webhook call: one call, a list, or either wrapped in `apiCalls` or in
 * `status` and `data`; or `{"call": {"phone", "answer"}}` with parameters beside, an answer in a
 * voice menu. Empty when there is none, undefined when there are more than a webhook ever brings.
 */
export function readEvents(body: unknown): CallEvent[] | undefined {
	if (!isShallow(body)) return [];
	const reading: Reading = {
		events: [],
		digest: shortDigestOf(JSON.stringify(body) ?? ''),
		room: MOST,
	};
	collect(reading, body, {}, 0);
	return reading.room < 0 ? undefined : reading.events;
}

interface Reading {
	events: CallEvent[];
	/** Of the whole body: repetitions are alike. */
	digest: string;
	/** How many more events there may be; counted before they are made. */
	room: number;
}

function collect(reading: Reading, body: unknown, shared: IDataObject, depth: number): void {
	if (depth > MOST_WRAPPED || reading.room < 0) return;
	if (Array.isArray(body)) {
		for (const one of body) collect(reading, one, shared, depth + 1);
		return;
	}
	if (!isObject(body)) return;
	const answer = isObject(body.call) ? flattenAnswer(body.call) : undefined;
	if (answer !== undefined) {
		addAnswer(reading, answer, merged(shared, beside(body, 'call')));
	} else if (isContainer(body.apiCalls)) {
		collectWrapped(reading, body.apiCalls, merged(shared, beside(body, 'apiCalls')), depth + 1);
	} else if (isCall(body)) {
		addStatuses(reading, body, merged(shared, parametersBeside(body)));
	} else if (isContainer(body.data)) {
		const parameters = beside(body, 'data', 'status', 'message');
		collectWrapped(reading, body.data, merged(shared, parameters), depth + 1);
	}
}

/** What is wrapped: one call, a list, or what PHP makes of a list, with IDs or positions as keys. */
function collectWrapped(
	reading: Reading,
	wrapped: unknown,
	shared: IDataObject,
	depth: number,
): void {
	const before = reading.events.length;
	collect(reading, wrapped, shared, depth);
	if (reading.events.length === before && isObject(wrapped)) {
		collect(reading, objectsIn(wrapped), shared, depth);
	}
}

function beside(body: IDataObject, ...known: string[]): IDataObject {
	return parametersBeside(body, new Set(known));
}

/** Bounded, because every event of a body carries them. */
function merged(shared: IDataObject, own: IDataObject): IDataObject {
	return Object.fromEntries(Object.entries({ ...shared, ...own }).slice(0, MOST_PARAMETERS));
}

function addAnswer(reading: Reading, answer: IDataObject, parameters: IDataObject): void {
	reading.room -= 1;
	reading.events.push({
		kind: 'answer',
		identity: JSON.stringify(['answer', reading.digest, answer.phone, answer.answer]),
		knownFor: ANSWER_KNOWN_FOR,
		bySource: true,
		json: { event: 'answer', ...answer, parameters },
	});
}

function addStatuses(reading: Reading, call: IDataObject, beside: IDataObject): void {
	reading.room -= Math.max(1, objectsIn(call.calls).length);
	if (reading.room < 0) return;
	const rows = flattenCall(call);
	// Named in webhookParameters they are sure to be the user's; the provider may add fields beside.
	const parameters = merged(beside, Object(rows[0]?.parameters));
	for (const row of rows) {
		const { callId, phone, status } = row;
		reading.events.push({
			kind: status === null ? '' : String(status),
			identity: JSON.stringify(['status', callId ?? reading.digest, nationalIn(phone), status]),
			// A status never comes again; without the call's ID it might be that of another call.
			knownFor: callId === null ? ANSWER_KNOWN_FOR : STATUS_KNOWN_FOR,
			bySource: callId === null,
			json: { event: 'status', ...row, parameters },
		});
	}
}

/** A number as it is in every spelling of it, within one call. */
function nationalIn(phone: unknown): string {
	return String(phone).replace(/\D/g, '').slice(-10);
}

/** What a body holds: JSON, also under another content type, or a form; undefined for anything else. */
export function parseBody(text: string): unknown {
	try {
		return JSON.parse(text.replace(/^\uFEFF/, ''));
	} catch {
		return parseFields([...new URLSearchParams(text)]);
	}
}

/** The object that the fields of a form make, named the way of PHP: `calls[0][phone]`. */
export function parseFields(
	fields: Array<[name: string, value: unknown]>,
): IDataObject | undefined {
	if (fields.length > MOST_FORM_FIELDS) return undefined;
	const form: IDataObject = {};
	for (const [name, value] of fields) {
		const [, first = '', others = ''] = IN_BRACKETS.exec(name) ?? [];
		const path = [first, ...[...others.matchAll(/\[([^[\]]*)\]/g)].map(([, key = '']) => key)];
		if (first !== '' && !path.includes('__proto__')) put(form, path, value);
	}
	return form;
}

function put(form: IDataObject, path: string[], value: unknown): void {
	let place = form;
	for (const [index, part] of path.entries()) {
		const key = part === '' ? String(Object.keys(place).length) : part;
		if (index === path.length - 1) {
			place[key] = value as IDataObject[string];
			return;
		}
		const inner = Object.hasOwn(place, key) ? place[key] : undefined;
		const next: IDataObject = isObject(inner) ? inner : {};
		place[key] = next;
		place = next;
	}
}

/** Names an event: thousands of them stand in n8n's static data. */
export function shortDigestOf(text: string): string {
	return digestOf(text).slice(0, 16);
}
