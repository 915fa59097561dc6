import { defineField } from '../shared/operation';

export const webhookHeadersField = defineField({
	displayName: 'Webhook Headers',
	name: 'webhookHeaders',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add header',
	default: {},
	description: 'HTTP headers that Webhook URL is called with',
	options: [
		{
			displayName: 'Header',
			name: 'headers',
			values: [
				{
					displayName: 'Name',
					name: 'name',
					type: 'string',
					default: '',
					placeholder: 'e.g. X-Campaign',
					description: 'The name of the header',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					placeholder: 'e.g. spring',
					description: 'The value of the header',
				},
			],
		},
	],
});

export const webhookParametersField = defineField({
	displayName: 'Webhook Parameters',
	name: 'webhookParameters',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add parameter',
	default: {},
	description: 'What the body of the request to Webhook URL has beside what Zvonobot says in it',
	options: [
		{
			displayName: 'Parameter',
			name: 'parameters',
			values: [
				{
					displayName: 'Name',
					name: 'name',
					type: 'string',
					default: '',
					placeholder: 'e.g. orderId',
					description: 'The name of the parameter',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					placeholder: 'e.g. 42',
					description: 'The value of the parameter',
				},
			],
		},
	],
});
