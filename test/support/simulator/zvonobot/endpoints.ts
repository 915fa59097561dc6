import type { FormPart } from '../multipart';
import type { JsonObject, JsonValue } from '../types';
import { callAnswer, createdAnswer, type ZvonobotCall } from './call';
import type { ZvonobotOptions } from './options';
import { readCreate, readCreateWithTemplate } from './orders';
import { MESSAGES, Refusal, wrong } from './refusal';
import { CALLER_IDS, LANGUAGES, TEMPLATES, type ZvonobotRecord, type ZvonobotState } from './state';
import {
	boolean,
	flag,
	integer,
	list,
	object,
	oneOf,
	only,
	optional,
	phone,
	pin,
	required,
	text,
	unixSeconds,
	type Reader,
} from './validate';

/** What an endpoint works with. */
export interface Scene {
	state: ZvonobotState;
	options: Readonly<ZvonobotOptions>;
	/** The address of a recording. */
	link: (name: string) => string;
}

export interface Endpoint {
	/** GET has its fields in the query. */
	method?: 'GET';
	/** The documents show the answer without `status` and `data`. */
	bare?: boolean;
	/** Takes multipart/form-data beside JSON. */
	form?: boolean;
	/** The body without the key. */
	handle: (body: JsonObject, scene: Scene, form: FormPart[]) => JsonValue;
}

const CALLS = '/apiCalls';

/** The thirteen endpoints, by path. */
export const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
	[`${CALLS}/create`]: {
		bare: true,
		handle: (body, { state, options }) => {
			const order = readCreate(body, state.context(options));
			return created(state.createCalls(order, options), order.alone, options);
		},
	},
	[`${CALLS}/get`]: { bare: true, handle: (body, scene) => getCalls(body, scene, false) },
	[`${CALLS}/getWithTemplates`]: {
		bare: true,
		handle: (body, scene) => getCalls(body, scene, true),
	},
	[`${CALLS}/createRecord`]: {
		bare: true,
		form: true,
		handle: (body, scene, form) => recordAnswer(createRecord(body, scene, form), scene),
	},
	[`${CALLS}/removeRecord`]: { bare: true, handle: removeRecord },
	[`${CALLS}/userInfo`]: {
		bare: true,
		handle: (body, { state }) => {
			only(body, []);
			return { id: 4711, balance: state.balance };
		},
	},
	[`${CALLS}/getPhones`]: {
		handle: (body) => {
			only(body, ['all']);
			const all = optional(body, 'all', boolean) ?? false;
			return CALLER_IDS.filter(({ overall }) => all || overall === 0).map((of) => ({ ...of }));
		},
	},
	[`${CALLS}/getAvailableLanguages`]: {
		method: 'GET',
		handle: (body) => {
			only(body, []);
			return LANGUAGES.map((language) => ({ ...language }));
		},
	},
	'/apiVerificationPhones/confirmPhone': {
		handle: (body, { state, options }) => {
			only(body, ['phone', 'pin']);
			const called = required(body, 'phone', phone);
			state.confirm(called, required(body, 'pin', pin), options);
			return 'done';
		},
	},
	[`${CALLS}/update`]: {
		handle: (body, { state }) => {
			only(body, ['callList']);
			const wanted = required(
				body,
				'callList',
				list(replanning, ({ id }) => id),
			);
			return { callIdList: state.replan(wanted) };
		},
	},
	[`${CALLS}/remove`]: { handle: removeCalls },
	[`${CALLS}/getTemplates`]: {
		bare: true,
		handle: (body) => {
			only(body, ['onlyModerated']);
			const isNarrowed = optional(body, 'onlyModerated', flag) ?? false;
			return TEMPLATES.filter(({ moderated }) => moderated || !isNarrowed).map(
				({ id, name, text: recordText, moderated }) => ({
					id,
					name,
					recordText,
					isModerated: Number(moderated),
				}),
			);
		},
	},
	[`${CALLS}/createWithTemplate`]: {
		handle: (body, { state, options }) => {
			const order = readCreateWithTemplate(body, state.context(options));
			return created(state.createCalls(order, options), order.alone, options);
		},
	},
};

const ids = list(integer(1));

const replanning: Reader<{ id: number; replannedAt: number }> = (name, value) => {
	const input = object(name, value);
	only(input, ['id', 'replannedAt'], `${name}.`);
	return {
		id: required(input, 'id', integer(1), `${name}.`),
		replannedAt: required(input, 'replannedAt', unixSeconds, `${name}.`),
	};
};

function created(
	calls: ZvonobotCall[],
	alone: boolean,
	options: Readonly<ZvonobotOptions>,
): JsonValue {
	const answers = calls.map(createdAnswer);
	return alone ? (answers[0] ?? null) : ordered(answers, options);
}

function getCalls(body: JsonObject, { state, options }: Scene, fromTemplate: boolean): JsonValue {
	only(body, ['apiCallIdList']);
	const asked = required(body, 'apiCallIdList', ids);
	const answers = state.find(asked, fromTemplate).map(callAnswer);
	const [first] = answers;
	if (options.singleAsObject && asked.length === 1 && first !== undefined) return first;
	return ordered(answers, options);
}

function createRecord(body: JsonObject, { state }: Scene, form: FormPart[]): ZvonobotRecord {
	only(body, ['name', 'source', 'text', 'file']);
	const name = required(body, 'name', text());
	const source = required(body, 'source', oneOf(['text', 'file']));
	const file = form.flatMap(([field, value]) =>
		field === 'file' && typeof value !== 'string' ? value : [],
	)[0];
	if (source === 'text') {
		if (file !== undefined || 'file' in body) throw wrong('file', 'не сочетается с source=text');
		return state.createRecord(name, { text: required(body, 'text', text()) });
	}
	if ('text' in body) throw wrong('text', 'не сочетается с source=file');
	if (file === undefined) throw wrong('file', 'должно быть файлом');
	if (file.bytes.length === 0 || file.filename === '' || !file.mime.startsWith('audio/')) {
		throw wrong('file', 'должно быть звуковым файлом');
	}
	return state.createRecord(name, { file });
}

/** The documents show one object, though it takes a list: an array only for several ids. */
function removeRecord(body: JsonObject, scene: Scene): JsonValue {
	only(body, ['idList']);
	const asked = required(body, 'idList', ids);
	const answers = scene.state.removeRecords(asked).map((record) => {
		const { id, createdAt, name, path, moderatorComment, needModeration, status } = recordAnswer(
			record,
			scene,
		);
		const { deletedAt } = record;
		return { id, createdAt, name, path, moderatorComment, needModeration, status, deletedAt };
	});
	const [first] = answers;
	if (first === undefined) throw new Refusal(MESSAGES.noRecord);
	return asked.length === 1 ? first : answers;
}

/** The table has idList, the second sample a single `id`, which is answered by an empty list. */
function removeCalls(body: JsonObject, { state }: Scene): JsonValue {
	only(body, ['idList', 'id', 'isTemplate']);
	const fromTemplate = optional(body, 'isTemplate', flag) ?? false;
	const single = optional(body, 'id', integer(1));
	if (single === undefined) {
		const asked = required(body, 'idList', ids);
		return { callIdList: state.remove(asked, fromTemplate) };
	}
	if ('idList' in body) throw wrong('id', 'не сочетается с idList');
	if (state.remove([single], fromTemplate).length === 0) {
		throw new Refusal(MESSAGES.notPlanned);
	}
	return [];
}

function recordAnswer(record: ZvonobotRecord, { options, link }: Scene) {
	const { id, createdAt, name, cost } = record;
	return {
		id,
		createdAt,
		needModeration: Number(!options.moderated),
		moderatorComment: null,
		name,
		path: link(String(id)),
		status: options.moderated ? 'active' : 'moderation',
		recordText: record.text,
		cost,
	};
}

/** Turned by one when shuffled: then none of two or more stands where it was asked for. */
function ordered(answers: JsonObject[], { answerOrder }: Readonly<ZvonobotOptions>): JsonObject[] {
	if (answerOrder === 'asked') return answers;
	return [...answers.slice(1), ...answers.slice(0, 1)];
}
