import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { requireHookUrl } from '../../../Plusofon/hookUrl';
import { invalidInput } from '../../../shared/errors';
import { optionsField } from '../../../shared/fields/options';
import { phoneField, requirePhone } from '../../../shared/fields/phone';
import { defineField, defineOperation } from '../../../shared/operation';
import { masked, phoneAsInput } from '../../../shared/phone';
import { begin, requireCallable } from '../../begin';
import { NOTHING_YET } from '../../chain';
import type { Chain, Progress } from '../../chain';
import type { Attempted } from '../../channels/channel';
import { plusofonCallToAuth } from '../../channels/plusofon';
import { codesOf } from '../../codes';
import { chainOptions, channelsField, providersField, readChain } from '../../fields';
import { bindingOf, openKey, sealKey } from '../../key';
import type { OpenedKey } from '../../key';
import { keyAttempts } from '../../keyAttempts';

const PRESET_VALID_MINUTES = 5;

/** Calls what the operations of the providers call, channel by channel. Costs money. */
export const start = defineOperation({
	option: {
		name: 'Start',
		value: 'start',
		action: 'Start a verification',
		description:
			'Reach the person over the first channel that works. Costs what the channel costs.',
	},
	fields: [
		providersField,
		phoneField,
		channelsField,
		optionsField(
			...chainOptions,
			defineField({
				displayName: 'Bound To',
				name: 'boundTo',
				type: 'string',
				default: '',
				placeholder: 'e.g. order 1234',
				description:
					'What the key is for, e.g. the ID of an order: Check then accepts it only when it is told the same',
			}),
			defineField({
				displayName: 'Earlier Key',
				name: 'earlierKey',
				type: 'string',
				typeOptions: { password: true },
				default: '',
				placeholder: 'e.g. {{ $json.key }}',
				description:
					'The key of an earlier Start for this person: the channels that were tried are skipped, and Mobilgroup SMS can repeat the code',
			}),
			defineField({
				displayName: 'Hook URL',
				name: 'hookUrl',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://n8n.example.com/webhook/…/webhook',
				description:
					'For Plusofon CallToAuth: the production URL of a Plusofon Trigger node that uses the same credential',
			}),
			defineField({
				displayName: 'Valid For (Minutes)',
				name: 'validMinutes',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 1440, numberPrecision: 0 },
				default: PRESET_VALID_MINUTES,
				description: 'How long the key can be checked (1 to 1440)',
			}),
		),
	],
	costsMoney: true,
	onceFor: ({ phone }) => requirePhone(phone),
	async run({ params, open, nodeId, isTool, isManual }): Promise<IDataObject> {
		const phone = requireCallable(params.phone, params);
		const chain = readChain(params);
		const { earlierKey = '', validMinutes = PRESET_VALID_MINUTES } = params.options;
		const binding = readBinding(params.options.boundTo);
		const earlier =
			earlierKey.trim() === '' ? undefined : await openKey(earlierKey, params.providers, open);
		if (earlierKey.trim() !== '' && earlier?.phone !== phone) throw wrongEarlierKey();
		if (earlier !== undefined && earlier.binding !== binding.binding) throw boundElsewhere();
		const expiresAt = Math.floor(Date.now() / 1000) + validMinutes * 60;
		const requestId = randomUUID();
		const hook = hookFor(
			chain,
			{ hookUrl: params.options.hookUrl, isManual },
			{ phone, expiresAt, requestId },
		);
		const before = { ...NOTHING_YET, ...progressOf(earlier) };
		const step = await begin(params, nodeId, chain, before, { phone, open, hook }, earlier);

		const { channel, reached, progress } = step;
		const { attempts, requestIds, operator } = progress;
		const key = await sealKey(channel, open(channel.api), {
			phone,
			expiresAt,
			codes: codesOf(step),
			requestIds,
			tried: [...before.skipped, ...attempts.map((attempt) => attempt.channel)],
			...binding,
		});
		return {
			status: 'sent',
			channel: channel.value,
			provider: channel.provider,
			phone: isTool ? masked(phone) : phoneAsInput(phone),
			key,
			expiresAt: new Date(expiresAt * 1000).toISOString(),
			// By the request ID the Plusofon Trigger tells whose call it was.
			...(channel.kind === 'call' ? { callNumber: reached.callNumber, requestId } : {}),
			...(operator === undefined ? {} : { operator }),
			attempts,
		};
	},
});

/**
 * What an earlier start has tried: nothing of it is said again. A code that counts no more is not
 * repeated, because it would count anew.
 */
function progressOf(earlier: OpenedKey | undefined): Partial<Progress> {
	if (earlier === undefined) return {};
	const isOver = Date.now() >= earlier.expiresAt * 1000 || keyAttempts.isUsed(earlier.id);
	return { skipped: earlier.tried, ...(isOver ? {} : { requestIds: earlier.requestIds }) };
}

// An expression that brings nothing must not make a key that is good for anything.
function readBinding(boundTo: string | undefined): { binding?: string } {
	if (boundTo === undefined) return {};
	if (boundTo.trim() !== '') return { binding: bindingOf(boundTo) };
	throw invalidInput(
		'Bound To',
		'is empty',
		'Let it name what the key is for, e.g. the ID of an order, or remove the option.',
	);
}

function hookFor(
	{ channels }: Chain,
	{ hookUrl, isManual }: { hookUrl: string | undefined; isManual: boolean },
	claim: NonNullable<Attempted['hook']>['claim'],
): Attempted['hook'] {
	if (!channels.includes(plusofonCallToAuth.value)) return undefined;
	if (hookUrl !== undefined) return { url: requireHookUrl(hookUrl, isManual), claim };
	throw invalidInput(
		'Hook URL',
		'is missing, and Plusofon CallToAuth needs it',
		'Add the option Hook URL with the production URL of a Plusofon Trigger, or use Verify and Wait.',
	);
}

function boundElsewhere() {
	return invalidInput(
		'Earlier Key',
		'is bound to something else than Bound To says',
		'Let Bound To be the same as in the earlier Start, or remove Earlier Key.',
	);
}

function wrongEarlierKey() {
	return invalidInput(
		'Earlier Key',
		'was not made for this phone by a Start with these credentials',
		'Pass on the key that Start gave for this person, or remove the option.',
	);
}
