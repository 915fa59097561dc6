import type { INodeTypeDescription, IWebhookDescription } from 'n8n-workflow';
import { allOperations } from '../describe';
import type { Resource } from '../operation';

/** The same as `outputNames`, in the form of a function that n8n evaluates in its editor, too. */
const CONFIGURE = `(parameters, waiting) => {
	const outputs = waiting[parameters.resource + "/" + parameters.operation];
	if (outputs === undefined) return ["main"];
	const { parameter, labels } = outputs.chosen ?? { parameter: "", labels: {} };
	const values = [parameters[parameter] ?? []].flat().map(String);
	const further = Object.keys(labels).filter((value) => values.includes(value));
	const names = [...outputs.names, ...further.map((value) => labels[value])];
	return names.map((displayName) => ({ type: "main", displayName }));
}`;

/**
 * The outputs of a node with waiting operations: an expression over its fields, because only waiting
 * operations have more than one.
 */
export function describeOutputs(resources: readonly Resource[]): INodeTypeDescription['outputs'] {
	const waiting = Object.fromEntries(
		allOperations(resources).flatMap(({ resource, operation }) => {
			if (!('wait' in operation)) return [];
			const { names, chosen } = operation.wait.outputs;
			return [[`${resource.value}/${operation.option.value}`, { names, chosen }]];
		}),
	);
	return `={{ ${apart(`(${CONFIGURE.replace(/\s+/g, ' ')})($parameter, ${JSON.stringify(waiting)})`)} }}`;
}

/** What the editor shows in place of an output while the node waits. */
export const WAITING_TOOLTIP =
	'=Waiting for the person, until the time limit at most. <a href="{{ $execution.resumeUrl }}" target="_blank">Open the page of this wait</a>';

// Two closing braces in a row would end the expression, and n8n would see no outputs at all.
function apart(expression: string): string {
	return expression.replace(/}(?=})/g, '} ');
}

/** The webhooks of a waiting execution: its resume URL, with nothing added to the path. */
export const WAIT_WEBHOOKS: IWebhookDescription[] = (['GET', 'POST'] as const).map(
	(httpMethod) => ({
		name: 'default',
		httpMethod,
		responseMode: 'onReceived',
		// Without it n8n ignores the answer this node gives.
		responseData: '',
		path: '',
		isFullPath: true,
		restartWebhook: true,
	}),
);
