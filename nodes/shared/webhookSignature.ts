import { createHmac } from 'node:crypto';
import { hookPlace } from './hookPlace';
import { sameSecret } from './secrets';

/** What a signed hook URL stands for: whose call it confirms, until when, for which request. */
export interface HookClaim {
	/** Digits of the person's number, as `readPhone` gives them. */
	phone: string;
	/** UNIX seconds after which the confirmation counts no more. */
	expiresAt: number;
	/** Names the one request this URL was made for; letters, digits, `-` and `_`. */
	requestId: string;
}

type HookVerdict = { genuine: true; requestId: string; expiresAt: number } | { genuine: false };

const EXPIRES = 'fc_expires';
const REQUEST = 'fc_request';
const SIGNATURE = 'fc_signature';

/**
 * Signs a hook URL: HMAC-SHA256 over its place, phone, expiry and request, in query parameters that
 * are added to those the URL already has.
 *
 * @param url an absolute URL
 */
export function signHookUrl(url: string, claim: HookClaim, key: Buffer): string {
	const signed = new URL(url);
	signed.searchParams.set(EXPIRES, String(claim.expiresAt));
	signed.searchParams.set(REQUEST, claim.requestId);
	const signature = signatureOf(signed.pathname, claim, key);
	signed.searchParams.set(SIGNATURE, signature.toString('base64url'));
	return signed.href;
}

/**
 * Tells whether a call of a signed hook URL is genuine: signed by `key` for this place and phone,
 * unaltered and not expired. It says no more than that, so that a forger learns nothing.
 *
 * @param path of the URL that was called, without its query
 * @param query the query parameters the call came with
 * @param phone digits of the number the call claims to confirm
 * @param now milliseconds since 1970
 */
export function verifyHook(
	{ path, query }: { path: string; query: Readonly<Record<string, unknown>> },
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
	const expected = signatureOf(path, { phone, expiresAt, requestId }, key);
	// As text: base64 has more than one spelling of the same bytes, and only ours is unaltered.
	const matches =
		sameSecret(signature, expected.toString('base64url')) && expires === String(expiresAt);
	return matches && now < expiresAt * 1000
		? { genuine: true, requestId, expiresAt }
		: { genuine: false };
}

function signatureOf(
	path: string,
	{ phone, expiresAt, requestId }: HookClaim,
	key: Buffer,
): Buffer {
	return createHmac('sha256', key)
		.update(JSON.stringify([hookPlace(path), phone, expiresAt, requestId]))
		.digest();
}
