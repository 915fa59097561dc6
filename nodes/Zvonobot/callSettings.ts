import type { IDataObject } from 'n8n-workflow';
import { invalidInput } from '../shared/errors';
import { defineField } from '../shared/operation';
import type { Params } from '../shared/operation';
import { readPlannedAt } from './plannedAt';
import { headers, parameters, url } from './voiceMenu/values';
import type { webhookHeadersField, webhookParametersField } from './webhookFields';
import { MOST_IN_REQUEST } from './zvonobot.api';

export const LONGEST_TEXT = 1024;
export const LONGEST_WEBHOOK_URL = 255;
const PRESET_BATCH_SIZE = 500;
const LATER_OR_AT_ONCE =
	'Choose a later time; without an offset it is read in the time zone of the workflow. To call at once, create the call without it.';

const DAYS = [
	{ name: 'Monday', value: 1 },
	{ name: 'Tuesday', value: 2 },
	{ name: 'Wednesday', value: 3 },
	{ name: 'Thursday', value: 4 },
	{ name: 'Friday', value: 5 },
	{ name: 'Saturday', value: 6 },
	{ name: 'Sunday', value: 7 },
] as const;

/** Options of the operations that create calls, in the order in which their names stand. */
export const answerTimeoutOption = defineField({
	displayName: 'Answer Timeout',
	name: 'answerTimeout',
	type: 'number',
	typeOptions: { minValue: 15, maxValue: 60, numberPrecision: 0 },
	default: 30,
	description: 'How many seconds the phone rings before the call is given up (15 to 60)',
});

export const batchSizeOption = defineField({
	displayName: 'Calls per Request',
	name: 'batchSize',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: MOST_IN_REQUEST, numberPrecision: 0 },
	default: PRESET_BATCH_SIZE,
	description:
		'How many items with the same settings share a request (1 to 5000). Zvonobot may refuse a request as a whole.',
});

export const daysOption = defineField({
	displayName: 'Days',
	name: 'weekdays',
	type: 'multiOptions',
	options: DAYS,
	default: [],
	description: 'Days of the week to call on; needs Start Time and End Time',
});

export const endOfSpeechOption = defineField({
	displayName: 'Detect End of Speech',
	name: 'endOfSpeech',
	type: 'boolean',
	default: true,
	description: 'Whether to notice by itself when the person has finished speaking',
});

export const voiceDetectionOption = defineField({
	displayName: 'Detect Interruption',
	name: 'voiceDetection',
	type: 'boolean',
	default: true,
	description: 'Whether to notice by itself when the person interrupts the robot',
});

export const endTimeOption = defineField({
	displayName: 'End Time',
	name: 'endTime',
	type: 'string',
	default: '',
	placeholder: 'e.g. 20:00',
	description: 'No call starts after this time of day; goes together with Start Time',
});

export const excludeWeekendsOption = defineField({
	displayName: 'Exclude Weekends',
	name: 'excludeWeekends',
	type: 'boolean',
	default: true,
	description: 'Whether to call on no weekend; needs Start Time and End Time, without Days',
});

export const languageOption = defineField({
	displayName: 'Language Name or ID',
	name: 'lang',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getLanguages' },
	default: '',
	description:
		'Language of the texts and answers, as a code such as ru-RU; without it, that of the account. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
});

export const plannedAtOption = defineField({
	displayName: 'Planned At',
	name: 'plannedAt',
	type: 'dateTime',
	default: '',
	description: 'When to call; without it, at once. Only a planned call can be moved or cancelled.',
});

export const needRecordingOption = defineField({
	displayName: 'Record the Call',
	name: 'needRecording',
	type: 'boolean',
	default: true,
	description: 'Whether to record the call; getting it then brings the link to the recording',
});

export const managerPhoneOption = defineField({
	displayName: 'Show Caller ID to Manager',
	name: 'isManagerDeliveryPhone',
	type: 'boolean',
	default: true,
	description: "Whether a manager who is connected sees the sender's number",
});

export const signOption = defineField({
	displayName: 'Sign Webhooks',
	name: 'signWebhooks',
	type: 'boolean',
	default: true,
	description:
		'Whether to add a secret header by which the Zvonobot Trigger recognizes genuine webhooks',
});

export const smartDelayOption = defineField({
	displayName: 'Smart Redial Delay',
	name: 'smartDelay',
	type: 'number',
	typeOptions: { minValue: 15, maxValue: 90, numberPrecision: 0 },
	default: 30,
	description:
		'After how many minutes whoever did not answer is called once more (15 to 90). Costs a second call.',
});

export const startTimeOption = defineField({
	displayName: 'Start Time',
	name: 'startTime',
	type: 'string',
	default: '',
	placeholder: 'e.g. 09:00',
	description: 'No call starts before this time of day; goes together with End Time',
});

export const timeZoneOption = defineField({
	displayName: "Use Person's Time Zone",
	name: 'plannedAtTimeZone',
	type: 'boolean',
	default: true,
	description:
		'Whether times count in the time zone of the called number, not that of the Zvonobot account',
});

export const webhookUrlOption = defineField({
	displayName: 'Webhook URL',
	name: 'webhookUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://n8n.example.com/webhook/…/webhook',
	hint: 'At most 255 characters',
	description:
		'Is called whenever the status of a call changes: the production URL of a Zvonobot Trigger node with the same credential, or any other',
});

type Option =
	| typeof answerTimeoutOption
	| typeof daysOption
	| typeof endOfSpeechOption
	| typeof endTimeOption
	| typeof excludeWeekendsOption
	| typeof languageOption
	| typeof managerPhoneOption
	| typeof needRecordingOption
	| typeof plannedAtOption
	| typeof smartDelayOption
	| typeof startTimeOption
	| typeof timeZoneOption
	| typeof voiceDetectionOption
	| typeof webhookHeadersField
	| typeof webhookParametersField
	| typeof webhookUrlOption;

/** The options that were added, whichever of them the operation has. */
type CallOptions = Partial<Params<Option[]>>;

/** How many calls a request carries unless the option says otherwise. */
export function batchSizeIn({ batchSize = PRESET_BATCH_SIZE }: { batchSize?: number }): number {
	return batchSize;
}

/** The options as the request wants them: what was not added is left out. */
export function readSettings(options: CallOptions, timezone: string): IDataObject {
	const { answerTimeout, lang, plannedAt, smartDelay } = options;
	return {
		...('plannedAt' in options
			? { plannedAt: readPlannedAt(plannedAt, timezone, LATER_OR_AT_ONCE) }
			: {}),
		...(smartDelay === undefined ? {} : { smartDelay }),
		...flag('needRecording', options.needRecording),
		...readWebhook(options),
		...flag('isManagerDeliveryPhone', options.isManagerDeliveryPhone),
		...flag('endOfSpeech', options.endOfSpeech),
		...(lang === undefined ? {} : { lang: requireLanguage(lang) }),
		...flag('voiceDetection', options.voiceDetection),
		...readTimes(options),
		...(answerTimeout === undefined ? {} : { answerTimeout }),
	};
}

function flag(name: string, value: boolean | undefined): IDataObject {
	return value === undefined ? {} : { [name]: Number(value) };
}

function requireLanguage(value: string): string {
	const code = value.trim();
	if (/^[a-z]{2}-[A-Z]{2}$/.test(code)) return code;
	throw invalidInput(
		languageOption.displayName,
		'is not the code of a language',
		'Pick it from the list, or enter a code such as ru-RU.',
	);
}

function readTimes(options: CallOptions): IDataObject {
	const { excludeWeekends, weekdays } = options;
	const hours = readHours(options);
	if (weekdays !== undefined && excludeWeekends === true) {
		throw invalidInput(
			'Days',
			'cannot be used together with Exclude Weekends',
			'Remove one of the two options.',
		);
	}
	if (hours === undefined && (weekdays !== undefined || excludeWeekends === true)) {
		throw invalidInput(
			weekdays === undefined ? 'Exclude Weekends' : 'Days',
			'would have no effect without Start Time and End Time',
			'Add both times, e.g. 09:00 and 20:00.',
		);
	}
	return {
		...hours,
		...flag('plannedAtTimeZone', options.plannedAtTimeZone),
		...(excludeWeekends === true ? { excludeWeekends: 1 } : {}),
		...(weekdays === undefined ? {} : { weekdays: readDays(weekdays) }),
	};
}

function readHours({ startTime, endTime }: CallOptions): IDataObject | undefined {
	if (startTime === undefined && endTime === undefined) return undefined;
	const [start, end] = [readTime(startTime, 'Start Time'), readTime(endTime, 'End Time')];
	if (start !== end) return { startTime: start, endTime: end };
	throw invalidInput(
		'Start Time',
		'is the same as End Time',
		'Leave time for the calls between them.',
	);
}

function readTime(value: string | undefined, field: string): string {
	if (value === undefined) {
		throw invalidInput(
			field,
			'is missing',
			'Start Time and End Time go together: add the other one.',
		);
	}
	const [, hours = '', minutes = ''] = /^(\d{1,2}):(\d\d)$/.exec(value.trim()) ?? [];
	if (minutes !== '' && Number(hours) < 24 && Number(minutes) < 60) {
		return `${hours.padStart(2, '0')}:${minutes}`;
	}
	throw invalidInput(field, 'is not a time of day', 'Enter it as HH:MM, e.g. 09:00.');
}

function readDays(values: readonly string[]): number[] {
	const days = values.map(Number).sort((one, other) => one - other);
	if (days.length > 0 && days.every((day) => DAYS.some(({ value }) => value === day))) return days;
	throw invalidInput(
		'Days',
		'are not days of the week',
		'Choose at least one day: 1 for Monday to 7 for Sunday.',
	);
}

/** The address for changes of the status, and what its requests carry beside the call. */
function readWebhook(options: CallOptions): IDataObject {
	const { webhookUrl, webhookHeaders, webhookParameters } = options;
	const read = {
		webhookParameters: parameters(
			pairs(webhookParameters?.parameters, 'Webhook Parameters'),
			refuse('Webhook Parameters'),
		),
		webhookHeaders: headers(
			pairs(webhookHeaders?.headers, 'Webhook Headers'),
			refuse('Webhook Headers'),
		),
	};
	const given = Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
	if (webhookUrl !== undefined) {
		const address = url(LONGEST_WEBHOOK_URL)(webhookUrl, refuse('Webhook URL'));
		return { webhookUrl: address, ...given };
	}
	if (Object.keys(given).length === 0) return {};
	throw invalidInput(
		'webhookHeaders' in given ? 'Webhook Headers' : 'Webhook Parameters',
		'have no Webhook URL to go to',
		'Add the option Webhook URL, or remove them.',
	);
}

function refuse(field: string) {
	return (problem: string, hint: string) => invalidInput(field, problem, hint);
}

function pairs(
	list: ReadonlyArray<{ name: string; value: string }> = [],
	field: string,
): Record<string, string> {
	const read = new Map<string, string>();
	for (const { name, value } of list) {
		if (read.has(name.trim())) {
			throw invalidInput(field, `have ${name.trim()} twice`, 'Remove one of them.');
		}
		read.set(name.trim(), value);
	}
	return Object.fromEntries(read);
}
