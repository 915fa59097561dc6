import type { INode } from 'n8n-workflow';

import { chain, nodeOf, noOp } from '../host/flows';
import type { Credential, WorkflowFile } from '../host/n8n';
import { NOT_VERIFIED, VERIFIED } from '../host/waiting';

const STEP = 220;

/** Puts nodes next to each other, so that each can be seen. */
function inARow(nodes: INode[]): INode[] {
	return nodes.map((node, index) => ({ ...node, position: [index * STEP, 0] }));
}

function person(phone: string): INode[] {
	return [
		nodeOf('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
		nodeOf('Person', 'n8n-nodes-base.set', 3.4, {
			mode: 'raw',
			jsonOutput: JSON.stringify({ name: 'Elena', phone }),
			options: {},
		}),
	];
}

/** A person, and a node for them that nobody has filled in yet. */
export function flowFor(node: string, type: string, phone: string): WorkflowFile {
	const fresh = nodeOf(node, `n8n-nodes-flashcall.${type}`, 1, {});
	return chain(`Try ${node}`, inARow([...person(phone), fresh]));
}

/** A person, a node that waits for them, and a node for each outcome. */
export function waitingFlowFor(
	node: string,
	{ type, operation, credential }: { type: string; operation: string; credential: Credential },
	phone: string,
): WorkflowFile {
	const waits = nodeOf(node, `n8n-nodes-flashcall.${type}`, 1, {
		resource: 'verification',
		operation,
		phone: '={{ $json.phone }}',
	});
	const { type: wanted, id, name } = credential;
	const flow = chain(
		`Wait with ${node}`,
		inARow([...person(phone), { ...waits, credentials: { [wanted]: { id, name } } }]),
	);
	const outcomes = [VERIFIED, NOT_VERIFIED];
	return {
		...flow,
		nodes: [
			...flow.nodes,
			...outcomes.map((outcome, index): INode => {
				return { ...noOp(outcome), position: [3.5 * STEP, index * STEP - STEP / 2] };
			}),
		],
		connections: {
			...flow.connections,
			[node]: { main: outcomes.map((outcome) => [{ node: outcome, type: 'main', index: 0 }]) },
		},
	};
}
