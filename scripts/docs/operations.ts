import { allOperations, fieldsOf } from '../../nodes/shared/describe';
import { commonBatchOptions, commonOptions } from '../../nodes/shared/fields/options';
import type { Field, Operation, Resource } from '../../nodes/shared/operation';
import { literal, table } from './marks';
import type { Makers } from './marks';

const COMMON = [...commonOptions.options, ...commonBatchOptions.options];
const COMMON_NAMES = new Set<string>(COMMON.map(({ name }) => name));
const COMMON_LINK =
	'[the options of every operation](limits-and-prices.md#options-of-every-operation)';

/** Collections of what is sent only when it was added. */
const SENT_WHEN_ADDED = new Set(['filters', 'settings']);
/** Options that do nothing until they are added, though they have a number preset. */
const IDLE = new Set(['requestsPerSecond', 'smartDelay']);
/** Of yes-or-no options that are on when they are added, those that are on all the same. */
const ON_ANYWAY = new Set(['signWebhooks', 'simplify']);

/** The tables of a node: its operations, and the fields of each. */
export function operationMakers(node: string, resources: readonly Resource[]): Makers {
	const known = allOperations(resources);
	const fields = known.map(({ resource, operation }): [string, () => string] => [
		`fields ${node}/${resource.value}/${operation.option.value}`,
		() => operationFields(operation),
	]);
	return { [`operations ${node}`]: () => operationsTable(known), ...Object.fromEntries(fields) };
}

/** The table of some fields. */
export function fieldsTable(fields: readonly Field[]): string {
	const rows = fields.flatMap((field) => rowsOf(field, fields));
	return table(['Field', 'Takes', 'Preset', 'What it is'], rows);
}

export function commonOptionsTable(): string {
	const byName = new Map(COMMON.map((option) => [option.displayName, option]));
	return table(
		['Option', 'Takes', 'Preset', 'What it is'],
		[...byName.values()].map((option) => rowOf(option, { collection: 'options' })),
	);
}

function operationsTable(
	known: ReadonlyArray<{ resource: Resource; operation: Operation }>,
): string {
	return table(
		['Resource', 'Operation', 'What it does', 'Credential', 'Costs money'],
		known.map(({ resource, operation: { option, costsMoney } }) => [
			resource.name,
			option.name,
			option.description,
			resource.api?.credentialName ?? 'that of the channel',
			costsMoney === true ? 'yes' : '',
		]),
	);
}

function operationFields(operation: Operation): string {
	const fields = fieldsOf(operation);
	const isOwn = fields.some((field) => rowsOf(field, fields).length > 0);
	if (!isOwn) return `Only ${COMMON_LINK}.`;
	const common = 'wait' in operation ? `_Timeout_ of ${COMMON_LINK}` : COMMON_LINK;
	return `${fieldsTable(fields)}\n\nAnd ${common}.`;
}

interface Place {
	/** The fields around it. */
	within?: readonly Field[];
	/** Those beside it. */
	beside?: readonly Field[];
	/** The name of the collection it stands in. */
	collection?: string;
}

function rowsOf(field: Field, beside: readonly Field[]): string[][] {
	if (field.type === 'notice') return [];
	const inner = field.options ?? [];
	if (field.type === 'collection') {
		return inner.flatMap((option) => {
			const isCommon = field.name === 'options' && COMMON_NAMES.has(option.name);
			const place = { within: [field], collection: field.name };
			return 'type' in option && !isCommon ? [rowOf(option, place)] : [];
		});
	}
	// The voice menu has a table of its own.
	if (field.type !== 'fixedCollection' || field.name === 'menu') return [rowOf(field, { beside })];
	return inner.flatMap((group) => {
		if (!('values' in group)) return [];
		const place = { within: [field], beside: group.values };
		return group.values.map((member) => rowOf(member, place));
	});
}

function rowOf(field: Field, { within = [], beside = [], collection = '' }: Place): string[] {
	const path = [...within, field].map(({ displayName }) => displayName).join(' › ');
	return [path, takes(field), presetOf(field, collection), meaning(field, beside)];
}

function takes(field: Field): string {
	const { type, typeOptions, placeholder, required, modes = [] } = field;
	const example = placeholder ?? modes.find((mode) => mode.type === 'string')?.placeholder;
	const asCode = example?.startsWith('e.g. ') ? `, e.g. \`${example.slice(5)}\`` : '';
	const must = required === true ? ', required' : '';
	switch (type) {
		case 'number':
			return `${typeOptions?.numberPrecision === 0 ? 'whole number' : 'number'}${range(field)}${must}`;
		case 'boolean':
			return 'yes or no';
		case 'options':
			return typeOptions?.loadOptionsMethod === undefined
				? `one of ${labels(field)}${must}`
				: `one from the list, or its ID${must}`;
		case 'multiOptions':
			return typeOptions?.loadOptionsMethod === undefined
				? `some of ${labels(field)}${must}`
				: `some from the list, or their IDs${must}`;
		case 'resourceLocator':
			return `one from the list, or text${asCode}${must}`;
		case 'dateTime':
			return `date and time${must}`;
		case 'json':
			return `JSON${asCode}${must}`;
		case 'fixedCollection':
			return entries(field);
		default:
			return `text${asCode}${must}`;
	}
}

function entries({ name, options = [] }: Field): string {
	if (name === 'menu') return 'entries: see [Voice menu](#voice-menu)';
	const members = options.flatMap((group) => ('values' in group ? [...group.values] : []));
	return `entries, each with ${members.map(({ displayName }) => displayName).join(' and ')}`;
}

function range({ typeOptions: { minValue, maxValue } = {} }: Field): string {
	if (minValue === undefined) return maxValue === undefined ? '' : `, at most ${shown(maxValue)}`;
	return maxValue === undefined
		? `, at least ${shown(minValue)}`
		: `, ${shown(minValue)} to ${shown(maxValue)}`;
}

function labels({ options = [] }: Field): string {
	return options.flatMap((option) => ('name' in option ? [`_${option.name}_`] : [])).join(', ');
}

function presetOf(field: Field, collection: string): string {
	const preset = presetIn(field);
	if (SENT_WHEN_ADDED.has(collection)) return preset === '' ? '' : `${preset} when added`;
	if (!['options', 'actions'].includes(collection)) return preset;
	if (IDLE.has(field.name)) return `none; ${preset} when added`;
	const isSwitch = field.type === 'boolean' && field.default === true;
	return isSwitch && !ON_ANYWAY.has(field.name) ? 'not sent; yes when added' : preset;
}

function presetIn({ type, default: preset, options = [] }: Field): string {
	if (typeof preset === 'boolean') return preset ? 'yes' : 'no';
	if (typeof preset === 'number' && type === 'number') return shown(preset);
	if (typeof preset === 'string' && preset.startsWith('=')) return `\`${preset.slice(1)}\``;
	const values: unknown[] = Array.isArray(preset) ? preset : [preset];
	const names = options.flatMap((option) =>
		'value' in option && values.includes(option.value) ? [`_${option.name}_`] : [],
	);
	if (names.length > 0) return names.join(', ');
	return typeof preset === 'string' && preset !== '' ? preset : '';
}

/** What the field is, what its values are, and when it is there. */
function meaning(field: Field, beside: readonly Field[]): string {
	const { description = '', hint = '', options = [], type } = field;
	const plain = literal(
		description
			.replace(/ Choose from the list, or specify .*<a [^>]*>expression<\/a>\./, '')
			.replace(/<[^>]+>/g, '')
			// The column before says it.
			.replace(/ \(\d+ to \d+\)/, ''),
	);
	const isChoice = type === 'options' || type === 'multiOptions';
	const values = options.flatMap((option) =>
		isChoice && 'value' in option && option.description !== undefined
			? [`_${option.name}_: ${lowerFirst(option.description)}`]
			: [],
	);
	const sentences = [plain, hint, ...values, shownWhen(field, beside)];
	return sentences
		.filter((text) => text !== '')
		.map((text) => (/[.!?]$/.test(text) ? text : `${text}.`))
		.join(' ');
}

function shownWhen({ displayOptions }: Field, beside: readonly Field[]): string {
	const say = (what: string, conditions: object) =>
		Object.entries(conditions).map(([name, values]: [string, unknown[]]) => {
			const other = beside.find((field) => field.name === name);
			const known = values.flatMap((value) => (other === undefined ? [] : labelOf(other, value)));
			return `${what} _${other?.displayName ?? name}_ is ${known.join(' or ')}`;
		});
	const { show = {}, hide = {} } = displayOptions ?? {};
	return [...say('There when', show), ...say('Not there when', hide)].join('. ');
}

/** A value as the editor calls it; nothing for one that is no choice. */
function labelOf({ type, options = [] }: Field, value: unknown): string[] {
	if (type === 'boolean') return [value === true ? 'yes' : 'no'];
	const label = options.find((option) => 'value' in option && option.value === value)?.name;
	if (label !== undefined) return [`_${label}_`];
	return value === '' ? [] : [`\`${String(value)}\``];
}

function lowerFirst(text: string): string {
	return /^[A-Z][a-z ]/.test(text) && !/^(Mobilgroup|Plusofon|Zvonobot)/.test(text)
		? text.charAt(0).toLowerCase() + text.slice(1)
		: text;
}

function shown(number: number): string {
	return number.toLocaleString('en-US');
}
