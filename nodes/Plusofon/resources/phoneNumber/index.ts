import type { Resource } from '../../../shared/operation';
import { cabinetApi } from '../../plusofon.api';
import { clearBlockList } from './clearBlockList';
import { deleteNumber } from './delete';
import { getAll } from './getAll';
import { getAllSms } from './getAllSms';
import { search } from './search';
import { setBlockList } from './setBlockList';
import { setForwarding } from './setForwarding';

export const phoneNumber: Resource = {
	name: 'Phone Number',
	value: 'phoneNumber',
	api: cabinetApi,
	operations: [
		clearBlockList,
		deleteNumber,
		getAll,
		getAllSms,
		search,
		setBlockList,
		setForwarding,
	],
	preset: getAll,
};
