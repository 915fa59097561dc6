import type { IDataObject, IExecuteData, IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import { Failure } from '../errors';
import { withoutSent } from '../placed';
import type { Outcome } from './waiting';

/** What an execution keeps of a wait, on its stack; n8n saves it with the execution. */
export interface Suspended {
	/** Names this one wait. */
	id: string;
	/** The IDs of the waits that this one follows. */
	earlier: string[];
	/** Milliseconds since 1970 after which nothing is accepted any more. */
	until: number;
	/** Milliseconds since 1970 at which the node is asked what comes next; at latest `until`. */
	wakeAt: number;
	state: IDataObject;
	/** How the wait ended; missing when its time ran out. */
	outcome?: Outcome;
}

/** Where the wait stands among what n8n keeps of a step. */
const MARK = 'flashcallWait';

/**
 * Stands in a node's class for what it does with a chat message. Before 2.39 n8n's chat may end any
 * wait with what was typed there as the node's own output, unless the node deals with it. This is no
 * function: there such a message comes to nothing, and later versions see that the node takes none.
 */
export const NO_CHAT = Object.freeze({}) as unknown as undefined;

/**
 * Pauses the execution until its webhook is called or the time is up.
 *
 * n8n itself only passes a waiting node's input on when the time is up, to the first output, and
 * never runs the node again. So the node is put on the execution's stack a second time, behind the
 * wait: whatever ends it, the node itself runs and says what comes of it. Whatever goes wrong, n8n
 * has nothing to pass on.
 */
export async function suspend(context: IExecuteFunctions, wait: Suspended): Promise<void> {
	const stack = stackOf(context);
	if (stack === undefined) throw cannotWait();
	const step = context.getExecuteData();
	stack.unshift({
		...step,
		// A copy: n8n disables the node of the step that waits.
		node: structuredClone(step.node),
		metadata: { ...withoutSent(step.metadata), [MARK]: wait } as IExecuteData['metadata'],
	});
	step.data = { main: [] };
	// Or n8n would put what a sub-workflow gives that ends meanwhile on the first output.
	step.metadata = {
		...step.metadata,
		waitingChildExecutionIds: [context.getExecutionId()],
	} as IExecuteData['metadata'];
	await context.putExecutionToWait(new Date(wait.wakeAt));
}

/** @throws Failure when this n8n cannot do what a wait needs, before anything is sent */
export function assertCanWait(context: IExecuteFunctions): void {
	if (stackOf(context) === undefined) throw cannotWait();
	// n8n 1 lets it go on with its own input, as if nobody had been asked anything.
	const { parentExecution } = runDataOf(context) ?? {};
	const isAwaited = parentExecution !== undefined && parentExecution.shouldResume !== false;
	if (isAwaited && !endsOnce(context)) throw isAwaitedInVain();
}

/**
 * Keeps n8n from putting an empty item on the first output, which it does at Always Output Data
 * whatever the node says: there the first output means that a person is verified.
 */
export function withoutEmptyItem(context: IExecuteFunctions): void {
	const step = context.getExecuteData();
	step.node = { ...step.node, alwaysOutputData: false };
}

/** The wait that is over, when the node runs to say what came of it. */
export function finishedWait(context: IExecuteFunctions): Suspended | undefined {
	return waitOf(context.getExecuteData());
}

/** The wait that a request is for; what is changed in it is saved when the execution goes on. */
export function currentWait(context: IWebhookFunctions): Suspended | undefined {
	return waitOf(stackOf(context)?.[1]);
}

function waitOf(step: IExecuteData | undefined): Suspended | undefined {
	return (step?.metadata as { [MARK]?: Suspended } | undefined)?.[MARK];
}

/** Whether n8n itself lets a wait end only once. Every n8n that puts a token into resume URLs does. */
export function endsOnce(context: IExecuteFunctions | IWebhookFunctions): boolean {
	return resumeTokenOf(context) !== undefined;
}

/** n8n's token for the pages of an execution; its retries have the same. */
export function resumeTokenOf(context: IExecuteFunctions | IWebhookFunctions): string | undefined {
	return runDataOf(context)?.resumeToken;
}

function stackOf(context: IExecuteFunctions | IWebhookFunctions): IExecuteData[] | undefined {
	return runDataOf(context)?.executionData?.nodeExecutionStack;
}

interface RunData {
	resumeToken?: string;
	/** Of the flow that has started this one. */
	parentExecution?: { shouldResume?: boolean };
	executionData?: { nodeExecutionStack?: IExecuteData[] };
}

// n8n has no other way to it; the shape is the same from 1.x to 2.x, and its absence is noticed.
function runDataOf(context: IExecuteFunctions | IWebhookFunctions): RunData | undefined {
	return (context as { runExecutionData?: RunData }).runExecutionData;
}

function cannotWait(): Failure {
	return new Failure({
		code: 'cannot_wait',
		message: 'This version of n8n cannot pause for this operation. Nothing was sent',
		hint: 'Use the operations that do not wait, with a trigger or a check after them.',
	});
}

function isAwaitedInVain(): Failure {
	return new Failure({
		code: 'cannot_wait',
		message:
			'Another workflow waits for this one, and this version of n8n may not tell it what came of the wait. Nothing was sent',
		hint: 'Turn off Wait For Sub-Workflow Completion there, put this node into that workflow, or update n8n to 2.14 or newer.',
	});
}
