import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { describeCredentials, describeProperties } from '../shared/describe';
import { executeOperation } from '../shared/execute';

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
		outputs: [NodeConnectionTypes.Main],
		credentials: describeCredentials(resources),
		properties: describeProperties(resources),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeOperation(this, resources);
	}
}
