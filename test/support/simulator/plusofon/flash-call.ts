import type { JsonObject } from '../types';
import type { Account, FlashCallState, SettingsPatch } from './flash-call-state';
import type { PlusofonOptions } from './options';
import { Refusal, refuse } from './refusal';
import type { Route } from './router';
import { array, boolean, hookUrl, integer, optional, phone, pin, required, text } from './validate';

const BASE = '/api/v1/flash-call';

const LIMITS = [
	'calls_per_hour',
	'calls_per_day',
	'calls_per_user_hour',
	'calls_per_user_day',
] as const;

/** The twelve endpoints of the Flash Call API. The state is asked for anew each time: a reset replaces it. */
export function flashCallRoutes(
	state: () => FlashCallState,
	options: () => PlusofonOptions,
): Array<Route<Account>> {
	return [
		{
			method: 'POST',
			path: BASE,
			token: 'cabinet',
			body: ['name'],
			handle: ({ body }) => {
				const { id, access_token } = state().createAccount(required(body, 'name', text));
				return { data: { account_id: id, access_token }, success: true };
			},
		},
		{
			method: 'GET',
			path: BASE,
			token: 'cabinet',
			// The sample lists 7 before 6: newest first.
			handle: () => ({
				data: [...state().accounts.values()].reverse().map((account) => ({ ...account })),
				success: true,
			}),
		},
		{
			method: 'DELETE',
			path: `${BASE}/{accountId}`,
			token: 'cabinet',
			handle: ({ params }) => {
				state().deleteAccount(state().accountAt(params.accountId).id);
				return { success: true };
			},
		},
		{
			method: 'POST',
			path: `${BASE}/settings`,
			token: 'cabinet',
			body: [...LIMITS, 'token_lifetime_sec', 'pin_tries', 'return_operator', 'operators'],
			handle: ({ body }) => {
				state().changeSettings(readSettings(body));
				return { success: true };
			},
		},
		{
			method: 'GET',
			path: `${BASE}/settings`,
			token: 'cabinet',
			handle: () => ({ data: { ...state().settings }, success: true }),
		},
		{
			method: 'GET',
			path: `${BASE}/proposals`,
			token: 'cabinet',
			handle: () => ({ data: state().proposals(), success: true }),
		},
		{
			method: 'PUT',
			path: `${BASE}/proposals/{accountId}`,
			token: 'cabinet',
			body: ['proposal_id'],
			handle: ({ params, body }) => {
				const account = state().accountAt(params.accountId);
				state().attach(account.id, required(body, 'proposal_id', text));
				return { success: true };
			},
		},
		{
			method: 'DELETE',
			path: `${BASE}/proposals/{accountId}`,
			token: 'cabinet',
			handle: ({ params }) => {
				state().detach(state().accountAt(params.accountId).id);
				return { success: true };
			},
		},
		{
			method: 'GET',
			path: `${BASE}/proposals/{accountId}`,
			token: 'cabinet',
			handle: ({ params }) => ({
				data: state().attached(state().accountAt(params.accountId).id),
				success: true,
			}),
		},
		{
			method: 'POST',
			path: `${BASE}/send`,
			token: 'account',
			// `pin` is not documented: public clients send it to choose the digits themselves.
			body: ['phone', 'pin'],
			handle: ({ body, account }) => {
				const number = required(body, 'phone', phone);
				const { key } = state().sendCall(known(account), number, optional(body, 'pin', pin));
				const operator = state().settings.return_operator
					? { operator: state().operatorOf(number) }
					: {};
				return { data: { key, ...operator }, success: true };
			},
		},
		{
			method: 'POST',
			path: `${BASE}/check`,
			token: 'account',
			body: ['key', 'pin'],
			handle: ({ body, account }) => {
				const key = required(body, 'key', text);
				const outcome = state().checkPin(known(account), key, required(body, 'pin', pin));
				if (outcome === 'right') return { success: true };
				// The sample has `code` 0 and no `success`; it comes with HTTP 200.
				if (outcome === 'no key') throw new Refusal(200, { message: 'key not found', code: 0 });
				throw wrongPin(options());
			},
		},
		{
			method: 'POST',
			path: `${BASE}/call-to-auth`,
			token: 'account',
			body: ['phone', 'hook_url'],
			handle: ({ body, account }) => {
				const number = required(body, 'phone', phone);
				const hook = optional(body, 'hook_url', hookUrl);
				const record = state().expectCall(known(account), number, hook);
				return { data: { key: record.key, phone: record.dialPhone ?? '' }, success: true };
			},
		},
	];
}

function readSettings(body: JsonObject): SettingsPatch {
	const patch: SettingsPatch = {};
	for (const name of LIMITS) {
		const limit = optional(body, name, integer());
		if (limit !== undefined) patch[name] = limit;
	}
	for (const name of ['token_lifetime_sec', 'pin_tries'] as const) {
		const number = optional(body, name, integer(1));
		if (number !== undefined) patch[name] = number;
	}
	const returnOperator = optional(body, 'return_operator', boolean);
	if (returnOperator !== undefined) patch.return_operator = returnOperator;
	const operators = optional(body, 'operators', array);
	if (operators !== undefined) patch.operators = operators;
	return patch;
}

function known(account: Account | undefined): Account {
	if (account === undefined) throw refuse(401, 'Unauthenticated.');
	return account;
}

function wrongPin({ wrongPinStyle }: PlusofonOptions): Refusal {
	switch (wrongPinStyle) {
		case 'message200':
			return new Refusal(200, { message: 'pin is not valid', code: 0 });
		case 'success200':
			return new Refusal(200, { success: false, message: 'wrong pin' });
		case 'status400':
			return refuse(400, 'pin is not valid');
		case 'status422':
			return refuse(422, 'pin is not valid');
	}
}
