import type { IExecuteFunctions } from 'n8n-workflow';
import { asFailure, Failure, invalidInput } from './errors';
import type { AnyParams, Field } from './operation';
import { plainPathOf, readPlainPath } from './plainPath';
import { isToolType } from './tool';

/**
 * Prepares to read an operation's fields item by item. What is not an expression is read once for
 * all items; an expression once per item, when its turn comes.
 */
export function paramReader(
	context: IExecuteFunctions,
	fields: readonly Field[],
): (itemIndex: number) => AnyParams {
	const { parameters: written, type } = context.getNode();
	const items = context.getInputData();
	// What an agent gives its tool stands beside n8n's $json.
	const isTool = isToolType(type);
	const varying = new Map(
		fields
			.filter(({ name }) => holdsExpression(written[name]))
			.map((field) => [field, isTool ? undefined : plainPathOf(written[field.name])]),
	);
	const fixed = new Map<string, unknown>();

	const valueOf = (field: Field, itemIndex: number): unknown => {
		if (varying.has(field)) return plainValue(field, itemIndex) ?? evaluate(field, itemIndex);
		if (!fixed.has(field.name)) fixed.set(field.name, evaluate(field, 0));
		return fixed.get(field.name);
	};
	const plainValue = (field: Field, itemIndex: number): unknown => {
		const path = varying.get(field);
		const json = items[itemIndex]?.json;
		const value = path && json && readPlainPath(json, path);
		return value === undefined ? undefined : coerce(field, value, written[field.name]);
	};
	const evaluate = (field: Field, itemIndex: number) => {
		const extractValue = field.type === 'resourceLocator';
		const read = () =>
			context.getNodeParameter(field.name, itemIndex, field.default, { extractValue });
		return coerce(field, evaluated(field, read), written[field.name]);
	};

	const read = (
		some: readonly Reader[],
		params: Record<string, unknown>,
		itemIndex: number,
	): AnyParams => {
		for (const { field, isShown } of some) {
			if (isShown(params)) params[field.name] = valueOf(field, itemIndex);
		}
		return params;
	};

	const { steady, changing } = steadyAndChanging(fields, (field) => varying.has(field));
	let common: AnyParams | undefined;
	return (itemIndex) => {
		common ??= read(steady, {}, itemIndex);
		return read(changing, { ...common }, itemIndex);
	};
}

interface Reader {
	field: Field;
	isShown: (params: AnyParams) => boolean;
}

/** Fields that are the same for all items, and those that hold or are shown by what is not. */
function steadyAndChanging(
	fields: readonly Field[],
	isVarying: (field: Field) => boolean,
): { steady: Reader[]; changing: Reader[] } {
	const steady: Reader[] = [];
	const changing: Reader[] = [];
	for (const field of fields) {
		const { show, hide } = field.displayOptions ?? {};
		const depends = changing.some(({ field: { name } }) => name in { ...show, ...hide });
		const isSteady = !depends && !isVarying(field);
		(isSteady ? steady : changing).push({ field, isShown: visibilityOf(field) });
	}
	return { steady, changing };
}

/**
 * What n8n reads in a field.
 *
 * @throws Failure `invalid_input` when an expression in it fails
 */
export function evaluated(field: Field, read: () => unknown): unknown {
	try {
		return read();
	} catch (thrown) {
		throw invalidInput(
			field.displayName,
			`holds an expression that fails: ${asFailure(thrown).message}`,
			'Open the field and correct its expression.',
		);
	}
}

function holdsExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	if (typeof value !== 'object' || value === null) return false;
	return Object.values(value).some(holdsExpression);
}

// n8n keeps the values of fields that are no longer shown; they must not reach a request.
function visibilityOf({ displayOptions }: Field): (params: AnyParams) => boolean {
	const show = Object.entries(displayOptions?.show ?? {});
	const hide = Object.entries(displayOptions?.hide ?? {});
	return (params) => {
		const matches = ([name, values]: [string, readonly unknown[] | undefined]) =>
			values?.includes(params[name]) ?? false;
		return show.every(matches) && !hide.some(matches);
	};
}

/**
 * Gives a value the type its field promises: an expression may bring anything.
 *
 * @param written what stands in the field, before n8n makes a value of it
 * @throws Failure `invalid_input` when the value is of another kind, or a required one is empty
 */
export function coerce(field: Field, value: unknown, written?: unknown): unknown {
	switch (field.type) {
		case 'string':
		case 'resourceLocator':
			return asText(field, value, written);
		case 'json':
			return asText(field, Object(value) === value ? asJson(field, value) : value, written);
		case 'number':
			return asNumber(field, value);
		case 'boolean':
			if (typeof value === 'boolean') return value;
			throw invalidInput(field.displayName, 'is neither true nor false', 'Enter true or false.');
		case 'options':
			return field.options === undefined ? asText(field, value, written) : asOption(field, value);
		case 'multiOptions':
			return asTexts(field, value, written);
		case 'collection':
			return asCollection(field, value, written);
		case 'fixedCollection':
			return asGroups(field, value, written);
		case 'dateTime':
			return asMoment(field, value, written);
		default:
			return value;
	}
}

function asText(field: Field, value: unknown, written?: unknown): string {
	const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : (value ?? '');
	if (typeof text !== 'string') {
		const kind = Array.isArray(text)
			? 'a list'
			: typeof text === 'object'
				? 'an object'
				: 'true or false';
		throw invalidInput(
			field.displayName,
			`holds ${kind} instead of text`,
			'Let the expression point at a single value.',
		);
	}
	if (field.required === true && text.trim() === '') {
		throw isEmpty(field, written);
	}
	return text;
}

/** What is picked comes as a list; an expression may also bring one value, or several with commas. */
function asTexts(field: Field, value: unknown, written: unknown): string[] {
	const values = Array.isArray(value)
		? value
		: asText({ ...field, required: false }, value).split(',');
	const texts = values.map((one) => asText({ ...field, required: false }, one).trim());
	const given = [...new Set(texts.filter((text) => text !== ''))];
	if (field.required === true && given.length === 0) {
		throw isEmpty(field, written);
	}
	return given;
}

function asNumber(field: Field, value: unknown): number {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	const { minValue = -Infinity, maxValue = Infinity, numberPrecision } = field.typeOptions ?? {};
	const whole = numberPrecision === 0;
	if (
		typeof number === 'number' &&
		Number.isFinite(number) &&
		(!whole || Number.isInteger(number)) &&
		number >= minValue &&
		number <= maxValue
	) {
		return number;
	}
	const range = [
		minValue === -Infinity ? '' : ` from ${minValue}`,
		maxValue === Infinity ? '' : ` to ${maxValue}`,
	].join('');
	throw invalidInput(
		field.displayName,
		`is not a ${whole ? 'whole ' : ''}number${range}`,
		'Change its value in the node.',
	);
}

function asOption(field: Field, value: unknown): unknown {
	const values = (field.options ?? []).flatMap((option) =>
		'value' in option ? [option.value] : [],
	);
	// What an API gave as a number is the same choice as our text.
	const given = typeof value === 'object' ? undefined : String(value ?? '');
	const match = values.find((known) => String(known) === given);
	if (match !== undefined) return match;
	throw invalidInput(
		field.displayName,
		'is none of the values it may have',
		`Use one of: ${values.map((known) => (known === '' ? '(empty)' : known)).join(', ')}.`,
	);
}

function asCollection(field: Field, value: unknown, written: unknown): AnyParams {
	const given = asFields(field.displayName, value ?? {});
	const members = (field.options ?? []).filter((member): member is Field => 'type' in member);
	return Object.fromEntries(
		members
			// An option that was added counts even if its expression brings nothing.
			.filter((member) => member.name in given)
			.map((member) => [
				member.name,
				coerce(member, given[member.name], memberOf(written, member.name)),
			]),
	);
}

/** The groups of a fixedCollection: each one entry, or a list of them where it may be added often. */
function asGroups(field: Field, value: unknown, written: unknown): AnyParams {
	const given = asFields(field.displayName, value ?? {});
	const groups = (field.options ?? []).flatMap((group) => ('values' in group ? [group] : []));
	const read = ({ displayName, name, values }: (typeof groups)[number]) => {
		const group = given[name];
		const own = memberOf(written, name);
		if (field.typeOptions?.multipleValues !== true) {
			return asEntry(values, displayName, group, own);
		}
		// What an expression brings as one entry is a list of one.
		return (Array.isArray(group) ? group : [group]).map((entry, index) =>
			asEntry(values, `${displayName} ${index + 1}`, entry, memberOf(own, index)),
		);
	};
	return within(field.displayName, () =>
		Object.fromEntries(
			groups
				.filter(({ name }) => given[name] !== undefined)
				.map((group) => [group.name, read(group)]),
		),
	);
}

/** One entry of a fixedCollection. Members left out have their preset, hidden ones are left out. */
function asEntry(
	members: readonly Field[],
	place: string,
	value: unknown,
	written: unknown,
): AnyParams {
	const given = asFields(place, value);
	return within(place, () => {
		const entry: Record<string, unknown> = {};
		for (const member of members) {
			if (!visibilityOf(member)(entry)) continue;
			const own = Object.hasOwn(given, member.name) ? given[member.name] : member.default;
			entry[member.name] = coerce(member, own, memberOf(written, member.name));
		}
		return entry;
	});
}

/** What is written in a part of a field; an expression for the whole stands for each part. */
function memberOf(written: unknown, name: string | number): unknown {
	return typeof written === 'object' && written !== null
		? (written as Record<string | number, unknown>)[name]
		: written;
}

function asFields(place: string, value: unknown): AnyParams {
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
		return value as AnyParams;
	}
	throw invalidInput(
		place,
		'is not a set of fields',
		'Fill in its fields one by one, or let the expression bring an object that has them.',
	);
}

/** Lets a refusal inside say where it stands: `Menu › Entry 2 › Digit is empty`. */
function within<T>(place: string, read: () => T): T {
	try {
		return read();
	} catch (thrown) {
		throw thrown instanceof Failure
			? invalidInput(place, `› ${thrown.message}`, thrown.hint)
			: thrown;
	}
}

// Which spellings of a moment are understood is up to the operation.
function asMoment(field: Field, value: unknown, written: unknown): unknown {
	const text = value ?? '';
	if (field.required === true && typeof text === 'string' && text.trim() === '') {
		throw isEmpty(field, written);
	}
	return value;
}

function asJson({ displayName }: Field, value: unknown): string {
	try {
		return JSON.stringify(value);
	} catch {
		throw invalidInput(
			displayName,
			'cannot be written as JSON',
			'Let the expression bring plain data that does not contain itself.',
		);
	}
}

function isEmpty({ displayName, placeholder = '' }: Field, written: unknown): Failure {
	const refuse = (hint: string) => invalidInput(displayName, 'is empty', hint);
	if (holdsExpression(written)) {
		return refuse('Its expression brings nothing for this item: compare its names with the input.');
	}
	const example = placeholder.replace(/\.$/, '');
	return refuse(example === '' ? 'Fill it in.' : `Fill it in, ${example}.`);
}
