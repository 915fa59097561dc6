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

/** Escapes of HTML, URLs, JSON, JavaScript, CSS and mails, with the digits that stand for the character. */
const ESCAPED =
	/&#x0{0,8}([\da-f]{1,6});?|%u([\da-f]{4})|\\u\{0{0,8}([\da-f]{1,6})\}|\\u([\da-f]{4})|\\x([\da-f]{2})|[%=]([\da-f]{2})|\\0{0,4}([\da-f]{2})(?![\da-f])\s?|&#0{0,8}(\d{1,7});?/gi;
const OCTAL = /\\([01]?[0-7]{2})(?!\d)/g;
/** Bytes written one by one, in hex or as decimals. */
const IN_HEX = /(?:(?:0x|\b)[\da-f]{2}\b[\s:,;.-]{0,3}){4,}/gi;
const IN_DECIMALS = /(?:\b\d{2,3}\b[\s:,;]{1,3}){3,}\d{2,3}\b/g;

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

/** A text as letters and digits alone, and the same of everything in it that another way of writing hides. */
function spellings(text: string): string[] {
	const decoded = decode(text);
	const octal = text.replace(OCTAL, (_, code: string) => characterOf(parseInt(code, 8)));
	return [decoded, octal, ...base64In(decoded, 2), ...bytesIn(decoded)].map(fold);
}

/** What stands in base64 in a text, also in lines, behind other letters, or in base64 once more. */
function base64In(text: string, depth: number): string[] {
	if (depth === 0) return [];
	const runs = [text, text.replace(/\s+/g, '')].flatMap((one) => one.match(/[\w+/-]{4,}/g) ?? []);
	const opened = [...new Set(runs)].flatMap((run) =>
		[0, 1, 2, 3].map((from) => decode(Buffer.from(run.slice(from), 'base64').toString('latin1'))),
	);
	return [...opened, ...opened.flatMap((one) => base64In(one, depth - 1))];
}

function bytesIn(text: string): string[] {
	const charactersOf = (run: string, form: RegExp, radix: number) =>
		(run.match(form) ?? []).map((code) => characterOf(parseInt(code, radix))).join('');
	return [
		...(text.match(IN_HEX) ?? []).map((run) =>
			charactersOf(run.replace(/0x/gi, ''), /[\da-f]{2}/gi, 16),
		),
		...(text.match(IN_DECIMALS) ?? []).map((run) => charactersOf(run, /\d+/g, 10)),
	];
}

function folded(text: string): string {
	return fold(decode(text));
}

function fold(text: string): string {
	return text
		.normalize('NFKD')
		.toLowerCase()
		.replace(/\p{Nd}/gu, asciiDigit)
		.replace(/[^\p{L}\p{N}]/gu, '');
}

/** The digits of every script stand in tens, from its zero on. */
function asciiDigit(digit: string): string {
	const code = digit.codePointAt(0) ?? 0;
	if (code < 0x80) return digit;
	let value = 0;
	while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++;
	return String(value);
}

/** Without the escapes and the tags of HTML, URLs, JSON and the like; those that were escaped again, too. */
function decode(text: string): string {
	let decoded = text;
	for (let pass = 0; pass < MOST_ESCAPED; pass++) {
		decoded = decoded
			.replace(/&amp;/gi, '&')
			.replace(ESCAPED, (_, ...groups: Array<string | undefined>) => {
				const hex = groups.slice(0, 7).find((group) => group !== undefined);
				return characterOf(hex === undefined ? Number(groups[7]) : parseInt(hex, 16));
			});
	}
	return decoded.replace(/&[a-z]{2,8};/gi, ' ').replace(/<[^<>]{0,80}>/g, '');
}

function characterOf(code: number): string {
	return code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
}
