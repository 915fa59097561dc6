import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { TriggerInstance } from '../nodes/Zvonobot/triggerInstance';
import { EngineWait } from './engineWait';
import type { Ask } from './engineWait';
import { runMobilgroup, simulatorCredentials as mobilgroupCredentials } from './mobilgroup';
import { codeOf, newPhone, nodeRun, runCheck, runStart } from './phoneVerification';
import { runPlusofon, simulatorCredentials as plusofonCredentials } from './plusofon';
import type { Simulator } from './simulator/server';
import { runZvonobot, simulatorCredentials as zvonobotCredentials } from './zvonobot';

type Example = (simulator: Simulator) => Promise<IDataObject | undefined>;

const PHONE = '+7 926 111-22-33';
const DIGITS = '79261112233';
const HOOK_URL = 'https://n8n.example.com/webhook/4f1b/webhook';
const CALL = { phone: PHONE, callerIdSource: 'duty', say: 'text', text: 'Your order is ready' };
const LATER = { options: { plannedAt: '2030-01-01T10:00:00Z' } };
const MENU = {
	menuSource: 'json',
	menuJson: '[{"digit": 1, "record": {"text": "Thank you"}}]',
};

const plusofon =
	(resource: string, operation: string, parameters: INodeParameters = {}): Example =>
	async (simulator) =>
		(await runPlusofon(simulator, [resource, operation], parameters)).json[0];

const mobilgroup =
	(operation: string, parameters: INodeParameters): Example =>
	async (simulator) =>
		(await runMobilgroup(simulator, operation, parameters)).json[0];

const zvonobot =
	(resource: string, operation: string, parameters: INodeParameters = {}): Example =>
	async (simulator) =>
		(await runZvonobot(simulator, resource, operation, parameters)).json[0];

/** The same, of a call that was created before. */
const zvonobotCall =
	(operation: string, parameters: INodeParameters = {}, template = false): Example =>
	async (simulator) => {
		const create = template ? 'createFromTemplate' : 'create';
		await zvonobot('call', create, { ...CALL, template: '1', ...LATER })(simulator);
		const { id } = simulator.zvonobot.call({ phone: DIGITS });
		return await zvonobot('call', operation, { callId: id, ...parameters })(simulator);
	};

const wait = async (type: string, credentials: object, parameters: INodeParameters) =>
	await EngineWait.start({
		type,
		parameters: { resource: 'verification', phone: PHONE, ...parameters },
		items: [{}],
		credentials: credentials as Parameters<typeof EngineWait.start>[0]['credentials'],
	});

/** The item of a wait for a code, after the person has typed it. */
async function typed(waiting: EngineWait, code: string): Promise<IDataObject | undefined> {
	await waiting.ask({ body: { code } });
	return (await waiting.outcome()).flat()[0];
}

/** A person's call, as Plusofon reports it. */
function confirmation({ plusofon: provider }: Simulator): Ask {
	const key = provider.lastKey(DIGITS);
	const { searchParams } = new URL(provider.hookUrlOf(key) ?? '');
	return { query: Object.fromEntries(searchParams), body: { phone: DIGITS, key } };
}

/** The item of a robocall, after Zvonobot has reported something of it. */
async function robocall(
	simulator: Simulator,
	body: unknown,
	parameters: INodeParameters = {},
): Promise<IDataObject | undefined> {
	const waiting = await wait('zvonobot', zvonobotCredentials(simulator), {
		resource: 'call',
		operation: 'createAndWait',
		...CALL,
		...MENU,
		keys: ['1'],
		...parameters,
	});
	const [request] = simulator.journal.requestsTo('POST', '/apiCalls/create');
	const { webhookHeaders } = Object(request?.body) as IDataObject;
	const secrets = Object.entries(JSON.parse(String(webhookHeaders)) as Record<string, string>);
	const headers = Object.fromEntries(secrets.map(([name, value]) => [name.toLowerCase(), value]));
	await waiting.ask({ headers, body });
	return (await waiting.outcome()).flat()[0];
}

const status = {
	...{ id: 500001, createdAt: 1893492000, plannedAt: 1893492000, needRecording: 0, smartDelay: 30 },
	...{ webhookSent: 0, webhookTry: 1, recordCost: 0.4, templateId: 1, prevCallId: 500000 },
	webhookParameters: '{"orderId":"42"}',
	calls: [
		{
			...{ phone: DIGITS, status: 'finished', ivrDigit: 1, ivrAnswers: '1', cost: 3, toBlock: 0 },
			...{ startedAt: 1893492060, answeredAt: 1893492070, finishedAt: 1893492100 },
		},
	],
};

/** What each operation gives in a real run, by the name of its example in the documentation. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
	'plusofon/verification/sendFlashCall': plusofon('verification', 'sendFlashCall', {
		phone: PHONE,
	}),
	'plusofon/verification/checkPin': async (simulator) => {
		await plusofon('verification', 'sendFlashCall', { phone: PHONE })(simulator);
		const key = simulator.plusofon.lastKey(DIGITS);
		const pin = simulator.plusofon.pinOf(key);
		return await plusofon('verification', 'checkPin', { key, pin })(simulator);
	},
	'plusofon/verification/requestCall': plusofon('verification', 'requestCall', {
		phone: PHONE,
		hookUrl: HOOK_URL,
	}),
	'plusofon/verification/requestCallAndWait': async (simulator) => {
		const waiting = await wait('plusofon', plusofonCredentials(simulator), {
			operation: 'requestCallAndWait',
		});
		await waiting.ask(confirmation(simulator));
		return (await waiting.outcome()).flat()[0];
	},
	'plusofon/verification/sendCodeAndWait': async (simulator) => {
		const waiting = await wait('plusofon', plusofonCredentials(simulator), {
			operation: 'sendCodeAndWait',
		});
		return await typed(waiting, simulator.plusofon.pinOf(simulator.plusofon.lastKey(DIGITS)));
	},
	'plusofon/flashCallAccount/create': plusofon('flashCallAccount', 'create', { name: 'Web shop' }),
	'plusofon/flashCallAccount/delete': plusofon('flashCallAccount', 'delete', { account: '42' }),
	'plusofon/flashCallAccount/getAll': plusofon('flashCallAccount', 'getAll', { limit: 1 }),
	'plusofon/package/attach': plusofon('package', 'attach', {
		account: '42',
		package: '100b3613-653a-c128-75a6-62c295fb6ab8',
	}),
	'plusofon/package/detach': async (simulator) => {
		await EXAMPLES['plusofon/package/attach']?.(simulator);
		return await plusofon('package', 'detach', { account: '42' })(simulator);
	},
	'plusofon/package/get': async (simulator) => {
		await EXAMPLES['plusofon/package/attach']?.(simulator);
		return await plusofon('package', 'get', { account: '42' })(simulator);
	},
	'plusofon/package/getAll': plusofon('package', 'getAll', { limit: 1 }),
	'plusofon/flashCallSettings/get': plusofon('flashCallSettings', 'get'),
	'plusofon/flashCallSettings/update': plusofon('flashCallSettings', 'update', {
		settings: { pin_tries: 3 },
	}),
	'plusofon/phoneNumber/search': plusofon('phoneNumber', 'search', { limit: 1 }),
	'plusofon/phoneNumber/getAll': plusofon('phoneNumber', 'getAll', { limit: 1 }),
	'plusofon/phoneNumber/getAllSms': plusofon('phoneNumber', 'getAllSms', { limit: 1 }),
	'plusofon/phoneNumber/setForwarding': plusofon('phoneNumber', 'setForwarding', {
		numbers: ['15'],
		type: 'number',
		destinationNumber: PHONE,
		cliType: 'Y',
	}),
	'plusofon/phoneNumber/setBlockList': plusofon('phoneNumber', 'setBlockList', {
		numbers: ['15'],
		contactListId: 15,
	}),
	'plusofon/phoneNumber/clearBlockList': plusofon('phoneNumber', 'clearBlockList', {
		numbers: ['15'],
	}),
	'plusofon/phoneNumber/delete': plusofon('phoneNumber', 'delete', { number: '15' }),
	'plusofon/reference/getCallerIdTypes': plusofon('reference', 'getCallerIdTypes', { limit: 1 }),
	'plusofon/reference/getForwardingTypes': plusofon('reference', 'getForwardingTypes', {
		limit: 1,
	}),
	'plusofon/reference/getRegions': plusofon('reference', 'getRegions', { limit: 1 }),
	'plusofon/reservation/create': async (simulator) => {
		const found = await EXAMPLES['plusofon/phoneNumber/search']?.(simulator);
		const number = String(found?.number);
		const ownerType = String(found?.owner_type);
		return await plusofon('reservation', 'create', { number, ownerType })(simulator);
	},
	'plusofon/reservation/getAll': async (simulator) => {
		await EXAMPLES['plusofon/reservation/create']?.(simulator);
		return await plusofon('reservation', 'getAll', { limit: 1 })(simulator);
	},
	'plusofon/reservation/buy': async (simulator) => {
		const reserved = await EXAMPLES['plusofon/reservation/create']?.(simulator);
		const numbers = [String(reserved?.number)];
		const ownerType = String(reserved?.owner_type);
		return await plusofon('reservation', 'buy', { numbers, ownerType })(simulator);
	},
	'plusofon/reservation/cancel': async (simulator) => {
		const reserved = await EXAMPLES['plusofon/reservation/getAll']?.(simulator);
		const reservation = String(reserved?.id);
		return await plusofon('reservation', 'cancel', { reservation })(simulator);
	},
	'mobilgroup/verification/sendFlashCall': mobilgroup('sendFlashCall', { phone: PHONE }),
	'mobilgroup/verification/sendVoiceCode': mobilgroup('sendVoiceCode', { phone: PHONE }),
	'mobilgroup/verification/sendSmsFallback': async (simulator) => {
		const call = await mobilgroup('sendFlashCall', { phone: PHONE })(simulator);
		return await mobilgroup('sendSmsFallback', { requestId: String(call?.id) })(simulator);
	},
	'mobilgroup/verification/checkCode': async (simulator) => {
		const call = await mobilgroup('sendFlashCall', { phone: PHONE })(simulator);
		const code = simulator.mobilgroup.lastCode(DIGITS);
		return await mobilgroup('checkCode', { key: String(call?.key), code })(simulator);
	},
	'mobilgroup/verification/sendCodeAndWait': async (simulator) => {
		const waiting = await wait('mobilgroup', mobilgroupCredentials(simulator), {
			operation: 'sendCodeAndWait',
		});
		return await typed(waiting, simulator.mobilgroup.lastCode(DIGITS));
	},
	wrongCode: async (simulator) => {
		const waiting = await wait('mobilgroup', mobilgroupCredentials(simulator), {
			operation: 'sendCodeAndWait',
			onWrongCode: 'leave',
		});
		const isOnes = simulator.mobilgroup.lastCode(DIGITS) === '1111';
		return await typed(waiting, isOnes ? '2222' : '1111');
	},
	'zvonobot/call/create': zvonobot('call', 'create', CALL),
	'zvonobot/call/createAndWait': async (simulator) =>
		await robocall(simulator, { ...status, webhookParameters: null }),
	'zvonobot/call/createAndWait answer': async (simulator) =>
		await robocall(simulator, { call: { phone: DIGITS, answer: 1 } }, { waitFor: 'answer' }),
	'zvonobot/call/createFromTemplate': zvonobot('call', 'createFromTemplate', {
		phone: PHONE,
		template: '1',
		variables: {
			values: [
				{ placeholder: 'name', value: 'Elena' },
				{ placeholder: 'var1', value: '40%' },
			],
		},
	}),
	'zvonobot/call/get': zvonobotCall('get'),
	'zvonobot/call/reschedule': zvonobotCall('reschedule', { plannedAt: '2030-01-02T10:00:00Z' }),
	'zvonobot/call/cancel': zvonobotCall('cancel'),
	'zvonobot/call/cancelFromTemplate': zvonobotCall('cancelFromTemplate', {}, true),
	'zvonobot/call/downloadRecording': async (simulator) => {
		await zvonobot('call', 'create', { ...CALL, options: { needRecording: true } })(simulator);
		await simulator.zvonobot.play({ phone: DIGITS }, 'talked');
		const recordingUrl = String(simulator.zvonobot.call({ phone: DIGITS }).recordFilePath);
		return await zvonobot('call', 'downloadRecording', { recordingUrl })(simulator);
	},
	'zvonobot/account/getBalance': zvonobot('account', 'getBalance'),
	'zvonobot/callerId/getAll': zvonobot('callerId', 'getAll', { limit: 1 }),
	'zvonobot/language/getAll': zvonobot('language', 'getAll', { limit: 1 }),
	'zvonobot/recording/create': zvonobot('recording', 'create', {
		name: 'Greeting',
		text: 'Hello!',
	}),
	'zvonobot/recording/delete': zvonobot('recording', 'delete', { recordingId: '1342' }),
	'zvonobot/template/getAll': zvonobot('template', 'getAll', { limit: 1 }),
	'zvonobot/verification/callWithPin': zvonobot('verification', 'callWithPin', { phone: PHONE }),
	'zvonobot/verification/checkCode': async (simulator) => {
		const call = await EXAMPLES['zvonobot/verification/callWithPin']?.(simulator);
		const code = simulator.zvonobot.snapshot().pins[DIGITS] ?? '';
		return await zvonobot('verification', 'checkCode', { key: String(call?.key), code })(simulator);
	},
	'zvonobot/verification/sendCodeAndWait': async (simulator) => {
		const waiting = await wait('zvonobot', zvonobotCredentials(simulator), {
			operation: 'sendCodeAndWait',
		});
		return await typed(waiting, simulator.zvonobot.snapshot().pins[DIGITS] ?? '');
	},
	'zvonobotTrigger status': async () =>
		(await new TriggerInstance().deliver({ body: status })).items?.[0],
	'zvonobotTrigger answer': async () => {
		const body = { call: { phone: DIGITS, answer: 1 }, orderId: '42' };
		return (await new TriggerInstance().deliver({ body })).items?.[0];
	},
	'phoneVerification/verification/verifyAndWait': async (simulator) => {
		const phone = newPhone();
		const channels = ['mobilgroupFlashCall'];
		const waiting = await EngineWait.start(
			nodeRun(simulator, 'verifyAndWait', [{}], { channels, nodeParameters: { phone } }),
		);
		return await typed(waiting, simulator.mobilgroup.lastCode(phone));
	},
	'phoneVerification/verification/start': async (simulator) =>
		(await runStart(simulator, newPhone(), { channels: ['mobilgroupFlashCall'] })).json[0],
	'phoneVerification/verification/check': async (simulator) => {
		const phone = newPhone();
		const channels = ['mobilgroupFlashCall'];
		const { json } = await runStart(simulator, phone, { channels });
		const code = codeOf(simulator, 'mobilgroupFlashCall', phone);
		return (await runCheck(simulator, json[0]?.key, code)).json[0];
	},
};
