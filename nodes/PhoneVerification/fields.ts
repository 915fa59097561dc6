import { invalidInput } from '../shared/errors';
import { defineField } from '../shared/operation';
import type { Chain } from './chain';
import { channelOf } from './channels';
import type { NumberRules, StartRules } from './guards';

const PRESET_PATIENCE = 60;
const MTS_RULE = { operator: 'mts', channel: 'plusofonCallToAuth' };

const CHANNELS = [
	{
		name: 'Mobilgroup Flash Call',
		value: 'mobilgroupFlashCall',
		description: 'The phone rings; the last digits of the calling number are the code',
	},
	{
		name: 'Mobilgroup SMS',
		value: 'mobilgroupSms',
		description: 'Repeats the code of a Mobilgroup call by SMS; stands behind that call',
	},
	{
		name: 'Mobilgroup Voice Code',
		value: 'mobilgroupVoiceCode',
		description: 'A voice speaks four digits',
	},
	{
		name: 'Plusofon CallToAuth',
		value: 'plusofonCallToAuth',
		description: 'The person calls a number and is recognized by theirs',
	},
	{
		name: 'Plusofon Flash Call',
		value: 'plusofonFlashCall',
		description: 'The phone rings; the last digits of the calling number are the code',
	},
	{
		name: 'Zvonobot PIN Call',
		value: 'zvonobotPinCall',
		description: 'The phone rings; the last four digits of the calling number are the code',
	},
] as const;

/** Decides which credentials the node asks for. */
export const providersField = defineField({
	displayName: 'Providers',
	name: 'providers',
	type: 'multiOptions',
	noDataExpression: true,
	options: [
		{ name: 'Mobilgroup', value: 'mobilgroup' },
		{ name: 'Plusofon', value: 'plusofon' },
		{ name: 'Zvonobot', value: 'zvonobot' },
	],
	default: ['plusofon'],
	description: 'Whose channels are used; the node asks for their credentials and no others',
});

export const channelsField = defineField({
	displayName: 'Channels',
	name: 'channels',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add channel',
	default: { list: [{ channel: 'plusofonFlashCall', patience: PRESET_PATIENCE }] },
	description:
		'The ways to reach the person, tried from top to bottom. One that is refused before it reaches them hands over to the next.',
	options: [
		{
			displayName: 'Channel',
			name: 'list',
			values: [
				{
					displayName: 'Channel',
					name: 'channel',
					type: 'options',
					options: CHANNELS,
					default: 'plusofonFlashCall',
					description: 'How the person is reached, and by whom',
				},
				{
					displayName: 'Patience (Seconds)',
					name: 'patience',
					type: 'number',
					typeOptions: { minValue: 10, maxValue: 3600, numberPrecision: 0 },
					default: PRESET_PATIENCE,
					description:
						'In Verify and Wait: after how long the next channel begins (10 to 3600). It may take up to a minute longer, because n8n looks once a minute.',
				},
			],
		},
	],
});

/** Options that decide who may be called, how often, and what follows what. */
export const chainOptions = [
	defineField({
		displayName: 'Allowed Countries',
		name: 'allowedCountries',
		type: 'string',
		default: 'RU',
		placeholder: 'e.g. RU, KZ, BY',
		description: 'Two-letter codes with commas between them, or * for every country',
	}),
	defineField({
		displayName: 'Allowed Number Types',
		name: 'numberTypes',
		type: 'multiOptions',
		options: [
			{ name: 'Fixed Line', value: 'fixedLine' },
			{ name: 'Mobile', value: 'mobile' },
			{ name: 'Other', value: 'other' },
			{ name: 'Toll-Free', value: 'tollFree' },
			{ name: 'VoIP', value: 'voip' },
		],
		default: ['mobile'],
		description:
			'What kinds of numbers may be called. Premium, satellite and short numbers never are.',
	}),
	defineField({
		displayName: 'Balance Floor',
		name: 'balanceFloor',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description:
			'Rubles that have to be left for a channel to be used, where its provider tells the balance (Zvonobot). 0 asks nobody.',
	}),
	defineField({
		displayName: 'Cool-Down (Seconds)',
		name: 'coolDown',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 86400, numberPrecision: 0 },
		default: 30,
		description: 'How long a phone that was called is not called again by this node (0 to 86400)',
	}),
	defineField({
		displayName: 'Max Starts per Phone',
		name: 'maxStarts',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1000, numberPrecision: 0 },
		default: 5,
		description:
			'How often this node may call a phone within the window (0 to 1000); 0 for any number',
	}),
	defineField({
		displayName: 'Operator Rules',
		name: 'operatorRules',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add rule',
		default: { rules: [MTS_RULE] },
		description:
			'After a flash call for which Plusofon tells the operator, another channel of the list follows at once. Plusofon tells it when Return Operator is on in its Flash Call settings. Without this option, MTS leads to Plusofon CallToAuth, as Plusofon advises.',
		options: [
			{
				displayName: 'Rule',
				name: 'rules',
				values: [
					{
						displayName: 'Channel',
						name: 'channel',
						type: 'options',
						options: CHANNELS,
						default: 'plusofonCallToAuth',
						description: 'The channel that reaches this operator better',
					},
					{
						displayName: 'Operator',
						name: 'operator',
						type: 'string',
						default: '',
						required: true,
						placeholder: 'e.g. mts',
						description: 'The operator as Plusofon calls it',
					},
				],
			},
		],
	}),
	defineField({
		displayName: 'When Unsure',
		name: 'whenUnsure',
		type: 'options',
		options: [
			{
				name: 'Stop',
				value: 'stop',
				description: 'Nobody is called twice; the item ends here and says so',
			},
			{
				name: 'Try the Next Channel',
				value: 'next',
				description: 'The person may be called twice',
			},
		],
		default: 'stop',
		description:
			'What happens after a channel that may or may not have reached the person, e.g. when its provider did not answer in time',
	}),
	defineField({
		displayName: 'Window (Minutes)',
		name: 'windowMinutes',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 10080, numberPrecision: 0 },
		default: 60,
		description: 'The time in which Max Starts per Phone counts (1 to 10080)',
	}),
] as const;

export interface ChainParams {
	providers: string[];
	channels: { list?: ReadonlyArray<{ channel: string; patience: number }> };
	options: {
		allowedCountries?: string;
		numberTypes?: string[];
		balanceFloor?: number;
		coolDown?: number;
		maxStarts?: number;
		operatorRules?: { rules?: ReadonlyArray<{ operator: string; channel: string }> };
		whenUnsure?: 'stop' | 'next';
		windowMinutes?: number;
	};
}

/**
 * The chain that the fields describe.
 *
 * @throws Failure `invalid_input` when it is empty, or a channel stands in it twice or without its provider
 */
export function readChain({ providers, channels, options }: ChainParams): Chain {
	const list = (channels.list ?? []).map(({ channel }) => channel);
	const refuse = (problem: string, hint: string) => invalidInput('Channels', problem, hint);
	if (list.length === 0) throw refuse('holds no channel', 'Add at least one channel.');
	const twice = list.find((value, index) => list.indexOf(value) < index);
	if (twice !== undefined) {
		throw refuse(`holds ${channelOf(twice).name} twice`, 'Remove one of them.');
	}
	const missing = list.map(channelOf).find(({ provider }) => !providers.includes(provider));
	if (missing !== undefined) {
		throw refuse(
			`holds ${missing.name}, but its provider is not chosen`,
			'Choose the provider under Providers, and its credential, or remove the channel.',
		);
	}
	const rules = options.operatorRules?.rules ?? [];
	const idle = rules.find(({ channel }) => !list.includes(channel));
	if (idle !== undefined) {
		throw invalidInput(
			'Operator Rules',
			`name ${channelOf(idle.channel).name}, which is not among Channels`,
			'Add the channel to Channels, or remove the rule.',
		);
	}
	return {
		channels: list,
		goOnWhenUnsure: options.whenUnsure === 'next',
		// The option without any rule says that there is none.
		operatorRules: options.operatorRules === undefined ? [MTS_RULE] : rules,
		balanceFloor: options.balanceFloor ?? 0,
	};
}

/** How long each channel of the list is waited for, in seconds. */
export function readPatience({ channels }: ChainParams): Record<string, number> {
	return Object.fromEntries(
		(channels.list ?? []).map(({ channel, patience }) => [channel, patience]),
	);
}

export function readNumberRules({ options }: ChainParams): NumberRules {
	return {
		countries: options.allowedCountries ?? 'RU',
		types: options.numberTypes ?? ['mobile'],
	};
}

export function readStartRules({ options }: ChainParams): StartRules {
	return {
		coolDown: options.coolDown ?? 30,
		maxStarts: options.maxStarts ?? 5,
		windowMinutes: options.windowMinutes ?? 60,
	};
}
