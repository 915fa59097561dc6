import { defineField } from '../operation';
import type { Field } from '../operation';

export const PRESET_TITLE = 'Confirm your phone';
export const PRESET_BUTTON = 'Confirm';

/** The text of a wait's page. Left empty, it is the operation's own. */
export const pageTextOption = defineField({
	displayName: 'Page Text',
	name: 'pageText',
	type: 'string',
	default: '',
	placeholder: 'e.g. We are about to call you.',
	description: 'What the page tells the person. Left empty, it says what they have to do.',
});

export const pageTitleOption = defineField({
	displayName: 'Page Title',
	name: 'pageTitle',
	type: 'string',
	default: PRESET_TITLE,
	placeholder: 'e.g. Confirm your phone',
	description: 'The heading of the page',
});

/** The text of the page that a user wrote; undefined where there is none. */
export function ownText({ pageText = '' }: { pageText?: string | undefined }): string | undefined {
	return pageText.trim() === '' ? undefined : pageText;
}

/** What a page says beside its title, text and button. */
const WORDS = {
	afterCall: 'You may close this page after your call.',
	calledAgain: 'If you are called again or get a message, reload this page.',
	codeLabel: 'Code',
	expired: 'This code does not count any more.',
	notChecked: 'The code could not be checked. Try again.',
	notVerified: 'The phone could not be confirmed.',
	orCode: 'Or type the code you were told before.',
	over: 'The time for this is over. Please start again.',
	used: 'The phone is confirmed already.',
	verified: 'Thank you, the phone is confirmed.',
	wrongCode: 'That was not the code. Tries left: {left}',
};

export type Words = typeof WORDS;

function wordField(name: keyof Words, displayName: string, description: string) {
	const preset = WORDS[name];
	return defineField({
		displayName,
		name,
		type: 'string',
		default: preset,
		placeholder: `e.g. ${preset}`,
		description,
	});
}

const overField = wordField('over', 'Time Is Over', 'When the person comes after the time limit');

const afterCallField = wordField('afterCall', 'After the Call', 'Stands below the number to call');

/** Where the person types a code. */
export const codeWords = [
	overField,
	wordField('codeLabel', 'Code', 'What the field for the code is called'),
	wordField('notChecked', 'Code Not Checked', 'When the provider could not be asked'),
	wordField('expired', 'Code Over', 'When the provider does not know the code any more'),
	wordField('verified', 'Confirmed', 'When the code was right'),
	wordField('used', 'Confirmed Already', 'When a code that was right is typed once more'),
	wordField('notVerified', 'Not Confirmed', 'When there are no tries left'),
	wordField(
		'wrongCode',
		'Wrong Code',
		'When the code was not right; {left} stands for the number of tries that are left',
	),
] as const;

/** Where the person has to call. */
export const callWords = [overField, afterCallField] as const;

/** Where one way of reaching the person may follow another. */
export const chainWords = [
	...codeWords,
	afterCallField,
	wordField('calledAgain', 'Called Again', 'When another channel may follow'),
	wordField('orCode', 'Or the Code', 'When the person has to call, and was told a code before'),
] as const;

/** The words of a page, to be written in the language of those who see it. */
export function pageWordsOption(fields: readonly Field[]) {
	const values = [...fields].sort((one, other) => (one.displayName < other.displayName ? -1 : 1));
	return defineField({
		displayName: 'Page Words',
		name: 'pageWords',
		type: 'fixedCollection',
		placeholder: 'Change words',
		default: {},
		description: 'What else the page tells the person, e.g. in their language',
		options: [{ displayName: 'Words', name: 'words', values }],
	});
}

/** What the option `pageWords` holds. */
export interface OwnWords {
	pageWords?: { words?: Partial<Words> };
}

/**
 * The words of a page; one that was left empty is as if it were not written.
 *
 * @param hasOwnText whether the text of the page is the user's: what follows it is theirs, too, or
 * nothing, because it may be in another language
 */
export function wordsIn({ pageWords }: OwnWords, hasOwnText = false): Words {
	const own = Object.entries(pageWords?.words ?? {}).filter(([, word]) => word.trim() !== '');
	const following = hasOwnText ? { calledAgain: '', orCode: '' } : {};
	return { ...WORDS, ...following, ...Object.fromEntries(own) };
}
