import { defineField } from '../operation';

export const PRESET_TITLE = 'Confirm your phone';

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
