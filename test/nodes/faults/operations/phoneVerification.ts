import {
	chainOf,
	codeOf,
	HOOK_URL,
	newPhone,
	PROVIDERS,
	runStart,
} from '../../../support/phoneVerification';
import type { ChannelName } from '../../../support/phoneVerification';
import type { Provider } from '../faults';
import { phone, phones } from './tried';
import type { Own, Tried } from './tried';

const verification = (
	operation: string,
	over: ChannelName,
	provider: Provider,
	more: Partial<Own> = {},
): Tried => ({
	node: 'phoneVerification',
	resource: 'verification',
	provider,
	operation,
	over,
	kind: 'once',
	parameters: { providers: PROVIDERS, phone, channels: chainOf([over]) },
	items: phones,
	...more,
});

/** Check of the codes that Start told over a channel. */
const check = (over: ChannelName, provider: Provider, kind: Tried['kind']) =>
	verification('check', over, provider, {
		kind,
		parameters: { providers: PROVIDERS, key: '={{ $json.key }}', code: '={{ $json.code }}' },
		items: async (simulator) => {
			const wanted = [newPhone(), newPhone()];
			const { json } = await runStart(simulator, wanted, { channels: [over] });
			return json.map(({ key }, index) => ({
				key,
				code: codeOf(simulator, over, wanted[index] ?? ''),
			}));
		},
	});

export const PHONE_VERIFICATION: readonly Tried[] = [
	verification('start', 'plusofonFlashCall', 'plusofon'),
	verification('start', 'plusofonCallToAuth', 'plusofon', {
		parameters: {
			providers: PROVIDERS,
			phone,
			channels: chainOf(['plusofonCallToAuth']),
			options: { hookUrl: HOOK_URL },
		},
	}),
	verification('start', 'mobilgroupFlashCall', 'mobilgroup'),
	verification('start', 'mobilgroupVoiceCode', 'mobilgroup'),
	verification('start', 'zvonobotPinCall', 'zvonobot'),
	verification('verifyAndWait', 'plusofonFlashCall', 'plusofon'),
	check('plusofonFlashCall', 'plusofon', 'changes'),
	check('mobilgroupFlashCall', 'mobilgroup', 'nobody'),
	check('zvonobotPinCall', 'zvonobot', 'nobody'),
];
