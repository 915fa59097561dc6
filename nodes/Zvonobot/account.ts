import type { Api } from '../shared/api';
import { idOf, numberOf } from './callEvents';
import { rowIn } from './zvonobot.api';

/** POST apiCalls/userInfo. */
export async function readAccount(api: Api) {
	return await api.request({
		method: 'POST',
		path: '/apiCalls/userInfo',
		body: {},
		onlyAsks: true,
		read: (body) => {
			const { id, balance: given } = rowIn(body) ?? {};
			const balance = numberOf(given);
			return balance === null ? undefined : { userId: idOf(id), balance };
		},
	});
}
