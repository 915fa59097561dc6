import type { JsonObject } from '../types';
import { everyIvr, type Ivr, type Webhook } from './ivrs';
import type { CallOrder } from './orders';

export type CallStatus = 'created' | 'processed' | 'started' | 'answered' | 'finished' | 'canceled';

/** Pressed digits are numbers, words are strings; -1 is a person who stayed on the line. */
export type Answer = number | string;

/** One call to one phone. Times are UNIX seconds, money is rubles. */
export interface ZvonobotCall {
	id: number;
	phone: string;
	status: CallStatus;
	createdAt: number;
	updatedAt: number;
	plannedAt: number | null;
	smartDelay: number | null;
	needRecording: boolean;
	/** null: one of those on duty. */
	outgoingPhone: string | null;
	/** Set aside at the creation, spent or given back at the end. */
	price: number;
	/** Of the whole request that created the call. */
	recordCost: number;
	/** null: made by create. */
	templateId: number | null;
	/** JSON of placeholder -> value. */
	phoneInfo: string | null;
	label: string;
	webhook: Webhook | null;
	webhookParameters: string | null;
	webhookSent: boolean;
	webhookTry: number;
	ivrs: Ivr[];
	/** The actions that may come next. */
	level: Ivr[];
	answers: Answer[];
	ivrDigit: number | null;
	ivrIdList: number[];
	toBlock: boolean;
	startedAt: number | null;
	answeredAt: number | null;
	managerStartedAt: number | null;
	managerAnsweredAt: number | null;
	managerStatus: string | null;
	finishedAt: number | null;
	hangupCause: number | null;
	recordFilePath: string | null;
	cost: number | null;
	/** The call of the same phone that this one repeats, and the one that repeats it: smartDelay. */
	prevCallId: number | null;
	nextCallId: number | null;
	/** Taken back by remove: known to tests only. */
	removed: boolean;
}

const LABEL = '127.0.0.1';

export function newCall(
	order: CallOrder,
	made: Pick<ZvonobotCall, 'id' | 'phone' | 'createdAt' | 'price' | 'recordCost'>,
): ZvonobotCall {
	const { id, phone, createdAt } = made;
	const ivrs = structuredClone(order.ivrs);
	for (const [index, ivr] of everyIvr(ivrs).entries()) ivr.id = id * 1000 + index + 1;
	const variables = order.variables[phone];
	return {
		...made,
		status: 'created',
		updatedAt: createdAt,
		plannedAt: order.plannedAt,
		smartDelay: order.smartDelay,
		needRecording: order.needRecording,
		outgoingPhone: order.outgoingPhone,
		templateId: order.templateId,
		phoneInfo: variables === undefined ? null : JSON.stringify(variables),
		label: LABEL,
		webhook: structuredClone(order.webhook),
		webhookParameters: order.webhookParameters,
		webhookSent: false,
		webhookTry: 0,
		ivrs,
		level: ivrs,
		answers: [],
		ivrDigit: null,
		ivrIdList: [],
		toBlock: false,
		startedAt: null,
		answeredAt: null,
		managerStartedAt: null,
		managerAnsweredAt: null,
		managerStatus: null,
		finishedAt: null,
		hangupCause: null,
		recordFilePath: null,
		cost: null,
		prevCallId: null,
		nextCallId: null,
		removed: false,
	};
}

/** What create and createWithTemplate answer. `needrecording` is the documented spelling. */
export function createdAnswer(call: ZvonobotCall): JsonObject {
	const { id, phone, createdAt, plannedAt, smartDelay, templateId, phoneInfo } = call;
	if (templateId !== null) {
		return { id, phone, templateId, phoneInfo, createdAt, plannedAt, smartDelay };
	}
	return {
		id,
		createdAt,
		plannedAt,
		smartDelay,
		needrecording: Number(call.needRecording),
		phone,
		recordCost: call.recordCost,
	};
}

/** What get and getWithTemplates answer, and what a status webhook carries. */
export function callAnswer(call: ZvonobotCall): JsonObject {
	const { templateId } = call;
	return {
		id: call.id,
		createdAt: call.createdAt,
		smartDelay: call.smartDelay,
		prevCallId: call.prevCallId,
		needRecording: Number(call.needRecording),
		plannedAt: call.plannedAt,
		webhookUrl: call.webhook?.url ?? null,
		webhookSent: Number(call.webhookSent),
		...(templateId === null ? {} : { templateId }),
		amoscriptId: null,
		webhookParameters: call.webhookParameters,
		webhookTry: call.webhookTry,
		recognitionGroupId: null,
		generateGroupId: null,
		calls: [
			{
				phone: call.phone,
				ivrDigit: call.ivrDigit,
				startedAt: call.startedAt,
				answeredAt: call.answeredAt,
				managerStartedAt: call.managerStartedAt,
				managerAnsweredAt: call.managerAnsweredAt,
				finishedAt: call.finishedAt,
				toBlock: Number(call.toBlock),
				status: call.status,
				nextCallId: call.nextCallId,
				hangupCause: call.hangupCause,
				managerStatus: call.managerStatus,
				recordFilePath: call.recordFilePath,
				cost: call.cost,
				createdAt: call.createdAt,
				updatedAt: call.updatedAt,
				label: call.label,
				ivrAnswers: call.answers.length === 0 ? null : call.answers.join('|'),
				ivrIdList: [...call.ivrIdList],
				comment: null,
			},
		],
	};
}
