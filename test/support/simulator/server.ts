/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: runs in its own process, never inside n8n */
import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import Fastify from 'fastify';

import { Clock } from './clock';
import { CONTROL_PREFIX, registerControl } from './control';
import { deliver } from './delivery';
import { Faults, LOOP_MARK, type Fault } from './faults';
import { Journal, type RequestEntry } from './journal';
import { MobilgroupSimulator, type MobilgroupOptions } from './mobilgroup';
import { describeForm, readForm } from './multipart';
import { PlusofonSimulator, type PlusofonOptions } from './plusofon';
import { parseJson, splitUrl, type Provider, type ProviderRequest } from './types';
import { ZvonobotSimulator, type ZvonobotOptions } from './zvonobot';

export interface SimulatorOptions {
	/** 0: any free port. */
	port?: number;
	host?: string;
	/** The clock of the providers (lifetimes, limits, reservations); the journal keeps real time. */
	now?: () => number;
	plusofon?: Partial<PlusofonOptions>;
	mobilgroup?: Partial<MobilgroupOptions>;
	zvonobot?: Partial<ZvonobotOptions>;
}

export interface Simulator {
	/** Without a trailing slash. */
	readonly url: string;
	readonly port: number;
	readonly journal: Journal;
	readonly faults: Faults;
	readonly clock: Clock;
	readonly plusofon: PlusofonSimulator;
	readonly mobilgroup: MobilgroupSimulator;
	readonly zvonobot: ZvonobotSimulator;
	/** Forgets everything: journal, faults, provider state, moved clock. */
	reset(): void;
	/** Cuts every connection and frees the port. */
	close(): Promise<void>;
}

/** Starts the simulated providers on one port; `/_sim/` on the same port controls them. */
export async function startSimulator({
	port = 0,
	host = '127.0.0.1',
	now,
	plusofon: plusofonOptions,
	mobilgroup: mobilgroupOptions,
	zvonobot: zvonobotOptions,
}: SimulatorOptions = {}): Promise<Simulator> {
	const clock = new Clock(now);
	const journal = new Journal();
	const faults = new Faults();
	const plusofon = new PlusofonSimulator(clock, journal, plusofonOptions);
	const mobilgroup = new MobilgroupSimulator(journal, mobilgroupOptions);
	const closing = new AbortController();
	// Hundreds of slow answers may wait for it at once; that is no leak.
	setMaxListeners(0, closing.signal);
	const zvonobot = new ZvonobotSimulator(clock, journal, closing.signal, zvonobotOptions);

	const scene: Scene = {
		journal,
		faults,
		providerOf: (path) => {
			if (MobilgroupSimulator.owns(path)) return mobilgroup;
			return ZvonobotSimulator.owns(path) ? zvonobot : plusofon;
		},
		signal: closing.signal,
	};
	const app = Fastify({
		forceCloseConnections: true,
		// Fastify sees the control requests only: it answers malformed addresses, bodies and content
		// types by itself, and a provider has to meet (and the journal to show) them as they came.
		serverFactory: (control) =>
			createServer((request, response) => {
				if (request.url?.startsWith(CONTROL_PREFIX) === true) control(request, response);
				else void serve(request, response, scene);
			}),
	});

	const reset = (): void => {
		clock.reset();
		journal.clear();
		faults.clear();
		plusofon.reset();
		mobilgroup.reset();
		zvonobot.reset();
	};
	registerControl(app, { journal, faults, clock, plusofon, mobilgroup, zvonobot, reset });

	const url = await app.listen({ port, host });
	zvonobot.origin = url;
	return {
		url,
		port: Number(new URL(url).port),
		journal,
		faults,
		clock,
		plusofon,
		mobilgroup,
		zvonobot,
		reset,
		close: async () => {
			closing.abort();
			await app.close();
		},
	};
}

interface Scene {
	journal: Journal;
	faults: Faults;
	/** The providers share the port; their paths tell them apart. */
	providerOf: (path: string) => Provider;
	signal: AbortSignal;
}

const LOOP_GOES_ON: Fault = { kind: 'redirectLoop' };

async function serve(
	request: IncomingMessage,
	response: ServerResponse,
	{ journal, faults, providerOf, signal }: Scene,
): Promise<void> {
	const { path, params } = splitUrl(request.url ?? '/');
	const method = request.method ?? 'GET';
	const provider = providerOf(path);
	const entry: RequestEntry = {
		at: Date.now(),
		provider: provider.name,
		method,
		path,
		query: groupQuery(params),
		headers: flattenHeaders(request),
		body: null,
		status: 'pending',
	};
	const done = journal.open(entry, request.socket);
	const fault = params.has(LOOP_MARK) ? LOOP_GOES_ON : faults.take(method, path);
	if (fault !== undefined) entry.fault = fault.kind;
	try {
		const isUnread = fault?.kind === 'resetUnread';
		const bytes = isUnread ? Buffer.alloc(0) : await readAll(request);
		const rawBody = bytes.toString('utf8');
		const form = await readForm(entry.headers['content-type'], bytes);
		if (form !== undefined) entry.body = describeForm(form);
		else entry.body = rawBody === '' ? null : (parseJson(rawBody) ?? rawBody);
		const asked: ProviderRequest = {
			method,
			path,
			query: [...params],
			headers: entry.headers,
			rawBody,
			...(form === undefined ? {} : { form }),
		};
		const process = () => provider.handle(asked);
		done(await deliver({ request, response, process, signal }, fault));
	} catch (error) {
		if (!signal.aborted) entry.error = String(error);
		done('aborted');
		request.socket.destroy();
	}
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) {
		chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
	}
	return Buffer.concat(chunks);
}

function flattenHeaders(request: IncomingMessage): Record<string, string> {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(request.headers)) {
		if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
	}
	return headers;
}

function groupQuery(params: URLSearchParams): Record<string, string | string[]> {
	const query: Record<string, string | string[]> = {};
	for (const name of params.keys()) {
		const values = params.getAll(name);
		query[name] = values.length === 1 ? (values[0] ?? '') : values;
	}
	return query;
}
