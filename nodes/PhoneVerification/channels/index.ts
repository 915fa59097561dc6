import type { Channel } from './channel';
import { mobilgroupFlashCall, mobilgroupSms, mobilgroupVoiceCode } from './mobilgroup';
import { plusofonCallToAuth, plusofonFlashCall } from './plusofon';
import { zvonobotPinCall } from './zvonobot';

export const channels: readonly Channel[] = [
	plusofonFlashCall,
	plusofonCallToAuth,
	mobilgroupFlashCall,
	mobilgroupVoiceCode,
	mobilgroupSms,
	zvonobotPinCall,
];

/** @throws RangeError for a value that no version of this package has had */
export function channelOf(value: string): Channel {
	const channel = channels.find((one) => one.value === value);
	if (channel === undefined) throw new RangeError(`There is no channel ${value}`);
	return channel;
}

export type { Channel, Provider, Reached } from './channel';
