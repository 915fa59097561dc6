import { batchOptionsField } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import { callFields, readCall } from '../../callFields';
import { placeCalls } from '../../callOrder';
import type { CallOrder } from '../../callOrder';
import * as settings from '../../callSettings';
import { webhookHeadersField, webhookParametersField } from '../../webhookFields';
import { requireCalled } from '../../zvonobot.fields';

/** POST apiCalls/create. Costs money and rings phones, so it is sent once. */
export const create = defineOperation({
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create a call',
		description:
			'Call a phone and speak a text or play a recording. Costs the call, and 0.40 RUB for each text.',
	},
	fields: [
		...callFields,
		batchOptionsField(
			settings.answerTimeoutOption,
			settings.batchSizeOption,
			settings.daysOption,
			settings.endOfSpeechOption,
			settings.voiceDetectionOption,
			settings.endTimeOption,
			settings.excludeWeekendsOption,
			settings.languageOption,
			settings.plannedAtOption,
			settings.needRecordingOption,
			settings.managerPhoneOption,
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
			const { options } = params;
			const shared: CallOrder = {
				body: { ...readCall(params), ...settings.readSettings(options, timezone) },
				sign: options.signWebhooks ?? true,
			};
			return {
				shared,
				entries: [{ target: requireCalled(params.phone) }],
				most: settings.batchSizeIn(options),
			};
		},
		send: async ({ api, shared, entries }) =>
			await placeCalls(api, '/apiCalls/create', shared as CallOrder, entries, (called) => {
				const [phone, ...others] = called.map(({ target }) => target);
				return others.length === 0 ? { phone } : { phones: [phone, ...others] };
			}),
	},
});
