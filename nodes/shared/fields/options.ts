import { defineField } from '../operation';
import type { Field } from '../operation';

export const PRESET_ITEMS_AT_ONCE = 10;
export const PRESET_TIMEOUT_SECONDS = 30;

const itemsAtOnce = defineField({
	displayName: 'Items at Once',
	name: 'itemsAtOnce',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
	default: PRESET_ITEMS_AT_ONCE,
	description:
		'How many items are worked on at the same time (1 to 100). The order of the output never depends on it.',
});

const requestsPerSecond = defineField({
	displayName: 'Requests per Second',
	name: 'requestsPerSecond',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 1000, numberPrecision: 0 },
	default: 10,
	description:
		'How many requests may reach the provider in any second (1 to 1000). Without this option, as many as Items at Once lets through.',
});

const timeout = defineField({
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 300, numberPrecision: 0 },
	default: PRESET_TIMEOUT_SECONDS,
	description:
		'How many seconds a request may take, from sending to the last byte of its answer (1 to 300)',
});

function collectionOf<const Options extends readonly Field[]>(options: Options) {
	return defineField({
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options,
	});
}

/** The Options collection every operation has, with the operation's own options in front. */
export function optionsField<const Own extends readonly Field[]>(...own: Own) {
	return collectionOf([...own, itemsAtOnce, requestsPerSecond, timeout] as const);
}

/** The same for operations that wait: they take one item, and send one request. */
export function waitOptionsField<const Own extends readonly Field[]>(...own: Own) {
	return collectionOf([...own, timeout] as const);
}

const requestsAtOnce = defineField({
	...itemsAtOnce,
	displayName: 'Requests at Once',
	description:
		'How many requests are under way at the same time (1 to 100). The order of the output never depends on it.',
});

/** The same for operations that send many items in one request. */
export function batchOptionsField<const Own extends readonly Field[]>(...own: Own) {
	return collectionOf([...own, requestsAtOnce, requestsPerSecond, timeout] as const);
}

/** For operations without options of their own. */
export const commonOptions = optionsField();

/** For operations in batches without options of their own. */
export const commonBatchOptions = batchOptionsField();
