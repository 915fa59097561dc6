import type { IDataObject } from 'n8n-workflow';
import type { Api } from '../shared/api';
import { sealedOutput } from '../shared/checkCode';
import { SEALING_PURPOSE, SEND_PATH } from './mobilgroup.api';

/**
 * POST /api/voice-password/send/ in one of its modes. Costs money, so it is sent once.
 *
 * @returns id, phone and price of the request, and the code sealed in a key
 */
export async function sendCode(
	api: Api,
	body: IDataObject,
	options: { includeCode?: boolean; validMinutes?: number },
): Promise<IDataObject> {
	const answer = await api.request({ method: 'POST', path: SEND_PATH, body, read: readSent });
	const { id, price, code, number } = answer;
	// An SMS goes to the number of the first request, which only the answer names.
	const phone = typeof body.number === 'string' ? body.number : number;
	return {
		id,
		phone,
		price,
		...(await sealedOutput(api, SEALING_PURPOSE, { code, phone }, options)),
	};
}

function readSent({ result, id, number, price, code }: IDataObject) {
	if (result !== 'ok' || typeof code !== 'string' || code === '') return undefined;
	return { id: String(id ?? ''), number: String(number ?? ''), price: String(price ?? ''), code };
}
