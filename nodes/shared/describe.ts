import type {
	INodeCredentialDescription,
	INodeProperties,
	INodePropertyOptions,
	NodePropertyTypes,
} from 'n8n-workflow';
import { listFields } from './fields/list';
import type { Field, Operation, Resource } from './operation';

/** Says where in the editor a resource's operations, or one of them, are shown. */
type Place = { resource: string[]; operation?: string[] };

/** Builds a node's properties from its resources: nobody writes `displayOptions` for them by hand. */
export function describeProperties(resources: readonly Resource[]): INodeProperties[] {
	const resource = { displayName: 'Resource', name: 'resource' };
	return [
		choice(
			resource,
			resources.map(({ name, value }) => ({ name, value })),
		),
		...resources.map(describeOperations),
		...resources.flatMap(describeFields),
	];
}

/** Builds a node's credentials: each is asked for where its operations are chosen. */
export function describeCredentials(resources: readonly Resource[]): INodeCredentialDescription[] {
	const types = [...new Set(resources.map(({ api }) => api.credentialType))];
	return types.map((name) => ({
		name,
		required: true,
		displayOptions: {
			show: {
				resource: resources
					.filter(({ api }) => api.credentialType === name)
					.map(({ value }) => value),
			},
		},
	}));
}

function describeOperations({ value, operations }: Resource): INodeProperties {
	const displayOptions = { show: { resource: [value] } };
	return choice(
		{ displayName: 'Operation', name: 'operation', displayOptions },
		operations.map(({ option }) => option),
	);
}

function choice(
	property: Pick<INodeProperties, 'displayName' | 'name' | 'displayOptions'>,
	options: INodePropertyOptions[],
): INodeProperties {
	const preset = options[0]?.value ?? '';
	return { ...property, type: 'options', noDataExpression: true, options, default: preset };
}

// A field that several operations share is one property shown for all of them: n8n walks a node's
// properties whenever it builds a workflow, so each one costs.
function describeFields({ value, operations }: Resource): INodeProperties[] {
	const shared = new Map<Field, string[]>();
	for (const operation of operations) {
		for (const field of fieldsOf(operation)) {
			shared.set(field, [...(shared.get(field) ?? []), operation.option.value]);
		}
	}
	return [...shared].map(([field, operation]) => placed(field, { resource: [value], operation }));
}

function placed(field: Field, place: Place): INodeProperties {
	// n8n's own type only lacks the `readonly` of ours.
	const property = structuredClone(field) as INodeProperties & { type: NodePropertyTypes };
	return {
		...property,
		displayOptions: {
			...property.displayOptions,
			show: { ...place, ...property.displayOptions?.show },
		},
	};
}

/** All fields of an operation: its own, and those that its kind brings. */
export function fieldsOf(operation: Operation): readonly Field[] {
	return 'list' in operation ? [...operation.fields, ...listFields] : operation.fields;
}

/** Every operation of a node with the resource it belongs to, in the editor's order. */
export function allOperations(
	resources: readonly Resource[],
): Array<{ resource: Resource; operation: Operation }> {
	return resources.flatMap((resource) =>
		resource.operations.map((operation) => ({ resource, operation })),
	);
}
