import type { Resource } from '../../../shared/operation';
import { cabinetApi } from '../../plusofon.api';
import { create } from './create';
import { deleteAccount } from './delete';
import { getAll } from './getAll';

export const flashCallAccount: Resource = {
	name: 'Flash Call Account',
	value: 'flashCallAccount',
	api: cabinetApi,
	operations: [create, deleteAccount, getAll],
};
