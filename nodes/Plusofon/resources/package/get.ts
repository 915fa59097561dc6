import type { IDataObject } from 'n8n-workflow';
import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { accountField, requireId } from '../../plusofon.fields';
import { readWhole } from '../../plusofon.lists';

/** GET api/v1/flash-call/proposals/{accountId}: what is left of the account's package. */
export const get = defineOperation({
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get the package of an account',
		description: 'See how many calls are left in the package of an account, and until when',
	},
	fields: [accountField, commonOptions],
	async run({ api, params }): Promise<IDataObject> {
		const account = requireId(params.account, 'Account');
		const path = `/api/v1/flash-call/proposals/${account}`;
		for await (const attached of readWhole(api, path, 'data'))
			return { attached: true, ...attached };
		return { attached: false, account_id: account, calls_left: 0 };
	},
});
