import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestMethods,
} from 'n8n-workflow';
import { readAnswer } from './answer';
import { asFailure, Failure, mayHaveBeenSent } from './errors';
import { exchange } from './http';
import type { RequestContext } from './http';
import { deriveKey } from './secrets';

/** One provider's words for a refusal it is known to give, as a row of its table. */
export interface KnownRefusal {
	status?: number;
	text?: RegExp;
	code: string;
	message: string;
	hint: string;
}

/** What the shared code has to know of a provider: one of these per credential. */
export interface ApiDefinition {
	/** The provider's name, as messages say it. */
	provider: string;
	credentialType: string;
	credentialName: string;
	/** Where the requests go. */
	baseUrl(credentials: ICredentialDataDecryptedObject): string;
	/** The key itself: to derive others from, and to keep out of messages. */
	key(credentials: ICredentialDataDecryptedObject): string;
	/** Whether a JSON answer with a good status is a refusal all the same. */
	isRefusal(body: IDataObject): boolean;
	/** Whether a JSON answer is a good one whatever its status; left out where the status counts. */
	isSuccess?(body: IDataObject): boolean;
	/** The provider's own words in an answer. */
	messageOf(body: IDataObject): string | undefined;
	/** First match wins; what is not here gets a sentence by its status. */
	refusals: readonly KnownRefusal[];
}

export interface ApiCall<T> {
	method: IHttpRequestMethods;
	path: string;
	query?: IDataObject;
	body?: IDataObject;
	/** Reads a good answer; undefined says that its shape is not the documented one. */
	read(body: IDataObject): T | undefined;
	/**
	 * Reads an answer that would count as a refusal, when it is an outcome of the operation: a wrong
	 * PIN, say. Never asked about a refused key, too many requests, or a provider that is down.
	 * `text` is the provider's message, `words` the same fit to be shown.
	 */
	readOutcome?(answer: {
		status: number;
		body: IDataObject;
		text: string;
		words: string;
	}): T | undefined;
}

/** What an operation sends its requests through: one per execution, its credential read once. */
export interface Api {
	request<T>(call: ApiCall<T>): Promise<T>;
	/** A key for one purpose, derived from the credential. */
	deriveKey(purpose: string): Promise<Buffer>;
	/** Loads something that all items of an execution need, once. */
	once<T>(name: string, load: () => Promise<T>): Promise<T>;
}

export interface ApiSettings {
	timeoutMs: number;
	/** Whether these requests must not be made twice, because they cost money, ring a phone or create. */
	once: boolean;
}

/** Opens a provider's API with the node's credential. */
export function openApi(
	context: RequestContext,
	definition: ApiDefinition,
	settings: ApiSettings,
): Api {
	const loaded = new Map<string, Promise<unknown>>();
	let opening: Promise<ICredentialDataDecryptedObject> | undefined;
	const credentials = async () => await (opening ??= readCredentials(context, definition));

	return {
		async request(call) {
			const opened = await credentials();
			const request = { ...call, url: `${definition.baseUrl(opened)}${call.path}` };
			const wire = {
				provider: definition.provider,
				credentialType: definition.credentialType,
				credentials: opened,
				timeoutMs: settings.timeoutMs,
			};
			try {
				const answer = await exchange(context, request, wire);
				return readAnswer(definition, call, answer, definition.key(opened));
			} catch (thrown) {
				const failure = asFailure(thrown);
				throw settings.once && failure.ambiguous
					? mayHaveBeenSent(failure, definition.provider)
					: failure;
			}
		},
		async deriveKey(purpose) {
			return deriveKey(definition.key(await credentials()), purpose);
		},
		async once<T>(name: string, load: () => Promise<T>) {
			// Sound because a name stands for one thing within a provider.
			const loading = (loaded.get(name) as Promise<T> | undefined) ?? load();
			loaded.set(name, loading);
			loading.catch(() => loaded.delete(name));
			return await loading;
		},
	};
}

async function readCredentials(
	context: RequestContext,
	{ credentialType, credentialName }: ApiDefinition,
): Promise<ICredentialDataDecryptedObject> {
	return await context.getCredentials(credentialType).catch((reason: Error) => {
		throw new Failure({
			code: 'missing_credential',
			message: `The credential "${credentialName}" could not be read: ${reason.message}`,
			hint: `Open the node and choose a "${credentialName}" credential, or create one.`,
		});
	});
}
