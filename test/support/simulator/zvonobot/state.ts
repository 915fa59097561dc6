import type { Clock } from '../clock';
import type { Journal } from '../journal';
import type { FormFile } from '../multipart';
import type { JsonObject } from '../types';
import { newCall, type ZvonobotCall } from './call';
import type { ZvonobotOptions } from './options';
import type { CallOrder, OrderContext } from './orders';
import { MESSAGES, Refusal } from './refusal';

export interface ZvonobotRecord {
	id: number;
	name: string;
	createdAt: number;
	/** Rubles. */
	cost: number;
	text: string | null;
	/** An uploaded file, without its bytes. */
	file: { filename: string; mime: string; size: number } | null;
	deletedAt: number | null;
}

export interface ZvonobotTemplate {
	id: number;
	name: string;
	text: string;
	moderated: boolean;
}

export interface CallerId {
	id: number;
	phone: string;
	isSystem: boolean;
	/** 1: shared by everybody, 0: the customer's own. */
	overall: 0 | 1;
}

/** "Генерация стоит 40 копеек". */
const TEXT_KOPECKS = 40;
const KOPECKS_PER_RUBLE = 100;
const FIRST_CALL = 500_001;
const FIRST_NEW_RECORD = 1343;

/** The first is the samples' `outgoingPhone`. */
export const CALLER_IDS: readonly CallerId[] = [
	{ id: 11, phone: '99999999997', isSystem: false, overall: 0 },
	{ id: 12, phone: '74950000001', isSystem: false, overall: 0 },
	{ id: 21, phone: '74950000002', isSystem: true, overall: 1 },
	{ id: 22, phone: '74950000003', isSystem: true, overall: 1 },
];

export const LANGUAGES = [
	{ id: 1, name: 'Русский', defaultLangCode: 'ru-RU' },
	{ id: 2, name: 'English', defaultLangCode: 'en-US' },
	{ id: 3, name: 'Қазақша', defaultLangCode: 'kk-KZ' },
] as const;

/** The first has the placeholders of the sample. */
export const TEMPLATES: readonly ZvonobotTemplate[] = [
	{ id: 1, name: 'Скидка', text: '{name}, ваша скидка {var1}', moderated: true },
	{ id: 2, name: 'Новый шаблон', text: 'Здравствуйте, {name}', moderated: false },
];

/** The records of the samples. */
const PRESET_RECORDS: ReadonlyArray<[id: number, name: string]> = [
	[1, 'Приветствие'],
	[1342, 'Ответ на единицу'],
];

/** The calls, records and money of the one simulated account. */
export class ZvonobotState {
	readonly calls = new Map<number, ZvonobotCall>();
	readonly records = new Map<number, ZvonobotRecord>();
	/** What was uploaded, by the record's id. */
	readonly uploads = new Map<number, FormFile>();
	/** The newest pin of a phone. */
	readonly pins = new Map<string, string>();
	/** Phones whose owners asked not to be called: `needBlock`. */
	readonly blocked = new Set<string>();

	private kopecks = 0;
	private nextRecord = FIRST_NEW_RECORD;

	constructor(
		private readonly clock: Clock,
		private readonly journal: Journal,
		balance: number,
	) {
		this.balance = balance;
		for (const [id, name] of PRESET_RECORDS) this.keepRecord(id, name, 0);
	}

	/** Rubles left. */
	get balance(): number {
		return this.kopecks / KOPECKS_PER_RUBLE;
	}

	set balance(rubles: number) {
		this.kopecks = toKopecks(rubles);
	}

	/** UNIX seconds. */
	get now(): number {
		return Math.floor(this.clock.now() / 1000);
	}

	context({ unmoderatedSmsTemplates }: Readonly<ZvonobotOptions>): OrderContext {
		return {
			hasRecord: (id) => this.records.get(id)?.deletedAt === null,
			isSmsTemplateModerated: (id) => !unmoderatedSmsTemplates.includes(id),
			ownPhones: CALLER_IDS.filter(({ overall }) => overall === 0).map(({ phone }) => phone),
			languages: LANGUAGES.map(({ defaultLangCode }) => defaultLangCode),
		};
	}

	/** Creates the calls and takes the money for them, or throws why not. */
	createCalls(order: CallOrder, options: Readonly<ZvonobotOptions>): ZvonobotCall[] {
		const template = TEMPLATES.find(({ id }) => id === order.templateId);
		if (order.templateId !== null && template === undefined) {
			throw new Refusal(MESSAGES.noTemplate);
		}
		if (template?.moderated === false) throw new Refusal(MESSAGES.templateNotModerated);
		const phones = order.phones.filter((phone) => !options.refusedPhones.includes(phone));
		if (order.alone && phones.length === 0) throw new Refusal(MESSAGES.phoneRefused);

		const price = toKopecks(options.callPrice);
		const texts = phones.length === 0 ? 0 : order.generatedTexts * TEXT_KOPECKS;
		this.pay(texts + price * phones.length);
		return phones.map((phone, index) =>
			// The texts are generated once for all phones.
			this.keepCall(order, phone, price, texts, index === 0 ? texts : 0),
		);
	}

	/** A call that was not picked up is made again later, once, as smartDelay wants it. */
	repeat(call: ZvonobotCall, options: Readonly<ZvonobotOptions>): void {
		if (call.smartDelay === null || call.prevCallId !== null) return;
		const price = toKopecks(options.callPrice);
		if (this.kopecks < price) return;
		this.kopecks -= price;
		const plannedAt = this.now + call.smartDelay * 60;
		const again: CallOrder = {
			...call,
			phones: [call.phone],
			alone: true,
			plannedAt,
			generatedTexts: 0,
			variables: {},
		};
		const next = this.keepCall(again, call.phone, price, 0, 0);
		next.phoneInfo = call.phoneInfo;
		next.prevCallId = call.id;
		call.nextCallId = next.id;
	}

	/** The end of a call: what was set aside at its creation is spent or given back. */
	settle(call: ZvonobotCall, talked: boolean): void {
		call.cost = talked ? call.price : 0;
		if (!talked) this.kopecks += toKopecks(call.price);
	}

	/** Rings a phone from a number that ends in the pin. */
	confirm(phone: string, pin: string, options: Readonly<ZvonobotOptions>): void {
		if (options.refusedPhones.includes(phone)) throw new Refusal(MESSAGES.phoneRefused);
		const price = toKopecks(options.confirmPrice);
		this.pay(price);
		this.pins.set(phone, pin);
		this.charge('confirmPhone', phone, { cost: price / KOPECKS_PER_RUBLE });
	}

	createRecord(name: string, content: { text: string } | { file: FormFile }): ZvonobotRecord {
		const id = this.nextRecord;
		if ('file' in content) {
			const { filename, mime, bytes } = content.file;
			const record = this.keepRecord(id, name, 0);
			record.file = { filename, mime, size: bytes.length };
			this.uploads.set(id, content.file);
			this.nextRecord += 1;
			return record;
		}
		this.pay(TEXT_KOPECKS);
		this.nextRecord += 1;
		const cost = TEXT_KOPECKS / KOPECKS_PER_RUBLE;
		const record = this.keepRecord(id, name, cost);
		record.text = content.text;
		this.journal.charge({ provider: 'zvonobot', operation: 'createRecord', detail: { id, cost } });
		return record;
	}

	/** Those of the records that are there, now marked as deleted. */
	removeRecords(ids: number[]): ZvonobotRecord[] {
		const found = ids.flatMap((id) => this.records.get(id) ?? []);
		const there = found.filter(({ deletedAt }) => deletedAt === null);
		for (const record of there) record.deletedAt = this.now;
		return there;
	}

	/** The calls with these ids, made by create or from templates. */
	find(ids: number[], fromTemplate: boolean): ZvonobotCall[] {
		return ids
			.flatMap((id) => this.calls.get(id) ?? [])
			.filter(({ removed, templateId }) => !removed && (templateId !== null) === fromTemplate);
	}

	/** Gives planned calls another time. Returns the ids of those that are still planned. */
	replan(wanted: Array<{ id: number; replannedAt: number }>): number[] {
		const done: number[] = [];
		for (const { id, replannedAt } of wanted) {
			const call = this.calls.get(id);
			if (call === undefined || !isPlanned(call)) continue;
			call.plannedAt = replannedAt;
			call.updatedAt = this.now;
			done.push(id);
		}
		return done;
	}

	/** Takes planned calls back, and their money. Returns the ids of those that were still planned. */
	remove(ids: number[], fromTemplate: boolean): number[] {
		return this.find(ids, fromTemplate)
			.filter(isPlanned)
			.map((call) => {
				call.removed = true;
				this.settle(call, false);
				return call.id;
			});
	}

	/** The newest call of a phone. */
	lastOf(phone: string): ZvonobotCall | undefined {
		return [...this.calls.values()].filter((call) => call.phone === phone).at(-1);
	}

	private pay(kopecks: number): void {
		if (this.kopecks < kopecks) throw new Refusal(MESSAGES.notEnoughMoney);
		this.kopecks -= kopecks;
	}

	private keepCall(
		order: CallOrder,
		phone: string,
		price: number,
		texts: number,
		ownTexts: number,
	): ZvonobotCall {
		const id = FIRST_CALL + this.calls.size;
		const call = newCall(order, {
			id,
			phone,
			createdAt: this.now,
			price: price / KOPECKS_PER_RUBLE,
			recordCost: texts / KOPECKS_PER_RUBLE,
		});
		this.calls.set(id, call);
		this.charge(order.templateId === null ? 'create' : 'createWithTemplate', phone, {
			id,
			cost: (price + ownTexts) / KOPECKS_PER_RUBLE,
		});
		return call;
	}

	private keepRecord(id: number, name: string, cost: number): ZvonobotRecord {
		const record: ZvonobotRecord = {
			id,
			name,
			createdAt: this.now,
			cost,
			text: null,
			file: null,
			deletedAt: null,
		};
		this.records.set(id, record);
		return record;
	}

	private charge(operation: string, phone: string, detail: JsonObject): void {
		this.journal.charge({ provider: 'zvonobot', operation, phone, detail });
	}
}

/** "запланированный": with a time of its own, and not yet begun. */
function isPlanned({ status, plannedAt, removed }: ZvonobotCall): boolean {
	return status === 'created' && plannedAt !== null && !removed;
}

function toKopecks(rubles: number): number {
	return Math.round(rubles * KOPECKS_PER_RUBLE);
}
