import { NodeHelpers, Workflow } from 'n8n-workflow';
import type { INode, INodeParameters, INodeType } from 'n8n-workflow';
import { describeOutputs } from '../../../../nodes/shared/waiting/outputs';
import { outputNames } from '../../../../nodes/shared/waiting/waiting';
import { allOperations } from '../../../../nodes/shared/describe';
import { nodeTypes } from '../../../support/engine';
import { resources as mobilgroup } from '../../../../nodes/Mobilgroup/resources';
import { resources as plusofon } from '../../../../nodes/Plusofon/resources';

/** The outputs that n8n sees, evaluated as it does. */
function outputsOf(type: string, parameters: INodeParameters, onError?: INode['onError']) {
	const node: INode = {
		id: 'node',
		name: 'Node',
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		...(onError === undefined ? {} : { onError }),
	};
	const nodeType = nodeTypes[type] as INodeType;
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: {
			getByName: () => nodeType,
			getByNameAndVersion: () => nodeType,
			getKnownTypes: () => ({}),
		},
	});
	return NodeHelpers.getNodeOutputs(workflow, node, nodeType.description).map((output) =>
		typeof output === 'string' ? output : output.displayName,
	);
}

const NAMES = ['Verified', 'Not Verified'];

it.each([
	['mobilgroup', 'sendCodeAndWait', {}, NAMES],
	['mobilgroup', 'sendCodeAndWait', { onWrongCode: 'keepWaiting' }, NAMES],
	['mobilgroup', 'sendCodeAndWait', { onWrongCode: 'leave' }, [...NAMES, 'Wrong Code']],
	['plusofon', 'requestCallAndWait', { onWrongCode: 'leave' }, NAMES],
	['plusofon', 'sendCodeAndWait', { onWrongCode: 'leave' }, [...NAMES, 'Wrong Code']],
	['plusofon', 'sendFlashCall', {}, ['main']],
	['plusofon', 'unheardOf', {}, ['main']],
])('n8n sees the outputs of %s %s with %j', (type, operation, parameters, names) => {
	expect(outputsOf(type, { resource: 'verification', operation, ...parameters })).toEqual(names);
});

it('n8n adds an output for errors behind them', () => {
	const parameters = { resource: 'verification', operation: 'requestCallAndWait' };

	expect(outputsOf('plusofon', parameters, 'continueErrorOutput')).toEqual([...NAMES, 'Error']);
});

it.each([
	['mobilgroup', mobilgroup],
	['plusofon', plusofon],
])('what n8n sees of %s is what the node fills', (type, resources) => {
	for (const { resource, operation } of allOperations(resources)) {
		if (!('wait' in operation)) continue;
		for (const onWrongCode of ['keepWaiting', 'leave', undefined]) {
			const parameters: INodeParameters = {
				resource: resource.value,
				operation: operation.option.value,
				...(onWrongCode === undefined ? {} : { onWrongCode }),
			};

			expect(outputsOf(type, parameters)).toEqual(outputNames(operation.wait.outputs, parameters));
		}
	}
	// Two braces in a row end an expression before its time.
	expect(String(describeOutputs(resources)).slice(3, -2)).not.toContain('}}');
});
