import type { Resource } from '../../shared/operation';
import { account } from './account';
import { call } from './call';
import { callerId } from './callerId';
import { language } from './language';
import { recording } from './recording';
import { template } from './template';
import { verification } from './verification';

// The editor opens a new node on the first one.
export const resources: readonly Resource[] = [
	call,
	account,
	callerId,
	language,
	recording,
	template,
	verification,
];
