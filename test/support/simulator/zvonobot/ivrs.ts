import type { JsonObject } from '../types';
import { MESSAGES, Refusal, wrong } from './refusal';
import {
	flag,
	integer,
	jsonStrings,
	list,
	object,
	oneOf,
	only,
	optional,
	phone,
	required,
	text,
	url,
	type Reader,
} from './validate';

export interface Webhook {
	url: string;
	/** Added to every body. */
	parameters: Record<string, string>;
	/** Added to the HTTP headers. */
	headers: Record<string, string>;
}

/** One action: what makes it happen, and what happens then. */
export interface Ivr {
	/** Shown in `ivrIdList`; given when the call is created. */
	id: number;
	digit?: number;
	keyWords: string[];
	anyWord: boolean;
	needBlock: boolean;
	/** The text of a record that has to be generated. */
	generated?: string;
	managerPhone?: string;
	smsText?: string;
	webhook?: Webhook;
	ivrs: Ivr[];
}

/** What the account has, for the fields that point to it. */
export interface Known {
	hasRecord: (id: number) => boolean;
	isSmsTemplateModerated: (id: number) => boolean;
}

const FIELDS = [
	'digit',
	'keyWords',
	'needBlock',
	'record',
	'managerPhone',
	'smsText',
	'smsTemplateId',
	'webhookUrl',
	'webhookParameters',
	'webhookHeaders',
	'anyWord',
	'recognitionTimeout',
	'recognize',
	'smsChannel',
	'emailTimeout',
	'ivrs',
] as const;

const LONGEST_SMS = 70;
const LONGEST_TEXT = 1024;

/** One level of the tree, and all levels under it. */
export function ivrLevel(known: Known): Reader<Ivr[]> {
	return (name, value) => {
		if (Array.isArray(value) && value.length === 0) return [];
		const read: Reader<Ivr> = (path, entry) => readIvr(`${path}.`, object(path, entry), known);
		const level = list(read)(name, value);
		const digits = level.flatMap(({ digit }) => digit ?? []);
		if (new Set(digits).size !== digits.length) throw wrong(name, 'содержит одну цифру дважды');
		if (level.filter(staysOnLine).length > 1) {
			throw wrong(name, 'содержит действие "Остаться на линии" дважды');
		}
		return level;
	};
}

/** "Остаться на линии": what happens when nothing else does. */
export function staysOnLine({ digit, keyWords, anyWord }: Ivr): boolean {
	return digit === undefined && keyWords.length === 0 && !anyWord;
}

/** Every action of a tree. */
export function everyIvr(level: Ivr[]): Ivr[] {
	return level.flatMap((ivr) => [ivr, ...everyIvr(ivr.ivrs)]);
}

/** The record of a call or of an action: an id, or a text to generate. Returns the text. */
export function readRecord(
	within: string,
	record: JsonObject,
	known: Known,
	of: 'call' | 'ivr',
): string | undefined {
	only(
		record,
		of === 'call' ? ['id', 'text', 'gender'] : ['id', 'text', 'gender', 'source'],
		within,
	);
	const id = optional(record, 'id', integer(1), within);
	const words = optional(record, 'text', text(LONGEST_TEXT), within);
	if (id === undefined ? words === undefined : words !== undefined) {
		throw wrong(`${within}id`, `или ${within}text должно быть заполнено, и только одно из них`);
	}
	// The table says "Да", and has only the call's own; its samples of actions do without.
	const readGender = of === 'call' && words !== undefined ? required : optional;
	const gender = readGender(record, 'gender', flag, within);
	if (words === undefined && gender !== undefined) {
		throw wrong(`${within}gender`, `допустимо только вместе с ${within}text`);
	}
	const source = optional(record, 'source', oneOf(['text', 'file']), within);
	if (source !== undefined && (source === 'text') !== (words !== undefined)) {
		throw wrong(`${within}source`, 'не соответствует аудиоролику');
	}
	if (id !== undefined && !known.hasRecord(id)) throw new Refusal(MESSAGES.noRecord);
	return words;
}

/** webhookUrl, webhookParameters and webhookHeaders, which stand side by side in calls and in actions. */
export function readWebhook(within: string, input: JsonObject, longest?: number) {
	const address = optional(input, 'webhookUrl', url(longest), within);
	const parameters = optional(input, 'webhookParameters', jsonStrings, within);
	const headers = optional(input, 'webhookHeaders', jsonStrings, within);
	if (address === undefined) return undefined;
	return { url: address, parameters: parameters ?? {}, headers: headers ?? {} } satisfies Webhook;
}

function readIvr(within: string, input: JsonObject, known: Known): Ivr {
	only(input, FIELDS, within);
	const record = optional(input, 'record', object, within);
	const generated =
		record === undefined ? undefined : readRecord(`${within}record.`, record, known, 'ivr');
	const managerPhone = optional(input, 'managerPhone', phone, within);
	const smsText = optional(input, 'smsText', text(LONGEST_SMS), within);
	const smsTemplateId = optional(input, 'smsTemplateId', integer(1), within);
	if (smsTemplateId !== undefined && !known.isSmsTemplateModerated(smsTemplateId)) {
		throw new Refusal(MESSAGES.smsTemplateNotModerated);
	}
	const webhook = readWebhook(within, input);
	optional(input, 'recognize', flag, within);
	optional(input, 'smsChannel', text(), within);
	optional(input, 'emailTimeout', integer(0), within);
	return {
		id: 0,
		...readTrigger(within, input),
		needBlock: optional(input, 'needBlock', flag, within) ?? false,
		...(generated === undefined ? {} : { generated }),
		...(managerPhone === undefined ? {} : { managerPhone }),
		...(smsText === undefined ? {} : { smsText }),
		...(webhook === undefined ? {} : { webhook }),
		ivrs: optional(input, 'ivrs', ivrLevel(known), within) ?? [],
	};
}

/** What makes an action happen. */
function readTrigger(
	within: string,
	input: JsonObject,
): Pick<Ivr, 'digit' | 'keyWords' | 'anyWord'> {
	// "Если цифра пустая": absent, null and '' all are.
	const isDigit = input.digit !== undefined && input.digit !== null && input.digit !== '';
	const digit = isDigit ? required(input, 'digit', integer(0, 9), within) : undefined;
	const keyWords = optional(input, 'keyWords', text(), within)?.split('|') ?? [];
	if (keyWords.some((word) => word.trim() === '')) {
		throw wrong(`${within}keyWords`, 'содержит пустое слово');
	}
	const anyWord = optional(input, 'anyWord', flag, within) ?? false;
	if (anyWord && (digit !== undefined || keyWords.length > 0)) {
		throw wrong(`${within}anyWord`, 'допустимо, только если keyWords и digit пусты');
	}
	const timeout = optional(input, 'recognitionTimeout', integer(1, 15), within);
	if (timeout !== undefined && !anyWord) {
		throw wrong(`${within}recognitionTimeout`, 'допустимо, только если anyWord=1');
	}
	return {
		...(digit === undefined ? {} : { digit }),
		keyWords: keyWords.map((word) => word.trim()),
		anyWord,
	};
}
