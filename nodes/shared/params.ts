import type { IExecuteFunctions } from 'n8n-workflow';
import { invalidInput } from './errors';
import type { AnyParams, Field } from './operation';

/**
 * Prepares to read an operation's fields item by item. What is not an expression is read once for
 * all items; an expression once per item, when its turn comes.
 */
export function paramReader(
	context: IExecuteFunctions,
	fields: readonly Field[],
): (itemIndex: number) => AnyParams {
	const written = context.getNode().parameters;
	const fixed = new Map<string, unknown>();

	const valueOf = (field: Field, itemIndex: number): unknown => {
		if (holdsExpression(written[field.name])) return evaluate(field, itemIndex);
		if (!fixed.has(field.name)) fixed.set(field.name, evaluate(field, 0));
		return fixed.get(field.name);
	};
	const evaluate = (field: Field, itemIndex: number) => {
		const extractValue = field.type === 'resourceLocator';
		const value = context.getNodeParameter(field.name, itemIndex, field.default, { extractValue });
		return coerce(field, value);
	};

	return (itemIndex) => {
		const params: Record<string, unknown> = {};
		for (const field of fields) {
			if (isShown(field, params)) params[field.name] = valueOf(field, itemIndex);
		}
		return params;
	};
}

function holdsExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	if (typeof value !== 'object' || value === null) return false;
	return Object.values(value).some(holdsExpression);
}

// n8n keeps the values of fields that are no longer shown; they must not reach a request.
function isShown({ displayOptions }: Field, params: AnyParams): boolean {
	const { show = {}, hide = {} } = displayOptions ?? {};
	const matches = ([name, values]: [string, readonly unknown[] | undefined]) =>
		values?.includes(params[name]) ?? false;
	return Object.entries(show).every(matches) && !Object.entries(hide).some(matches);
}

/**
 * Gives a value the type its field promises: an expression may bring anything.
 *
 * @throws Failure `invalid_input` when the value is of another kind, or a required one is empty
 */
export function coerce(field: Field, value: unknown): unknown {
	switch (field.type) {
		case 'string':
		case 'resourceLocator':
			return asText(field, value);
		case 'json':
			return asText(field, Object(value) === value ? JSON.stringify(value) : value);
		case 'number':
			return asNumber(field, value);
		case 'boolean':
			if (typeof value === 'boolean') return value;
			throw invalidInput(field.displayName, 'is neither true nor false', 'Enter true or false.');
		case 'options':
			return field.options === undefined ? asText(field, value) : asOption(field, value);
		case 'multiOptions':
			return asTexts(field, value);
		case 'collection':
			return asCollection(field, value);
		default:
			return value;
	}
}

function asText(field: Field, value: unknown): string {
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
		throw invalidInput(field.displayName, 'is empty', howToFill(field));
	}
	return text;
}

/** What is picked comes as a list; an expression may also bring one value, or several with commas. */
function asTexts(field: Field, value: unknown): string[] {
	const values = Array.isArray(value)
		? value
		: asText({ ...field, required: false }, value).split(',');
	const texts = values.map((one) => asText({ ...field, required: false }, one).trim());
	const given = [...new Set(texts.filter((text) => text !== ''))];
	if (field.required === true && given.length === 0) {
		throw invalidInput(field.displayName, 'is empty', howToFill(field));
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

function asCollection(field: Field, value: unknown): AnyParams {
	const given = Object(value ?? {}) as Record<string, unknown>;
	const members = (field.options ?? []).filter((member): member is Field => 'type' in member);
	return Object.fromEntries(
		members
			// An option that was added counts even if its expression brings nothing.
			.filter((member) => member.name in given)
			.map((member) => [member.name, coerce(member, given[member.name])]),
	);
}

function howToFill({ placeholder }: Field): string {
	return placeholder === undefined ? 'Fill it in.' : `Fill it in, ${placeholder}`;
}
