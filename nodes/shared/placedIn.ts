import { createHash, randomUUID } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { Operation, Resource } from './operation';
import { otherRetries, otherToolCalls } from './otherRuns';
import type { OtherRuns } from './otherRuns';
import { PlacedCalls } from './placed';
import { isToolType } from './tool';
import { resumeTokenOf } from './waiting/suspension';

/** The memory of what this step has sent for money, or of what its checks came to. */
export function placedCalls(
	context: IExecuteFunctions,
	resource: Resource,
	operation: Operation,
): PlacedCalls | undefined {
	const { option, onceFor, keptFor } = operation;
	if (onceFor === undefined && keptFor === undefined) return undefined;
	const { id } = context.getNode();
	const scope = [id, runOf(context), resource.value, option.value].join('/');
	if (onceFor === undefined)
		return new PlacedCalls(context.getExecuteData(), scope, { keepsFailures: false });
	const others = otherRuns(context, scope, 'wait' in operation);
	return new PlacedCalls(context.getExecuteData(), scope, { keepsFailures: true, others });
}

// n8n counts each try of a tool as a run of its own.
function runOf(context: IExecuteFunctions): string {
	return isToolType(context.getNode().type)
		? 'tool'
		: String(context.getWorkflowDataProxy(0).$runIndex);
}

function otherRuns(
	context: IExecuteFunctions,
	scope: string,
	isWait: boolean,
): OtherRuns | undefined {
	if (isToolType(context.getNode().type)) {
		return otherToolCalls(`${context.getWorkflow().id ?? ''}/${scope}`);
	}
	const failed = failedExecution(context);
	return failed === undefined ? undefined : otherRetries(`${failed}/${scope}`, isWait);
}

/** Names an execution for its retries: they begin with all that it had, and not with its ID. */
const EXECUTION = 'flashcallExecution';

/**
 * The execution that this one retries; each is given a name in case that it is retried itself. n8n's
 * own token stands in its data from the start, also when it fails before it comes to this node.
 */
function failedExecution(context: IExecuteFunctions): string | undefined {
	const kept = context.getContext('flow');
	kept[EXECUTION] ??= nameFrom(resumeTokenOf(context) ?? randomUUID());
	return context.getMode() === 'retry' ? String(kept[EXECUTION]) : undefined;
}

// The token itself opens the pages of waits.
function nameFrom(token: string): string {
	return createHash('sha256').update(token).digest('base64url');
}

/**
 * The turn that a run has to wait for: retries of one execution know of each other when each is
 * through, and so do calls of a tool that are sent as a batch.
 */
export function turnOf(context: IExecuteFunctions, operation: Operation): string | undefined {
	const { id, type } = context.getNode();
	if (operation.onceFor === undefined) return undefined;
	if (isToolType(type)) {
		return 'batch' in operation ? `tool/${context.getWorkflow().id ?? ''}/${id}` : undefined;
	}
	const failed = failedExecution(context);
	return failed && [failed, id, runOf(context)].join('/');
}
