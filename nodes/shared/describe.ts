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
	const types = [...new Set(resources.flatMap(({ api }) => api?.credentialType ?? []))];
	return types.map((name) => ({
		name,
		required: true,
		displayOptions: {
			show: {
				resource: resources
					.filter(({ api }) => api?.credentialType === name)
					.map(({ value }) => value),
			},
		},
	}));
}

function describeOperations({ value, operations, preset }: Resource): INodeProperties {
	const displayOptions = { show: { resource: [value] } };
	return choice(
		{ displayName: 'Operation', name: 'operation', displayOptions },
		operations.map(({ option }) => option),
		preset?.option.value,
	);
}

function choice(
	property: Pick<INodeProperties, 'displayName' | 'name' | 'displayOptions'>,
	options: INodePropertyOptions[],
	preset = options[0]?.value ?? '',
): INodeProperties {
	return { ...property, type: 'options', noDataExpression: true, options, default: preset };
}

// A field that several operations share is one property shown for all of them: n8n walks a node's
// properties whenever it builds a workflow, so each one costs.
function describeFields({ value, operations }: Resource): INodeProperties[] {
	const lists = operations.map(fieldsOf);
	return inOneOrder(lists).map((field) => {
		const users = operations.filter((_, index) => lists[index]?.includes(field));
		return shownAt(field, {
			resource: [value],
			operation: users.map(({ option }) => option.value),
		});
	});
}

/** All fields once, so that those of each operation stay in the order the operation has them. */
function inOneOrder(lists: ReadonlyArray<readonly Field[]>): Field[] {
	const waiting = new Set(lists.flat());
	const ordered: Field[] = [];
	while (waiting.size > 0) {
		const isNext = (field: Field) =>
			lists.every((list) => {
				const before = list.slice(0, Math.max(0, list.indexOf(field)));
				return !before.some((one) => waiting.has(one));
			});
		const next = [...waiting].find(isNext);
		if (next === undefined)
			throw new RangeError('Operations order their shared fields differently');
		waiting.delete(next);
		ordered.push(next);
	}
	return ordered;
}

function shownAt(field: Field, place: Place): INodeProperties {
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

/** All fields of an operation: its own, and before the options those that its kind brings. */
export function fieldsOf(operation: Operation): readonly Field[] {
	if (!('list' in operation)) return operation.fields;
	const options = operation.fields.filter(({ name }) => name === 'options');
	const others = operation.fields.filter(({ name }) => name !== 'options');
	return [...others, ...listFields, ...options];
}

/** Every operation of a node with the resource it belongs to, in the editor's order. */
export function allOperations(
	resources: readonly Resource[],
): Array<{ resource: Resource; operation: Operation }> {
	return resources.flatMap((resource) =>
		resource.operations.map((operation) => ({ resource, operation })),
	);
}
