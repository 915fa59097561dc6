import { isLoopback } from './baseUrl';
import { Failure, invalidInput } from './errors';
import type { Fetched } from './http';
import type { FileData } from './operation';
import { isPassing, tooMany } from './refusal';

/** A file that an answer of the provider linked to. */
export interface FileRequest {
	url: string;
	/** The field that holds the URL, for messages. */
	field: string;
	/** Hosts it may lie on beside the provider's own. */
	hosts: readonly string[];
	/** How large it may be. */
	megabytes: number;
}

/** What tells a page or a message from a file: its label or its beginning, for servers mislabel both. */
const PAGE = /^\s*<(!doctype|html|head|body)/i;
const TEXTUAL = /^(text\/html|application\/(xhtml\+xml|(problem\+)?json))\b/i;
const UNKNOWN_TYPE = 'application/octet-stream';
const FIRST_BYTES = 200;
/** No text holds a smaller byte than a tab. */
const FIRST_OF_TEXT = 0x09;

/**
 * Decides whether a link may be followed: it comes out of the flow's data, and whoever could write
 * there must not make n8n fetch anything else.
 *
 * @throws Failure `invalid_input` unless it is an https URL (http only on a loopback address) on the
 *   provider's own origin or on a listed host
 */
export function checkFileUrl({ url: given, field, hosts }: FileRequest, baseUrl: string): string {
	const text = given.trim();
	if (text === '') {
		throw invalidInput(
			field,
			'is empty',
			'There is a file only when it was ordered with the call and the call was answered.',
		);
	}
	const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
	if (url === undefined || url.username !== '' || url.password !== '') {
		throw invalidInput(field, 'is not a web address', 'Pass on the link as the provider gave it.');
	}
	if (url.protocol !== 'https:' && !isLoopback(url)) {
		throw invalidInput(
			field,
			'begins with http://, over which anybody could replace the file',
			'Pass on a link that begins with https://.',
		);
	}
	const isAllowed =
		url.origin === new URL(baseUrl).origin || hosts.some((host) => hostIn(host) === url.host);
	if (isAllowed) return url.href;
	throw invalidInput(
		field,
		`leads to ${url.host}, which is not the host of the credential`,
		'Add the host to Allowed Hosts in the options of the node, if you trust it.',
	);
}

/** The file in an answer. */
export function readFile(fetched: Fetched, url: string, provider: string): FileData {
	const { status, contentType, data } = fetched;
	if (status === 429) throw tooMany(provider, fetched);
	if (status >= 300) throw refused(status, provider);
	if (data.length === 0) throw noFile('nothing', status, provider);
	const start = data.subarray(0, FIRST_BYTES);
	const isText = TEXTUAL.test(contentType.trim()) && !start.some((byte) => byte < FIRST_OF_TEXT);
	if (isText || PAGE.test(start.toString('latin1'))) {
		throw noFile('a page or a message', status, provider);
	}
	const mimeType = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
	// Without a type n8n goes by the name.
	return { data, fileName: nameIn(url), mimeType: mimeType === UNKNOWN_TYPE ? '' : mimeType };
}

/** A host as it was entered, maybe with more around it. */
function hostIn(text: string): string {
	const host = text
		.trim()
		.replace(/^https?:\/\//i, '')
		.replace(/\/.*$/, '');
	return URL.canParse(`https://${host}`) ? new URL(`https://${host}`).host : '';
}

function nameIn(url: string): string {
	const name = new URL(url).pathname.split('/').at(-1) ?? '';
	return name === '' ? 'file' : name;
}

function refused(status: number, provider: string): Failure {
	if (status < 400) {
		return new Failure({
			code: 'redirect_refused',
			message: `The file has moved (HTTP ${status}), and redirects are not followed`,
			hint: 'Ask the provider for a link that leads to the file itself.',
			status,
		});
	}
	if (status === 404 || status === 410) {
		return new Failure({
			code: 'not_found',
			message: `${provider} has no file behind this link, or no longer (HTTP ${status})`,
			hint: 'Get the call again for a fresh link.',
			status,
		});
	}
	return new Failure({
		code: status >= 500 ? 'provider_down' : 'refused',
		message: `${provider} did not hand out the file (HTTP ${status})`,
		hint: 'Try again later.',
		status,
		passing: isPassing(status),
	});
}

function noFile(what: string, status: number, provider: string): Failure {
	return new Failure({
		code: 'unexpected_answer',
		message: `${provider} sent ${what} instead of a file (HTTP ${status})`,
		hint: 'Check the link: it must lead to the file itself. Get the call again for a fresh one.',
		status,
	});
}
