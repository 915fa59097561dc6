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
import { listSearch, loadOptions } from './zvonobot.pickers';

export class Zvonobot implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Zvonobot',
		name: 'zvonobot',
		icon: { light: 'file:zvonobot.svg', dark: 'file:zvonobot.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Place robocalls with voice menus, and verify phones by call',
		defaults: { name: 'Zvonobot' },
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
