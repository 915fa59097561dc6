import type { IDataObject } from 'n8n-workflow';
import type { Api } from '../shared/api';
import { sealedOutput } from '../shared/checkCode';
import { digitsOfPhone } from '../shared/phone';
import { SEALING_PURPOSE, SEND_PATH } from './mobilgroup.api';

const SHORTEST_CODE = 4;

/** What Mobilgroup says of a request, and the code it told the person. */
interface Sent {
	id: string;
	phone: string;
	price: string;
	code: string;
}

/** POST /api/voice-password/send/ in one of its modes. Costs money, so it is sent once. */
export async function requestCode(api: Api, body: IDataObject): Promise<Sent> {
	const answer = await api.request({ method: 'POST', path: SEND_PATH, body, read: readSent });
	const { number, ...sent } = answer;
	// An SMS goes to the number of the first request, which only the answer names.
	const phone = typeof body.number === 'string' ? body.number : (digitsOfPhone(number) ?? number);
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
	return { ...sent, phone, ...sealed };
}

function readSent({ result, id, number, price, code }: IDataObject) {
	const digits = typeof code === 'number' ? String(code).padStart(SHORTEST_CODE, '0') : code;
	if (result !== 'ok' || typeof digits !== 'string' || !/^\d+$/.test(digits)) return undefined;
	return { id: textOf(id), number: textOf(number), price: textOf(price), code: digits };
}

function textOf(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
