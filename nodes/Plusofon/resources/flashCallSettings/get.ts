import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';

/** GET api/v1/flash-call/settings: limits, lifetime of a PIN, tries. */
export const get = defineOperation({
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get the flash call settings',
		description: 'Read the limits and settings that all Flash Call accounts share',
	},
	fields: [commonOptions],
	async run({ api }) {
		return await api.request({
			method: 'GET',
			path: '/api/v1/flash-call/settings',
			read: ({ data }) => (isSettings(data) ? data : undefined),
		});
	},
});

function isSettings(data: unknown): data is Record<string, string | number | boolean> {
	return typeof data === 'object' && data !== null && !Array.isArray(data);
}
