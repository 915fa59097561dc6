import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { readAccount } from '../../account';

/** POST apiCalls/userInfo. */
export const getBalance = defineOperation({
	option: {
		name: 'Get Balance',
		value: 'getBalance',
		action: 'Get the balance',
		description: 'Get how much money is left on the account',
	},
	fields: [commonOptions],
	run: async ({ api }) => await readAccount(api),
});
