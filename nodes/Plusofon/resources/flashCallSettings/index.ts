import type { Resource } from '../../../shared/operation';
import { cabinetApi } from '../../plusofon.api';
import { get } from './get';
import { update } from './update';

export const flashCallSettings: Resource = {
	name: 'Flash Call Setting',
	value: 'flashCallSettings',
	api: cabinetApi,
	operations: [get, update],
};
