import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { describeProperties } from '../shared/describe';
import { executeOperation } from '../shared/execute';
import { describeOutputs, WAIT_WEBHOOKS, WAITING_TOOLTIP } from '../shared/waiting/outputs';
import { receiveForWait } from '../shared/waiting/receive';
import { NO_CHAT } from '../shared/waiting/suspension';
import { credentials } from './credentials';
import { resources } from './resources';

export class PhoneVerification implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Phone Verification',
		name: 'phoneVerification',
		icon: { light: 'file:phoneVerification.svg', dark: 'file:phoneVerification.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description: "Find out whether a phone is really the person's, over one channel after another",
		defaults: { name: 'Phone Verification' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: describeOutputs(resources),
		webhooks: WAIT_WEBHOOKS,
		waitingNodeTooltip: WAITING_TOOLTIP,
		credentials,
		properties: describeProperties(resources),
	};

	onMessage = NO_CHAT;

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeOperation(this, resources);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveForWait(this, resources);
	}
}
