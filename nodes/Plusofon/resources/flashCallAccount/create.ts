import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { readData } from '../../plusofon.api';

/** POST api/v1/flash-call: makes a Flash Call account; its access token is what sends calls. */
export const create = defineOperation({
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create a flash call account',
		description: 'Make an account whose access token sends flash calls',
	},
	fields: [
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. Web shop',
			description: 'What the account is called in the cabinet',
		},
		commonOptions,
	],
	// A second account of the same name would be made without a word.
	onceFor: ({ name }) => name.trim(),
	async run({ api, params }) {
		return await api.request({
			method: 'POST',
			path: '/api/v1/flash-call',
			body: { name: params.name.trim() },
			// Plusofon tells the new account's token here, and nothing else can be done with the account.
			read: (body) => {
				const { account_id: account, access_token: token } = readData(body);
				return account === undefined ? undefined : { account_id: account, access_token: token };
			},
		});
	},
});
