import type { Api } from '../shared/api';
import { signHookUrl } from '../shared/webhookSignature';
import type { HookClaim } from '../shared/webhookSignature';
import { HOOK_PURPOSE, readData, textIn } from './plusofon.api';

/**
 * POST api/v1/flash-call/call-to-auth: asks for a number that the person has to dial. The hook URL
 * is signed, so that nobody but Plusofon can confirm their call. Costs money, so it is sent once.
 *
 * @param hookUrl an absolute URL
 */
export async function requestCallFrom(
	api: Api,
	hookUrl: string,
	claim: HookClaim,
): Promise<{ key: string; callNumber: string }> {
	const hookKey = await api.deriveKey(HOOK_PURPOSE);
	return await api.request({
		method: 'POST',
		path: '/api/v1/flash-call/call-to-auth',
		body: { phone: claim.phone, hook_url: signHookUrl(hookUrl, claim, hookKey) },
		read: (body) => {
			// Their `phone` is the number to dial, ours the person's: never the same name for both.
			const answer = readData(body);
			const [key, callNumber] = [textIn(answer.key), textIn(answer.phone)];
			return key === undefined || callNumber === undefined ? undefined : { key, callNumber };
		},
	});
}
