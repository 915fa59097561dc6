import type { Api } from '../shared/api';
import { REACHES, reachOf } from '../shared/baseUrl';
import type { Reach } from '../shared/baseUrl';
import { invalidInput } from '../shared/errors';
import { signHookUrl } from '../shared/webhookSignature';
import type { HookClaim } from '../shared/webhookSignature';
import { HOOK_PURPOSE, readData, textIn } from './plusofon.api';

/**
 * POST api/v1/flash-call/call-to-auth: asks for a number that the person has to dial. The hook URL
 * is signed, so that nobody but Plusofon can confirm their call. Costs money, so it is sent once.
 *
 * @param hookUrl an absolute URL
 * @throws Failure `invalid_input` for an address that Plusofon cannot reach, before anything is sent
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
 * @throws Failure `invalid_input` for an address of this machine or network, unless Plusofon is there
 */
export async function assertReachable(api: Api, hookUrl: string): Promise<void> {
	const reach = reachOf(new URL(hookUrl));
	if (REACHES.indexOf(reach) < REACHES.indexOf(await api.reach())) throw onlyThere(hookUrl, reach);
}

/** n8n's address until somebody tells it another one: nobody outside could confirm the paid call. */
function onlyThere(hookUrl: string, reach: Reach) {
	const where = reach === 'machine' ? 'on this machine' : 'in your own network';
	return invalidInput(
		'The hook URL',
		`begins with ${new URL(hookUrl).origin}, which is only ${where}: Plusofon could not confirm the call`,
		'Give n8n the address at which the internet reaches it (WEBHOOK_URL), then use the production URL that the trigger shows.',
	);
}
