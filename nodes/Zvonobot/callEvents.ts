import type { IDataObject } from 'n8n-workflow';
import { providersPhoneAsInput } from '../shared/phone';
import { SECRET_HEADER, SECRET_VALUE } from './webhookSecret';

/** Every status a call can have, in the order of its life; it ends in one of the last two. */
const CALL_STATUSES = [
	'created',
	'processed',
	'started',
	'answered',
	'finished',
	'canceled',
] as const;

/** What stands for -1 in answers: nothing was pressed or said, and the person stayed on the line. */
export const STAYED = 'stayed';

/** What the provider's call object is known to hold; anything beside it is the user's own. */
const CALL_KEYS = new Set([
	...['id', 'createdAt', 'updatedAt', 'plannedAt', 'smartDelay', 'prevCallId', 'nextCallId'],
	...['needRecording', 'needrecording', 'recordCost', 'templateId', 'amoscriptId', 'phoneInfo'],
	...['webhookUrl', 'webhookSent', 'webhookTry', 'webhookParameters', 'webhookHeaders'],
	...['recognitionGroupId', 'generateGroupId', 'calls', 'phone', 'status', 'ivrDigit'],
	...['ivrAnswers', 'ivrIdList', 'startedAt', 'answeredAt', 'finishedAt', 'managerStatus'],
	...['managerStartedAt', 'managerAnsweredAt', 'toBlock', 'cost', 'recordFilePath', 'recordPath'],
	...['hangupCause', 'label', 'comment'],
]);

/** What tells where webhooks go and how they prove themselves; it never comes out of a node. */
const OF_WEBHOOK = new RegExp(`^(webhookUrl|webhookHeaders|${SECRET_HEADER})$`, 'i');

/** Larger numbers count milliseconds: as seconds they would be after the year 5138. */
const MOST_SECONDS = 1e11;
/** The last moment a Date can hold. */
const MOST_MILLIS = 8.64e15;
const MOST_NESTED = 20;
const NUMERIC = /^-?\d{1,15}([.,]\d{1,10})?$/;

/**
 * Makes flat rows of a call as apiCalls/get answers it and status webhooks bring it: one for each
 * entry of its `calls`; of a call without entries, one with what stands beside.
 *
 * Every row has all of these, `null` where the provider says nothing:
 * - `callId`, `phone`, `status`
 * - `digit` the digit pressed last, a number 0-9; `answers` all answers as texts, `stayed` for -1
 * - `cost` rubles; `hangupCause`; `blocked` whether the person is on the stop list now
 * - `createdAt`, `plannedAt`, `startedAt`, `answeredAt`, `finishedAt`, `updatedAt` ISO
 * - `recordingUrl`; `needRecording` whether one was ordered
 * - `managerStatus`, `managerStartedAt`, `managerAnsweredAt`
 * - `templateId`; `smartDelay` minutes; `previousCallId`, `nextCallId` of a repeated call
 * - `recordCost`, `label`, `comment`, `actionIds` the menu actions that were taken
 * - `parameters` the user's own, an object; `webhookSent`, `webhookTry`
 *
 * Never throws, whatever the object holds.
 */
export function flattenCall(raw: IDataObject): IDataObject[] {
	const call: IDataObject = Object(raw ?? {});
	const entries = entriesOf(call.calls);
	const parameters = parametersOf(call.webhookParameters);
	return entries.length === 0
		? [rowOf(call, { ...call, status: knownStatus(call.status) }, parameters)]
		: entries.map((entry) => rowOf(call, entry, parameters));
}

/** Whether an object is a call with a status, or one that could have it. */
export function isCall(raw: IDataObject): boolean {
	const entries = entriesOf(raw.calls);
	if (idOf(raw.id) !== null && isContainer(raw.calls)) return true;
	return knownStatus(raw.status) !== null || entries.some(({ status }) => textOf(status) !== null);
}

/** One answer in a voice menu, from the `call` of its webhook; undefined when it is none. */
export function flattenAnswer({ phone, answer }: IDataObject): IDataObject | undefined {
	const text = textOf(answer);
	const called = phoneOf(phone);
	if (text === null || called === null) return undefined;
	const digit = digitOf(text);
	const stayed = text === '-1';
	return {
		phone: called,
		answer: stayed ? STAYED : text,
		digit,
		word: stayed || digit !== null ? null : text,
		stayed,
	};
}

/** What stands in a call object beside the provider's own fields: the parameters of its webhook. */
export function parametersBeside(call: IDataObject, known = CALL_KEYS): IDataObject {
	return withoutWebhook(
		Object.fromEntries(
			Object.entries(call).filter(([key]) => !known.has(key) && key !== '__proto__'),
		),
	);
}

/**
 * The provider's object without the address and the headers of its webhooks, wherever they stand,
 * and without the secrets by which a flow knows that the provider calls, whatever text they are in.
 */
export function withoutWebhook(raw: IDataObject): IDataObject {
	return JSON.parse(
		JSON.stringify(raw, (key: string, value: unknown) =>
			OF_WEBHOOK.test(key)
				? undefined
				: typeof value === 'string'
					? value.replace(SECRET_VALUE, '***')
					: value,
		),
	) as IDataObject;
}

/** Whether JSON is nested no deeper than any event is: n8n itself fails on what is very deep. */
export function isShallow(value: unknown): boolean {
	let level = [value].filter(isContainer);
	for (let depth = 0; level.length > 0; depth++) {
		if (depth > MOST_NESTED) return false;
		level = level.flatMap((container) => Object.values(container).filter(isContainer));
	}
	return true;
}

/** The objects in a list, or in what PHP makes of one: an object with the positions as keys. */
export function objectsIn(value: unknown): IDataObject[] {
	return (isContainer(value) ? Object.values(value) : []).filter(isObject);
}

export function isObject(value: unknown): value is IDataObject {
	return isContainer(value) && !Array.isArray(value);
}

export function isContainer(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}

function entriesOf(calls: unknown): IDataObject[] {
	const isOneCall = isObject(calls) && (textOf(calls.phone) ?? textOf(calls.status)) !== null;
	return isOneCall ? [calls] : objectsIn(calls);
}

function rowOf(call: IDataObject, entry: IDataObject, parameters: IDataObject): IDataObject {
	return {
		callId: idOf(call.id),
		phone: phoneOf(entry.phone) ?? phoneOf(call.phone),
		status: textOf(entry.status),
		digit: digitOf(textOf(entry.ivrDigit)),
		answers: answersOf(entry.ivrAnswers),
		cost: numberOf(entry.cost),
		createdAt: timeOf(call.createdAt) ?? timeOf(entry.createdAt),
		plannedAt: timeOf(call.plannedAt),
		startedAt: timeOf(entry.startedAt),
		answeredAt: timeOf(entry.answeredAt),
		finishedAt: timeOf(entry.finishedAt),
		updatedAt: timeOf(entry.updatedAt),
		blocked: flagOf(entry.toBlock) ?? false,
		hangupCause: numberOf(entry.hangupCause) ?? textOf(entry.hangupCause),
		needRecording: flagOf(call.needRecording) ?? flagOf(call.needrecording),
		// The one name stands in the list of fields, the other where the option to record is explained.
		recordingUrl:
			textOf(entry.recordFilePath) ?? textOf(entry.recordPath) ?? textOf(call.recordPath),
		managerStatus: textOf(entry.managerStatus),
		managerStartedAt: timeOf(entry.managerStartedAt),
		managerAnsweredAt: timeOf(entry.managerAnsweredAt),
		templateId: idOf(call.templateId),
		smartDelay: numberOf(call.smartDelay),
		previousCallId: idOf(call.prevCallId),
		nextCallId: idOf(entry.nextCallId),
		recordCost: numberOf(call.recordCost),
		label: textOf(entry.label),
		comment: textOf(entry.comment),
		actionIds: numbersIn(entry.ivrIdList),
		parameters,
		webhookSent: flagOf(call.webhookSent),
		webhookTry: numberOf(call.webhookTry),
	};
}

/** Texts and numbers, as text; null for nothing and for anything else. */
export function textOf(value: unknown): string | null {
	const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
	return text === '' ? null : text;
}

function phoneOf(value: unknown): string | null {
	const text = textOf(value);
	return text === null ? null : providersPhoneAsInput(text);
}

export function numberOf(value: unknown): number | null {
	if (typeof value === 'number') return Number.isFinite(value) ? value : null;
	const text = textOf(value);
	return text !== null && NUMERIC.test(text) ? Number(text.replace(',', '.')) : null;
}

/** A number where it is one; 0 stands for none. */
export function idOf(value: unknown): number | string | null {
	const id = numberOf(value) ?? textOf(value);
	return id === 0 ? null : id;
}

function digitOf(text: string | null): number | null {
	return text !== null && /^\d$/.test(text) ? Number(text) : null;
}

export function flagOf(value: unknown): boolean | null {
	if (typeof value === 'boolean') return value;
	const text = textOf(value)?.toLowerCase();
	return text === undefined ? null : !['0', 'false', 'no', 'null'].includes(text);
}

/** UNIX seconds as ISO; a text that is a date already stays as it is. */
export function timeOf(value: unknown): string | null {
	const seconds = numberOf(value);
	if (seconds === null) return textOf(value);
	const millis = seconds > MOST_SECONDS ? seconds : seconds * 1000;
	return millis > 0 && millis <= MOST_MILLIS ? new Date(millis).toISOString() : null;
}

function knownStatus(value: unknown): string | null {
	return CALL_STATUSES.find((status) => status === value) ?? null;
}

function answersOf(value: unknown): string[] {
	return listOf(value)
		.map((answer) => textOf(answer))
		.filter((answer) => answer !== null)
		.map((answer) => (answer === '-1' ? STAYED : answer));
}

/** The numbers in a list, or in what is written like one. */
function numbersIn(value: unknown): number[] {
	const texts = isContainer(value) ? Object.values(value) : (textOf(value)?.split(/[^\d]+/) ?? []);
	return texts.map(numberOf).filter((number) => number !== null);
}

/** A list, also when it comes as a text with bars, as a single value, or as PHP's object. */
function listOf(value: unknown): unknown[] {
	if (isContainer(value)) return Object.values(value);
	return textOf(value)?.split('|') ?? [];
}

function parametersOf(value: unknown): IDataObject {
	const parameters = typeof value === 'string' ? parse(value) : value;
	return isObject(parameters) && isShallow(parameters)
		? parametersBeside(parameters, new Set())
		: {};
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
