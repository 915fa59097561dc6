import type { Resource } from '../../../shared/operation';
import { flashCallAccountApi } from '../../plusofon.api';
import { checkPin } from './checkPin';
import { requestCall } from './requestCall';
import { requestCallAndWait } from './requestCallAndWait';
import { sendCodeAndWait } from './sendCodeAndWait';
import { sendFlashCall } from './sendFlashCall';

export const verification: Resource = {
	name: 'Verification',
	value: 'verification',
	api: flashCallAccountApi,
	operations: [sendFlashCall, checkPin, requestCall, requestCallAndWait, sendCodeAndWait],
};
