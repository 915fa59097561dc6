import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { readWhole } from '../../plusofon.lists';

/** GET api/v1/number/code-regions. */
export const getRegions = defineOperation({
	option: {
		name: 'Get Regions',
		value: 'getRegions',
		action: 'Get the regions and their city codes',
		description: 'List the regions of the shop with their city codes',
	},
	fields: [commonOptions],
	list: ({ api }) => readWhole(api, '/api/v1/number/code-regions', 'code_regions'),
});
