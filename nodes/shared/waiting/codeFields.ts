import { maxAttemptsOption } from '../fields/maxAttempts';
import { defineField } from '../operation';
import { timeLimitField } from './limit';
import {
	codeWords,
	pageTextOption,
	pageTitleOption,
	pageWordsOption,
	PRESET_BUTTON,
} from './pageFields';

const PRESET_SECONDS = 180;
/** Of On Wrong Code: the flow goes on after each wrong code. */
export const LEAVE = 'leave';

/** Fields of every operation that waits for a code, after those that say whom to call and how. */
export const codeWaitFields = [
	timeLimitField(PRESET_SECONDS),
	defineField({
		displayName: 'On Wrong Code',
		name: 'onWrongCode',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Keep Waiting',
				value: 'keepWaiting',
				description: 'The person tries again; tries are counted in the memory of this n8n process',
			},
			{
				name: 'Leave on Wrong Code Output',
				value: LEAVE,
				description:
					'The workflow goes on after each wrong code and may be led back to this node; tries are kept in the data of the execution',
			},
		],
		default: 'keepWaiting',
		description: 'What happens when the person types a wrong code',
	}),
	defineField({
		displayName: 'Retry Key',
		name: 'retryKey',
		type: 'string',
		typeOptions: { password: true },
		default: '={{ $json.retryKey }}',
		placeholder: 'e.g. {{ $json.retryKey }}',
		description:
			'Comes from the Wrong Code output when it is led back to this node. With it nobody is called again: the person gets another try.',
		displayOptions: { show: { onWrongCode: [LEAVE] } },
	}),
] as const;

const LENGTHS = ['four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** What the page tells a person whose phone rings. */
export function flashCallText(codeLength = 4): string {
	const digits = LENGTHS[codeLength - 4] ?? String(codeLength);
	return `Your phone rings. You need not answer: type the last ${digits} digits of the number that calls.`;
}

/** What the page tells a person to whom a voice speaks the code. */
export const VOICE_CODE_TEXT = 'Answer the call: a voice tells you the code. Type it here.';

/** Options of every operation that waits for a code, beside the words of its page. */
export const triesAndPageOptions = [
	defineField({
		displayName: 'Button Label',
		name: 'pageButton',
		type: 'string',
		default: PRESET_BUTTON,
		placeholder: 'e.g. Confirm',
		description: 'The button of the page on which the person types the code',
	}),
	maxAttemptsOption('the phone counts as not verified'),
	pageTextOption,
	pageTitleOption,
] as const;

/** Options of every operation that waits for nothing but a code. */
export const codeWaitOptions = [...triesAndPageOptions, pageWordsOption(codeWords)] as const;
