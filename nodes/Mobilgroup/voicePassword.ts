import type { IDataObject } from 'n8n-workflow';
import type { Api } from '../shared/api';
import { sealedOutput } from '../shared/checkCode';
import { providersPhoneAsInput, readingsOf } from '../shared/phone';
import { SEALING_PURPOSE, SEND_PATH } from './mobilgroup.api';

const SHORTEST_CODE = 4;
const ANYTHING = /^/;
const NUMBER = /^\+?\d{7,15}$/;
const PRICE = /^\d+([.,]\d+)?$/;

/** What Mobilgroup says of a request, and the code it told the person. */
interface Sent {
	id: string;
	phone: string;
	price: string;
	code: string;
}

/** POST /api/voice-password/send/ in one of its modes. Costs money, so it is sent once. */
export async function requestCode(api: Api, body: IDataObject): Promise<Sent> {
	const length = Math.max(SHORTEST_CODE, Number(body.capacity ?? 0));
	const read = (given: IDataObject) => readSent(given, length);
	const answer = await api.request({ method: 'POST', path: SEND_PATH, body, read });
	const { number, ...sent } = answer;
	// An SMS goes to the number of the first request, which only the answer names.
	const phone = typeof body.number === 'string' ? body.number : (readingsOf(number)[0] ?? number);
	return { ...sent, phone };
}

/**
 * The same, for operations that leave the code to a check later.
 *
 * @returns id, phone and price of the request, and the code sealed in a key
 */
export async function sendCode(
	api: Api,
	body: IDataObject,
	options: { includeCode?: boolean; validMinutes?: number },
): Promise<IDataObject> {
	const { code, phone, ...sent } = await requestCode(api, body);
	const sealed = await sealedOutput(api, SEALING_PURPOSE, { code, phone }, options);
	return { ...sent, phone: providersPhoneAsInput(phone), ...sealed };
}

/** @param length of the code that was asked for: as a number it has lost its leading zeros */
function readSent({ result, id, number, price, code }: IDataObject, length: number) {
	const digits = typeof code === 'number' ? String(code).padStart(length, '0') : code;
	if (result !== 'ok' || typeof digits !== 'string' || !/^\d+$/.test(digits)) return undefined;
	// What is shown must be what it is said to be: an answer could hold the code anywhere.
	const shown = { number: textOf(number, NUMBER), price: textOf(price, PRICE) };
	return { id: textOf(id), ...shown, code: digits };
}

function textOf(value: unknown, form = ANYTHING): string {
	const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
	return form.test(text) ? text : '';
}
