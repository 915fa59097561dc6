import type { Resource } from '../../../shared/operation';
import { cabinetApi } from '../../plusofon.api';
import { buy } from './buy';
import { cancel } from './cancel';
import { create } from './create';
import { getAll } from './getAll';

export const reservation: Resource = {
	name: 'Reservation',
	value: 'reservation',
	api: cabinetApi,
	operations: [buy, cancel, create, getAll],
	preset: getAll,
};
