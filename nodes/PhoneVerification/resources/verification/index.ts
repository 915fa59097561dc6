import type { Resource } from '../../../shared/operation';
import { check } from './check';
import { start } from './start';
import { verifyAndWait } from './verifyAndWait';

export const verification: Resource = {
	name: 'Verification',
	value: 'verification',
	operations: [verifyAndWait, start, check],
};
