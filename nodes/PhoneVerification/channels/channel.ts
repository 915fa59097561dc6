import type { Api, ApiDefinition } from '../../shared/api';
import type { Judgement } from '../../shared/waiting/code';
import type { HookClaim } from '../../shared/webhookSignature';

export type Provider = 'plusofon' | 'mobilgroup' | 'zvonobot';

export const FLASH_CALL_PROMPT =
	'Your phone rings. You need not answer: the last four digits of the number that calls are the code.';

/** What reached a person over a channel. */
export interface Reached {
	/** The code, or what the provider knows it by; never shown. */
	secret: string;
	/** The provider's ID of the request, where a later channel builds on it. */
	requestId?: string;
	/** What the provider charged, in its own words. */
	price?: string;
	/** The operator of the number, as the provider calls it. */
	operator?: string;
	/** The number the person has to dial. */
	callNumber?: string;
}

/** What a channel is given to reach a person. */
export interface Attempted {
	api: Api;
	/** Digits of the person's number. */
	phone: string;
	/** Where a call from the person is confirmed, for channels on which the person calls. */
	hook: { url: string; claim: HookClaim } | undefined;
	/** The request IDs of the channels that were used before, by channel. */
	before: Readonly<Record<string, string>>;
}

/** One way to reach a person, over one provider. */
export interface Channel {
	/** Stands in saved flows and in keys. */
	value: string;
	name: string;
	provider: Provider;
	api: ApiDefinition;
	/** What the person does: types a code, or calls a number. */
	kind: 'code' | 'call';
	/** What the page of a wait tells the person to do. */
	prompt: string;
	/** Reaches the person once; costs money. */
	reach(attempt: Attempted): Promise<Reached>;
	/** Judges what the person typed. */
	judge(api: Api, secret: string, code: string): Promise<Judgement>;
	/** Rubles on the account, where the provider tells them. */
	balance?(api: Api): Promise<number>;
}
