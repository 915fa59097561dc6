import type { IDataObject } from 'n8n-workflow';
import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { requireId } from '../../../shared/fields/id';
import { accountField } from '../../plusofon.fields';

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
		return await api.request<IDataObject>({
			method: 'GET',
			path: `/api/v1/flash-call/proposals/${account}`,
			read: ({ data, success }) => {
				// The seed shows a list; what comes when no package is attached is not documented.
				const [attached] = Array.isArray(data) ? data : [data ?? undefined];
				if (attached === undefined) {
					const isTold = Array.isArray(data) || success === true;
					return isTold ? { attached: false, account_id: account, calls_left: 0 } : undefined;
				}
				const isPackage =
					typeof attached === 'object' && attached !== null && Object.keys(attached).length > 0;
				return isPackage ? { attached: true, ...attached } : undefined;
			},
		});
	},
});
