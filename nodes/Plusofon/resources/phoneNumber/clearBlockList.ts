import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { numberIds } from '../../numberIds';
import { readSuccess } from '../../plusofon.api';
import { numbersField } from '../../plusofon.fields';

/** PATCH api/v1/number/contact-list without a list, which detaches it. */
export const clearBlockList = defineOperation({
	option: {
		name: 'Clear Block List',
		value: 'clearBlockList',
		action: 'Clear the block list of phone numbers',
		description: 'Let everybody call one or more numbers again',
	},
	fields: [numbersField, commonOptions],
	async run({ api, params }) {
		const numbers = await numberIds(api, params.numbers);
		return await api.request({
			method: 'PATCH',
			path: '/api/v1/number/contact-list',
			body: { numbers },
			read: (body) => readSuccess(body, { numbers }),
		});
	},
});
