import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { receiveCallConfirmation } from './callConfirmation';

export class PlusofonTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Plusofon Trigger',
		name: 'plusofonTrigger',
		icon: { light: 'file:plusofon.svg', dark: 'file:plusofon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: 'call confirmed',
		description: 'Starts the workflow when a person has called the number that Request Call gave',
		defaults: { name: 'Plusofon Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'plusofonFlashCallApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				// Without it n8n ignores the answer this node gives.
				responseData: '',
				path: 'webhook',
			},
		],
		properties: [
			{
				displayName:
					'Open Webhook URLs above, choose Production URL and copy it into Hook URL of a Plusofon node (Request Call) that uses the same credential. Only confirmations of those calls start the workflow, each once.',
				name: 'notice',
				type: 'notice',
				default: '',
			},
		],
	};

	// Plusofon has no endpoint to register a webhook: every request carries its own hook URL.
	webhookMethods = {
		default: {
			async checkExists() {
				return true;
			},
			async create() {
				return true;
			},
			async delete() {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveCallConfirmation(this);
	}
}
