import type { IExecuteFunctions } from 'n8n-workflow';
import { apiOpener } from './api';
import type { Api, ApiDefinition } from './api';
import { fieldsOf } from './describe';
import { ALONE, asFailure, Failure, invalidInput, toNodeError } from './errors';
import { commonOptions, PRESET_ITEMS_AT_ONCE, PRESET_TIMEOUT_SECONDS } from './fields/options';
import type { AnyParams, FileData, Operation, OperationContext, Resource } from './operation';
import { coerce, evaluated, paramReader } from './params';
import { Pace } from './pace';
import type { PlacedCalls } from './placed';
import { placedCalls } from './placedIn';
import { isToolType } from './tool';

/** What all items of one execution share. */
export interface Execution {
	context: IExecuteFunctions;
	operation: Operation;
	api: Api;
	open(definition: ApiDefinition): Api;
	itemCount: number;
	itemsAtOnce: number;
	goOn: boolean;
	timezone: string;
	/** Workflow and node. */
	nodeId: string;
	/** Whether an AI agent runs the node. */
	asTool: boolean;
	readParams(itemIndex: number): AnyParams;
	placed: PlacedCalls | undefined;
	/** Throws when nothing may be sent any more. */
	assertRunning(): void;
}

/**
 * The resource and operation that the node is set to; undefined when they do not exist and the node
 * is to continue all the same.
 */
export function chosenOperation(context: IExecuteFunctions, resources: readonly Resource[]) {
	const [resourceValue, operationValue] = ['resource', 'operation'].map((name) =>
		readChoice(context, name),
	);
	const resource = resources.find(({ value }) => value === resourceValue);
	const operation = resource?.operations.find(({ option }) => option.value === operationValue);
	if (resource !== undefined && operation !== undefined) return { resource, operation };
	const failure = new Failure({
		code: 'invalid_input',
		message: `The operation "${String(operationValue)}" does not exist for "${String(resourceValue)}"`,
		hint: 'Open the node and choose its resource and operation again.',
	});
	if (!context.continueOnFail()) throw toNodeError(context.getNode(), failure, ALONE);
	context.logger.error(`${context.getNode().name}: ${failure.message}. ${failure.hint}`);
	return undefined;
}

/** What does not suit the rest of the node's settings, n8n does not find; some expressions fail. */
function readChoice(context: IExecuteFunctions, name: string): unknown {
	try {
		return context.getNodeParameter(name, 0, '');
	} catch (thrown) {
		return asFailure(thrown).message;
	}
}

export function prepareExecution(
	context: IExecuteFunctions,
	resource: Resource,
	operation: Operation,
): Execution {
	const { itemsAtOnce, requestsPerSecond, timeout } = readSettings(context);
	const cancelled = context.getExecutionCancelSignal();
	const once = operation.onceFor !== undefined;
	const node = context.getNode();
	const assertRunning = () => {
		if (cancelled?.aborted) throw stopped();
	};
	const pace = new Pace(requestsPerSecond);
	const open = apiOpener(context, { timeoutMs: timeout * 1000, once, pace, assertRunning });
	return {
		context,
		operation,
		api: resourceApi(resource, open),
		open,
		itemCount: context.getInputData().length,
		itemsAtOnce,
		goOn: context.continueOnFail(),
		timezone: context.getTimezone(),
		nodeId: `${context.getWorkflow().id ?? ''}/${node.id}`,
		asTool: isToolType(node.type),
		readParams: paramReader(context, fieldsOf(operation)),
		placed: placedCalls(context, resource, operation),
		assertRunning,
	};
}

/** The API of a resource. One that opens its APIs by itself is never asked for it. */
export function resourceApi(
	{ name, api }: Resource,
	open: (definition: ApiDefinition) => Api,
): Api {
	if (api !== undefined) return open(api);
	return new Proxy({} as Api, {
		get() {
			throw new RangeError(`${name} has no API of its own`);
		},
	});
}

/** What an operation gets of one item, whatever its kind. */
export function itemContext(
	{ context, api, open, timezone, nodeId, asTool, readParams }: Execution,
	itemIndex: number,
): OperationContext<AnyParams> {
	return {
		api,
		open,
		params: readParams(itemIndex),
		itemIndex,
		timezone,
		nodeId,
		isTool: asTool,
		isManual: context.getMode() === 'manual',
		readFile: async (property) => await fileOf(context, itemIndex, property),
	};
}

/** The settings of the run: those of the first item, and no option beside them. */
function readSettings(context: IExecuteFunctions) {
	const read = (name: string): number | undefined => {
		const field = commonOptions.options.find((option) => option.name === name);
		if (field === undefined) return undefined;
		const given = evaluated(field, () => context.getNodeParameter(`options.${name}`, 0, null));
		return given === null ? undefined : (coerce(field, given) as number);
	};
	return {
		itemsAtOnce: read('itemsAtOnce') ?? PRESET_ITEMS_AT_ONCE,
		requestsPerSecond: read('requestsPerSecond'),
		timeout: read('timeout') ?? PRESET_TIMEOUT_SECONDS,
	};
}

async function fileOf(
	context: IExecuteFunctions,
	itemIndex: number,
	property: string,
): Promise<FileData> {
	const binary = context.getInputData()[itemIndex]?.binary?.[property];
	if (binary === undefined) {
		throw invalidInput(
			'Input Data Field Name',
			`names "${property}", which holds no file in this item`,
			'Enter the name that the node before shows above its file.',
		);
	}
	return {
		data: await context.helpers.getBinaryDataBuffer(itemIndex, property),
		fileName: binary.fileName ?? property,
		mimeType: binary.mimeType,
	};
}

function stopped(): Failure {
	return new Failure({
		code: 'cancelled',
		message: 'The execution was stopped before this item was sent',
		hint: 'Before you run it again, look in the cabinet of the provider which items went out: they would be sent again.',
	});
}
