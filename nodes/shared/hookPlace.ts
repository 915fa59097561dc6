import type { IWebhookFunctions } from 'n8n-workflow';

/** The path of the URL that was called, without its query. */
export function calledPath(context: IWebhookFunctions): string {
	const [path = ''] = context.getRequestObject().originalUrl.split('?');
	return path;
}

/**
 * What a secret for a webhook counts for: the last two parts of the URL's path.
 *
 * n8n's webhook URLs, for production as for testing, end in `<webhookId>/webhook`, those of waiting
 * executions in the execution's number; what stands before them may change on the way. Whoever
 * receives the secret at another URL can do nothing with it here.
 *
 * @param path of a URL, without its query
 */
export function hookPlace(path: string): string[] {
	return path
		.split('/')
		.filter((part) => part !== '')
		.slice(-2);
}
