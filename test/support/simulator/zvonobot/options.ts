import { isRecord } from '../types';

const WRAPPINGS = ['wrapped', 'bare'] as const;
const ORDERS = ['asked', 'shuffled'] as const;
const SHAPES = ['bare', 'array', 'wrapped'] as const;

export type WebhookShape = (typeof SHAPES)[number];

export interface ZvonobotOptions {
	/** Rubles at the start. Setting it fills the account up (or empties it) at once. */
	balance: number;
	/** Rubles a call costs when it is talked. Set aside when it is created, given back when it fails. */
	callPrice: number;
	/** Rubles a verification call costs. */
	confirmPrice: number;
	/** The HTTP status under every `"status":"error"`. The documents show no refusal. */
	refusalStatus: 200 | 400 | 422;
	/** `bare`: the answers that the documents show without `status` and `data` come without them. */
	wrapping: (typeof WRAPPINGS)[number];
	/** Whether a list of calls answers in the order in which the phones or ids were given. */
	answerOrder: (typeof ORDERS)[number];
	/** get and getWithTemplates answer an object when one id was asked, as the documented sample looks. */
	singleAsObject: boolean;
	/** getAvailableLanguages as every other endpoint: POST with the key in the body. */
	languagesByPost: boolean;
	/** Phones that get no call: left out silently of `phones`, refused in `phone`. */
	refusedPhones: string[];
	/** False: a manager has not lifted the moderation, and calls stay `created` whatever is played. */
	moderated: boolean;
	/** Templates of SMS that may not be used yet; every other id may. */
	unmoderatedSmsTemplates: number[];
	/** How a status webhook is packed: the documented format is `bare`. */
	webhookShape: WebhookShape;
	/** The documents: "каждую минуту до трех раз". */
	retryDelayMs: number;
	/** How long one webhook POST may take. */
	hookTimeoutMs: number;
	/** The size of the audio files, except those that were uploaded. */
	recordingBytes: number;
}

export const DEFAULT_OPTIONS: Readonly<ZvonobotOptions> = {
	balance: 10_000,
	callPrice: 3,
	confirmPrice: 0.9,
	refusalStatus: 200,
	wrapping: 'wrapped',
	answerOrder: 'asked',
	singleAsObject: false,
	languagesByPost: false,
	refusedPhones: [],
	moderated: true,
	unmoderatedSmsTemplates: [],
	webhookShape: 'bare',
	retryDelayMs: 60_000,
	hookTimeoutMs: 10_000,
	recordingBytes: 4096,
};

// Joined from parts: fakes that look like real credentials would set off secret scanners.
/** The API key of the one account. */
export const PRESET_ZVONOBOT = ['sim', 'zvonobot', 'key', '5d2c'].join('-');

/** Reads options that arrived as JSON; throws an Error that names what is wrong. */
export function parseOptions(value: unknown): Partial<ZvonobotOptions> {
	if (!isRecord(value)) throw new Error('options must be an object');
	const options: Partial<ZvonobotOptions> = {};
	for (const [name, given] of Object.entries(value)) {
		switch (name) {
			case 'balance':
			case 'callPrice':
			case 'confirmPrice':
				if (typeof given !== 'number' || !Number.isFinite(given)) {
					throw new Error(`${name} must be a number`);
				}
				options[name] = given;
				break;
			case 'refusalStatus':
				if (given !== 200 && given !== 400 && given !== 422) {
					throw new Error('refusalStatus must be 200, 400 or 422');
				}
				options.refusalStatus = given;
				break;
			case 'wrapping':
				options.wrapping = oneOf(name, given, WRAPPINGS);
				break;
			case 'answerOrder':
				options.answerOrder = oneOf(name, given, ORDERS);
				break;
			case 'webhookShape':
				options.webhookShape = oneOf(name, given, SHAPES);
				break;
			case 'singleAsObject':
			case 'languagesByPost':
			case 'moderated':
				if (typeof given !== 'boolean') throw new Error(`${name} must be true or false`);
				options[name] = given;
				break;
			case 'refusedPhones':
				options.refusedPhones = list(name, given).map((item) => {
					if (typeof item !== 'string' || !/^[0-9]{11}$/.test(item)) {
						throw new Error('refusedPhones must hold strings of 11 digits');
					}
					return item;
				});
				break;
			case 'unmoderatedSmsTemplates':
				options.unmoderatedSmsTemplates = list(name, given).map((item) => count(name, item));
				break;
			case 'retryDelayMs':
			case 'hookTimeoutMs':
			case 'recordingBytes':
				options[name] = count(name, given);
				break;
			default:
				throw new Error(`unknown option ${name}`);
		}
	}
	return options;
}

function oneOf<T extends string>(name: string, value: unknown, allowed: readonly T[]): T {
	const found = allowed.find((item) => item === value);
	if (found === undefined) throw new Error(`${name} must be one of ${allowed.join(', ')}`);
	return found;
}

function list(name: string, value: unknown): unknown[] {
	if (!Array.isArray(value)) throw new Error(`${name} must be a list`);
	return value;
}

function count(name: string, value: unknown): number {
	if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
		throw new Error(`${name} must be a non-negative integer`);
	}
	return value;
}
