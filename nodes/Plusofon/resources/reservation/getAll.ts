import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { phoneTypeField } from '../../plusofon.fields';
import { readPaged } from '../../plusofon.lists';

/** GET api/v1/number/reserve, pages of 15 with a total. Plusofon spells `reserved_untill` so. */
export const getAll = defineOperation({
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many reservations',
		description: 'List the numbers that are reserved and not bought yet',
	},
	fields: [phoneTypeField, commonOptions],
	list: ({ api, params: { phoneType } }) =>
		readPaged(api, '/api/v1/number/reserve', phoneType === '' ? {} : { phone_type: phoneType }),
});
