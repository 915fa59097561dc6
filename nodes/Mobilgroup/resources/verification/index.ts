import type { Resource } from '../../../shared/operation';
import { mobilgroupApi } from '../../mobilgroup.api';
import { checkCode } from './checkCode';
import { sendCodeAndWait } from './sendCodeAndWait';
import { sendFlashCall } from './sendFlashCall';
import { sendSmsFallback } from './sendSmsFallback';
import { sendVoiceCode } from './sendVoiceCode';

export const verification: Resource = {
	name: 'Verification',
	value: 'verification',
	api: mobilgroupApi,
	operations: [sendFlashCall, checkCode, sendCodeAndWait, sendSmsFallback, sendVoiceCode],
};
