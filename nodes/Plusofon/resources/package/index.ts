import type { Resource } from '../../../shared/operation';
import { cabinetApi } from '../../plusofon.api';
import { attach } from './attach';
import { detach } from './detach';
import { get } from './get';
import { getAll } from './getAll';

export const flashCallPackage: Resource = {
	name: 'Package',
	value: 'package',
	api: cabinetApi,
	operations: [attach, detach, get, getAll],
	preset: getAll,
};
