import { defineField } from '../operation';

export const PRESET_ATTEMPTS = 3;

/** @param end what the last wrong code leads to, worded to follow "before" */
export function maxAttemptsOption(end: string) {
	return defineField({
		displayName: 'Max Attempts',
		name: 'maxAttempts',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
		default: PRESET_ATTEMPTS,
		description: `How often a wrong code may be typed before ${end} (1 to 100)`,
	});
}
