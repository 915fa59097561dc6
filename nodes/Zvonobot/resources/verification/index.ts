import type { Resource } from '../../../shared/operation';
import { zvonobotApi } from '../../zvonobot.api';
import { callWithPin } from './callWithPin';
import { checkCode } from './checkCode';
import { sendCodeAndWait } from './sendCodeAndWait';

export const verification: Resource = {
	name: 'Verification',
	value: 'verification',
	api: zvonobotApi,
	operations: [callWithPin, checkCode, sendCodeAndWait],
};
