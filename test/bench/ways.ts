import type { IDataObject, INode } from 'n8n-workflow';

import { chain, nodeOf, START } from '../host/flows';
import type { Credential, WorkflowFile } from '../host/n8n';

/** The node that is measured. */
export const MEASURED = 'Measured';

export interface BenchCredentials {
	plusofon: Credential;
	zvonobot: Credential;
	header: Credential;
	mattermost: Credential;
}

/** A way to make the calls within n8n. */
export interface Way {
	id: string;
	label: string;
	/** How many requests so many items take. */
	requests(items: number): number;
	/** Most requests at the same time; undefined for any number. */
	atOnce?: number;
	/** Whether what it sends is kept, to be compared with another way. */
	sameBodiesAs?: string;
	node(url: string, credentials: BenchCredentials): INode;
}

export const CHECK_PATH = '/api/v1/flash-call/check';
export const SEND_PATH = '/api/v1/flash-call/send';
const CREATE_PATH = '/apiCalls/create';

/* eslint-disable @n8n/community-nodes/no-hardcoded-secrets -- for a server on this machine that looks at none */

/** What is asked of every item: as long as keys and PINs are. */
export const FIXED_CHECK = { key: '0f8fad5b-d9cb-469f-a165-70867728950e', pin: '0427' };
const TEXT = 'Hello! Your order is ready, come and get it until eight in the evening.';
const CALLER = '74951234567';

const PLAIN = { key: '={{ $json.key }}', pin: '={{ $json.pin }}' };
const OTHER = { key: '={{ $json.key.trim() }}', pin: '={{ $json.pin.trim() }}' };

export const API_KEY = 'bench-key-0123456789';

/** All items of a flow, made by one expression: `body.count` says how many. */
const ITEMS = `={{ {
	items: Array.from({ length: $json.body.count }, (_, index) => ({
		key: '0f8fad5b-d9cb-469f-a165-' + String(100000000000 + index),
		pin: String(1000 + index % 9000),
		phone: String(79160000000 + index),
	}))
} }}`;

const each = (items: number) => items;

function withCredential(node: INode, { id, name, type }: Credential): INode {
	return { ...node, credentials: { [type]: { id, name } } };
}

function own(type: string, parameters: object, credential: Credential): INode {
	return withCredential(nodeOf(MEASURED, `n8n-nodes-flashcall.${type}`, 1, parameters), credential);
}

function checkPin(fields: object, options: IDataObject = {}): Way['node'] {
	return (_, { plusofon }) =>
		own(
			'plusofon',
			{ resource: 'verification', operation: 'checkPin', ...fields, options },
			plusofon,
		);
}

function createCalls(batchSize: number): Way['node'] {
	const fields = {
		phone: '={{ $json.phone }}',
		callerIdSource: 'own',
		callerId: { __rl: true, mode: 'number', value: CALLER },
		say: 'text',
		text: TEXT,
		voice: 'female',
		options: { batchSize },
	};
	return (_, { zvonobot }) =>
		own('zvonobot', { resource: 'call', operation: 'create', ...fields }, zvonobot);
}

/** n8n's HTTP Request node as it is when it is put into a flow: all requests at once. */
function httpRequest(path: string, body: object): Way['node'] {
	return (url, { header }) =>
		withCredential(
			nodeOf(MEASURED, 'n8n-nodes-base.httpRequest', 4.5, {
				method: 'POST',
				url: `${url}${path}`,
				authentication: 'genericCredentialType',
				genericAuthType: 'httpHeaderAuth',
				sendBody: true,
				...body,
				options: {},
			}),
			header,
		);
}

function pairs(fields: Record<string, string>): object {
	const parameters = Object.entries(fields).map(([name, value]) => ({ name, value }));
	return { bodyParameters: { parameters } };
}

/** A node of n8n's own that works one after another and reads its credential for every request. */
function mattermost(fields: object): Way['node'] {
	return (_, { mattermost: credential }) =>
		withCredential(
			nodeOf(MEASURED, 'n8n-nodes-base.mattermost', 1, {
				resource: 'message',
				operation: 'post',
				...fields,
				attachments: [],
				otherOptions: {},
			}),
			credential,
		);
}

export const WAYS = {
	fixed: {
		id: 'fixed',
		label: 'Check PIN: no expression',
		requests: each,
		atOnce: 10,
		node: checkPin(FIXED_CHECK),
	},
	plain: {
		id: 'plain',
		label: 'Check PIN: two plain paths, `{{ $json.key }}`',
		requests: each,
		atOnce: 10,
		node: checkPin(PLAIN),
	},
	other: {
		id: 'other',
		label: 'Check PIN: two other expressions, `{{ $json.key.trim() }}`',
		requests: each,
		atOnce: 10,
		sameBodiesAs: 'plain',
		node: checkPin(OTHER),
	},
	oneByOne: {
		id: 'oneByOne',
		label: 'Check PIN: no expression, Items at Once 1',
		requests: each,
		atOnce: 1,
		node: checkPin(FIXED_CHECK, { itemsAtOnce: 1 }),
	},
	mattermost: {
		id: 'mattermost',
		label: "n8n's Mattermost node: one after another, two expressions",
		requests: each,
		atOnce: 1,
		node: mattermost({ channelId: PLAIN.key, message: PLAIN.pin }),
	},
	httpFixed: {
		id: 'httpFixed',
		label: 'HTTP Request node: no expression',
		requests: each,
		node: httpRequest(CHECK_PATH, pairs(FIXED_CHECK)),
	},
	httpOne: {
		id: 'httpOne',
		label: 'HTTP Request node: one expression',
		requests: each,
		node: httpRequest(CHECK_PATH, pairs({ ...FIXED_CHECK, pin: PLAIN.pin })),
	},
	httpTwo: {
		id: 'httpTwo',
		label: 'HTTP Request node: two expressions',
		requests: each,
		sameBodiesAs: 'plain',
		node: httpRequest(CHECK_PATH, pairs(PLAIN)),
	},
	batch: {
		id: 'batch',
		label: 'Create (Zvonobot): one plain path, 100 items a request',
		requests: (items) => Math.ceil(items / 100),
		atOnce: 10,
		node: createCalls(100),
	},
	single: {
		id: 'single',
		label: 'Create (Zvonobot): one plain path, 1 item a request',
		requests: each,
		atOnce: 10,
		node: createCalls(1),
	},
	httpCreate: {
		id: 'httpCreate',
		label: 'HTTP Request node: the same call, one expression',
		requests: each,
		node: httpRequest(CREATE_PATH, {
			specifyBody: 'json',
			jsonBody: `={{ ${JSON.stringify({
				apiKey: API_KEY,
				outgoingPhone: CALLER,
				record: { text: TEXT, gender: 0 },
			}).slice(0, -1)}, "phone": $json.phone } }}`,
		}),
	},
	send: {
		id: 'send',
		label: 'Send Flash Call: one plain path',
		requests: each,
		atOnce: 10,
		node: (_, { plusofon }) =>
			own(
				'plusofon',
				{
					resource: 'verification',
					operation: 'sendFlashCall',
					phone: '={{ $json.phone }}',
					options: {},
				},
				plusofon,
			),
	},
	httpSend: {
		id: 'httpSend',
		label: 'HTTP Request node: the same call, one expression',
		requests: each,
		node: httpRequest(SEND_PATH, pairs({ phone: '={{ $json.phone }}' })),
	},
} satisfies Record<string, Way>;

export type WayId = keyof typeof WAYS;

function webhook(path: string, responseData: string): INode {
	const node = nodeOf(START, 'n8n-nodes-base.webhook', 2, {
		httpMethod: 'POST',
		path,
		responseMode: 'lastNode',
		responseData,
		options: {},
	});
	return { ...node, webhookId: path };
}

/** A flow that makes as many items as a POST says and ends with the measured node. */
export function measuredFlow(path: string, node: INode): WorkflowFile {
	return chain(`Bench: ${path}`, [
		webhook(path, 'noData'),
		nodeOf('Make items', 'n8n-nodes-base.set', 3.4, {
			mode: 'raw',
			jsonOutput: ITEMS,
			options: {},
		}),
		nodeOf('One by one', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'items', options: {} }),
		node,
	]);
}

/** A flow that answers with what its last node gives; without one it is as empty as flows are. */
export function answeringFlow(path: string, node?: INode): WorkflowFile {
	const last = node ?? nodeOf('Nothing', 'n8n-nodes-base.noOp', 1, {});
	return chain(`Bench: ${path}`, [webhook(path, 'firstEntryJson'), last]);
}

/** A call with what was posted. */
export const CALL_OF_POST: Way['node'] = checkPin({
	key: '={{ $json.body.key }}',
	pin: '={{ $json.body.pin }}',
});
