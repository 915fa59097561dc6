import type { Resource } from '../../../shared/operation';
import { zvonobotApi } from '../../zvonobot.api';
import { getBalance } from './getBalance';

export const account: Resource = {
	name: 'Account',
	value: 'account',
	api: zvonobotApi,
	operations: [getBalance],
};
