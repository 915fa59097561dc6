import type { Resource } from '../../../shared/operation';
import { zvonobotApi } from '../../zvonobot.api';
import { getAll } from './getAll';

export const language: Resource = {
	name: 'Language',
	value: 'language',
	api: zvonobotApi,
	operations: [getAll],
};
