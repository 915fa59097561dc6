import { createHmac } from 'node:crypto';
import { hookPlace } from '../shared/hookPlace';
import { sameSecret } from '../shared/secrets';

/** What the key that makes the secrets of webhooks is derived for. */
export const HOOK_PURPOSE = 'zvonobot/hook/v1';

/** The header in which the provider brings a secret back (`webhookHeaders`). */
export const SECRET_HEADER = 'X-Flashcall-Secret';

/** A secret in a text: those that this package makes have an ID of this form and a digest of 32 bytes. */
export const SECRET_VALUE = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?:~\d{1,6})?\.[\w-]{43}/gi;

const WRITTEN = /^(([\w-]{1,64})(?:~\d{1,6})?)\.([\w-]{1,64})$/;

type SecretVerdict = { genuine: true; requestId: string; source: string } | { genuine: false };

/**
 * The value of the secret's header for one webhook of a request: `<requestId>.<HMAC-SHA256>`.
 *
 * It counts for this URL only, as far as `hookPlace` goes.
 *
 * @param url an absolute URL
 * @param requestId letters, digits, `-` and `_`, at most 64
 * @param action tells the actions of a voice menu apart: the same digit, pressed in two menus of one
 * call, is no repetition
 */
export function secretHeader(
	hookKey: Buffer,
	url: string,
	requestId: string,
	action?: number,
): string {
	const source = action === undefined ? requestId : `${requestId}~${action}`;
	return `${source}.${macOf(hookKey, new URL(url).pathname, source).toString('base64url')}`;
}

/**
 * Tells whether a webhook call brought the secret that was made for its path. It says no more than
 * that, so that a forger learns nothing.
 *
 * @param path of the URL that was called, without its query
 * @returns `requestId` as it was given; `source` tells the actions of a request apart, too
 */
export function verifySecret(hookKey: Buffer, path: string, headerValue: unknown): SecretVerdict {
	const match = typeof headerValue === 'string' ? WRITTEN.exec(headerValue) : null;
	const [, source = '', requestId = '', signature = ''] = match ?? [];
	const expected = macOf(hookKey, path, source);
	// As text: base64 has more than one spelling of the same bytes, and only ours is unaltered.
	const matches = sameSecret(signature, expected.toString('base64url'));
	return matches ? { genuine: true, requestId, source } : { genuine: false };
}

function macOf(hookKey: Buffer, path: string, source: string): Buffer {
	return createHmac('sha256', hookKey)
		.update(JSON.stringify([hookPlace(path), source]))
		.digest();
}
