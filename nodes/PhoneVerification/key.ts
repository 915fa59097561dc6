import { createHash } from 'node:crypto';
import type { Api, ApiDefinition } from '../shared/api';
import { invalidInput } from '../shared/errors';
import { openCode, sealCode } from '../shared/sealedCode';
import type { OpenedCode } from '../shared/sealedCode';
import { channels } from './channels';
import type { Channel } from './channels';
import type { ToldCode } from './codes';

const VERSION = 'pv1';

/** What a key stands for. */
interface KeyContent {
	/** What the person may type; none while only their call counts. */
	codes: ToldCode[];
	/** IDs of requests by channel, for channels that build on others. */
	requestIds: Record<string, string>;
	/** The channels that were tried. */
	tried: string[];
	/** What the key is good for, as `bindingOf` gives it; missing when it is good for anything. */
	binding?: string;
}

/** Stands in a key for what it is bound to; of one length, because keys have a longest one. */
export function bindingOf(boundTo: string): string {
	return createHash('sha256').update(boundTo.trim()).digest('base64url');
}

/**
 * The key of a start: names its channel, and holds the rest sealed with the channel's credential.
 *
 * @param expiresAt UNIX seconds
 */
export async function sealKey(
	channel: Channel,
	api: Api,
	{ phone, expiresAt, ...content }: KeyContent & { phone: string; expiresAt: number },
): Promise<string> {
	const purpose = purposeOf(channel);
	const sealed = { code: JSON.stringify(content), phone, expiresAt };
	const text = sealCode(sealed, await api.deriveKey(purpose), purpose);
	return [VERSION, channel.value, text].join('/');
}

export interface OpenedKey extends Omit<OpenedCode, 'code'>, KeyContent {
	channel: Channel;
}

/**
 * Opens a key; undefined when it was not made with the node's credentials, or was altered.
 *
 * @param providers those that are chosen in the node
 * @throws Failure `invalid_input` for a key of a provider that is not among them
 */
export async function openKey(
	key: string,
	providers: readonly string[],
	open: (definition: ApiDefinition) => Api,
): Promise<OpenedKey | undefined> {
	const [version, value, text = '', ...more] = key.trim().split('/');
	const channel = channels.find((one) => one.value === value);
	if (version !== VERSION || channel === undefined || more.length > 0) return undefined;
	if (!providers.includes(channel.provider)) throw notChosen(channel);
	const purpose = purposeOf(channel);
	const opened = openCode(text, await open(channel.api).deriveKey(purpose), purpose);
	if (opened === undefined) return undefined;
	const { code, ...sealed } = opened;
	return { channel, ...sealed, ...(JSON.parse(code) as KeyContent) };
}

function purposeOf({ value }: Channel): string {
	return `phone-verification/${value}/v1`;
}

function notChosen({ name }: Channel) {
	return invalidInput(
		'Key',
		`comes from ${name}, whose provider is not chosen`,
		'Choose the same Providers and credentials in Start and in Check.',
	);
}
