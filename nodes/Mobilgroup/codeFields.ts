import { randomInt } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { invalidInput } from '../shared/errors';
import { requirePhone } from '../shared/fields/phone';
import { defineField } from '../shared/operation';

/** How many last digits of the calling number are the code. */
export const capacityOption = defineField({
	displayName: 'Code Length',
	name: 'capacity',
	type: 'number',
	typeOptions: { minValue: 4, maxValue: 10, numberPrecision: 0 },
	default: 4,
	description: 'How many last digits of the calling number are the code (4 to 10)',
});

/** Options of a call that speaks the code. */
export const voiceOptions = [
	defineField({
		displayName: 'Caller ID',
		name: 'callerId',
		type: 'string',
		default: '',
		placeholder: 'e.g. +7 495 999-99-99',
		description: 'A number of your Mobilgroup account to call from',
	}),
	defineField({
		displayName: 'Repeat',
		name: 'repeat',
		type: 'boolean',
		default: true,
		description: 'Whether to speak the code twice',
	}),
] as const;

/** The body of a flash call: `{number, capacity?}`. */
export function flashCallBody(number: string, { capacity }: { capacity?: number }): IDataObject {
	return { number, ...(capacity === undefined ? {} : { capacity: String(capacity) }) };
}

/**
 * The body of a call that speaks a code: `{number, voice: {code?, repeat?, ani?}}`.
 *
 * @param spoken what `spokenCode` gives
 */
export function voiceBody(
	number: string,
	spoken: IDataObject,
	options: { repeat?: boolean; callerId?: string },
): IDataObject {
	const voice: IDataObject = {
		...spoken,
		...(options.repeat === true ? { repeat: '1' } : {}),
		...(options.callerId ? { ani: requirePhone(options.callerId, 'Caller ID') } : {}),
	};
	// An empty `voice` matters: without it the phone would only ring.
	return { number, voice };
}

/**
 * The code to be spoken; nothing for the last digits of the calling number, which Mobilgroup knows.
 *
 * @throws Failure `invalid_input` when an own code is not four digits
 */
export function spokenCode(source: 'lastDigits' | 'own' | 'random', own = ''): IDataObject {
	if (source === 'lastDigits') return {};
	if (source === 'random') return { code: String(randomInt(10_000)).padStart(4, '0') };
	const code = own.trim();
	if (/^\d{4}$/.test(code)) return { code };
	throw invalidInput('Code', 'is not four digits', 'Enter it as text, e.g. 0427.');
}
