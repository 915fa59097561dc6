import { defineField } from '../../shared/operation';
import type { Params } from '../../shared/operation';
import { webhookHeadersField, webhookParametersField } from '../webhookFields';

export const LONGEST_TEXT = 1024;
export const LONGEST_SMS = 70;
export const LONGEST_URL = 255;
export const LONGEST_WAIT_SECONDS = 15;

const PRESET_WAIT_SECONDS = 7;

const whenField = defineField({
	displayName: 'When the Person',
	name: 'when',
	type: 'options',
	options: [
		{
			name: 'Gives a Digit or Keyword',
			value: 'answer',
			description: 'Presses a key or says one of several words',
		},
		{
			name: 'Says Anything',
			value: 'anyWord',
			description: 'Says whatever no other entry has as its keyword',
		},
		{
			name: 'Stays on the Line',
			value: 'stay',
			description: 'Gives none of the other answers and does not hang up',
		},
	],
	default: 'answer',
	description: 'What makes this entry happen',
});

const digitField = defineField({
	displayName: 'Digit',
	name: 'digit',
	type: 'options',
	options: [
		{ name: '0', value: 0 },
		{ name: '1', value: 1 },
		{ name: '2', value: 2 },
		{ name: '3', value: 3 },
		{ name: '4', value: 4 },
		{ name: '5', value: 5 },
		{ name: '6', value: 6 },
		{ name: '7', value: 7 },
		{ name: '8', value: 8 },
		{ name: '9', value: 9 },
		{ name: 'None', value: '' },
	],
	default: '',
	description: 'The key to press',
	displayOptions: { show: { when: ['answer'] } },
});

const keyWordsField = defineField({
	displayName: 'Keywords',
	name: 'keyWords',
	type: 'string',
	default: '',
	placeholder: 'e.g. yes, confirm',
	description: 'Words or phrases to say, separated by commas; any of them will do',
	displayOptions: { show: { when: ['answer'] } },
});

const recognitionTimeoutField = defineField({
	displayName: 'Response Time',
	name: 'recognitionTimeout',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: LONGEST_WAIT_SECONDS, numberPrecision: 0 },
	default: PRESET_WAIT_SECONDS,
	description: 'How many seconds the person has to answer (1 to 15)',
	displayOptions: { show: { when: ['anyWord'] } },
});

const playField = defineField({
	displayName: 'Play',
	name: 'play',
	type: 'options',
	options: [
		{ name: 'Nothing', value: 'nothing' },
		{ name: 'Recording', value: 'recording', description: 'A recording of the cabinet' },
		{ name: 'Text', value: 'text', description: 'A text that is spoken; generating it costs' },
	],
	default: 'nothing',
	description: 'What the person hears then',
});

const recordIdField = defineField({
	displayName: 'Recording ID',
	name: 'recordId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 1342',
	description: 'As the cabinet shows it, or as creating the recording gave it',
	displayOptions: { show: { play: ['recording'] } },
});

const textField = defineField({
	displayName: 'Text',
	name: 'text',
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
	required: true,
	placeholder: 'e.g. Thank you, your order is confirmed',
	description: 'What is spoken, up to 1,024 characters',
	displayOptions: { show: { play: ['text'] } },
});

const genderField = defineField({
	displayName: 'Voice',
	name: 'gender',
	type: 'options',
	options: [
		{ name: 'Female', value: 0 },
		{ name: 'Male', value: 1 },
	],
	default: 0,
	description: 'Who speaks the text',
	displayOptions: { show: { play: ['text'] } },
});

const needBlockField = defineField({
	displayName: 'Block the Number',
	name: 'needBlock',
	type: 'boolean',
	default: true,
	description: 'Whether to put the number on the blocklist, so that it is not called again',
});

const managerPhoneField = defineField({
	displayName: 'Manager Phone',
	name: 'managerPhone',
	type: 'string',
	default: '',
	placeholder: 'e.g. +7 999 111-22-33',
	description: 'Who is called and connected with the person. Costs that call, too.',
});

const recognizeField = defineField({
	displayName: 'Recognize Answer',
	name: 'recognize',
	type: 'boolean',
	default: true,
	description: 'Whether to turn what the person says into text',
});

const smsTemplateIdField = defineField({
	displayName: 'SMS Template ID',
	name: 'smsTemplateId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 42',
	description: 'Sends a moderated template to the person, instead of SMS Text. Costs the SMS.',
});

const smsTextField = defineField({
	displayName: 'SMS Text',
	name: 'smsText',
	type: 'string',
	default: '',
	placeholder: 'e.g. Our address: 1 Main Street',
	description: 'Sends this to the person, up to 70 characters. Costs the SMS.',
});

const webhookUrlField = defineField({
	displayName: 'Webhook URL',
	name: 'webhookUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://n8n.example.com/webhook/answer',
	description: 'Is called with the phone and the answer, up to 255 characters',
});

const actionFields = [
	needBlockField,
	managerPhoneField,
	recognizeField,
	smsTemplateIdField,
	smsTextField,
	webhookHeadersField,
	webhookParametersField,
	webhookUrlField,
] as const;

const actionsField = defineField({
	displayName: 'Actions',
	name: 'actions',
	type: 'collection',
	placeholder: 'Add action',
	default: {},
	description: 'What else happens then',
	options: actionFields,
});

/** One entry of the menu, on either level. */
const entryFields = [
	whenField,
	digitField,
	keyWordsField,
	recognitionTimeoutField,
	playField,
	recordIdField,
	textField,
	genderField,
	actionsField,
] as const;

const submenuField = defineField({
	displayName: 'Submenu',
	name: 'ivrs',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add submenu entry',
	default: {},
	description: 'What the person can answer next. For more levels, choose JSON in Voice Menu.',
	options: [{ displayName: 'Entry', name: 'entries', values: entryFields }],
});

const menuSourceField = defineField({
	displayName: 'Voice Menu',
	name: 'menuSource',
	type: 'options',
	options: [
		{ name: 'Build Here', value: 'fields', description: 'Up to two levels' },
		{ name: 'JSON', value: 'json', description: 'Any number of levels, e.g. from an expression' },
		{ name: 'None', value: 'none', description: 'The call ends after what is played' },
	],
	default: 'none',
	description: 'What the person can answer, by keys or words, and what happens then',
});

const menuField = defineField({
	displayName: 'Voice Menu Entries',
	name: 'menu',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add entry',
	default: {},
	description: 'What the person can answer, and what happens then',
	displayOptions: { show: { menuSource: ['fields'] } },
	options: [{ displayName: 'Entry', name: 'entries', values: [...entryFields, submenuField] }],
});

const menuJsonField = defineField({
	displayName: 'Voice Menu (JSON)',
	name: 'menuJson',
	type: 'json',
	typeOptions: { rows: 12 },
	// Nothing that could be spoken to people as it is.
	default: '',
	description:
		'A list of entries with the names of the API (digit, keyWords, anyWord, record, managerPhone, smsText, webhookUrl …); "ivrs" in an entry is the next level. <a href="https://github.com/n8n-nodes-flashcall/n8n-nodes-flashcall/blob/main/docs/zvonobot.md#voice-menu">An example</a>.',
	displayOptions: { show: { menuSource: ['json'] } },
});

/** What an operation asks for to have a voice menu; `readVoiceMenu` reads it. */
export const voiceMenuFields = [menuSourceField, menuField, menuJsonField] as const;

export type VoiceMenuParams = Params<typeof voiceMenuFields>;

type Entries<Menu> = Menu extends { entries?: Array<infer Entry> } ? Entry : never;

/** An entry of the first level as it is filled in. */
export type FilledEntry = Entries<VoiceMenuParams['menu']>;

/** An entry of the second level as it is filled in. */
export type FilledSubEntry = Entries<FilledEntry['ivrs']>;

/** How the editor calls what the API calls `key`. */
export function displayNameOf(key: string): string {
	const name = key === 'record.id' ? recordIdField.name : key.replace('record.', '');
	const field = [...entryFields, ...actionFields, submenuField].find((one) => one.name === name);
	return field?.displayName ?? key;
}
