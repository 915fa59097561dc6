import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A code that was told to a person, on its way through the flow. */
interface SealedCode {
	/** As the person has to type it; leading zeros count. */
	code: string;
	/** Digits of the person's number, as `readPhone` gives them. */
	phone: string;
	/** UNIX seconds after which the code counts no more. */
	expiresAt: number;
}

export interface OpenedCode extends SealedCode {
	/** Names this one seal, to count its attempts by. */
	id: string;
}

const VERSION = 'fc1';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const LONGEST_KEY = 8_000;

/**
 * Seals a code into a key that can be shown and stored: AES-256-GCM, so that it can be neither read
 * nor altered without `secret`.
 *
 * @param secret 32 bytes, derived for this purpose from a credential
 * @param purpose what the code is for; a key sealed for one purpose does not open for another
 */
export function sealCode(sealed: SealedCode, secret: Buffer, purpose: string): string {
	const iv = randomBytes(IV_BYTES);
	const cipher = createCipheriv(CIPHER, secret, iv).setAAD(boundTo(purpose));
	const { code, phone, expiresAt } = sealed;
	const content = Buffer.concat([
		cipher.update(JSON.stringify([code, phone, expiresAt])),
		cipher.final(),
	]);
	return `${VERSION}.${Buffer.concat([iv, content, cipher.getAuthTag()]).toString('base64url')}`;
}

/** Opens a key; undefined when it was not sealed by `secret` for `purpose`, or was altered. */
export function openCode(key: string, secret: Buffer, purpose: string): OpenedCode | undefined {
	if (key.length > LONGEST_KEY) return undefined;
	const [version, text = '', ...more] = key.split('.');
	const bytes = Buffer.from(text, 'base64url');
	const isWhole =
		version === VERSION &&
		more.length === 0 &&
		bytes.length > IV_BYTES + TAG_BYTES &&
		// Base64 has more than one spelling of the same bytes; only one is unaltered.
		bytes.toString('base64url') === text;
	if (!isWhole) return undefined;

	const tag = bytes.subarray(-TAG_BYTES);
	const decipher = createDecipheriv(CIPHER, secret, bytes.subarray(0, IV_BYTES), {
		authTagLength: TAG_BYTES,
	})
		.setAAD(boundTo(purpose))
		.setAuthTag(tag);
	try {
		const content = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
		const opened = Buffer.concat([content, decipher.final()]).toString('utf8');
		const [code, phone, expiresAt] = JSON.parse(opened) as [string, string, number];
		return { code, phone, expiresAt, id: tag.toString('base64url') };
	} catch {
		return undefined;
	}
}

function boundTo(purpose: string): Buffer {
	return Buffer.from(`${VERSION}/${purpose}`);
}
