import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { describeCredentials, describeProperties } from '../shared/describe';
import { executeOperation } from '../shared/execute';
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
		outputs: [NodeConnectionTypes.Main],
		credentials: describeCredentials(resources),
		properties: describeProperties(resources),
	};

	methods = { listSearch, loadOptions };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeOperation(this, resources);
	}
}
