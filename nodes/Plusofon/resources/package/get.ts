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
				// A list is documented; what comes when no package is attached is not.
				const packages: unknown[] = Array.isArray(data) ? data : [data ?? []].flat();
				if (packages.length === 0) {
					const isTold = Array.isArray(data) || success === true;
					return isTold ? { attached: false, account_id: account, calls_left: 0 } : undefined;
				}
				return packages.every(isPackage) ? { attached: true, ...together(packages) } : undefined;
			},
		});
	},
});

function isPackage(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** One package as it is. Of several, the first with the calls that are left in all of them. */
function together(packages: IDataObject[]): IDataObject {
	const [first = {}, ...others] = packages;
	if (others.length === 0) return first;
	const left = packages.reduce((sum, { calls_left }) => sum + (Number(calls_left) || 0), 0);
	return { ...first, calls_left: left, packages };
}
