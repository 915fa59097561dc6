import { MOBILGROUP } from './mobilgroup';
import { PHONE_VERIFICATION } from './phoneVerification';
import { PLUSOFON } from './plusofon';
import type { Tried } from './tried';
import { ZVONOBOT } from './zvonobot';

/** Every operation of every node, some of them over several channels. */
export const OPERATIONS: readonly Tried[] = [
	...PLUSOFON,
	...MOBILGROUP,
	...ZVONOBOT,
	...PHONE_VERIFICATION,
];

export { titleOf } from './tried';
export type { Tried } from './tried';
