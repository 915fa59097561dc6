import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { openApi } from './api';
import { runPool } from './concurrency';
import { asFailure, Failure, toErrorJson, toNodeError } from './errors';
import { fieldsOf } from './describe';
import { takeRows } from './fields/list';
import { commonOptions, PRESET_ITEMS_AT_ONCE, PRESET_TIMEOUT_SECONDS } from './fields/options';
import type { Operation, Resource } from './operation';
import { coerce, paramReader } from './params';
import { PlacedCalls } from './placed';

type Outcome = { rows: IDataObject[] } | { failure: Failure };

/**
 * Runs the chosen operation for every item: the one loop of all nodes. It owns the order of the
 * output, pairing, Continue On Fail, how many items are worked on at once, and the memory of what
 * was already sent for money in this execution.
 */
export async function executeOperation(
	context: IExecuteFunctions,
	resources: readonly Resource[],
): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	if (items.length === 0) return [[]];

	const { resource, operation } = chosenOperation(context, resources);
	const goOn = context.continueOnFail();
	const outcomes: Outcome[] = [];
	try {
		const { itemsAtOnce, timeout } = readSettings(context);
		const placed = placedCalls(context, resource, operation);
		const runItem = itemRunner(context, resource, operation, placed, timeout * 1000);
		await runPool(items.length, itemsAtOnce, async (itemIndex) => {
			const outcome = await runItem(itemIndex);
			outcomes[itemIndex] = outcome;
			return goOn || 'rows' in outcome;
		});
		if (outcomes.every((outcome) => 'rows' in outcome)) placed?.forget();
	} catch (thrown) {
		// The settings themselves are wrong: nothing was sent, and every item says so.
		const failure = asFailure(thrown);
		items.forEach((_, itemIndex) => (outcomes[itemIndex] = { failure }));
	}
	return [toItems(context, outcomes, goOn)];
}

function chosenOperation(context: IExecuteFunctions, resources: readonly Resource[]) {
	const resourceValue = context.getNodeParameter('resource', 0);
	const operationValue = context.getNodeParameter('operation', 0);
	const resource = resources.find(({ value }) => value === resourceValue);
	const operation = resource?.operations.find(({ option }) => option.value === operationValue);
	if (resource !== undefined && operation !== undefined) return { resource, operation };
	throw toNodeError(
		context.getNode(),
		new Failure({
			code: 'invalid_input',
			message: `The operation "${String(operationValue)}" does not exist for "${String(resourceValue)}"`,
			hint: 'Open the node and choose its resource and operation again.',
		}),
		0,
	);
}

function readSettings(context: IExecuteFunctions) {
	const options = coerce(commonOptions, context.getNodeParameter('options', 0, {})) as {
		itemsAtOnce?: number;
		timeout?: number;
	};
	return { itemsAtOnce: PRESET_ITEMS_AT_ONCE, timeout: PRESET_TIMEOUT_SECONDS, ...options };
}

function itemRunner(
	context: IExecuteFunctions,
	resource: Resource,
	operation: Operation,
	placed: PlacedCalls | undefined,
	timeoutMs: number,
): (itemIndex: number) => Promise<Outcome> {
	const { onceFor } = operation;
	const api = openApi(context, resource.api, { timeoutMs, once: onceFor !== undefined });
	const readParams = paramReader(context, fieldsOf(operation));
	const cancelled = context.getExecutionCancelSignal();

	const run = async (itemIndex: number): Promise<IDataObject[]> => {
		if (cancelled?.aborted) throw stopped();
		const params = readParams(itemIndex);
		const call = { api, params, itemIndex };
		if ('list' in operation) return await takeRows(operation.list(call), params);
		const send = async () => await operation.run(call);
		if (onceFor === undefined || placed === undefined) return [await send()];
		return [await placed.once(itemIndex, onceFor(params), send)];
	};

	return async (itemIndex) => {
		try {
			return { rows: await run(itemIndex) };
		} catch (thrown) {
			return { failure: asFailure(thrown) };
		}
	};
}

/** The memory of what this run has sent for money; none where n8n cannot name the execution. */
function placedCalls(
	context: IExecuteFunctions,
	resource: Resource,
	{ option, onceFor }: Operation,
): PlacedCalls | undefined {
	const execution = context.getExecutionId();
	if (onceFor === undefined || !execution) return undefined;
	const run = context.evaluateExpression('{{ $runIndex }}', 0);
	return new PlacedCalls(
		[execution, context.getNode().id, run, resource.value, option.value].join('/'),
	);
}

function toItems(
	context: IExecuteFunctions,
	outcomes: readonly Outcome[],
	goOn: boolean,
): INodeExecutionData[] {
	const hasErrorOutput = context.getNode().onError === 'continueErrorOutput';
	return outcomes.flatMap((outcome, itemIndex) => {
		const pairedItem = { item: itemIndex };
		if ('rows' in outcome) return outcome.rows.map((json) => ({ json, pairedItem }));
		if (!goOn) throw toNodeError(context.getNode(), outcome.failure, itemIndex);
		return { json: toErrorJson(outcome.failure, itemIndex, hasErrorOutput), pairedItem };
	});
}

function stopped(): Failure {
	return new Failure({
		code: 'cancelled',
		message: 'The execution was stopped before this item was sent',
		hint: 'Run the flow again if it was stopped by mistake.',
	});
}
