import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { readSuccess } from '../../plusofon.api';
import { invalidInput } from '../../../shared/errors';
import { requireId } from '../../../shared/fields/id';
import { accountField } from '../../plusofon.fields';

/** PUT api/v1/flash-call/proposals/{accountId}. A package has a monthly fee. */
export const attach = defineOperation({
	option: {
		name: 'Attach',
		value: 'attach',
		action: 'Attach a package to an account',
		description: 'Attach a package of flash calls to an account. Costs its monthly fee.',
	},
	fields: [
		accountField,
		{
			displayName: 'Package',
			name: 'package',
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			required: true,
			description: 'The package to attach',
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					typeOptions: { searchListMethod: 'searchPackages', searchable: true },
				},
				{
					displayName: 'By ID',
					name: 'id',
					type: 'string',
					placeholder: 'e.g. 100b3613-653a-c128-75a6-62c295fb6ab8',
				},
			],
		},
		commonOptions,
	],
	costsMoney: true,
	onceFor: (params) => `${params.account}/${params.package}`,
	async run({ api, params }) {
		const account = requireId(params.account, 'Account');
		const proposal = params.package.trim();
		if (!/^[\w-]+$/.test(proposal)) {
			throw invalidInput('Package', 'is not an ID', 'Pick it from the list, or enter its ID.');
		}
		return await api.request({
			method: 'PUT',
			path: `/api/v1/flash-call/proposals/${account}`,
			body: { proposal_id: proposal },
			read: (body) => readSuccess(body, { account_id: account, proposal_id: proposal }),
		});
	},
});
