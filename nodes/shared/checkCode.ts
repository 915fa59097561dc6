import type { IDataObject } from 'n8n-workflow';
import type { Api } from './api';
import { Attempts } from './attempts';
import { optionsField } from './fields/options';
import { requirePhone } from './fields/phone';
import { digitsOfPhone } from './phone';
import { defineField, defineOperation } from './operation';
import type { Operation } from './operation';
import { openCode, sealCode } from './sealedCode';
import type { OpenedCode } from './sealedCode';
import { sameSecret } from './secrets';

const PRESET_ATTEMPTS = 3;
const PRESET_VALID_MINUTES = 3;

/** Attempts on all sealed codes of this process. */
const attempts = new Attempts();

/** Options of every operation that tells a person a code and seals it. */
export const sealingOptions = [
	defineField({
		displayName: 'Include Code',
		name: 'includeCode',
		type: 'boolean',
		default: false,
		description:
			'Whether to output the code itself as well. Whoever may see the executions of the flow can then read it.',
	}),
	defineField({
		displayName: 'Valid For (Minutes)',
		name: 'validMinutes',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1440, numberPrecision: 0 },
		default: PRESET_VALID_MINUTES,
		description: 'How long the code can be checked (1 to 1440)',
	}),
] as const;

/** The part of an answer that stands for a code: a sealed key, and the code only if it was asked for. */
export async function sealedOutput(
	api: Api,
	purpose: string,
	{ code, phone }: { code: string; phone: string },
	options: { includeCode?: boolean; validMinutes?: number },
): Promise<IDataObject> {
	const expiresAt =
		Math.floor(Date.now() / 1000) + (options.validMinutes ?? PRESET_VALID_MINUTES) * 60;
	const key = sealCode({ code, phone, expiresAt }, await api.deriveKey(purpose), purpose);
	return {
		key,
		expiresAt: new Date(expiresAt * 1000).toISOString(),
		...(options.includeCode === true ? { code } : {}),
	};
}

/**
 * Builds the operation Check Code of a provider that has no check of its own. It asks nobody: the
 * key holds the code. Attempts and single use are counted in this process.
 *
 * @param purpose that of the operations which sealed the key
 */
export function checkCodeOperation(purpose: string): Operation {
	return defineOperation({
		option: {
			name: 'Check Code',
			value: 'checkCode',
			action: 'Check a code',
			description: 'Find out whether the person typed the code they were told',
		},
		fields: [
			{
				displayName: 'Key',
				name: 'key',
				type: 'string',
				typeOptions: { password: true },
				default: '',
				required: true,
				description: 'The key that the operation which told the code gave for this person',
			},
			{
				displayName: 'Code',
				name: 'code',
				type: 'string',
				default: '',
				required: true,
				placeholder: 'e.g. 0427',
				description: 'What the person typed, as text so that leading zeros stay',
			},
			optionsField(
				{
					displayName: 'Max Attempts',
					name: 'maxAttempts',
					type: 'number',
					typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
					default: PRESET_ATTEMPTS,
					description:
						'How often a wrong code may be typed before the key stops working (1 to 100)',
				},
				{
					displayName: 'Phone',
					name: 'phone',
					type: 'string',
					default: '',
					placeholder: 'e.g. +7 999 111-22-33',
					description: 'When given, the key must have been made for this number',
				},
			),
		],
		async run({ api, params }): Promise<IDataObject> {
			const code = params.code.trim();
			const { phone: given, maxAttempts = PRESET_ATTEMPTS } = params.options;
			// An expression that brings nothing must not switch the comparison off.
			const phone = given === undefined ? undefined : readGivenPhone(given);
			const opened = openCode(params.key.trim(), await api.deriveKey(purpose), purpose);
			if (opened === undefined || (phone !== undefined && phone !== opened.phone)) {
				return { verified: false, reason: 'invalid_key' };
			}
			const reason = attempt(opened, code, maxAttempts);
			return { verified: reason === 'verified', reason };
		},
	});
}

function attempt(opened: OpenedCode, code: string, maxAttempts: number): string {
	const now = Date.now();
	const expiresAt = opened.expiresAt * 1000;
	if (now >= expiresAt) return 'expired';
	return attempts.take(opened.id, sameSecret(code, opened.code), maxAttempts, expiresAt, now);
}

function readGivenPhone(given: string): string {
	return digitsOfPhone(given) ?? requirePhone(given);
}
