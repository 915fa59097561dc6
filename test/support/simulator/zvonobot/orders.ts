import type { JsonObject } from '../types';
import {
	everyIvr,
	ivrLevel,
	readRecord,
	readWebhook,
	type Ivr,
	type Known,
	type Webhook,
} from './ivrs';
import { MESSAGES, Refusal, wrong } from './refusal';
import {
	dayTime,
	flag,
	integer,
	list,
	matching,
	object,
	only,
	optional,
	phone,
	required,
	text,
	unixSeconds,
} from './validate';

/** What create or createWithTemplate asks for, its form checked. */
export interface CallOrder {
	phones: string[];
	/** The phone came in `phone`: one object is answered, and a refusal is said aloud. */
	alone: boolean;
	plannedAt: number | null;
	smartDelay: number | null;
	needRecording: boolean;
	outgoingPhone: string | null;
	webhook: Webhook | null;
	/** As it came, to be shown again. */
	webhookParameters: string | null;
	ivrs: Ivr[];
	/** How many texts have to be turned into speech. */
	generatedTexts: number;
	templateId: number | null;
	/** placeholder -> value, by phone. */
	variables: Record<string, Record<string, string>>;
}

export interface OrderContext extends Known {
	ownPhones: string[];
	languages: string[];
}

const PHONES = ['phone', 'phones'] as const;
const TIMES = ['startTime', 'endTime', 'plannedAtTimeZone', 'excludeWeekends', 'weekdays'] as const;
const WEBHOOK = ['webhookUrl', 'webhookParameters', 'webhookHeaders'] as const;
const CALLER = ['outgoingPhone', 'dutyPhone'] as const;

const LONGEST_WEBHOOK = 255;

export function readCreate(body: JsonObject, known: OrderContext): CallOrder {
	only(body, [
		...PHONES,
		...CALLER,
		...WEBHOOK,
		...TIMES,
		'plannedAt',
		'smartDelay',
		'needRecording',
		'record',
		'ivrs',
		'isManagerDeliveryPhone',
		'endOfSpeech',
		'lang',
		'voiceDetection',
		'answerTimeout',
	]);
	const record = required(body, 'record', object);
	const spoken = readRecord('record.', record, known, 'call');
	const ivrs = optional(body, 'ivrs', ivrLevel(known)) ?? [];
	const texts = everyIvr(ivrs).filter(({ generated }) => generated !== undefined).length;
	const outgoingPhone = readCaller(body, known);
	if (outgoingPhone === undefined) {
		throw wrong(
			'outgoingPhone',
			'обязательно для заполнения, если dutyPhone отсутствует или равен 0',
		);
	}
	optional(body, 'isManagerDeliveryPhone', flag);
	optional(body, 'endOfSpeech', flag);
	optional(body, 'voiceDetection', flag);
	optional(body, 'answerTimeout', integer(15, 60));
	const lang = optional(body, 'lang', matching(/^[a-z]{2}-[A-Z]{2}$/, 'должно быть вида ru-RU'));
	if (lang !== undefined && !known.languages.includes(lang)) throw new Refusal(MESSAGES.noLanguage);
	return {
		...readCommon(body),
		outgoingPhone,
		needRecording: optional(body, 'needRecording', flag) ?? false,
		ivrs,
		generatedTexts: texts + (spoken === undefined ? 0 : 1),
		templateId: null,
		variables: {},
	};
}

/** The documents have templateId, plannedAt and variables; public clients send the rest too. */
export function readCreateWithTemplate(body: JsonObject, known: OrderContext): CallOrder {
	only(body, [
		...PHONES,
		...CALLER,
		...WEBHOOK,
		...TIMES,
		'templateId',
		'plannedAt',
		'smartDelay',
		'variables',
	]);
	const common = readCommon(body);
	return {
		...common,
		outgoingPhone: readCaller(body, known) ?? null,
		needRecording: false,
		ivrs: [],
		generatedTexts: 0,
		templateId: required(body, 'templateId', integer(1)),
		variables: readVariables(body, common.alone ? [] : common.phones),
	};
}

function readCommon(body: JsonObject) {
	const alone = optional(body, 'phone', phone);
	const phones = optional(body, 'phones', list(phone));
	if ((alone === undefined) === (phones === undefined)) {
		throw wrong('phone', 'или phones должно быть заполнено, и только одно из них');
	}
	checkTimes(body);
	return {
		phones: phones ?? [alone ?? ''],
		alone: alone !== undefined,
		plannedAt: optional(body, 'plannedAt', unixSeconds) ?? null,
		smartDelay: optional(body, 'smartDelay', integer(15, 90)) ?? null,
		webhook: readWebhook('', body, LONGEST_WEBHOOK) ?? null,
		webhookParameters: optional(body, 'webhookParameters', text()) ?? null,
	};
}

/** The number that calls: null for one of those on duty, undefined when nothing was said. */
function readCaller(body: JsonObject, { ownPhones }: OrderContext): string | null | undefined {
	const outgoing = optional(body, 'outgoingPhone', phone);
	const duty = optional(body, 'dutyPhone', flag) ?? false;
	if (duty && outgoing !== undefined) {
		throw wrong('outgoingPhone', 'не сочетается с dutyPhone=1');
	}
	if (outgoing !== undefined && !ownPhones.includes(outgoing)) {
		throw new Refusal(MESSAGES.wrongOutgoingPhone);
	}
	return duty ? null : outgoing;
}

function checkTimes(body: JsonObject): void {
	const start = optional(body, 'startTime', dayTime);
	const end = optional(body, 'endTime', dayTime);
	optional(body, 'plannedAtTimeZone', flag);
	const exclude = optional(body, 'excludeWeekends', flag);
	const weekdays = optional(body, 'weekdays', list(integer(1, 7)));
	if (exclude !== undefined && weekdays !== undefined) {
		throw wrong('weekdays', 'нельзя использовать вместе с excludeWeekends');
	}
	// "не будут давать никакого эффекта": refused, for a caller who believes in an effect.
	if ((exclude ?? weekdays) !== undefined && (start === undefined || end === undefined)) {
		throw wrong(
			exclude === undefined ? 'weekdays' : 'excludeWeekends',
			'требует startTime и endTime',
		);
	}
}

/** On the wire a variable stands upside down: `{"79993331122": {"Elena": "{name}"}}`. */
function readVariables(body: JsonObject, phones: string[]): CallOrder['variables'] {
	const placeholder = matching(/^\{[^{}\s]+\}$/, 'должно быть переменной вида {name}');
	const variables: CallOrder['variables'] = {};
	for (const [number, values] of Object.entries(optional(body, 'variables', object) ?? {})) {
		const path = `variables.${number}`;
		if (!phones.includes(number)) throw wrong(path, 'не указано в phones');
		const own: Record<string, string> = {};
		for (const [value, name] of Object.entries(object(path, values))) {
			own[placeholder(`${path}.${value}`, name).slice(1, -1)] = value;
		}
		variables[number] = own;
	}
	return variables;
}
