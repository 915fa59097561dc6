import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { requireId } from '../../../shared/fields/id';
import { readDeleted } from '../../plusofon.api';
import { accountField } from '../../plusofon.fields';

/** DELETE api/v1/flash-call/{accountId}. */
export const deleteAccount = defineOperation({
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete a flash call account',
		description: 'Delete an account. Its access token stops working.',
	},
	fields: [accountField, commonOptions],
	async run({ api, params }) {
		const account = requireId(params.account, 'Account');
		return await api.request({
			method: 'DELETE',
			path: `/api/v1/flash-call/${account}`,
			read: readDeleted,
		});
	},
});
