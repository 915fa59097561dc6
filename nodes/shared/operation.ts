import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Api, ApiDefinition } from './api';
import type { Failure } from './errors';
import type { Waiting } from './waiting/waiting';

type DeepReadonly<T> = T extends (...args: never[]) => unknown
	? T
	: T extends object
		? { readonly [K in keyof T]: DeepReadonly<T[K]> }
		: T;

/** An n8n property as it is written in an operation: a literal, so that its type can be read. */
export type Field = DeepReadonly<INodeProperties>;

type OptionValue<F> = F extends { options: readonly (infer Option)[] }
	? Option extends { value: infer Value }
		? Value
		: never
	: never;

type Members<F> = F extends { options: readonly (infer Member)[] } ? Member : never;

type Named<F, Name> = Extract<F, { name: Name }>;

type ValueOf<F> = F extends { type: 'options' }
	? F extends { options: readonly unknown[] }
		? OptionValue<F>
		: string
	: F extends { type: 'multiOptions' }
		? string[]
		: F extends { type: 'number' }
			? number
			: F extends { type: 'boolean' }
				? boolean
				: F extends { type: 'collection' }
					? { [Name in NameOf<Members<F>>]?: ValueOf<Named<Members<F>, Name>> }
					: F extends { type: 'fixedCollection' }
						? { [Name in NameOf<Members<F>>]?: GroupValue<F, Named<Members<F>, Name>> }
						: // Text, a number, a Date or a DateTime of n8n's: toUnixSeconds reads it.
							F extends { type: 'dateTime' }
							? unknown
							: string;

/** What one group of a fixedCollection holds: its members' values, in a list if it may be added often. */
type GroupValue<F, Group> = Group extends { values: readonly (infer Member)[] }
	? F extends { typeOptions: { multipleValues: true } }
		? Array<Values<Member>>
		: Values<Member>
	: never;

type NameOf<F> = F extends { name: infer Name extends string } ? Name : never;

/** The values of fields that stand side by side. One that depends on others may be absent. */
type Values<F> = {
	[Name in NameOf<F>]:
		| ValueOf<Named<F, Name>>
		| (Named<F, Name> extends { displayOptions: object } ? undefined : never);
};

/** The parameters an operation is given, read off its fields. */
export type Params<Fields extends readonly Field[]> = Values<Fields[number]>;

/** The parameters as the executor hands them over, before an operation's types are applied. */
export type AnyParams = Readonly<Record<string, unknown>>;

interface OperationOption {
	name: string;
	value: string;
	action: string;
	description: string;
}

/** A file of an incoming or outgoing item. */
export interface FileData {
	data: Buffer;
	fileName: string;
	mimeType: string;
}

interface ItemContext<P> {
	params: P;
	itemIndex: number;
	/** The workflow's time zone, e.g. `Europe/Moscow`. */
	timezone: string;
}

export interface OperationContext<P> extends ItemContext<P> {
	/** The API of the resource. */
	api: Api;
	/** Any other API that the node has a credential for. */
	open(definition: ApiDefinition): Api;
	/** Names the node within its workflow, to remember things by. */
	nodeId: string;
	/** Whether an AI agent uses the node as a tool, and reads what comes out. */
	isTool: boolean;
	/** Whether somebody tries the flow in the editor. */
	isManual: boolean;
	/** Reads the file that the item carries in `property`. */
	readFile(property: string): Promise<FileData>;
}

interface OperationBase<Fields extends readonly Field[], P> {
	option: OperationOption;
	fields: Fields;
	/** Whether it costs money or rings a phone; such an operation has `onceFor`, too. */
	costsMoney?: true;
	/**
	 * Present when the operation must not be done twice: it tells the target, e.g. the phone number,
	 * so that one item never reaches the same target twice within an execution.
	 */
	onceFor?(params: P): string;
	/**
	 * Present when doing it again would come to something else, as a code that was right counts once:
	 * while n8n runs the node again for other items, this one keeps its result. Names what it is about;
	 * it is saved with the execution, so secrets have to be digested.
	 */
	keptFor?(params: P): string;
}

interface RunOperation<P> {
	/** One request for one item, which becomes one item. */
	run(context: OperationContext<P>): Promise<IDataObject>;
}

interface FileOperation<P> {
	/** Like `run`, for an operation that brings a file; the field `binaryProperty` names its place. */
	download(context: OperationContext<P>): Promise<{ json: IDataObject; file: FileData }>;
}

/** What one item adds to a request: `target` tells it from the others, e.g. an ID or a phone. */
export interface BatchEntry {
	target: string;
	/** What the request carries for this target alone. */
	own?: IDataObject;
}

export interface BatchPart {
	/** What a request carries once: only items with an equal `shared` may travel together. */
	shared: IDataObject;
	entries: BatchEntry[];
	/** How many entries a request may carry. */
	most: number;
}

export type BatchAnswer = ReadonlyMap<string, IDataObject | readonly IDataObject[] | Failure>;

export interface Batch<P> {
	/** Checks an item and says what it asks for; sends nothing. */
	prepare(context: ItemContext<P>): BatchPart;
	/**
	 * Sends one request.
	 *
	 * @returns a row, several, or a failure by target; a target without any gives no row
	 */
	send(request: {
		api: Api;
		shared: IDataObject;
		entries: readonly BatchEntry[];
	}): Promise<BatchAnswer>;
}

interface BatchOperation<P> {
	/** Many items in few requests. */
	batch: Batch<P>;
}

interface WaitOperation<P> {
	/** Pauses the flow; for one item only. */
	wait: Waiting<P>;
}

interface ListOperation<P> {
	/** Rows for one item, read as long as the user wants more; Return All and Limit come by themselves. */
	list(context: OperationContext<P>): AsyncIterable<IDataObject>;
}

type OperationSpec<Fields extends readonly Field[], P> = OperationBase<Fields, P> &
	(RunOperation<P> | ListOperation<P> | FileOperation<P> | BatchOperation<P> | WaitOperation<P>);

/** An operation whose parameters' types were checked where it was defined. */
export type Operation = OperationSpec<readonly Field[], AnyParams>;

/** Defines one operation; `params` gets its type from `fields`. */
export function defineOperation<const Fields extends readonly Field[]>(
	spec: OperationSpec<Fields, Params<Fields>>,
): Operation {
	// Sound because the executor reads exactly the fields that Params was derived from.
	return spec as unknown as Operation;
}

/** A field shared by several operations; written once, so that the description carries it once. */
export function defineField<const F extends Field>(field: F): F {
	return field;
}

export interface Resource {
	name: string;
	value: string;
	/** The API and the credential of all its operations; none where each opens what it needs. */
	api?: ApiDefinition;
	operations: readonly Operation[];
	/** What is chosen where nobody has chosen yet; without it the first one. */
	preset?: Operation;
}
