import { randomUUID } from 'node:crypto';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ALONE, asFailure, Failure, toErrorItem, toNodeError } from '../errors';
import { itemContext, prepareExecution } from '../execution';
import type { Execution } from '../execution';
import type { Operation, Resource } from '../operation';
import type { PlacedCalls } from '../placed';
import { maySay } from './ending';
import { assertCanWait, endsOnce, finishedWait, suspend, withoutEmptyItem } from './suspension';
import type { Suspended } from './suspension';
import { outputNames } from './waiting';
import type { Hook, NextWait, Outcome } from './waiting';

/** How far n8n's alarm may be before its time. */
const EARLY_MS = 1000;

type WaitingOperation = Extract<Operation, { wait: unknown }>;

/**
 * Runs a waiting operation: the first time it does what the wait is for and pauses the execution,
 * the second time, when the wait is over, it puts the outcome on its output.
 */
export async function executeWaiting(
	context: IExecuteFunctions,
	resource: Resource,
	operation: WaitingOperation,
): Promise<INodeExecutionData[][]> {
	const names = outputNames(operation.wait.outputs, context.getNode().parameters);
	try {
		const execution = prepareExecution(context, resource, operation);
		// The step of a tool is that of the agent.
		if (!execution.asTool) withoutEmptyItem(context);
		const wait = finishedWait(context);
		if (wait !== undefined) {
			const outcome = await finishWait(execution, operation, wait);
			if (outcome !== undefined) {
				const { output, json } = outcome;
				return onOutput(names, output, { json, pairedItem: { item: 0 } });
			}
		} else {
			await startWait(execution, operation);
		}
		return names.map(() => []);
	} catch (thrown) {
		const failure = asFailure(thrown);
		if (!context.continueOnFail()) throw toNodeError(context.getNode(), failure, ALONE);
		const hasErrorOutput = context.getNode().onError === 'continueErrorOutput';
		const item = toErrorItem(failure, ALONE, hasErrorOutput);
		return onOutput(names, operation.wait.outputs.failure, item);
	}
}

async function startWait(execution: Execution, { wait, onceFor }: WaitingOperation): Promise<void> {
	const { context, placed } = execution;
	assertReady(execution);
	const call = itemContext(execution, 0);
	const start = async () => {
		const until = Date.now() + wait.limitSeconds(call.params) * 1000;
		const hook = hookFor(context, until);
		const state = await wait.start({ ...call, hook });
		return { hook: { ...hook, wakeAt: wakeAt(until, wait.patienceSeconds?.(state)) }, state };
	};
	const target = onceFor?.(call.params);
	const first = target === undefined ? await start() : await once(placed, target, start);
	await pause(context, first, []);
	placed?.forget();
}

/** The outcome of a wait that is over; none when it goes on, or another wait follows. */
async function finishWait(
	{ context, api, open, placed }: Execution,
	{ wait: { timeOut } }: WaitingOperation,
	wait: Suspended,
): Promise<Outcome | undefined> {
	const { id, until, wakeAt: due, state, outcome } = wait;
	const now = Date.now();
	// n8n forgets no alarm: that of an earlier wait, which a request has ended, rings in this one.
	if (outcome === undefined && now < due - EARLY_MS) {
		await suspend(context, wait);
		return undefined;
	}
	if (!endsOnce(context) && !maySay(context.getExecutionId(), wait, now)) return undefined;
	if (outcome !== undefined) return outcome;
	const executionId = context.getExecutionId();
	const newHook = (patience?: number) => hookFor(context, until, patience);
	const end = await once(placed, `after ${id}`, async () => {
		return await timeOut({ api, open, id, executionId, until, state, now, newHook });
	});
	if ('output' in end) return end;
	await pause(context, end, [...wait.earlier, id]);
	return undefined;
}

/** Does something that may cost money once, however often n8n tries the node again. */
async function once<T extends object>(
	placed: PlacedCalls | undefined,
	target: string,
	act: () => Promise<T>,
): Promise<T> {
	if (placed === undefined) return await act();
	// The memory keeps rows; what comes out of it is what went in.
	const [row] = await placed.once(0, target, async () => [(await act()) as IDataObject]);
	return row as T;
}

async function pause(
	context: IExecuteFunctions,
	{ hook: { id, until, wakeAt, url }, state }: NextWait,
	earlier: string[],
): Promise<void> {
	// For WAITING_TOOLTIP: the editor itself does not know n8n's token.
	context.setMetadata({ resumeUrl: url });
	await suspend(context, { id, earlier, until, wakeAt, state });
}

/** A new wait at the address of this execution, which has n8n's own token in it. */
function hookFor(context: IExecuteFunctions, until: number, patienceSeconds?: number): Hook {
	const url = String(context.evaluateExpression('{{ $execution.resumeUrl }}', 0));
	return { id: randomUUID(), until, wakeAt: wakeAt(until, patienceSeconds), url };
}

function wakeAt(until: number, patienceSeconds: number = Infinity): number {
	return Math.min(until, Date.now() + patienceSeconds * 1000);
}

/** @throws Failure `invalid_input` or `cannot_wait` before anything is sent */
function assertReady({ context, itemCount, asTool, assertRunning }: Execution): void {
	assertRunning();
	assertCanWait(context);
	if (itemCount > 1) {
		throw refused(
			`A waiting operation takes one item, and ${itemCount} came in`,
			'Put a Loop Over Items node or a sub-workflow in front, or let the workflow start once for each person.',
		);
	}
	if (context.getNode().alwaysOutputData === true) {
		throw refused(
			'Always Output Data is on, which would put an empty item on the first output',
			'Turn it off in the settings of the node: every outcome has an output anyway.',
		);
	}
	if (asTool) {
		throw refused(
			'A tool of an AI agent cannot wait',
			'Give the agent the operations that do not wait, e.g. one to send a code and one to check it.',
		);
	}
}

function refused(message: string, hint: string): Failure {
	return new Failure({ code: 'cannot_wait', message: `${message}. Nothing was sent`, hint });
}

function onOutput(
	names: readonly string[],
	output: string,
	item: INodeExecutionData,
): INodeExecutionData[][] {
	return names.map((name) => (name === output ? [item] : []));
}
