import { hkdfSync, timingSafeEqual } from 'node:crypto';

const SALT = 'n8n-nodes-flashcall';
const KEY_BYTES = 32;
const MOST_QUOTED = 200;
const SHORTEST_SECRET = 3;

/**
 * Derives a key for one purpose from a credential's secret (HKDF-SHA256), so that what we sign or
 * seal can be checked on every n8n process that has the credential, and says nothing about it.
 *
 * @param purpose names the use and its version, e.g. `plusofon/hook/v1`
 */
export function deriveKey(secret: string, purpose: string): Buffer {
	return Buffer.from(hkdfSync('sha256', secret, SALT, purpose, KEY_BYTES));
}

/** Compares in a time that does not tell how much of it was right. */
export function sameSecret(given: string, expected: string): boolean {
	const [one, other] = [Buffer.from(given), Buffer.from(expected)];
	return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * A provider's own words, fit to be shown: nothing that was sent along (keys, codes), no long run of
 * digits (phone numbers), one line, not too long.
 *
 * @param withheld what must not appear
 */
export function quotable(text: string, withheld: readonly string[]): string {
	const hidden = withheld
		.filter((secret) => secret.length >= SHORTEST_SECRET)
		// A long one first: a short one inside it would leave the rest to be seen.
		.sort((one, other) => other.length - one.length)
		.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
	return hidden
		.replace(/\d(?:[\s().\-\u2010-\u2015\u2212]*\d){6,}/g, (run) => `*${run.slice(-2)}`)
		.replace(/\s+/g, ' ')
		.trim()
		.slice(0, MOST_QUOTED);
}
