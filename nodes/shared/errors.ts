import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import { isToolType } from './tool';

/**
 * What went wrong, as a stable word that flows may branch on (`{{ $json.code }}`). Published words
 * never change; provider tables may add words of their own.
 */
type SharedCode =
	| 'invalid_input'
	| 'missing_credential'
	| 'unsafe_base_url'
	| 'wrong_credential'
	| 'forbidden'
	| 'not_found'
	| 'rate_limited'
	| 'refused'
	| 'provider_down'
	| 'unexpected_answer'
	| 'answer_too_large'
	| 'redirect_refused'
	| 'not_reached'
	| 'timeout'
	| 'connection_lost'
	| 'cancelled'
	| 'may_have_been_sent'
	| 'internal';

export interface FailureDetails {
	// Beside the shared words: editors offer them, and any other is one too.
	code: SharedCode | (string & {});
	/** What happened, naming the field: a whole sentence without the final stop. */
	message: string;
	/** What to do next. */
	hint: string;
	/** The provider's HTTP status, where there was one. */
	status?: number;
	/** Whether the provider may have acted on the request although no proper answer came back. */
	ambiguous?: boolean;
	/** Whether the same request may well succeed a moment later. */
	passing?: boolean;
	/** For how long the provider wants no more requests, where it said so. */
	retryAfterSeconds?: number | undefined;
	/** What else a flow may want to know; stands beside the code. */
	facts?: IDataObject;
}

/** The one error that operations and the shared code throw; the executor turns it into n8n's own. */
export class Failure extends Error {
	readonly code: string;
	readonly hint: string;
	readonly status: number | undefined;
	readonly ambiguous: boolean;
	readonly passing: boolean;
	readonly retryAfterSeconds: number | undefined;
	readonly facts: IDataObject;

	constructor(details: FailureDetails) {
		super(details.message);
		this.name = 'Failure';
		this.code = details.code;
		this.hint = details.hint;
		this.status = details.status;
		this.ambiguous = details.ambiguous ?? false;
		this.passing = details.passing ?? false;
		this.retryAfterSeconds = details.retryAfterSeconds;
		this.facts = details.facts ?? {};
	}
}

/** A value the user has to change. Nothing was sent. */
export function invalidInput(field: string, problem: string, hint: string): Failure {
	return new Failure({ code: 'invalid_input', message: `${field} ${problem}`, hint });
}

/** What most likely comes of a wrong base URL: then checking it is the first thing to do. */
const MISCONFIGURED = new Set(['unexpected_answer', 'redirect_refused', 'answer_too_large']);

/**
 * Wraps a failure of a request that must not be sent twice, when the provider may have acted on it:
 * the word and the sentence say so.
 */
export function mayHaveBeenSent(failure: Failure, provider: string): Failure {
	return new Failure({
		code: 'may_have_been_sent',
		message: `${failure.message}. The request may have been carried out all the same`,
		hint: `It was not sent again, so that nobody is called and nothing is charged twice. Look in the ${provider} cabinet whether it went through before you send it again.${MISCONFIGURED.has(failure.code) ? ` ${failure.hint}` : ''}`,
		...(failure.status === undefined ? {} : { status: failure.status }),
		ambiguous: true,
	});
}

/** Whatever was thrown, as a Failure. Texts of unknown errors are n8n's own (expressions, cancelling). */
export function asFailure(thrown: unknown): Failure {
	if (thrown instanceof Failure) return thrown;
	if (thrown instanceof NodeOperationError || thrown instanceof NodeApiError) {
		return new Failure({
			code: 'internal',
			message: thrown.message,
			hint: thrown.description ?? '',
		});
	}
	const message = thrown instanceof Error ? thrown.message : String(thrown);
	return new Failure({
		code: isExpressionError(thrown) ? 'invalid_input' : 'internal',
		message,
		hint: isExpressionError(thrown)
			? 'Open the field and correct its expression.'
			: 'Run the node again. If it happens once more, report it with the steps that lead to it.',
	});
}

/** Which of how many items it is about. */
interface ItemPlace {
	index: number;
	of: number;
}

/** The place of an item that is alone. */
export const ALONE: ItemPlace = { index: 0, of: 1 };

/** The failure as the error n8n shows for a node that stops. */
export function toNodeError(
	node: INode,
	failure: Failure,
	item: ItemPlace,
): NodeApiError | NodeOperationError {
	const told = messageFor(failure, item);
	const { message, description } = isToolType(node.type)
		? forAgent(told, failure.hint)
		: { message: told, description: failure.hint };
	const itemIndex = item.index;
	const error =
		failure.status === undefined
			? new NodeOperationError(node, message, { description, itemIndex, level: 'warning' })
			: new NodeApiError(
					node,
					{},
					{ message, description, itemIndex, httpCode: String(failure.status) },
				);
	// n8n swaps a message that names a network error for advice of its own, such as to retry at once.
	error.message = message;
	error.context.code = failure.code;
	return error;
}

/**
 * The failure as an output item, when the node continues.
 *
 * @param forErrorOutput n8n moves an item to the error output when its JSON has no more than `error`,
 * `message` and `details`. Versions that do not know `details` look for an `error` beside the JSON;
 * hidden, it is gone when n8n has moved the item, and does not take the place of the JSON.
 */
export function toErrorItem(
	failure: Failure,
	place: ItemPlace,
	forErrorOutput: boolean,
): INodeExecutionData {
	const { code, hint: description, status, facts } = failure;
	const message = messageFor(failure, place);
	const item: INodeExecutionData = {
		json: {
			error: message,
			...(forErrorOutput ? {} : { code }),
			details: {
				code,
				description,
				...(status === undefined ? {} : { httpStatus: status }),
				...facts,
			},
		},
		pairedItem: { item: place.index },
	};
	if (forErrorOutput) Object.defineProperty(item, 'error', { value: { message } });
	return item;
}

// Of one item there is nothing to tell apart. n8n counts items from 0, in its own messages too.
function messageFor({ message }: Failure, { index, of }: ItemPlace): string {
	return of > 1 ? `Item ${index}: ${message}` : message;
}

/**
 * All that an agent hears is the message: n8n gives it no description. Nor may it hear the name of a
 * network fault, for which n8n tells it to ask again at once.
 */
function forAgent(message: string, hint: string) {
	const [told = '', description = ''] = [`${message}. ${hint}`.trim(), hint].map((text) =>
		text.replace(/ \([A-Z][A-Z\d_]+\)/g, ''),
	);
	return { message: told, description };
}

function isExpressionError(thrown: unknown): boolean {
	return thrown instanceof Error && thrown.constructor.name.startsWith('Expression');
}
