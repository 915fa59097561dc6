import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signed hook URL stands for: whose call it confirms, until when, for which request. */
export interface HookClaim {
	/** Digits of the person's number, as `readPhone` gives them. */
	phone: string;
	/** UNIX seconds after which the confirmation counts no more. */
	expiresAt: number;
	/** Names the one request this URL was made for; letters, digits, `-` and `_`. */
	requestId: string;
}

export type HookVerdict =
	| { genuine: true; requestId: string; expiresAt: number }
	| { genuine: false };

const EXPIRES = 'fc_expires';
const REQUEST = 'fc_request';
const SIGNATURE = 'fc_signature';

/**
 * Signs a hook URL: HMAC-SHA256 over phone, expiry and request, in query parameters that are added
 * to those the URL already has.
 *
 * @param url an absolute URL
 */
export function signHookUrl(url: string, claim: HookClaim, key: Buffer): string {
	const signed = new URL(url);
	signed.searchParams.set(EXPIRES, String(claim.expiresAt));
	signed.searchParams.set(REQUEST, claim.requestId);
	signed.searchParams.set(SIGNATURE, signatureOf(claim, key).toString('base64url'));
	return signed.href;
}

/**
 * Tells whether a call of a signed hook URL is genuine: signed by `key` for this phone, unaltered
 * and not expired. It says no more than that, so that a forger learns nothing.
 *
 * @param query the query parameters the call came with
 * @param phone digits of the number the call claims to confirm
 * @param now milliseconds since 1970
 */
export function verifyHook(
	query: Readonly<Record<string, unknown>>,
	phone: string,
	key: Buffer,
	now: number,
): HookVerdict {
	const expires = query[EXPIRES];
	const requestId = query[REQUEST];
	const signature = query[SIGNATURE];
	if (
		typeof expires !== 'string' ||
		typeof requestId !== 'string' ||
		typeof signature !== 'string' ||
		!/^\d{1,12}$/.test(expires) ||
		!/^[\w-]{1,64}$/.test(requestId)
	) {
		return { genuine: false };
	}
	const expiresAt = Number(expires);
	const expected = signatureOf({ phone, expiresAt, requestId }, key);
	const given = Buffer.from(signature, 'base64url');
	const matches =
		given.length === expected.length &&
		timingSafeEqual(given, expected) &&
		// Base64 has more than one spelling of the same bytes; only ours is unaltered.
		signature === expected.toString('base64url') &&
		expires === String(expiresAt);
	return matches && now < expiresAt * 1000
		? { genuine: true, requestId, expiresAt }
		: { genuine: false };
}

function signatureOf({ phone, expiresAt, requestId }: HookClaim, key: Buffer): Buffer {
	return createHmac('sha256', key)
		.update(JSON.stringify([phone, expiresAt, requestId]))
		.digest();
}
