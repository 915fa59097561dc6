import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { receiveCallEvents } from './webhookReceiver';

export class ZvonobotTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Zvonobot Trigger',
		name: 'zvonobotTrigger',
		icon: { light: 'file:zvonobot.svg', dark: 'file:zvonobot.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter.events.join(", ") }}',
		description:
			'Starts the workflow when the status of a robocall changes or a person answers its menu',
		defaults: { name: 'Zvonobot Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'zvonobotApi',
				required: true,
				displayOptions: { show: { verification: ['signed'] } },
			},
		],
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
					'Open Webhook URLs above, choose Production URL and copy it into Webhook URL of a Zvonobot node (Create Call) and of the voice-menu actions whose answers you want. Each event starts the workflow once, however often it is delivered.',
				name: 'notice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				required: true,
				options: [
					{
						name: 'Answered',
						value: 'answered',
						action: 'On call answered',
						description: 'The person picked up and the call goes on',
					},
					{
						name: 'Being Processed',
						value: 'processed',
						action: 'On call being processed',
						description: 'The call is being prepared',
					},
					{
						name: 'Created',
						value: 'created',
						action: 'On call created',
						description: 'The call was created and waits for its time',
					},
					{
						name: 'Not Reached',
						value: 'canceled',
						action: 'On person not reached',
						description: 'The call ended without a conversation',
					},
					{
						name: 'Started',
						value: 'started',
						action: 'On call started',
						description: 'The number is being dialed',
					},
					{
						name: 'Talked',
						value: 'finished',
						action: 'On conversation over',
						description: 'The call ended after a conversation',
					},
					{
						name: 'Voice-Menu Answer',
						value: 'answer',
						action: 'On voice-menu answer',
						description:
							'The person pressed a digit, said something or stayed on the line. Comes from menu actions that have this webhook URL.',
					},
				],
				default: ['finished', 'canceled', 'answer'],
				description:
					'What starts the workflow. Events may come in another order than they happened in.',
			},
			{
				displayName: 'Verification',
				name: 'verification',
				type: 'options',
				// An expression could read the answer out of the very request that is to be checked.
				noDataExpression: true,
				options: [
					{
						name: 'Signed by the Zvonobot Node',
						value: 'signed',
						description:
							'Only webhooks of calls that a Zvonobot node with the same credential created for this URL start the workflow',
					},
					{
						name: 'None',
						value: 'none',
						description:
							'For calls that were created elsewhere. Anybody who knows the URL can then start the workflow.',
					},
				],
				default: 'signed',
				description: 'How to tell genuine events from forged ones',
			},
			{
				displayName: "Only From the Provider's Address",
				name: 'onlyFromProvider',
				type: 'boolean',
				noDataExpression: true,
				default: false,
				description:
					'Whether to refuse webhooks that come from another IP address. Behind a reverse proxy n8n sees the address of the proxy unless the environment variable N8N_PROXY_HOPS says how many there are.',
			},
			{
				displayName: "Provider's Addresses",
				name: 'providerAddresses',
				type: 'string',
				displayOptions: { show: { onlyFromProvider: [true] } },
				default: '82.202.206.194',
				placeholder: 'e.g. 82.202.206.194',
				description:
					'IP addresses that webhooks may come from, separated by commas. Preset to the one that Zvonobot documents.',
			},
		],
	};

	// Zvonobot has no endpoint to register a webhook: every call carries its own webhook URL.
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
		return await receiveCallEvents(this);
	}
}
