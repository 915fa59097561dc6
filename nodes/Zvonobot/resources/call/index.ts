import type { Resource } from '../../../shared/operation';
import { zvonobotApi } from '../../zvonobot.api';
import { cancel } from './cancel';
import { cancelFromTemplate } from './cancelFromTemplate';
import { create } from './create';
import { createAndWait } from './createAndWait';
import { createFromTemplate } from './createFromTemplate';
import { downloadRecording } from './downloadRecording';
import { get } from './get';
import { getAll } from './getAll';
import { reschedule } from './reschedule';

export const call: Resource = {
	name: 'Call',
	value: 'call',
	api: zvonobotApi,
	operations: [
		create,
		createAndWait,
		createFromTemplate,
		get,
		getAll,
		reschedule,
		cancel,
		cancelFromTemplate,
		downloadRecording,
	],
};
