import type { Resource } from '../../../shared/operation';
import { zvonobotApi } from '../../zvonobot.api';
import { create } from './create';
import { deleteRecording } from './delete';

export const recording: Resource = {
	name: 'Recording',
	value: 'recording',
	api: zvonobotApi,
	operations: [create, deleteRecording],
};
