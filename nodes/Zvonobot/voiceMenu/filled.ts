import { displayNameOf } from './fields';
import type { FilledEntry, FilledSubEntry } from './fields';
import { refuseAt } from './rules';
import { isBlank, repeated } from './values';
import type { Refuse } from './values';

type Pair = { name: string; value: string };

/** A menu that was filled in, in the API's own shape; still to be held against its rules. */
export function entriesOf(entries: ReadonlyArray<FilledEntry | FilledSubEntry>): unknown[] {
	return level(entries, []);
}

function level(entries: ReadonlyArray<FilledEntry | FilledSubEntry>, path: number[]): unknown[] {
	return entries.map((entry, index) => {
		const here = [...path, index + 1];
		const submenu = 'ivrs' in entry ? (entry.ivrs.entries ?? []) : [];
		return { ...own(entry, here), ivrs: level(submenu, here) };
	});
}

function own(entry: FilledSubEntry, path: number[]): Record<string, unknown> {
	const { webhookParameters, webhookHeaders, ...actions } = entry.actions;
	const refuse = (key: string) => refuseAt(path, displayNameOf(key));
	return {
		...answer(entry, path),
		record: record(entry),
		...actions,
		webhookParameters: pairs(webhookParameters?.parameters, refuse('webhookParameters')),
		webhookHeaders: pairs(webhookHeaders?.headers, refuse('webhookHeaders')),
	};
}

function answer(entry: FilledSubEntry, path: number[]): Record<string, unknown> {
	const { when, digit, keyWords, recognitionTimeout } = entry;
	if (when === 'anyWord') return { anyWord: 1, recognitionTimeout };
	if (when === 'stay') return {};
	if (!isBlank(digit) || !isBlank(keyWords)) return { digit, keyWords };
	throw refuseAt(path)(
		'has neither a digit nor keywords',
		'Enter one of them. For a person who does nothing choose Stays on the Line.',
	);
}

function record({ play, recordId, text, gender }: FilledSubEntry): unknown {
	if (play === 'recording') return { id: recordId };
	return play === 'text' ? { text, gender } : undefined;
}

function pairs(list: readonly Pair[] | undefined, refuse: Refuse): unknown {
	if (list === undefined) return undefined;
	const read = new Map<string, string>();
	for (const { name, value } of list) {
		const trimmed = name.trim();
		if (read.has(trimmed)) throw repeated(trimmed, refuse);
		read.set(trimmed, value);
	}
	return Object.fromEntries(read);
}
