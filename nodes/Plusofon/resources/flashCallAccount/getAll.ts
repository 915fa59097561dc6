import type { IDataObject } from 'n8n-workflow';
import { optionsField } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { readWhole } from '../../plusofon.lists';

/** GET api/v1/flash-call. */
export const getAll = defineOperation({
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many flash call accounts',
		description: 'List the Flash Call accounts of the cabinet',
	},
	fields: [
		optionsField({
			displayName: 'Include Access Tokens',
			name: 'includeAccessTokens',
			type: 'boolean',
			default: false,
			description:
				'Whether to output the access tokens as well. Whoever may see the executions of the workflow can then read them.',
		}),
	],
	async *list({ api, params }): AsyncGenerator<IDataObject> {
		for await (const account of readWhole(api, '/api/v1/flash-call', 'data')) {
			const { access_token: token, ...rest } = account;
			yield params.options.includeAccessTokens === true ? { ...rest, access_token: token } : rest;
		}
	},
});
