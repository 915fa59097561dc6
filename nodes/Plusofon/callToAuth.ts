import type { Api } from '../shared/api';
import { isLoopback } from '../shared/baseUrl';
import { invalidInput } from '../shared/errors';
import { signHookUrl } from '../shared/webhookSignature';
import type { HookClaim } from '../shared/webhookSignature';
import { HOOK_PURPOSE, readData, textIn } from './plusofon.api';

/**
 * POST api/v1/flash-call/call-to-auth: asks for a number that the person has to dial. The hook URL
 * is signed, so that nobody but Plusofon can confirm their call. Costs money, so it is sent once.
 *
 * @param hookUrl an absolute URL
 * @throws Failure `invalid_input` for an address of this machine, before anything is sent
 */
export async function requestCallFrom(
	api: Api,
	hookUrl: string,
	claim: HookClaim,
): Promise<{ key: string; callNumber: string }> {
	await assertReachable(api, hookUrl);
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

/**
 * Whether Plusofon can confirm a call to this URL.
 *
 * @throws Failure `invalid_input` for an address of this machine
 */
export async function assertReachable(api: Api, hookUrl: string): Promise<void> {
	const url = new URL(hookUrl);
	// More spellings than a key may go to over plain http.
	const isHere =
		isLoopback(url) || /^(localhost\.|0\.0\.0\.0|\[::\]|\[::ffff:7f.*\])$/.test(url.hostname);
	if (isHere && !(await api.isLocal())) throw onlyHere(hookUrl);
}

/** n8n's address until somebody tells it another one: nobody outside could confirm the paid call. */
function onlyHere(hookUrl: string) {
	return invalidInput(
		'The hook URL',
		`begins with ${new URL(hookUrl).origin}, which is only on this machine: Plusofon could not confirm the call`,
		'Give n8n the address at which the internet reaches it (WEBHOOK_URL), then use the production URL that the trigger shows.',
	);
}
