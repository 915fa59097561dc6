import type { Resource } from '../../../shared/operation';
import { cabinetApi } from '../../plusofon.api';
import { getCallerIdTypes } from './getCallerIdTypes';
import { getForwardingTypes } from './getForwardingTypes';
import { getRegions } from './getRegions';

export const reference: Resource = {
	name: 'Reference',
	value: 'reference',
	api: cabinetApi,
	operations: [getCallerIdTypes, getForwardingTypes, getRegions],
};
