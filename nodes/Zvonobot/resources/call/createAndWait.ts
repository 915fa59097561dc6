import { waitOptionsField } from '../../../shared/fields/options';
import { defineField, defineOperation } from '../../../shared/operation';
import { timeLimitField } from '../../../shared/waiting/limit';
import { callFields, readCall } from '../../callFields';
import { placeCalls } from '../../callOrder';
import type { CallOrder } from '../../callOrder';
import * as settings from '../../callSettings';
import {
	ANSWERED,
	assertCanAnswer,
	assertInTime,
	KEY_OUTPUTS,
	NO_ANSWER,
	receiveCall,
	settleCall,
	webhookUrlOf,
} from '../../callWait';
import type { RobocallWait } from '../../callWait';
import { addWebhooks } from '../../voiceMenu';
import { requireCalled } from '../../zvonobot.fields';
import { Failure } from '../../../shared/errors';

const PRESET_SECONDS = 600;

/**
 * POST apiCalls/create with the address of the waiting execution as webhook URL; when the time is up,
 * one POST apiCalls/get tells how the call stands. Costs money, so it is sent once.
 */
export const createAndWait = defineOperation({
	option: {
		name: 'Create and Wait',
		value: 'createAndWait',
		action: 'Create a call and wait for it',
		description:
			'Call a phone and pause until the call is over or a key was pressed. Costs the call, and 0.40 RUB for each text.',
	},
	fields: [
		...callFields,
		defineField({
			displayName: 'Wait For',
			name: 'waitFor',
			type: 'options',
			options: [
				{
					name: 'End of the Call',
					value: 'end',
					description: 'The call has finished, or was not answered',
				},
				{
					name: 'First Answer',
					value: 'answer',
					description: 'A key was pressed or a word said in the voice menu, or the call is over',
				},
			],
			default: 'end',
			description: 'What ends the wait',
		}),
		defineField({
			displayName: 'Outputs for Keys',
			name: 'keys',
			type: 'multiOptions',
			noDataExpression: true,
			options: [
				{ name: '0', value: '0' },
				{ name: '1', value: '1' },
				{ name: '2', value: '2' },
				{ name: '3', value: '3' },
				{ name: '4', value: '4' },
				{ name: '5', value: '5' },
				{ name: '6', value: '6' },
				{ name: '7', value: '7' },
				{ name: '8', value: '8' },
				{ name: '9', value: '9' },
			],
			default: [],
			description: 'Keys of the voice menu that get an output of their own',
		}),
		timeLimitField(PRESET_SECONDS),
		waitOptionsField(
			settings.answerTimeoutOption,
			settings.daysOption,
			settings.endOfSpeechOption,
			settings.voiceDetectionOption,
			settings.endTimeOption,
			settings.excludeWeekendsOption,
			settings.languageOption,
			settings.plannedAtOption,
			settings.needRecordingOption,
			settings.managerPhoneOption,
			settings.startTimeOption,
			settings.timeZoneOption,
		),
	],
	costsMoney: true,
	onceFor: ({ phone }) => requireCalled(phone),
	wait: {
		outputs: {
			names: [ANSWERED, NO_ANSWER],
			chosen: { parameter: 'keys', labels: KEY_OUTPUTS },
			failure: NO_ANSWER,
		},
		limitSeconds: ({ timeLimit }) => timeLimit,
		async start({ api, params, timezone, hook }) {
			const phone = requireCalled(params.phone);
			const untilAnswer = params.waitFor === 'answer';
			const { keys } = params;
			const webhookUrl = webhookUrlOf(hook.url);
			const { ivrs, ...body } = {
				...readCall(params),
				...settings.readSettings(params.options, timezone),
			};
			assertCanAnswer({ untilAnswer, keys }, ivrs);
			assertInTime(body.plannedAt, hook.until);
			const menu = untilAnswer && ivrs !== undefined ? addWebhooks(ivrs, webhookUrl) : ivrs;
			const order: CallOrder = {
				body: { ...body, webhookUrl, ...(menu === undefined ? {} : { ivrs: menu }) },
				sign: true,
			};
			const created = await placeCalls(
				api,
				'/apiCalls/create',
				order,
				[{ target: phone }],
				() => ({ phone }),
				hook.id,
			);
			const call = created.get(phone);
			if (call === undefined || call instanceof Failure) throw call ?? new RangeError('no call');
			const state: RobocallWait = {
				callId: Object(call).callId as number | string,
				phone,
				keys,
				untilAnswer,
			};
			return { ...state };
		},
		receive: async (request, context) =>
			await receiveCall(request, context.state as unknown as RobocallWait, context),
		timeOut: async (context) => await settleCall(context.state as unknown as RobocallWait, context),
	},
});
