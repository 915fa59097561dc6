/**
 * The one import of libphonenumber-js. The build bundles this file alone into dist, because a
 * verified n8n package may have no runtime dependency. The largest metadata set is the only one
 * that tells number types apart.
 */
export {
	isSupportedCountry,
	parsePhoneNumberFromString,
	validatePhoneNumberLength,
} from 'libphonenumber-js/max';
export type { PhoneNumber } from 'libphonenumber-js/max';
