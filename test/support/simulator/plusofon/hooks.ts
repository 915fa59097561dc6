/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: runs in its own process, never inside n8n */
import { setTimeout as wait } from 'node:timers/promises';

import type { HookDelivery, Journal } from '../journal';
import { isRecord } from '../types';

/** How the provider reports a person's call to the hook. `phone` and `key` are for forgeries. */
export interface UserCallOptions {
	/** The documents do not say how the body is encoded; JSON when absent. */
	encoding?: 'json' | 'form';
	/** Report this phone instead of the one the key was made for. */
	phone?: string;
	/** Report this key instead of the real one. */
	key?: string;
	/** How often to report; 1 when absent. */
	times?: number;
	/** All reports at once instead of one after the other. */
	parallel?: boolean;
	/** How often a report is sent again as long as it is not answered with a 2xx; 0 when absent. */
	retries?: number;
	/** Between a report and the next try; 1000 when absent. */
	retryDelayMs?: number;
}

const RETRY_DELAY_MS = 1000;

/** POSTs {phone, key} to a hook, as `POST flash-call/call-to-auth` promises, and journals what came back. */
export async function ringHook(
	url: string,
	verified: { phone: string; key: string },
	how: UserCallOptions,
	journal: Journal,
	timeoutMs: number,
): Promise<HookDelivery[]> {
	const body = { phone: how.phone ?? verified.phone, key: how.key ?? verified.key };
	const deliverOnce = async (): Promise<HookDelivery> => {
		const delivery: HookDelivery = { at: Date.now(), url, body: { ...body } };
		journal.deliveries.push(delivery);
		try {
			const response = await fetch(url, {
				method: 'POST',
				redirect: 'manual',
				signal: AbortSignal.timeout(timeoutMs),
				...encode(body, how.encoding ?? 'json'),
			});
			delivery.status = response.status;
			delivery.answer = await response.text();
		} catch (error) {
			delivery.error = reason(error);
		}
		return { ...delivery };
	};

	const deliver = async (): Promise<HookDelivery[]> => {
		const tries = [await deliverOnce()];
		while (tries.length <= (how.retries ?? 0) && !wasTaken(tries.at(-1))) {
			await wait(how.retryDelayMs ?? RETRY_DELAY_MS);
			tries.push(await deliverOnce());
		}
		return tries;
	};

	const rounds = Array.from({ length: how.times ?? 1 }, () => deliver);
	if (how.parallel === true) {
		return (await Promise.all(rounds.map(async (round) => await round()))).flat();
	}
	const deliveries: HookDelivery[] = [];
	for (const round of rounds) deliveries.push(...(await round()));
	return deliveries;
}

function wasTaken(delivery: HookDelivery | undefined): boolean {
	const status = delivery?.status ?? 0;
	return status >= 200 && status < 300;
}

function encode(
	body: Record<string, string>,
	encoding: 'json' | 'form',
): { headers: Record<string, string>; body: string } {
	const agent = { 'user-agent': 'GuzzleHttp/7' };
	return encoding === 'form'
		? {
				headers: { ...agent, 'content-type': 'application/x-www-form-urlencoded' },
				body: new URLSearchParams(body).toString(),
			}
		: { headers: { ...agent, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** By shape, not by class: fetch throws errors of another realm when a test runner isolates its globals. */
function reason(error: unknown): string {
	if (!isRecord(error)) return String(error);
	return isRecord(error.cause)
		? `${String(error.message)}: ${String(error.cause.message)}`
		: String(error.message);
}
