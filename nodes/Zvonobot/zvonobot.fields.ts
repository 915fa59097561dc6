import { invalidInput } from '../shared/errors';
import { batchOptionsField } from '../shared/fields/options';
import { requirePhone } from '../shared/fields/phone';
import { isPhone, readPhone } from '../shared/phone';
import { defineField } from '../shared/operation';

const PHONE_DIGITS = 11;

/** Calls that are created and then never start are what people meet first. */
export const moderationNotice = defineField({
	displayName:
		'Calls do not start until a Zvonobot manager has lifted moderation from your account, or from the recording or template you use. Ask for it once.',
	name: 'moderationNotice',
	type: 'notice',
	default: '',
});

export const callIdField = defineField({
	displayName: 'Call ID',
	name: 'callId',
	type: 'string',
	default: '={{ $json.callId }}',
	required: true,
	placeholder: 'e.g. 500001',
	description: 'The ID that creating the call gave',
});

export const fromTemplateField = defineField({
	displayName: 'Created From Template',
	name: 'fromTemplate',
	type: 'boolean',
	default: false,
	description: 'Whether to look among the calls that were created from a template, not the others',
});

export const getOptions = batchOptionsField({
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
});

export const callerIdField = defineField({
	displayName: 'Caller ID',
	name: 'callerId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The number to call from, added and confirmed in the Zvonobot cabinet',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchCallerIds', searchable: true },
		},
		{
			displayName: 'By Number',
			name: 'number',
			type: 'string',
			placeholder: 'e.g. +7 495 999-99-99',
		},
	],
	displayOptions: { show: { callerIdSource: ['own'] } },
});

/**
 * The phone to call: Zvonobot takes numbers of eleven digits, and one of another length would have
 * the whole request refused.
 */
export function requireCalled(value: string): string {
	const digits = requirePhone(value);
	if (digits.length === PHONE_DIGITS) return digits;
	throw invalidInput(
		'Phone',
		`has ${digits.length} digits with its country code, and Zvonobot calls numbers of ${PHONE_DIGITS}`,
		'Use another channel for this person.',
	);
}

/** The number to call from; it is one of the account's, so that nobody has to know its country. */
export function requireCallerId(value: string): string {
	const phone = readPhone(value);
	const digits = isPhone(phone) ? phone.digits : value.replace(/[\s()+.-]/g, '');
	if (/^\d{11}$/.test(digits)) return digits;
	throw invalidInput(
		'Caller ID',
		`is not a number of ${PHONE_DIGITS} digits`,
		'Pick it from the list, or enter it as the Zvonobot cabinet shows it.',
	);
}

/** A text of limited length; what is counted are characters, not bytes. */
export function requireText(value: string, field: string, longest: number): string {
	const text = value.trim();
	const { length } = [...text];
	if (length === 0) throw invalidInput(field, 'is empty', 'Fill it in.');
	if (length <= longest) return text;
	const [is, over, most] = [length, length - longest, longest].map((count) =>
		count.toLocaleString('en-US'),
	);
	throw invalidInput(
		field,
		`is ${is} characters long, ${over} more than the ${most} allowed`,
		'Shorten the text, or split it between recordings.',
	);
}
