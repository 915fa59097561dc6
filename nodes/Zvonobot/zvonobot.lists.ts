import type { IDataObject } from 'n8n-workflow';
import type { Api } from '../shared/api';
import { asFailure } from '../shared/errors';
import { listIn } from './zvonobot.api';

type Rows = AsyncGenerator<IDataObject, void, undefined>;

/** POST apiCalls/getPhones: the numbers to call from; `all` brings the shared ones, too. */
export async function* readCallerIds(api: Api, all?: boolean): Rows {
	const body = all === true ? { all } : {};
	yield* await api.request({
		method: 'POST',
		path: '/apiCalls/getPhones',
		body,
		onlyAsks: true,
		read: listIn,
	});
}

/** POST apiCalls/getTemplates; its answer is not documented. */
export async function* readTemplates(api: Api, onlyModerated?: boolean): Rows {
	yield* await api.request({
		method: 'POST',
		path: '/apiCalls/getTemplates',
		body: onlyModerated === undefined ? {} : { onlyModerated: Number(onlyModerated) },
		onlyAsks: true,
		read: listIn,
	});
}

const WRONG_METHOD = [404, 405];

/** GET apiCalls/getAvailableLanguages; where a host wants POST, as all others of this API, POST. */
export async function* readLanguages(api: Api): Rows {
	const path = '/apiCalls/getAvailableLanguages';
	const ask = async (method: 'GET' | 'POST') =>
		await api.request({
			method,
			path,
			...(method === 'POST' ? { body: {} } : {}),
			onlyAsks: true,
			read: listIn,
		});
	const languages = await ask('GET').catch((thrown: unknown) => asFailure(thrown));
	if (Array.isArray(languages)) return yield* languages;
	if (!WRONG_METHOD.includes(languages.status ?? 0)) throw languages;
	yield* await ask('POST');
}
