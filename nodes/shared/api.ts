import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestMethods,
} from 'n8n-workflow';
import { readAnswer, withoutKey } from './answer';
import { reachOf } from './baseUrl';
import type { Reach } from './baseUrl';
import { checkFileUrl, readFile } from './download';
import type { FileRequest } from './download';
import { asFailure, Failure, mayHaveBeenSent } from './errors';
import { exchange, fetchFile } from './http';
import type { RequestContext } from './http';
import type { FileData } from './operation';
import { Pace } from './pace';
import { Repeater } from './repeat';
import type { Effect } from './repeat';
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
	/**
	 * Brings a JSON answer into the one form that everything else here reads, where a provider's
	 * answers come in several, lists among them; undefined when it has none of them. Left out where
	 * all answers are objects.
	 */
	unify?(json: unknown): IDataObject | undefined;
	/** Whether a JSON answer with a good status is a refusal all the same. */
	isRefusal(body: IDataObject): boolean;
	/**
	 * Whether a refusal may as well say that the request was taken and is still to be worked on; left
	 * out where the words of the provider are known.
	 */
	isUnclear?(body: IDataObject): boolean;
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
	body?: IDataObject | FormData;
	/** Set where a request changes nothing, although it is no GET. */
	onlyAsks?: true;
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
	/** Fetches a file that an answer linked to, without the credential. */
	download(file: FileRequest): Promise<FileData>;
	/** Where the provider is: a simulator on this machine reaches what others do not. */
	reach(): Promise<Reach>;
	/** A key for one purpose, derived from the credential. */
	deriveKey(purpose: string): Promise<Buffer>;
	/** Loads something that all items of an execution need, once. */
	once<T>(name: string, load: () => Promise<T>): Promise<T>;
}

interface ApiSettings {
	/** When requests may leave; left out where there are few of them. */
	pace?: Pace;
	/** Throws when nothing may be sent any more. */
	assertRunning?(): void;
	timeoutMs: number;
	/** Whether these requests must not be made twice, because they cost money, ring a phone or create. */
	once: boolean;
}

/** Opens each API that a node needs once. */
export function apiOpener(
	context: RequestContext,
	settings: ApiSettings,
): (definition: ApiDefinition) => Api {
	const opened = new Map<ApiDefinition, Api>();
	return (definition) => {
		const api = opened.get(definition) ?? openApi(context, definition, settings);
		opened.set(definition, api);
		return api;
	};
}

/** Opens a provider's API with the node's credential. */
export function openApi(
	context: RequestContext,
	definition: ApiDefinition,
	settings: ApiSettings,
): Api {
	const loaded = new Map<string, Promise<unknown>>();
	const keys = new Map<string, Buffer>();
	let opening: Promise<ICredentialDataDecryptedObject> | undefined;
	const credentials = async () => await (opening ??= readCredentials(context, definition));

	const { pace, assertRunning = () => undefined } = settings;
	// One provider that wants to be left alone does not keep the others waiting.
	const hold = pace && new Pace();
	const repeater = new Repeater({ assertRunning, ...(hold === undefined ? {} : { hold }) });
	/** Sends something once it may leave. */
	const paced = async <T>(act: () => Promise<T>): Promise<T> => {
		let over: (() => void) | undefined;
		do {
			over?.();
			await hold?.turn(assertRunning);
			over = await pace?.turn(assertRunning);
		} while (hold?.isHeld === true);
		return await act().finally(over);
	};

	const send = async <T>(call: ApiCall<T>): Promise<T> => {
		const opened = await credentials();
		const request = { ...call, url: `${definition.baseUrl(opened)}${call.path}` };
		const wire = {
			provider: definition.provider,
			credentialType: definition.credentialType,
			credentials: opened,
			timeoutMs: settings.timeoutMs,
		};
		const answer = await paced(async () => await exchange(context, request, wire));
		const key = definition.key(opened);
		return readAnswer(definition, call, withoutKey(answer, key), key);
	};

	return {
		async request(call) {
			const effect = effectOf(call, settings);
			try {
				return await repeater.run(effect, async () => await send(call));
			} catch (thrown) {
				const failure = asFailure(thrown);
				const isUnsure = effect === 'once' && failure.ambiguous;
				throw isUnsure ? mayHaveBeenSent(failure, definition.provider) : failure;
			}
		},
		async download(file) {
			const { provider } = definition;
			const url = checkFileUrl(file, definition.baseUrl(await credentials()));
			const wire = { provider, timeoutMs: settings.timeoutMs };
			return await repeater.run('none', async () => {
				const fetched = await paced(
					async () => await fetchFile(context, url, wire, file.megabytes),
				);
				return readFile(fetched, url, provider);
			});
		},
		async reach() {
			return reachOf(new URL(definition.baseUrl(await credentials())));
		},
		async deriveKey(purpose) {
			const derived = keys.get(purpose) ?? deriveKey(definition.key(await credentials()), purpose);
			keys.set(purpose, derived);
			return derived;
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

function effectOf(
	{ method, onlyAsks }: Pick<ApiCall<unknown>, 'method' | 'onlyAsks'>,
	{ once }: ApiSettings,
): Effect {
	if (method === 'GET' || onlyAsks === true) return 'none';
	return once ? 'once' : 'change';
}

async function readCredentials(
	context: RequestContext,
	{ credentialType, credentialName }: ApiDefinition,
): Promise<ICredentialDataDecryptedObject> {
	return await context.getCredentials(credentialType).catch((reason: Error) => {
		// n8n's words for a node without one.
		if (/does not have any credentials set/.test(reason.message)) throw noneChosen(credentialName);
		throw new Failure({
			code: 'missing_credential',
			message: `The credential "${credentialName}" could not be read: ${reason.message}`,
			hint: `Open the node and choose a "${credentialName}" credential, or create one.`,
		});
	});
}

function noneChosen(credentialName: string): Failure {
	return new Failure({
		code: 'missing_credential',
		message: `No credential "${credentialName}" is chosen in the node`,
		hint: `Open the node and choose a "${credentialName}" credential, or create one.`,
	});
}
