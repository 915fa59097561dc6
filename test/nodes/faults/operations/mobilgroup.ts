import { runMobilgroup } from '../../../support/mobilgroup';
import { nothing, phone, phones } from './tried';
import type { Own, Tried } from './tried';

const mobilgroup = (operation: string, more: Own): Tried => ({
	node: 'mobilgroup',
	provider: 'mobilgroup',
	resource: 'verification',
	operation,
	...more,
});

export const MOBILGROUP: readonly Tried[] = [
	mobilgroup('checkCode', {
		kind: 'nobody',
		parameters: { key: 'a key that nobody made', code: '0427' },
		items: nothing,
	}),
	...['sendFlashCall', 'sendVoiceCode', 'sendCodeAndWait'].map((operation) =>
		mobilgroup(operation, { kind: 'once', parameters: { phone }, items: phones }),
	),
	mobilgroup('sendSmsFallback', {
		kind: 'once',
		parameters: { requestId: '={{ $json.id }}' },
		items: async (simulator) =>
			(await runMobilgroup(simulator, 'sendFlashCall', { phone }, phones())).json,
	}),
];
