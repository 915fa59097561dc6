import type { IDataObject } from 'n8n-workflow';
import { invalidInput } from '../../../shared/errors';
import { batchOptionsField } from '../../../shared/fields/options';
import { requireId } from '../../../shared/fields/id';
import { phoneField } from '../../../shared/fields/phone';
import { defineOperation } from '../../../shared/operation';
import type { BatchEntry } from '../../../shared/operation';
import { placeCalls } from '../../callOrder';
import type { CallOrder } from '../../callOrder';
import * as settings from '../../callSettings';
import { webhookHeadersField, webhookParametersField } from '../../webhookFields';
import {
	callerIdField,
	moderationNotice,
	requireCalled,
	requireCallerId,
} from '../../zvonobot.fields';

/** POST apiCalls/createWithTemplate. Costs money and rings phones, so it is sent once. */
export const createFromTemplate = defineOperation({
	option: {
		name: 'Create From Template',
		value: 'createFromTemplate',
		action: 'Create a call from a template',
		description:
			'Call a phone with a template of the cabinet. Costs the call, and the texts and the menu of the template.',
	},
	fields: [
		moderationNotice,
		phoneField,
		{
			displayName: 'Template',
			name: 'template',
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			required: true,
			description: 'The template, from API templates in the Zvonobot cabinet',
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					typeOptions: { searchListMethod: 'searchTemplates', searchable: true },
				},
				{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 1' },
			],
		},
		{
			displayName: 'Variables',
			name: 'variables',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add variable',
			default: {},
			description: 'What the placeholders in the text of the template stand for in this call',
			options: [
				{
					displayName: 'Variable',
					name: 'values',
					values: [
						{
							displayName: 'Placeholder',
							name: 'placeholder',
							type: 'string',
							default: '',
							required: true,
							placeholder: 'e.g. name',
							description: 'As it stands in the template, with or without its braces',
						},
						{
							displayName: 'Value',
							name: 'value',
							type: 'string',
							default: '',
							required: true,
							placeholder: 'e.g. Elena',
							description: 'What is spoken; no two placeholders of a call may have the same',
						},
					],
				},
			],
		},
		{
			displayName: 'Caller ID Source',
			name: 'callerIdSource',
			type: 'options',
			options: [
				{ name: 'As in the Template', value: 'template', description: 'What the cabinet says' },
				{ name: 'Own Number', value: 'own', description: 'A number of your account' },
				{
					name: 'Shared Number',
					value: 'duty',
					description: 'A number on duty that Zvonobot picks at random',
				},
			],
			default: 'template',
			description: 'Which number to call from',
		},
		callerIdField,
		batchOptionsField(
			settings.batchSizeOption,
			settings.daysOption,
			settings.endTimeOption,
			settings.excludeWeekendsOption,
			settings.plannedAtOption,
			settings.signOption,
			settings.smartDelayOption,
			settings.startTimeOption,
			settings.timeZoneOption,
			webhookHeadersField,
			webhookParametersField,
			settings.webhookUrlOption,
		),
	],
	costsMoney: true,
	onceFor: ({ phone }) => requireCalled(phone),
	batch: {
		prepare({ params, timezone }) {
			const { options, variables } = params;
			const inverted = invert(variables.values ?? []);
			const shared: CallOrder = {
				body: {
					templateId: requireId(params.template, 'Template'),
					...callerIdOf(params),
					...settings.readSettings(options, timezone),
				},
				sign: options.signWebhooks ?? true,
			};
			return {
				shared,
				entries: [{ target: requireCalled(params.phone), own: { variables: inverted } }],
				most: settings.batchSizeIn(options),
			};
		},
		send: async ({ api, shared, entries }) =>
			await placeCalls(api, '/apiCalls/createWithTemplate', shared as CallOrder, entries, phonesIn),
	},
});

function callerIdOf({
	callerIdSource,
	callerId = '',
}: {
	callerIdSource: 'template' | 'own' | 'duty';
	callerId: string | undefined;
}): IDataObject {
	if (callerIdSource === 'template') return {};
	return callerIdSource === 'duty'
		? { dutyPhone: 1 }
		: { outgoingPhone: requireCallerId(callerId) };
}

// Always `phones`, also for one: the variables belong to the numbers listed there.
function phonesIn(entries: readonly BatchEntry[]): IDataObject {
	const variables = entries
		.map(({ target, own }): [string, IDataObject] => [target, own?.variables as IDataObject])
		.filter(([, values]) => Object.keys(values).length > 0);
	return {
		phones: entries.map(({ target }) => target),
		...(variables.length === 0 ? {} : { variables: Object.fromEntries(variables) }),
	};
}

/**
 * Variables as the request wants them: upside down, `{value: "{placeholder}"}`, so that of two
 * placeholders with one value only one would be left.
 */
function invert(variables: ReadonlyArray<{ placeholder: string; value: string }>): IDataObject {
	const placeholders = new Set<string>();
	const inverted = new Map<string, string>();
	for (const { placeholder, value: given } of variables) {
		const name = placeholder.trim().replace(/^\{\s*(.*?)\s*\}$/, '$1');
		if (!/^[^{}\s]+$/.test(name)) {
			throw invalidInput(
				'Variables',
				`have a placeholder that cannot stand in a template: ${placeholder.trim()}`,
				'Enter it as in the template, one word in braces, e.g. {name}.',
			);
		}
		if (placeholders.has(name)) {
			throw invalidInput('Variables', `have {${name}} twice`, 'Remove one of them.');
		}
		const value = given.trim();
		const other = inverted.get(value);
		if (other !== undefined) {
			throw invalidInput(
				'Variables',
				`have the same value for ${other} and {${name}}, which Zvonobot cannot tell apart`,
				'It takes the values of a call as names, each once. Make the values differ, or use one placeholder in both places of the template.',
			);
		}
		placeholders.add(name);
		inverted.set(value, `{${name}}`);
	}
	return Object.fromEntries(inverted);
}
