import { menuError, readEntries } from './rules';
import type { WireEntry } from './rules';
import { displayNameOf } from './fields';
import type { VoiceMenuParams } from './fields';
import { entriesOf } from './filled';
import { isObject, shown } from './values';

export { voiceMenuFields } from './fields';
export type { VoiceMenuParams } from './fields';
export type { WireEntry, WireRecord } from './rules';

const LONGEST_JSON = 1_000_000;

/**
 * The voice menu of an item as the API's `ivrs`; undefined when it has none.
 *
 * @throws Failure `invalid_input` that names the entry and what is wrong with it
 */
export function readVoiceMenu(params: VoiceMenuParams): WireEntry[] | undefined {
	switch (params.menuSource) {
		case 'fields':
			return readEntries(entriesOf(params.menu?.entries ?? []), displayNameOf);
		case 'json':
			return readEntries(parse(params.menuJson ?? ''), (key) => key);
		default:
			return undefined;
	}
}

/** A copy in which each entry that calls no webhook yet, on any level, calls `url`. */
export function addWebhooks(entries: readonly WireEntry[], url: string): WireEntry[] {
	return entries.map((entry) => ({
		webhookUrl: url,
		...entry,
		...(entry.ivrs === undefined ? {} : { ivrs: addWebhooks(entry.ivrs, url) }),
	}));
}

/** A copy in which each entry that calls a webhook, on any level, has what `fn` gives for it. */
export function mapWebhooks(
	entries: readonly WireEntry[],
	fn: (entry: WireEntry) => Partial<WireEntry>,
): WireEntry[] {
	return entries.map((entry) => ({
		...entry,
		...(entry.ivrs === undefined ? {} : { ivrs: mapWebhooks(entry.ivrs, fn) }),
		...(entry.webhookUrl === undefined ? {} : fn(entry)),
	}));
}

/** The list in a JSON text, which may also be in an object as in a request: `{"ivrs": […]}`. */
function parse(json: string): unknown {
	if (json.length > LONGEST_JSON) {
		throw menuError(`has more than ${shown(LONGEST_JSON)} characters`, 'Use fewer entries.');
	}
	if (json.trim() === '') throw menuError('is empty', 'Fill in the JSON, or choose None.');
	const parsed = parseJson(json);
	return isObject(parsed) && Object.keys(parsed).join() === 'ivrs' ? parsed.ivrs : parsed;
}

function parseJson(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch (thrown) {
		const at = /position (\d+)/.exec(String(thrown))?.[1];
		const line = at === undefined ? '' : ` Look at line ${lineOf(json, Number(at))}.`;
		throw menuError('is not valid JSON', `Check its quotation marks, commas and brackets.${line}`);
	}
}

function lineOf(text: string, position: number): number {
	return text.slice(0, position).split('\n').length;
}
