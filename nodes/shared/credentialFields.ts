import type {
	IAuthenticateRuleResponseCode,
	IAuthenticateRuleResponseSuccessBody,
	ICredentialTestRequest,
	INodeProperties,
} from 'n8n-workflow';

/**
 * n8n's own fields that limit where other nodes (HTTP Request, GraphQL) may use a credential, preset
 * to the provider's host instead of everywhere.
 */
export function allowedHostFields(host: string): INodeProperties[] {
	return [
		{
			displayName: 'Allowed HTTP Request Domains',
			name: 'allowedHttpRequestDomains',
			type: 'options',
			options: [
				{ name: 'Specific Domains', value: 'domains' },
				{ name: 'None', value: 'none' },
			],
			default: 'domains',
			description: 'Whether the HTTP Request and GraphQL nodes may use this credential, and where',
		},
		{
			displayName: 'Allowed Domains',
			name: 'allowedDomains',
			type: 'string',
			default: host,
			placeholder: `e.g. ${host}`,
			description: 'Comma-separated list of hosts',
			displayOptions: { show: { allowedHttpRequestDomains: ['domains'] } },
		},
	];
}

/** Statuses that a credential test takes for a failed test; any other answer is read. */
export const STATUSES_OF_A_FAILED_TEST = [
	300, 301, 302, 303, 307, 308, 401, 403, 405, 408, 429, 500, 502, 503, 504,
];

/**
 * The rules of a credential test: what a refused key means, and that an answer without a field the
 * provider always sends is not the provider's.
 *
 * @param keyRefused shown for HTTP 401 and 403, and for refused bodies without a message of their own
 * @param mark a field every answer to the test has, and what to say when it is missing; with a
 *   `value`, one that only a foreign answer has
 */
export function testRules(
	keyRefused: string,
	mark: { key: string; message: string; value?: unknown },
	refusedBodies: ReadonlyArray<{ key: string; value: unknown; message?: string }>,
): ICredentialTestRequest['rules'] {
	const statuses = [401, 403].map(
		(value): IAuthenticateRuleResponseCode => ({
			type: 'responseCode',
			properties: { value, message: keyRefused },
		}),
	);
	const bodies = [
		...refusedBodies.map((body) => ({ message: keyRefused, ...body })),
		{ value: undefined, ...mark },
	].map(
		(properties): IAuthenticateRuleResponseSuccessBody => ({
			type: 'responseSuccessBody',
			properties,
		}),
	);
	// n8n applies each rule by its own type; only its type declaration wants them all alike.
	return [...statuses, ...bodies] as ICredentialTestRequest['rules'];
}
