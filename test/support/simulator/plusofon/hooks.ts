import type { HookDelivery, Journal } from '../journal';
import { isRecord } from '../types';

/** How the provider reports a person's call to the hook. Everything but `times` and `parallel` is forgery or taste. */
export interface UserCallOptions {
	/** The seeds do not say how the body is encoded; JSON when absent. */
	encoding?: 'json' | 'form';
	/** Report this phone instead of the one the key was made for. */
	phone?: string;
	/** Report this key instead of the real one. */
	key?: string;
	/** How often to report; 1 when absent. */
	times?: number;
	/** All reports at once instead of one after the other. */
	parallel?: boolean;
}

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

	const rounds = Array.from({ length: how.times ?? 1 }, () => deliverOnce);
	if (how.parallel === true) return await Promise.all(rounds.map(async (round) => await round()));
	const deliveries: HookDelivery[] = [];
	for (const round of rounds) deliveries.push(await round());
	return deliveries;
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
