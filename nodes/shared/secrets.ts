import { createHash, hkdfSync, timingSafeEqual } from 'node:crypto';

const SALT = 'n8n-nodes-flashcall';
const KEY_BYTES = 32;
const MOST_QUOTED = 200;
const SHORTEST_SECRET = 3;
/** What is shorter would be found in any text once its blanks are gone. */
const SHORTEST_FOLDED = 4;
const MOST_READ = 1_000;
const MOST_CUT_IN_TWO = 100;
const MOST_ESCAPED = 3;
const HIDDEN = '***';

const ESCAPED = /&#x([\da-f]{1,6});?|&#(\d{1,7});?|%([\da-f]{2})|\\u([\da-f]{4})/gi;

/** What stands behind the name of a signature, however the two are parted. */
const NAMED_SIGNATURE =
	/((?:signature|x-flashcall-secret)(?:["'\s\\]|%22|&quot;|&#34;){0,4}(?:[=:]|%3[ad]|&#(?:61|58|x3[ad]);|&equals;|\\u003d)(?:["'\s\\]|%22|&quot;|&#34;){0,4})[^\s"'\\&,;<>]+/gi;

/**
 * Derives a key for one purpose from a credential's secret (HKDF-SHA256), so that what we sign or
 * seal can be checked on every n8n process that has the credential, and says nothing about it.
 *
 * @param purpose names the use and its version, e.g. `plusofon/hook/v1`
 */
export function deriveKey(secret: string, purpose: string): Buffer {
	return Buffer.from(hkdfSync('sha256', secret, SALT, purpose, KEY_BYTES));
}

/** Names texts that must not be kept as they are. */
export function digestOf(...texts: string[]): string {
	return createHash('sha256').update(JSON.stringify(texts)).digest('base64url');
}

/** Compares in a time that does not tell how much of it was right. */
export function sameSecret(given: string, expected: string): boolean {
	const [one, other] = [Buffer.from(given), Buffer.from(expected)];
	return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * A provider's own words, fit to be shown: nothing that was sent along (keys, codes), nothing that
 * looks like a token, no long run of digits (phone numbers), one line, not too long. Nothing at all
 * when they hold something that was sent in another spelling, which nobody could cut out cleanly.
 *
 * @param withheld what must not appear
 */
export function quotable(text: string, withheld: readonly string[]): string {
	const read = text.slice(0, MOST_READ);
	const secrets = [...new Set(withheld)]
		.filter((secret) => secret.length >= SHORTEST_SECRET)
		// A long one first: a short one inside it would leave the rest to be seen.
		.sort((one, other) => other.length - one.length);
	const cut = secrets.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), read);
	const masked = cut
		.replace(NAMED_SIGNATURE, `$1${HIDDEN}`)
		.replace(/[\w-]{24,}/g, (run) => (/[a-z]/i.test(run) && /\d/.test(run) ? HIDDEN : run))
		.replace(/\d(?:[\s().\-\u2010-\u2015\u2212]*\d){6,}/g, (run) => `*${run.slice(-2)}`);
	const spelled = spellings(cut);
	const spelledMasked = spellings(masked);
	const isThere = secrets.some((secret) => {
		const spelling = folded(secret);
		// A phone number may be spoken of: its digits are masked, however they are grouped.
		const places = /^\d{7,}$/.test(spelling) ? spelledMasked : spelled;
		return spelling.length >= SHORTEST_FOLDED && places.some((place) => place.includes(spelling));
	});
	if (isThere) return '';
	return (
		masked
			// At the end of what was read, a secret may have been cut in two.
			.slice(0, text.length > MOST_READ ? -MOST_CUT_IN_TWO : undefined)
			.replace(/\s+/g, ' ')
			.trim()
			.slice(0, MOST_QUOTED)
	);
}

/** A text as letters and digits alone, and the same of everything in it that is base64. */
function spellings(text: string): string[] {
	const decoded = decode(text);
	const opened = (decoded.match(/[\w+/-]{4,}/g) ?? []).map((run) =>
		Buffer.from(run, 'base64').toString('latin1'),
	);
	return [decoded, ...opened].map(fold);
}

function folded(text: string): string {
	return fold(decode(text));
}

function fold(text: string): string {
	return text
		.normalize('NFKC')
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]/gu, '');
}

/** Without the escapes of HTML, URLs and JSON; those that were escaped again, too. */
function decode(text: string): string {
	let decoded = text;
	for (let pass = 0; pass < MOST_ESCAPED; pass++) {
		decoded = decoded
			.replace(/&amp;/gi, '&')
			.replace(ESCAPED, (_, hex?: string, decimal?: string, percent?: string, json?: string) =>
				characterOf(decimal === undefined ? parseInt(hex ?? percent ?? json ?? '', 16) : +decimal),
			);
	}
	return decoded.replace(/&[a-z]{2,8};/gi, ' ');
}

function characterOf(code: number): string {
	return code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
}
