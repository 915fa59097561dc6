import type { IDataObject } from 'n8n-workflow';
import type { Api, ApiDefinition } from '../api';
import type { OperationContext } from '../operation';
import type { Page } from './page';

/** Where the world outside reaches a waiting execution. */
export interface Hook {
	/** Resumes nothing by itself: what comes here is asked about by `receive`. */
	url: string;
	/** Names this one wait, so that a call for an earlier one does not count for a later one. */
	id: string;
	/** Milliseconds since 1970 after which nothing is accepted any more. */
	until: number;
	/** Milliseconds since 1970 at which the operation is asked what comes next; at latest `until`. */
	wakeAt: number;
}

/** What an operation knows of its wait when something happens to it. */
export interface WaitContext {
	/** The API of the resource. */
	api: Api;
	/** Any other API that the node has a credential for. */
	open(definition: ApiDefinition): Api;
	id: string;
	/** A retry of an execution may have a wait of the same ID. */
	executionId: string;
	until: number;
	/** Milliseconds since 1970. */
	now: number;
	/** What `start` left. It stands in the execution's data: secrets have to be sealed. */
	state: IDataObject;
}

/** A request to the wait's URL. */
export interface WaitRequest {
	method: 'GET' | 'POST';
	/** The path of the address, without what stands behind the question mark. */
	path: string;
	query: IDataObject;
	headers: IDataObject;
	/** What was posted, read as JSON or as a form; empty when it is neither. */
	body: IDataObject;
	/** The same as it came: JSON may also be a list. */
	content: unknown;
}

/** How a wait ends: one item on one of the outputs. */
export interface Outcome {
	output: string;
	json: IDataObject;
}

export interface Reply {
	status: number;
	json: IDataObject;
	/** The same for a person with a browser; without it, JSON is shown. */
	page?: Page;
	/** Ends the wait; left out, it goes on. */
	outcome?: Outcome;
}

export interface TimeOutContext extends WaitContext {
	/** Where the world reaches a wait that follows this one, with the same end. */
	newHook(patienceSeconds?: number): Hook;
}

/** A wait that follows one whose time is over. */
export interface NextWait {
	hook: Hook;
	state: IDataObject;
}

/** The outputs of a waiting operation. */
export interface Outputs {
	names: readonly string[];
	/** Further outputs, one for each value chosen in a field; they stand in the order of the labels. */
	chosen?: { parameter: string; labels: Readonly<Record<string, string>> };
	/** Where an item goes that could not be worked on, when the node continues. */
	failure: string;
}

/** The body of an operation that pauses the flow until somebody outside has acted. */
export interface Waiting<P> {
	outputs: Outputs;
	/** How long to wait at most, in seconds. */
	limitSeconds(params: P): number;
	/** After how many seconds `timeOut` is asked first; left out or undefined, at the end. */
	patienceSeconds?(state: IDataObject): number | undefined;
	/** Does what the wait is for, once, and says what has to be known later. */
	start(context: OperationContext<P> & { hook: Hook }): Promise<IDataObject>;
	/** Answers a request that came in time. */
	receive(request: WaitRequest, context: WaitContext): Promise<Reply>;
	/** What a person sees who comes when the wait is over; left out, JSON is shown. */
	over?(state: IDataObject): Page;
	/** Says how a wait ends that nobody has ended, or what to wait for next. */
	timeOut(context: TimeOutContext): Promise<Outcome | NextWait>;
}

/** The names of all outputs for the values that a node's fields have. */
export function outputNames(
	{ names, chosen }: Outputs,
	parameters: Readonly<Record<string, unknown>>,
): string[] {
	if (chosen === undefined) return [...names];
	const values = [parameters[chosen.parameter] ?? []].flat().map(String);
	const further = Object.entries(chosen.labels).filter(([value]) => values.includes(value));
	return [...names, ...further.map(([, label]) => label)];
}
