import { invalidInput } from '../../shared/errors';
import type { Failure } from '../../shared/errors';
import { LONGEST_SMS, LONGEST_TEXT, LONGEST_URL, LONGEST_WAIT_SECONDS } from './fields';
import { nearest } from './nearest';
import * as values from './values';
import type { Flag, Reader, Refuse } from './values';

/** A recording of the cabinet, or a text to be spoken. */
export type WireRecord = { id?: number; text?: string; gender?: Flag; source?: 'text' | 'file' };

/** One entry of `ivrs` as Zvonobot wants it. */
export type WireEntry = {
	/** 0 to 9. Without it, keywords and `anyWord` the entry is for who stays on the line. */
	digit?: number;
	/** Separated by `|`. */
	keyWords?: string;
	anyWord?: Flag;
	/** Seconds, with `anyWord` only. */
	recognitionTimeout?: number;
	recognize?: Flag;
	record?: WireRecord;
	needBlock?: Flag;
	managerPhone?: string;
	smsText?: string;
	smsTemplateId?: number;
	smsChannel?: string;
	emailTimeout?: number;
	webhookUrl?: string;
	/** JSON, as are the headers. */
	webhookParameters?: string;
	webhookHeaders?: string;
	ivrs?: WireEntry[];
};

/** Numbers of the entries that lead to one, counted from 1. */
type Path = readonly number[];

interface Walk {
	/** How the user knows the key: by its name in the API, or by that of a field. */
	nameOf: (key: string) => string;
	entries: number;
}

type Readers<T> = { [Key in keyof T]-?: Reader<T[Key]> };

const MENU = 'Voice Menu';
const MOST_LEVELS = 20;
const MOST_ENTRIES = 1000;
const LONGEST_SHOWN_KEY = 40;

const RECORD: Readers<WireRecord> = {
	id: values.id,
	text: values.text(LONGEST_TEXT),
	gender: values.flag,
	source: values.oneOf('text', 'file'),
};

const ACTIONS = [
	'record',
	'managerPhone',
	'smsText',
	'smsTemplateId',
	'webhookUrl',
	'ivrs',
	'needBlock',
	'recognize',
] as const;

/**
 * Reads a menu in the API's own shape and holds it against the API's rules.
 *
 * @throws Failure `invalid_input` that names the entry, e.g. `Voice Menu › 1 › 2: digit`
 */
export function readEntries(menu: unknown, nameOf: (key: string) => string): WireEntry[] {
	const entries = readLevel(menu, refuseAt([]), [], { nameOf, entries: 0 });
	if (entries !== undefined) return entries;
	throw menuError('has no entries', 'Add an entry, or set Voice Menu to None.');
}

export function menuError(problem: string, hint: string): Failure {
	return invalidInput(MENU, problem, hint);
}

/** Refuses what stands under a key of an entry, or the entry as a whole. */
export function refuseAt(path: Path, name?: string): Refuse {
	const entry = [MENU, ...path].join(' › ');
	return (problem, hint) => invalidInput(name ? `${entry}: ${name}` : entry, problem, hint);
}

function readLevel(
	level: unknown,
	refuse: Refuse,
	path: Path,
	walk: Walk,
): WireEntry[] | undefined {
	if (!Array.isArray(level)) {
		throw refuse('is not a list of entries', 'Write them in square brackets: [{…}, {…}].');
	}
	if (level.length === 0) return undefined;
	if (path.length >= MOST_LEVELS) {
		throw refuse(`is below level ${MOST_LEVELS}, the last`, 'Make the menu less deep.');
	}
	walk.entries += level.length;
	if (walk.entries > MOST_ENTRIES) {
		throw menuError(`has more than ${values.shown(MOST_ENTRIES)} entries`, 'Use fewer of them.');
	}
	const entries = level.map((entry: unknown, index) =>
		readEntry(entry, [...path, index + 1], walk),
	);
	checkSiblings(entries, path, walk);
	return entries;
}

function readEntry(given: unknown, path: Path, walk: Walk): WireEntry {
	const readers: Readers<WireEntry> = {
		digit: values.wholeNumber(0, 9),
		keyWords: values.words,
		anyWord: values.flag,
		recognitionTimeout: values.wholeNumber(1, LONGEST_WAIT_SECONDS),
		recognize: values.flag,
		record: (record, refuse) => readRecord(record, refuse, path, walk),
		needBlock: values.flag,
		managerPhone: values.phone,
		smsText: values.text(LONGEST_SMS),
		smsTemplateId: values.id,
		smsChannel: values.text(),
		emailTimeout: values.wholeNumber(0),
		webhookUrl: values.url(LONGEST_URL),
		webhookParameters: values.parameters,
		webhookHeaders: values.headers,
		ivrs: (level, refuse) => readLevel(level, refuse, path, walk),
	};
	if (!values.isObject(given)) {
		throw refuseAt(path)(
			'is not an entry',
			'Write it in braces, e.g. {"digit": 1, "needBlock": 1}.',
		);
	}
	const entry = readKeys<WireEntry>(readers, given, '', path, walk);
	checkEntry(entry, path, walk);
	return entry;
}

function readRecord(given: unknown, refuse: Refuse, path: Path, walk: Walk): WireRecord {
	if (!values.isObject(given)) {
		throw refuse('is not a record', 'Write e.g. {"id": 1342} or {"text": "Thank you"}.');
	}
	const record = readKeys(RECORD, given, 'record.', path, walk);
	if ((record.id === undefined) === (record.text === undefined)) {
		throw refuse(
			record.id === undefined ? 'has neither an id nor a text' : 'has an id and a text',
			'Give it the id of a recording or a text to speak.',
		);
	}
	if (record.gender !== undefined && record.text === undefined) {
		throw refuse('has a gender but no text to speak', 'Leave out the gender of a recording.');
	}
	const source = record.text === undefined ? 'file' : 'text';
	if (record.source !== undefined && record.source !== source) {
		throw refuse(
			`has the source ${record.source} but ${source === 'file' ? 'an id' : 'a text'}`,
			`Leave out the source, or write "${source}".`,
		);
	}
	return record;
}

/** Reads what is given under known keys, in their own order; blanks count as left out. */
function readKeys<T extends object>(
	readers: Readers<T>,
	given: Record<string, unknown>,
	within: string,
	path: Path,
	walk: Walk,
): T {
	const known = Object.keys(readers);
	const unknown = Object.keys(given).find((key) => !known.includes(key));
	if (unknown !== undefined) throw unknownKey(unknown, known, within, path);
	const read = (Object.entries(readers) as Array<[string, Reader<unknown>]>)
		.filter(([key]) => !values.isBlank(given[key]))
		.map(([key, reader]) => [
			key,
			reader(given[key], refuseAt(path, walk.nameOf(`${within}${key}`))),
		])
		.filter(([, value]) => value !== undefined);
	// Each key went through the reader of its own.
	return Object.fromEntries(read) as T;
}

function unknownKey(key: string, known: string[], within: string, path: Path): Failure {
	const meant = nearest(key, known);
	const name = `${within}${key.slice(0, LONGEST_SHOWN_KEY)}`;
	return refuseAt(path, name)(
		'is not known to Zvonobot',
		meant === undefined ? `Use ${known.join(', ')}.` : `Did you mean ${within}${meant}?`,
	);
}

function checkEntry(entry: WireEntry, path: Path, { nameOf }: Walk): void {
	const refuse = (key: keyof WireEntry) => refuseAt(path, nameOf(key));
	if (entry.anyWord === 1 && (entry.digit !== undefined || entry.keyWords !== undefined)) {
		throw refuse('anyWord')(
			'takes any answer, but the entry has a digit or keywords, too',
			'Make two entries of it.',
		);
	}
	if (entry.recognitionTimeout !== undefined && entry.anyWord !== 1) {
		throw refuse('recognitionTimeout')(
			'has no effect without anyWord',
			'Set anyWord to 1, or leave the timeout out.',
		);
	}
	if (entry.smsText !== undefined && entry.smsTemplateId !== undefined) {
		throw refuse('smsText')(
			`stands beside ${nameOf('smsTemplateId')}, whose text would be sent`,
			'Leave out one of them.',
		);
	}
	for (const key of ['webhookParameters', 'webhookHeaders'] as const) {
		if (entry[key] !== undefined && entry.webhookUrl === undefined) {
			throw refuse(key)(
				`has no ${nameOf('webhookUrl')} to go to`,
				'Enter the address to call, or leave them out.',
			);
		}
	}
	// A flag of 0 is no action.
	if (!ACTIONS.some((key) => Boolean(entry[key]))) {
		throw refuseAt(path)(
			'does nothing',
			'Let it play something, connect a manager, send an SMS, call a webhook, block the number, recognize the answer or lead to a submenu.',
		);
	}
}

/** On one level each answer leads to one entry. */
function checkSiblings(entries: readonly WireEntry[], path: Path, { nameOf }: Walk): void {
	const taken = new Map<string, number>();
	for (const [index, entry] of entries.entries()) {
		for (const [answer, name] of answersOf(entry, nameOf)) {
			const first = taken.get(answer);
			if (first !== undefined) {
				throw refuseAt([...path, index + 1], name)(
					`leads to entry ${first} of this level already`,
					'Give each answer to one entry of a level only.',
				);
			}
			taken.set(answer, index + 1);
		}
	}
}

/** What leads to an entry: for comparing, and for people. */
function answersOf(
	{ digit, keyWords, anyWord }: WireEntry,
	nameOf: Walk['nameOf'],
): Array<[answer: string, name: string]> {
	if (anyWord === 1) return [['any', 'Saying anything']];
	if (digit === undefined && keyWords === undefined) return [['stay', 'Staying on the line']];
	const all = keyWords?.split('|') ?? [];
	return [
		...(digit === undefined
			? []
			: [[`digit ${digit}`, `${nameOf('digit')} ${digit}`] as [string, string]]),
		...all.map((word): [string, string] => [
			`word ${values.sameWord(word)}`,
			`${nameOf('keyWords')} "${word}"`,
		]),
	];
}
