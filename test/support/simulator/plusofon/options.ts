import { isRecord } from '../types';

/** How the provider says "wrong PIN". The documents do not show it, so a caller has to survive each of these. */
export const WRONG_PIN_STYLES = ['message200', 'success200', 'status400', 'status422'] as const;

export type WrongPinStyle = (typeof WRONG_PIN_STYLES)[number];

export interface PlusofonOptions {
	/** What the Client header must carry. */
	clientId: string;
	wrongPinStyle: WrongPinStyle;
	/**
	 * The HTTP status of a refusal whose body says `"code": 400`. The documents show only the body, and
	 * "key not found" proves that a failure can come with 200.
	 */
	refusalStatus: 400 | 200;
	/** How many numbers the shop holds. Changing it rebuilds the shop, the owned and the reserved numbers. */
	shopSize: number;
	/** How many numbers the customer owns at the start. Changing it rebuilds them as well. */
	ownedCount: number;
	/** How long one hook POST may take. */
	hookTimeoutMs: number;
}

export const DEFAULT_OPTIONS: PlusofonOptions = {
	clientId: '10553',
	wrongPinStyle: 'message200',
	refusalStatus: 400,
	shopSize: 60,
	ownedCount: 18,
	hookTimeoutMs: 10_000,
};

// Joined from parts: fakes that look like real credentials would set off secret scanners.
/** The cabinet token every simulator starts with. */
export const PRESET_CABINET = ['sim', 'cabinet', 'token', '7f3a'].join('-');
/** The token of the one Flash Call account every simulator starts with. */
export const PRESET_ACCESS = ['sim', 'access', 'token', '42c9'].join('-');
/** The id of that account; 42 as in the samples' paths. */
export const PRESET_ACCOUNT_ID = 42;

/** Reads options that arrived as JSON; throws an Error that names what is wrong. */
export function parseOptions(value: unknown): Partial<PlusofonOptions> {
	if (!isRecord(value)) throw new Error('options must be an object');
	const options: Partial<PlusofonOptions> = {};
	for (const [name, given] of Object.entries(value)) {
		switch (name) {
			case 'clientId':
				if (typeof given !== 'string') throw new Error('clientId must be a string');
				options.clientId = given;
				break;
			case 'wrongPinStyle': {
				const style = WRONG_PIN_STYLES.find((known) => known === given);
				if (style === undefined) {
					throw new Error(`wrongPinStyle must be one of ${WRONG_PIN_STYLES.join(', ')}`);
				}
				options.wrongPinStyle = style;
				break;
			}
			case 'refusalStatus':
				if (given !== 400 && given !== 200) throw new Error('refusalStatus must be 400 or 200');
				options.refusalStatus = given;
				break;
			case 'shopSize':
			case 'ownedCount':
			case 'hookTimeoutMs':
				if (typeof given !== 'number' || !Number.isInteger(given) || given < 0) {
					throw new Error(`${name} must be a non-negative integer`);
				}
				options[name] = given;
				break;
			default:
				throw new Error(`unknown option ${name}`);
		}
	}
	return options;
}
