import type {
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import { runBatches } from './batch';
import { runPool } from './concurrency';
import { asFailure, toErrorItem, toNodeError } from './errors';
import type { Failure } from './errors';
import { chosenOperation, itemContext, prepareExecution } from './execution';
import type { Execution } from './execution';
import { takeRows } from './fields/list';
import type { AnyParams, FileData, Operation, Resource } from './operation';
import { inTurn } from './otherRuns';
import { turnOf } from './placedIn';
import { isToolType } from './tool';
import { executeWaiting } from './waiting/execute';
import { withoutEmptyItem } from './waiting/suspension';

type Row = { json: IDataObject; binary?: IBinaryKeyData };
type Outcome = { rows: Row[] } | { failure: Failure };

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

	const chosen = chosenOperation(context, resources);
	if (chosen === undefined) return nothing(context);
	const { resource, operation } = chosen;
	return await inTurn(turnOf(context, operation), async () =>
		'wait' in operation
			? await executeWaiting(context, resource, operation)
			: await executeItems(context, resource, operation),
	);
}

async function executeItems(
	context: IExecuteFunctions,
	resource: Resource,
	operation: Operation,
): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const outcomes: Outcome[] = [];
	try {
		const execution = prepareExecution(context, resource, operation);
		await ('batch' in operation
			? runAllInBatches(execution, operation.batch, outcomes)
			: runEach(execution, outcomes));
		const mayRunAgain = !execution.goOn || context.getNode().retryOnFail === true;
		if (!mayRunAgain || outcomes.every((outcome) => 'rows' in outcome)) execution.placed?.forget();
	} catch (thrown) {
		// The settings themselves are wrong: nothing was sent, and every item says so.
		const failure = asFailure(thrown);
		items.forEach((_, itemIndex) => (outcomes[itemIndex] = { failure }));
	}
	return [toItems(context, outcomes)];
}

/** No item, not even one that says so: the first output may stand for a person who is verified. */
function nothing(context: IExecuteFunctions): INodeExecutionData[][] {
	// The step of a tool is that of the agent.
	if (!isToolType(context.getNode().type)) withoutEmptyItem(context);
	return [];
}

/** Item by item, each with its own request. */
async function runEach(execution: Execution, outcomes: Outcome[]): Promise<void> {
	await runPool(execution.itemCount, execution.itemsAtOnce, async (itemIndex) => {
		let outcome: Outcome;
		try {
			execution.assertRunning();
			outcome = { rows: await runItem(execution, itemIndex) };
		} catch (thrown) {
			outcome = { failure: asFailure(thrown) };
		}
		outcomes[itemIndex] = outcome;
		return execution.goOn || 'rows' in outcome;
	});
}

async function runItem(execution: Execution, itemIndex: number): Promise<Row[]> {
	const { context, operation } = execution;
	const call = itemContext(execution, itemIndex);
	const { params } = call;
	if ('list' in operation) return asRows(await takeRows(operation.list(call), params));
	if ('download' in operation) {
		const { json, file } = await operation.download(call);
		return [{ json, binary: await binaryOf(context, file, params) }];
	}
	if ('run' in operation) {
		const send = async () => [await operation.run(call)];
		const target = (operation.onceFor ?? operation.keptFor)?.(params);
		if (target === undefined || execution.placed === undefined) return asRows(await send());
		return asRows(await execution.placed.once(itemIndex, target, send));
	}
	throw new RangeError('A batch is not run item by item');
}

async function runAllInBatches(
	execution: Execution,
	batch: Extract<Operation, { batch: unknown }>['batch'],
	outcomes: Outcome[],
): Promise<void> {
	const { operation, placed, itemCount, itemsAtOnce, ...run } = execution;
	const targets: string[] = [];
	const found = await runBatches(batch, {
		...run,
		count: itemCount,
		requestsAtOnce: itemsAtOnce,
		recall(itemIndex, params) {
			const target = operation.onceFor?.(params);
			if (target === undefined) return undefined;
			targets[itemIndex] = target;
			return placed?.recall(itemIndex, target);
		},
		remember(itemIndex, outcome) {
			const target = targets[itemIndex];
			if (target !== undefined) placed?.remember(itemIndex, target, outcome);
		},
	});
	// Not map(): an item that was never sent has no outcome, and stays without one.
	found.forEach((outcome, itemIndex) => {
		outcomes[itemIndex] = 'rows' in outcome ? { rows: asRows(outcome.rows) } : outcome;
	});
}

function asRows(rows: readonly IDataObject[]): Row[] {
	return rows.map((json) => ({ json }));
}

async function binaryOf(
	context: IExecuteFunctions,
	{ data, fileName, mimeType }: FileData,
	params: AnyParams,
): Promise<IBinaryKeyData> {
	const property = String(params.binaryProperty);
	return { [property]: await context.helpers.prepareBinaryData(data, fileName, mimeType) };
}

function toItems(context: IExecuteFunctions, outcomes: readonly Outcome[]): INodeExecutionData[] {
	const goOn = context.continueOnFail();
	const hasErrorOutput = context.getNode().onError === 'continueErrorOutput';
	return outcomes.flatMap((outcome, itemIndex): INodeExecutionData[] => {
		const pairedItem = { item: itemIndex };
		if ('rows' in outcome) return outcome.rows.map((row) => ({ ...row, pairedItem }));
		const item = { index: itemIndex, of: context.getInputData().length };
		if (!goOn) throw toNodeError(context.getNode(), outcome.failure, item);
		return [toErrorItem(outcome.failure, item, hasErrorOutput)];
	});
}
