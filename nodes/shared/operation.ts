import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Api, ApiDefinition } from './api';

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
					: string;

type NameOf<F> = F extends { name: infer Name extends string } ? Name : never;

/** The parameters an operation is given, read off its fields. A field that depends on others may be absent. */
export type Params<Fields extends readonly Field[]> = {
	[Name in NameOf<Fields[number]>]:
		| ValueOf<Named<Fields[number], Name>>
		| (Named<Fields[number], Name> extends { displayOptions: object } ? undefined : never);
};

/** The parameters as the executor hands them over, before an operation's types are applied. */
export type AnyParams = Readonly<Record<string, unknown>>;

export interface OperationOption {
	name: string;
	value: string;
	action: string;
	description: string;
}

interface OperationContext<P> {
	api: Api;
	params: P;
	itemIndex: number;
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
}

interface RunOperation<P> {
	/** One request for one item, which becomes one item. */
	run(context: OperationContext<P>): Promise<IDataObject>;
}

interface ListOperation<P> {
	/** Rows for one item, read as long as the user wants more; Return All and Limit come by themselves. */
	list(context: OperationContext<P>): AsyncIterable<IDataObject>;
}

type OperationSpec<Fields extends readonly Field[], P> = OperationBase<Fields, P> &
	(RunOperation<P> | ListOperation<P>);

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
	/** The API and the credential that all operations of the resource use. */
	api: ApiDefinition;
	operations: readonly Operation[];
}
