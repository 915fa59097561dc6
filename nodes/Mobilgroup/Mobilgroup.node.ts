import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { describeCredentials, describeProperties } from '../shared/describe';
import { executeOperation } from '../shared/execute';
import { describeOutputs, WAIT_WEBHOOKS, WAITING_TOOLTIP } from '../shared/waiting/outputs';
import { receiveForWait } from '../shared/waiting/receive';
import { NO_CHAT } from '../shared/waiting/suspension';

import { resources } from './resources';

export class Mobilgroup implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Mobilgroup',
		name: 'mobilgroup',
		icon: { light: 'file:mobilgroup.svg', dark: 'file:mobilgroup.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Verify phones by flash call, spoken code or SMS',
		defaults: { name: 'Mobilgroup' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: describeOutputs(resources),
		webhooks: WAIT_WEBHOOKS,
		waitingNodeTooltip: WAITING_TOOLTIP,
		credentials: describeCredentials(resources),
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
