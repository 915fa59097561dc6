/* eslint-disable @n8n/community-nodes/no-hardcoded-secrets -- paths, under the names of channels */
import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';
import { runNode } from './engine';
import type { NodeResult, NodeRun } from './engine';
import { simulatorCredentials as mobilgroupCredentials } from './mobilgroup';
import { simulatorCredentials as plusofonCredentials } from './plusofon';
import type { Simulator } from './simulator/server';
import { simulatorCredentials as zvonobotCredentials } from './zvonobot';

export const PROVIDERS = ['plusofon', 'mobilgroup', 'zvonobot'];

export const PATHS = {
	plusofonFlashCall: '/api/v1/flash-call/send',
	plusofonCallToAuth: '/api/v1/flash-call/call-to-auth',
	mobilgroupFlashCall: '/api/voice-password/send/',
	mobilgroupVoiceCode: '/api/voice-password/send/',
	mobilgroupSms: '/api/voice-password/send/',
	zvonobotPinCall: '/apiVerificationPhones/confirmPhone',
} as const;

export type ChannelName = keyof typeof PATHS;

export const HOOK_URL = 'https://n8n.example.com/webhook/trigger/webhook';

/** Credentials of the simulator's preset accounts, for all providers. */
export function simulatorCredentials(
	simulator: Simulator,
): Record<string, ICredentialDataDecryptedObject> {
	return {
		...plusofonCredentials(simulator),
		...mobilgroupCredentials(simulator),
		...zvonobotCredentials(simulator),
	};
}

let phones = 0;

/** A number that no other test uses, because the node remembers whom it has called; not MTS. */
export function newPhone(prefix = '7926'): string {
	phones += 1;
	return `${prefix}${String(phones).padStart(7, '0')}`;
}

/** The field Channels. */
export function chainOf(channels: readonly string[], patience = 60): INodeParameters {
	return { list: channels.map((channel) => ({ channel, patience })) };
}

export interface Given extends Partial<NodeRun> {
	channels?: readonly string[];
	nodeOptions?: INodeParameters;
	providers?: string[];
	nodeParameters?: INodeParameters;
}

/** What an operation of the node is given, for runNode. */
export function nodeRun(
	simulator: Simulator,
	operation: string,
	items: IDataObject[],
	{ channels, nodeOptions = {}, providers = PROVIDERS, nodeParameters, ...run }: Given,
): NodeRun {
	return {
		type: 'phoneVerification',
		parameters: {
			resource: 'verification',
			operation,
			providers,
			...(channels === undefined ? {} : { channels: chainOf(channels) }),
			options: nodeOptions,
			...nodeParameters,
		},
		items,
		credentials: simulatorCredentials(simulator),
		...run,
	};
}

/** Runs Start for phones, one item each. */
export async function runStart(
	simulator: Simulator,
	phone: string | string[],
	given: Given = {},
): Promise<NodeResult> {
	const items = [phone].flat().map((one) => ({ phone: one }));
	const nodeParameters = { phone: '={{ $json.phone }}', ...given.nodeParameters };
	const nodeOptions = { hookUrl: HOOK_URL, ...given.nodeOptions };
	return await runNode(
		nodeRun(simulator, 'start', items, { ...given, nodeParameters, nodeOptions }),
	);
}

/** Runs Check for typed codes, one item each. */
export async function runCheck(
	simulator: Simulator,
	key: unknown,
	code: string | string[],
	given: Given = {},
): Promise<NodeResult> {
	const items = [code].flat().map((one) => ({ key: String(key), code: one }));
	const nodeParameters = { key: '={{ $json.key }}', code: '={{ $json.code }}' };
	return await runNode(nodeRun(simulator, 'check', items, { nodeParameters, ...given }));
}

/** The code that the person was told over a channel. */
export function codeOf(simulator: Simulator, channel: string, phone: string): string {
	if (channel === 'plusofonFlashCall') {
		const { keys } = simulator.plusofon.snapshot();
		return keys.filter((one) => one.phone === phone && one.pin).at(-1)?.pin ?? '';
	}
	if (channel === 'zvonobotPinCall') return simulator.zvonobot.snapshot().pins[phone] ?? '';
	return simulator.mobilgroup.lastCode(phone);
}

/** A code that is none of these. */
export function wrongFor(...right: string[]): string {
	return ['1111', '2222', '3333', '4444'].find((code) => !right.includes(code)) ?? '';
}
