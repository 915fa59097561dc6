import { randomInt } from 'node:crypto';
import type { Api } from '../shared/api';

/**
 * POST apiVerificationPhones/confirmPhone: rings the phone from a number that ends with the PIN.
 * Costs money, so it is sent once.
 */
export async function ringWithPin(api: Api, phone: string, pin: string): Promise<void> {
	await api.request({
		method: 'POST',
		path: '/apiVerificationPhones/confirmPhone',
		body: { phone, pin },
		read: ({ status, data }) => (status === 'success' || data === 'done' ? true : undefined),
	});
}

/** Four digits nobody can foresee. */
export function randomPin(): string {
	return String(randomInt(10_000)).padStart(4, '0');
}
