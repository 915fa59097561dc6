import type { IDataObject } from 'n8n-workflow';
import { invalidInput } from '../../../shared/errors';
import { commonOptions } from '../../../shared/fields/options';
import { requirePhone } from '../../../shared/fields/phone';
import { defineOperation } from '../../../shared/operation';
import { requireId } from '../../../shared/fields/id';
import { readSuccess } from '../../plusofon.api';
import { numbersField } from '../../plusofon.fields';
import { numberIds } from '../../numberIds';

/** POST api/v1/number/follow: sends only the fields of the chosen type. */
export const setForwarding = defineOperation({
	option: {
		name: 'Set Forwarding',
		value: 'setForwarding',
		action: 'Set the forwarding of phone numbers',
		description: 'Decide where calls to one or more numbers go',
	},
	fields: [
		numbersField,
		{
			displayName: 'Forwarding Type Name or ID',
			name: 'type',
			type: 'options',
			typeOptions: {
				loadOptionsMethod: 'getForwardingTypes',
				loadOptionsDependsOn: ['numbers'],
			},
			default: '',
			required: true,
			description:
				'Where calls go; the list holds what the chosen numbers allow. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		},
		{
			displayName: 'SIP Account ID',
			name: 'sipId',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 0,
			description: 'The SIP account that rings (required)',
			displayOptions: { show: { type: ['sip'] } },
		},
		{
			displayName: 'Destination Number',
			name: 'destinationNumber',
			type: 'string',
			default: '',
			placeholder: 'e.g. +7 999 111-22-33',
			description: 'The phone number that rings (required)',
			displayOptions: { show: { type: ['number'] } },
		},
		{
			displayName: 'Group ID',
			name: 'groupId',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 0,
			description: 'The group that rings (required)',
			displayOptions: { show: { type: ['group'] } },
		},
		{
			displayName: 'Scenario ID',
			name: 'scenarioId',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 0,
			description: 'The scenario that starts (required)',
			displayOptions: { show: { type: ['scenario'] } },
		},
		{
			displayName: 'Call Queue ID',
			name: 'callQueueId',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 0,
			description: 'The call queue that takes the call (required)',
			displayOptions: { show: { type: ['call_queue'] } },
		},
		{
			displayName: 'SIP URI',
			name: 'destinationUri',
			type: 'string',
			default: '',
			placeholder: 'e.g. sip:reception@example.com',
			description: 'The SIP address that rings (required)',
			displayOptions: { show: { type: ['sip_uri'] } },
		},
		{
			displayName: 'Integration Host',
			name: 'host',
			type: 'string',
			default: '',
			placeholder: 'e.g. example.amocrm.ru',
			description: 'The host of the Bitrix24 or amoCRM integration (required)',
			displayOptions: { show: { type: ['bitrix', 'amo'] } },
		},
		{
			displayName: 'Caller ID Type Name or ID',
			name: 'cliType',
			type: 'options',
			typeOptions: { loadOptionsMethod: 'getCallerIdTypes' },
			default: '',
			description:
				'What the called side sees (required). Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			displayOptions: { hide: { type: ['', 'empty'] } },
		},
		{
			displayName: 'Default Forwarding Type Name or ID',
			name: 'typeDefault',
			type: 'options',
			typeOptions: {
				loadOptionsMethod: 'getForwardingTypes',
				loadOptionsDependsOn: ['numbers'],
			},
			default: '',
			description:
				'Where calls go that the integration does not direct. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			displayOptions: { show: { type: ['bitrix', 'amo'] } },
		},
		{
			displayName: 'Default Caller ID Type Name or ID',
			name: 'cliTypeDefault',
			type: 'options',
			typeOptions: { loadOptionsMethod: 'getCallerIdTypes' },
			default: '',
			description:
				'What the called side sees of those calls. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			displayOptions: { show: { type: ['bitrix', 'amo'] } },
		},
		commonOptions,
	],
	async run({ api, params }): Promise<IDataObject> {
		const { type } = params;
		const target = targetOf(params);
		const cliType =
			type === 'empty' ? {} : { cli_type: filled(params.cliType, 'Caller ID Type Name or ID') };
		const numbers = await numberIds(api, params.numbers);
		return await api.request({
			method: 'POST',
			path: '/api/v1/number/follow',
			body: { type, numbers, ...cliType, ...target },
			read: (body) => readSuccess(body, { type, numbers }),
		});
	},
});

interface Chosen {
	type: string;
	sipId: number | undefined;
	destinationNumber: string | undefined;
	groupId: number | undefined;
	scenarioId: number | undefined;
	callQueueId: number | undefined;
	destinationUri: string | undefined;
	host: string | undefined;
	typeDefault: string | undefined;
	cliTypeDefault: string | undefined;
}

/** The fields that belong to the chosen type, and no other. */
function targetOf(chosen: Chosen): IDataObject {
	switch (chosen.type) {
		case 'empty':
			return {};
		case 'sip':
			return { sip_id: requireId(chosen.sipId, 'SIP Account ID') };
		case 'number':
			return {
				destination_number: requirePhone(chosen.destinationNumber ?? '', 'Destination Number'),
			};
		case 'group':
			return { group_id: requireId(chosen.groupId, 'Group ID') };
		case 'scenario':
			return { scenario_id: requireId(chosen.scenarioId, 'Scenario ID') };
		case 'call_queue':
			return { call_queue_id: requireId(chosen.callQueueId, 'Call Queue ID') };
		case 'sip_uri':
			return { destination_uri: filled(chosen.destinationUri, 'SIP URI') };
		case 'bitrix':
		case 'amo':
			return {
				host: filled(chosen.host, 'Integration Host'),
				...(chosen.typeDefault ? { type_default: chosen.typeDefault } : {}),
				...(chosen.cliTypeDefault ? { cli_type_default: chosen.cliTypeDefault } : {}),
			};
		default:
			throw invalidInput(
				'Forwarding Type',
				`"${chosen.type}" is not known to this node`,
				'Use sip, number, group, scenario, call_queue, sip_uri, bitrix, amo or empty.',
			);
	}
}

// n8n itself would ask for these of every type at once when the type is an expression.
function filled(value: string | undefined, field: string): string {
	const text = value?.trim() ?? '';
	if (text !== '') return text;
	throw invalidInput(field, 'is empty', 'Fill it in: this forwarding type needs it.');
}
