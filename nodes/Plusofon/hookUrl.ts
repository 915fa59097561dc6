import { invalidInput } from '../shared/errors';

const LONGEST = 1500;

/**
 * Checks a hook URL before it is signed and handed to a provider.
 *
 * @param isManual whether somebody tries the flow in the editor, where n8n listens at its test URLs
 * @throws Failure `invalid_input` unless it is one absolute http(s) URL that can carry a signature, and
 *   not one that is sure to lead nowhere
 */
export function requireHookUrl(value: string, isManual: boolean): string {
	const text = value.trim();
	const refuse = (problem: string, hint: string) => invalidInput('Hook URL', problem, hint);
	const how = 'Paste the production URL of the Plusofon Trigger node, beginning with https://.';
	if (/\s/.test(text) || !URL.canParse(text)) throw refuse('is not a web address', how);
	const url = new URL(text);
	if (!/^https?:$/.test(url.protocol)) throw refuse('does not begin with https:// or http://', how);
	if (url.username !== '' || url.password !== '') {
		throw refuse('holds a user name or password', 'Remove what stands in front of the @.');
	}
	if (url.hash !== '' || text.includes('#')) {
		throw refuse(
			'ends with a fragment (#…), behind which nothing is sent',
			'Remove the # and what follows.',
		);
	}
	if (/\/workflow\/[\w-]+\/?$/.test(url.pathname)) {
		throw refuse('is the address of the editor, which confirms no calls', how);
	}
	if (url.pathname.includes('/webhook-test/') && !isManual) {
		throw refuse('is a test URL, which n8n answers only while you try the flow', how);
	}
	if (text.length > LONGEST)
		throw refuse(`is longer than ${LONGEST.toLocaleString('en-US')} characters`, how);
	return text;
}
