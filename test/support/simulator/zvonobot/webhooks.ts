/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: runs in its own process, never inside n8n */
import { setTimeout as wait } from 'node:timers/promises';

import type { HookDelivery, Journal } from '../journal';
import { isRecord, type JsonValue } from '../types';
import { callAnswer, type Answer, type ZvonobotCall } from './call';
import type { Webhook } from './ivrs';
import type { WebhookShape } from './options';

/** A POST that is due. */
export interface Notice {
	url: string;
	headers: Record<string, string>;
	/** A string is sent as it is, anything else as JSON. */
	body: JsonValue;
}

/** One POST: the status and text of its answer, or why there was none. */
export interface WebhookTry {
	at: number;
	status?: number;
	answer?: string;
	error?: string;
}

/** What was sent, and how often. */
export interface WebhookDelivery extends Notice {
	tries: WebhookTry[];
}

export interface Sending {
	journal: Journal;
	timeoutMs: number;
	/** Between a try and the next. */
	delayMs: number;
	/** How often it is sent until 200 is answered. */
	mostTries: number;
	/** How often it is sent once more although 200 was answered. */
	repeat: number;
	/** Ends the waiting when the simulator closes. */
	signal: AbortSignal;
}

/** "до трех раз или пока не будет получен HTTP-code 200". */
export const MOST_TRIES = 3;

/** The documents say that the body is that of get; public clients meet it packed. */
export function statusNotice(call: ZvonobotCall, webhook: Webhook, shape: WebhookShape): Notice {
	const { url, headers, parameters } = webhook;
	const known = callAnswer(call);
	switch (shape) {
		case 'bare':
			return { url, headers, body: { ...known, ...parameters } };
		case 'array':
			return { url, headers, body: [{ ...known, ...parameters }] };
		case 'wrapped':
			return { url, headers, body: { apiCalls: [known], ...parameters } };
	}
}

export function ivrNotice(phone: string, given: Answer, webhook: Webhook): Notice {
	const { url, headers, parameters } = webhook;
	return { url, headers, body: { call: { phone, answer: given }, ...parameters } };
}

/** POSTs a notice until 200 is answered, and journals every try. */
export async function send(notice: Notice, sending: Sending): Promise<WebhookDelivery> {
	const delivery: WebhookDelivery = { ...notice, tries: [] };
	while (delivery.tries.length < sending.mostTries) {
		if (delivery.tries.length > 0 && !(await waited(sending))) return delivery;
		delivery.tries.push(await post(notice, sending));
		if (!wasTaken(delivery)) continue;
		for (let again = 0; again < sending.repeat; again += 1) {
			delivery.tries.push(await post(notice, sending));
		}
		return delivery;
	}
	return delivery;
}

/** Nothing but 200 will do, 204 included. */
export function wasTaken({ tries }: WebhookDelivery): boolean {
	return tries.some(({ status }) => status === 200);
}

async function post(notice: Notice, { journal, timeoutMs }: Sending): Promise<WebhookTry> {
	const { url, headers, body } = notice;
	const entry: HookDelivery = { at: Date.now(), url, body: structuredClone(body) };
	journal.deliveries.push(entry);
	try {
		const response = await fetch(url, {
			method: 'POST',
			redirect: 'manual',
			signal: AbortSignal.timeout(timeoutMs),
			headers: withDefaults(headers),
			body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
		});
		entry.status = response.status;
		entry.answer = await response.text();
	} catch (error) {
		entry.error = reason(error);
	}
	const { at, status, answer, error } = entry;
	return {
		at,
		...(status === undefined ? {} : { status }),
		...(answer === undefined ? {} : { answer }),
		...(error === undefined ? {} : { error }),
	};
}

/** A header of the customer's replaces the provider's own, however it is spelled. */
function withDefaults(headers: Record<string, string>): Headers {
	const all = new Headers({ 'user-agent': 'GuzzleHttp/7', 'content-type': 'application/json' });
	for (const [name, value] of Object.entries(headers)) all.set(name, value);
	return all;
}

async function waited({ delayMs, signal }: Sending): Promise<boolean> {
	try {
		await wait(delayMs, undefined, { signal });
		return true;
	} catch {
		return false;
	}
}

/** By shape, not by class: fetch throws errors of another realm when a test runner isolates its globals. */
function reason(error: unknown): string {
	if (!isRecord(error)) return String(error);
	return isRecord(error.cause)
		? `${String(error.message)}: ${String(error.cause.message)}`
		: String(error.message);
}
