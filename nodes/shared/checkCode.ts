import type { IDataObject } from 'n8n-workflow';
import type { Api } from './api';
import { Attempts } from './attempts';
import { maxAttemptsOption, PRESET_ATTEMPTS } from './fields/maxAttempts';
import { optionsField } from './fields/options';
import { namesPhone } from './fields/phone';
import { defineField, defineOperation } from './operation';
import type { Operation } from './operation';
import { masked, phoneAsInput } from './phone';
import { openCode, sealCode } from './sealedCode';
import type { OpenedCode } from './sealedCode';
import { digestOf, sameSecret } from './secrets';

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
			'Whether to output the code itself as well. Whoever may see the executions of the workflow can then read it.',
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
				placeholder: 'e.g. {{ $json.key }}',
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
			optionsField(maxAttemptsOption('the key stops working'), {
				displayName: 'Phone',
				name: 'phone',
				type: 'string',
				default: '',
				placeholder: 'e.g. +7 999 111-22-33',
				description: 'When given, the key must have been made for this number',
			}),
		],
		keptFor: ({ key, code }) => digestOf(key, code),
		async run({ api, params, isTool }): Promise<IDataObject> {
			const code = params.code.trim();
			const { phone, maxAttempts = PRESET_ATTEMPTS } = params.options;
			const opened = openCode(params.key.trim(), await api.deriveKey(purpose), purpose);
			// An expression that brings nothing must not switch the comparison off.
			const isAnothers = phone !== undefined && !namesPhone(phone, opened?.phone ?? '');
			if (opened === undefined || isAnothers) return { verified: false, reason: 'invalid_key' };
			const reason = attempt(opened, code, maxAttempts);
			return checkOutcome(reason, opened.phone, isTool);
		},
	});
}

/**
 * What comes of a check. Whose phone it is stands there only for who has proved to hold it: a flow
 * must not go by the phone that comes along with a code.
 */
export function checkOutcome(reason: string, phone: string, isTool: boolean): IDataObject {
	if (reason !== 'verified') return { verified: false, reason };
	return { verified: true, reason, phone: isTool ? masked(phone) : phoneAsInput(phone) };
}

function attempt(opened: OpenedCode, code: string, maxAttempts: number): string {
	const now = Date.now();
	const expiresAt = opened.expiresAt * 1000;
	if (now >= expiresAt) return 'expired';
	return attempts.take(opened.id, sameSecret(code, opened.code), maxAttempts, expiresAt, now);
}
