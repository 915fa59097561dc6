import type { IDataObject } from 'n8n-workflow';
import { requireId } from '../shared/fields/id';
import { phoneField } from '../shared/fields/phone';
import { defineField } from '../shared/operation';
import type { Params } from '../shared/operation';
import { LONGEST_TEXT } from './callSettings';
import { readVoiceMenu, voiceMenuFields } from './voiceMenu';
import type { WireEntry } from './voiceMenu';
import { callerIdField, moderationNotice, requireCallerId, requireText } from './zvonobot.fields';

/** Whom to call from which number, what to say and what the person may answer. */
export const callFields = [
	moderationNotice,
	phoneField,
	defineField({
		displayName: 'Caller ID Source',
		name: 'callerIdSource',
		type: 'options',
		options: [
			{ name: 'Own Number', value: 'own', description: 'A number of your account' },
			{
				name: 'Shared Number',
				value: 'duty',
				description: 'A number on duty that Zvonobot picks at random',
			},
		],
		default: 'own',
		description: 'Which number to call from',
	}),
	callerIdField,
	defineField({
		displayName: 'What to Say',
		name: 'say',
		type: 'options',
		options: [
			{ name: 'Recording', value: 'recording', description: 'A recording of the account' },
			{ name: 'Text', value: 'text', description: 'A text that is spoken' },
		],
		default: 'text',
		description: 'What the person hears',
	}),
	defineField({
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		required: true,
		placeholder: 'e.g. Hello! Your order is ready.',
		hint: 'At most 1,024 characters',
		description: 'What is spoken; generating the speech costs 0.40 RUB a request',
		displayOptions: { show: { say: ['text'] } },
	}),
	defineField({
		displayName: 'Voice',
		name: 'voice',
		type: 'options',
		options: [
			{ name: 'Female', value: 'female' },
			{ name: 'Male', value: 'male' },
		],
		default: 'female',
		description: 'Who speaks the text',
		displayOptions: { show: { say: ['text'] } },
	}),
	defineField({
		displayName: 'Recording ID',
		name: 'recordingId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 1342',
		description: 'As the cabinet shows it under recordings, or as creating it gave it',
		displayOptions: { show: { say: ['recording'] } },
	}),
	...voiceMenuFields,
] as const;

/**
 * The part of the body of POST apiCalls/create that these fields make.
 *
 * @throws Failure `invalid_input` for what the provider would refuse
 */
export function readCall(params: Params<typeof callFields>): IDataObject & { ivrs?: WireEntry[] } {
	const { callerIdSource, callerId = '' } = params;
	const ivrs = readVoiceMenu(params);
	return {
		...(callerIdSource === 'own' ? { outgoingPhone: requireCallerId(callerId) } : { dutyPhone: 1 }),
		record: record(params),
		...(ivrs === undefined ? {} : { ivrs }),
	};
}

function record({
	say,
	text = '',
	voice,
	recordingId,
}: {
	say: 'recording' | 'text';
	text: string | undefined;
	voice: 'female' | 'male' | undefined;
	recordingId: string | undefined;
}): IDataObject {
	if (say === 'recording') return { id: requireId(recordingId, 'Recording ID') };
	const spoken = requireText(text, 'Text', LONGEST_TEXT);
	return { text: spoken, gender: voice === 'male' ? 1 : 0 };
}
