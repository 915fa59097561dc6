import type { Resource } from '../../../shared/operation';
import { zvonobotApi } from '../../zvonobot.api';
import { getAll } from './getAll';

export const callerId: Resource = {
	name: 'Caller ID',
	value: 'callerId',
	api: zvonobotApi,
	operations: [getAll],
};
