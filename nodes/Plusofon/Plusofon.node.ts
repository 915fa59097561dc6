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
import { listSearch, loadOptions } from './plusofon.pickers';
import { resources } from './resources';

export class Plusofon implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Plusofon',
		name: 'plusofon',
		icon: { light: 'file:plusofon.svg', dark: 'file:plusofon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Verify phones by call, and find, buy and route phone numbers',
		defaults: { name: 'Plusofon' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: describeOutputs(resources),
		webhooks: WAIT_WEBHOOKS,
		waitingNodeTooltip: WAITING_TOOLTIP,
		credentials: describeCredentials(resources),
		properties: describeProperties(resources),
	};

	methods = { listSearch, loadOptions };

	onMessage = NO_CHAT;

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeOperation(this, resources);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveForWait(this, resources);
	}
}
