import type { Resource } from '../../../shared/operation';
import { zvonobotApi } from '../../zvonobot.api';
import { getAll } from './getAll';

export const template: Resource = {
	name: 'Template',
	value: 'template',
	api: zvonobotApi,
	operations: [getAll],
};
