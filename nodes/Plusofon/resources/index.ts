import type { Resource } from '../../shared/operation';
import { flashCallAccount } from './flashCallAccount';
import { flashCallSettings } from './flashCallSettings';
import { flashCallPackage } from './package';
import { phoneNumber } from './phoneNumber';
import { reference } from './reference';
import { reservation } from './reservation';
import { verification } from './verification';

// The editor opens a new node on the first one.
export const resources: readonly Resource[] = [
	verification,
	flashCallAccount,
	flashCallPackage,
	flashCallSettings,
	phoneNumber,
	reference,
	reservation,
];
