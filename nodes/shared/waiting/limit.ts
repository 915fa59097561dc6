import { defineField } from '../operation';

/** The longest wait: a week, for calls that are planned ahead. */
const MOST_SECONDS = 604_800;

/** How long a waiting operation waits at most. */
export function timeLimitField<const Preset extends number>(preset: Preset) {
	return defineField({
		displayName: 'Time Limit (Seconds)',
		name: 'timeLimit',
		type: 'number',
		typeOptions: { minValue: 10, maxValue: MOST_SECONDS, numberPrecision: 0 },
		default: preset,
		description:
			'How long to wait at most (10 to 604800, which is a week). Nothing is accepted after it; the workflow itself may go on up to a minute later, because n8n looks once a minute.',
	});
}
