import { readAccount } from '../../Zvonobot/account';
import { randomPin, ringWithPin } from '../../Zvonobot/pinCall';
import { zvonobotApi } from '../../Zvonobot/zvonobot.api';
import { requireCalled } from '../../Zvonobot/zvonobot.fields';
import { compareCode } from '../../shared/waiting/code';
import { FLASH_CALL_PROMPT } from './channel';
import type { Channel } from './channel';

export const zvonobotPinCall: Channel = {
	value: 'zvonobotPinCall',
	name: 'Zvonobot PIN Call',
	provider: 'zvonobot',
	api: zvonobotApi,
	kind: 'code',
	prompt: FLASH_CALL_PROMPT,
	async reach({ api, phone }) {
		const pin = randomPin();
		await ringWithPin(api, requireCalled(`+${phone}`), pin);
		return { secret: pin };
	},
	judge: compareCode,
	balance: async (api) => (await readAccount(api)).balance,
};
