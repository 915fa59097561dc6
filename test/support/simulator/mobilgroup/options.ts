import { isRecord } from '../types';

export interface MobilgroupOptions {
	/** Rubles at the start. Setting it fills the account up (or empties it) at once. */
	balance: number;
	/** What one request costs, in rubles, spelled as the answers carry it. */
	price: string;
	/** A blocked account: `user_disabled`. */
	blocked: boolean;
	/** Numbers answered with `number_not_valid`, besides those of a wrong form. */
	unroutable: string[];
	/** Numbers answered with `number_not_permitted`. */
	barred: string[];
	/** Numbers answered with `number_in_spam_list`, which is not documented: public clients met it. */
	spam: string[];
	/** The numbers registered in the cabinet: only these may stand in `voice.ani`. */
	ownNumbers: string[];
	/** The HTTP status under every `"result":"error"`. The documents show only the body. */
	refusalStatus: 200 | 400 | 403;
	/** When not empty, every request with the right key is refused with this code, whatever it asks for. */
	unknownErrorCode: string;
}

export const DEFAULT_OPTIONS: Readonly<MobilgroupOptions> = {
	balance: 10_000,
	price: '0.35',
	blocked: false,
	unroutable: [],
	barred: [],
	spam: [],
	// The sample's `ani`.
	ownNumbers: ['74959999999'],
	refusalStatus: 200,
	unknownErrorCode: '',
};

// Joined from parts: fakes that look like real credentials would set off secret scanners.
/** The API key of the one account. */
export const PRESET_MOBILGROUP = ['sim', 'mobilgroup', 'key', '9b1e'].join('-');

/** Reads options that arrived as JSON; throws an Error that names what is wrong. */
export function parseOptions(value: unknown): Partial<MobilgroupOptions> {
	if (!isRecord(value)) throw new Error('options must be an object');
	const options: Partial<MobilgroupOptions> = {};
	for (const [name, given] of Object.entries(value)) {
		switch (name) {
			case 'balance':
				if (typeof given !== 'number' || !Number.isFinite(given)) {
					throw new Error('balance must be a number');
				}
				options.balance = given;
				break;
			case 'price':
				if (typeof given !== 'string' || !/^[0-9]+(\.[0-9]{1,4})?$/.test(given)) {
					throw new Error('price must be a string like 0.35');
				}
				options.price = given;
				break;
			case 'blocked':
				if (typeof given !== 'boolean') throw new Error('blocked must be true or false');
				options.blocked = given;
				break;
			case 'unroutable':
			case 'barred':
			case 'spam':
			case 'ownNumbers':
				options[name] = numbers(name, given);
				break;
			case 'refusalStatus':
				if (given !== 200 && given !== 400 && given !== 403) {
					throw new Error('refusalStatus must be 200, 400 or 403');
				}
				options.refusalStatus = given;
				break;
			case 'unknownErrorCode':
				if (typeof given !== 'string') throw new Error('unknownErrorCode must be a string');
				options.unknownErrorCode = given;
				break;
			default:
				throw new Error(`unknown option ${name}`);
		}
	}
	return options;
}

function numbers(name: string, value: unknown): string[] {
	if (!Array.isArray(value)) throw new Error(`${name} must be a list of numbers`);
	return value.map((item: unknown) => {
		if (typeof item !== 'string' || !/^[0-9]+$/.test(item)) {
			throw new Error(`${name} must hold strings of digits`);
		}
		return item;
	});
}
