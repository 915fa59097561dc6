import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { requireId } from '../../../shared/fields/id';
import { readDeleted } from '../../plusofon.api';
import { accountField } from '../../plusofon.fields';

/** DELETE api/v1/flash-call/proposals/{accountId}. */
export const detach = defineOperation({
	option: {
		name: 'Detach',
		value: 'detach',
		action: 'Detach the package of an account',
		description:
			'Remove the package from an account, which then cannot use the calls that are left in it',
	},
	fields: [accountField, commonOptions],
	async run({ api, params }) {
		const account = requireId(params.account, 'Account');
		return await api.request({
			method: 'DELETE',
			path: `/api/v1/flash-call/proposals/${account}`,
			read: readDeleted,
		});
	},
});
