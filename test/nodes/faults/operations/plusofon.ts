import type { IDataObject } from 'n8n-workflow';
import { HOOK_URL } from '../../../support/phoneVerification';
import { runPlusofon } from '../../../support/plusofon';
import type { Simulator } from '../../../support/simulator/server';
import { asks, byId, phone, phones, these } from './tried';
import type { Own, Tried } from './tried';

const PACKAGES = ['100b3613-653a-c128-75a6-62c295fb6ab8', '23001dac-42b1-8978-2275-62c28f55bda1'];
const SHOP_NUMBERS = ['4951332210', '8121332212'];

const plusofon = (resource: string, operation: string, more: Own): Tried => ({
	node: 'plusofon',
	provider: 'plusofon',
	resource,
	operation,
	...more,
});

const twoAccounts = async (simulator: Simulator): Promise<IDataObject[]> => {
	const { json } = await runPlusofon(
		simulator,
		['flashCallAccount', 'create'],
		{ name: '={{ $json.name }}' },
		[{ name: 'one' }, { name: 'two' }],
	);
	return json.map(({ account_id: account }, index) => ({ account, package: PACKAGES[index] }));
};

const ATTACH = {
	...byId('account', '={{ $json.account }}'),
	...byId('package', '={{ $json.package }}'),
};

const withPackages = async (simulator: Simulator): Promise<IDataObject[]> => {
	const items = await twoAccounts(simulator);
	await runPlusofon(simulator, ['package', 'attach'], ATTACH, items);
	return items;
};

const RESERVE = { number: '={{ $json.number }}', ownerType: 'personal' };

const reserved = async (simulator: Simulator): Promise<IDataObject[]> => {
	const items = SHOP_NUMBERS.map((number) => ({ number }));
	await runPlusofon(simulator, ['reservation', 'create'], RESERVE, items);
	return simulator.plusofon
		.snapshot()
		.reserved.map(({ id, number }) => ({ id, number: number.slice(1) }));
};

const called = async (simulator: Simulator): Promise<IDataObject[]> => {
	const send: [string, string] = ['verification', 'sendFlashCall'];
	const { json } = await runPlusofon(simulator, send, { phone }, phones());
	return json.map(({ key }) => ({ key, pin: simulator.plusofon.pinOf(String(key)) }));
};

export const PLUSOFON: readonly Tried[] = [
	plusofon('flashCallAccount', 'create', {
		kind: 'once',
		parameters: { name: '={{ $json.name }}' },
		items: these({ name: 'one' }, { name: 'two' }),
	}),
	plusofon('flashCallAccount', 'delete', {
		kind: 'changes',
		parameters: byId('account', '={{ $json.account }}'),
		items: twoAccounts,
	}),
	plusofon('flashCallAccount', 'getAll', asks()),
	plusofon('flashCallSettings', 'get', asks()),
	plusofon('flashCallSettings', 'update', {
		kind: 'changes',
		parameters: { settings: { pin_tries: '={{ $json.tries }}' } },
		items: these({ tries: 4 }, { tries: 5 }),
	}),
	plusofon('package', 'attach', { kind: 'once', parameters: ATTACH, items: twoAccounts }),
	plusofon('package', 'detach', {
		kind: 'changes',
		parameters: byId('account', '={{ $json.account }}'),
		items: withPackages,
	}),
	plusofon('package', 'get', {
		kind: 'asks',
		parameters: byId('account', '={{ $json.account }}'),
		items: withPackages,
	}),
	plusofon('package', 'getAll', asks()),
	plusofon('phoneNumber', 'clearBlockList', {
		kind: 'changes',
		parameters: { numbers: '={{ [$json.id] }}' },
		items: these({ id: '15' }, { id: '17' }),
	}),
	plusofon('phoneNumber', 'delete', {
		kind: 'changes',
		parameters: byId('number', '={{ $json.id }}'),
		items: these({ id: '15' }, { id: '17' }),
	}),
	plusofon('phoneNumber', 'getAll', asks({ limit: 1 })),
	plusofon('phoneNumber', 'getAllSms', asks({ limit: 1 })),
	plusofon('phoneNumber', 'search', asks({ limit: 1 })),
	plusofon('phoneNumber', 'setBlockList', {
		kind: 'changes',
		parameters: { numbers: '={{ [$json.id] }}', contactListId: 15 },
		items: these({ id: '15' }, { id: '17' }),
	}),
	plusofon('phoneNumber', 'setForwarding', {
		kind: 'changes',
		parameters: { numbers: '={{ [$json.id] }}', type: 'sip', sipId: 7, cliType: 'Y' },
		items: these({ id: '15' }, { id: '17' }),
	}),
	plusofon('reference', 'getCallerIdTypes', asks()),
	plusofon('reference', 'getForwardingTypes', asks()),
	plusofon('reference', 'getRegions', asks()),
	plusofon('reservation', 'buy', {
		kind: 'once',
		parameters: { numbers: '={{ [$json.number] }}', ownerType: 'personal' },
		items: reserved,
	}),
	plusofon('reservation', 'cancel', {
		kind: 'changes',
		parameters: byId('reservation', '={{ $json.id }}'),
		items: reserved,
	}),
	plusofon('reservation', 'create', {
		kind: 'once',
		parameters: RESERVE,
		items: these(...SHOP_NUMBERS.map((number) => ({ number }))),
	}),
	plusofon('reservation', 'getAll', { kind: 'asks', parameters: { limit: 1 }, items: reserved }),
	plusofon('verification', 'checkPin', {
		kind: 'changes',
		parameters: { key: '={{ $json.key }}', pin: '={{ $json.pin }}' },
		items: called,
	}),
	plusofon('verification', 'requestCall', {
		kind: 'once',
		parameters: { phone, hookUrl: HOOK_URL },
		items: phones,
	}),
	plusofon('verification', 'requestCallAndWait', {
		kind: 'once',
		parameters: { phone },
		items: phones,
	}),
	plusofon('verification', 'sendCodeAndWait', {
		kind: 'once',
		parameters: { phone },
		items: phones,
	}),
	plusofon('verification', 'sendFlashCall', {
		kind: 'once',
		parameters: { phone },
		items: phones,
	}),
];
