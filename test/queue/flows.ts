import { randomUUID } from 'node:crypto';

import {
	ITEMS,
	MOBILGROUP,
	nodeOf,
	noOp,
	respondingFlow,
	triggerFlow,
	waitingFlow,
	WAITS,
	webhookFlow,
	ZVONOBOT,
} from '../host/flows';
import type { WorkflowFile } from '../host/n8n';
import { readWorkflow, type Stage } from '../host/stage';
import { NOT_VERIFIED, VERIFIED } from '../host/waiting';

/** What is asked of n8n, and how many of a hundred flows are of each kind. */
export const KINDS = {
	flashCall: { label: 'Plusofon Send Flash Call, then Check PIN', share: 20 },
	sealed: { label: 'Mobilgroup Send Flash Call, then Check Code', share: 20 },
	callWait: { label: 'Plusofon Request Call and Wait', share: 14 },
	codeWait: { label: 'Mobilgroup Send Code and Wait', share: 13 },
	verifyWait: { label: 'Phone Verification Verify and Wait', share: 13 },
	callAndWait: { label: 'Zvonobot Create and Wait', share: 10 },
	trigger: { label: 'Zvonobot Create, then Zvonobot Trigger', share: 10 },
} as const;

export type Kind = keyof typeof KINDS;

/** Outputs of Create and Wait. */
export const ANSWERED = ['Answered', 'Key 1', 'Key 2'];
export const NO_ANSWER = 'No Answer';

/** Paths of webhooks. */
export const PATHS = {
	flashCall: 'sign-up/start',
	checkPin: 'sign-up/check',
	sealed: 'sealed-send',
	checkCode: 'sealed-check',
	callWait: 'call-wait',
	codeWait: 'code-wait',
	verifyWait: 'verify-wait',
	callAndWait: 'call-and-wait',
	trigger: 'call',
} as const;

const PHONE = '={{ $json.phone }}';
const TIME_LIMIT = '={{ $json.timeLimit }}';
const SPOKEN = { callerIdSource: 'duty', say: 'text', text: 'Press 1 or 2' };

/** The published flows. */
export interface Published {
	/** IDs of the workflows, the one that begins first. */
	workflows: Record<Kind, string[]>;
	/** Of the Zvonobot Trigger. */
	triggerUrl: string;
}

export async function publishFlows({ host, credentials }: Stage): Promise<Published> {
	const publish = async (flow: WorkflowFile) => {
		const id = await host.importWorkflow(flow, Object.values(credentials));
		await host.activate(id);
		return id;
	};
	const { flashCall, mobilgroup, zvonobot } = credentials;
	const webhookId = randomUUID();
	const triggerUrl = host.webhookUrl(`${webhookId}/webhook`);
	const wait = { outputs: [VERIFIED, NOT_VERIFIED] };
	const call = { node: ZVONOBOT, resource: 'call', credential: zvonobot } as const;
	const code = { node: MOBILGROUP, credential: mobilgroup } as const;
	const files: Record<Kind, WorkflowFile[]> = {
		flashCall: [readWorkflow('sign-up-flash-call.json')],
		sealed: [
			webhookFlow({
				...code,
				path: PATHS.sealed,
				operation: 'sendFlashCall',
				parameters: { phone: PHONE, options: { validMinutes: 60 } },
			}),
			webhookFlow({
				...code,
				path: PATHS.checkCode,
				operation: 'checkCode',
				parameters: {
					key: '={{ $json.key }}',
					code: '={{ $json.code }}',
					options: { phone: PHONE },
				},
			}),
		],
		callWait: [
			waitingFlow({
				...wait,
				path: PATHS.callWait,
				operation: 'requestCallAndWait',
				parameters: { phone: PHONE, timeLimit: TIME_LIMIT },
				credential: flashCall,
			}),
		],
		codeWait: [
			waitingFlow({
				...wait,
				...code,
				path: PATHS.codeWait,
				operation: 'sendCodeAndWait',
				parameters: { phone: PHONE, timeLimit: TIME_LIMIT },
			}),
		],
		verifyWait: [verifyFlow({ credentials })],
		callAndWait: [
			waitingFlow({
				...call,
				path: PATHS.callAndWait,
				operation: 'createAndWait',
				parameters: { phone: PHONE, ...SPOKEN, ...MENU, timeLimit: TIME_LIMIT },
				outputs: ['Answered', NO_ANSWER, 'Key 1', 'Key 2'],
			}),
		],
		trigger: [
			webhookFlow({
				...call,
				path: PATHS.trigger,
				operation: 'create',
				parameters: { phone: PHONE, ...SPOKEN, options: { webhookUrl: triggerUrl } },
			}),
			triggerFlow({ trigger: 'Zvonobot Trigger', credential: zvonobot, webhookId }),
		],
	};
	const workflows: Partial<Record<Kind, string[]>> = {};
	for (const [kind, flows] of Object.entries(files) as Array<[Kind, WorkflowFile[]]>) {
		workflows[kind] = [];
		for (const flow of flows) workflows[kind].push(await publish(flow));
	}
	return { workflows: workflows as Published['workflows'], triggerUrl };
}

const MENU = {
	menuSource: 'json',
	menuJson: JSON.stringify([
		{ digit: 1, record: { text: 'Thank you' } },
		{ digit: 2, record: { text: 'Thank you' } },
	]),
	keys: ['1', '2'],
};

/** A single channel, whose provider judges the code. */
function verifyFlow({ credentials }: Pick<Stage, 'credentials'>): WorkflowFile {
	const { id, name, type } = credentials.flashCall;
	const node = {
		...nodeOf(WAITS, 'n8n-nodes-flashcall.phoneVerification', 1, {
			resource: 'verification',
			operation: 'verifyAndWait',
			phone: PHONE,
			providers: ['plusofon'],
			channels: { list: [{ channel: 'plusofonFlashCall', patience: 600 }] },
			timeLimit: TIME_LIMIT,
		}),
		credentials: { [type]: { id, name } },
	};
	return respondingFlow({
		path: PATHS.verifyWait,
		nodes: [node, noOp(VERIFIED), noOp(NOT_VERIFIED)],
		links: { [ITEMS]: [[WAITS]], [WAITS]: [[VERIFIED], [NOT_VERIFIED]] },
	});
}
