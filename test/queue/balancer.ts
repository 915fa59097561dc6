/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import {
	createServer,
	request,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** The processes that receive webhooks. */
export type Receiver = 'main' | 'webhook';

/** Nobody could be reached: surely nothing was sent. */
export const NOT_SENT = 503;
/** The connection broke: whether the request was worked on is unknown. */
export const CUT_OFF = 502;
/** The same, because nothing came back. */
const TOO_LATE = 504;
const PATIENCE_MS = 45_000;

/**
 * What stands in front of n8n's processes: webhooks that start flows go to the webhook process, as
 * n8n advises, and those of waiting executions to it and the main by turns, so that the requests to
 * one wait meet different processes.
 */
export class Balancer {
	private readonly receivers = new Map<Receiver, string>();

	private readonly underWay = new Map<string, number>();

	private turn = 0;

	/** Requests whose connection broke. */
	cutOff = 0;

	private constructor(
		private readonly server: Server,
		readonly url: string,
	) {}

	static async start(): Promise<Balancer> {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const balancer = new Balancer(server, `http://127.0.0.1:${port}`);
		server.on('request', (incoming, outgoing) => void balancer.pass(incoming, outgoing));
		return balancer;
	}

	add(name: Receiver, url: string): void {
		this.receivers.set(name, url);
	}

	remove(name: Receiver): void {
		this.receivers.delete(name);
	}

	/** How many requests a process has not answered yet. */
	requestsAt(name: Receiver): number {
		return this.underWay.get(this.receivers.get(name) ?? '') ?? 0;
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of incoming) chunks.push(chunk as Buffer);
		const body = Buffer.concat(chunks);
		for (const url of this.receiversOf(incoming.url ?? '/')) {
			this.count(url, 1);
			const status = await forward(url, incoming, body, outgoing);
			this.count(url, -1);
			if (status === CUT_OFF) this.cutOff += 1;
			if (status !== undefined) return;
		}
		fail(outgoing, NOT_SENT, 'no server');
	}

	private count(url: string, change: number): void {
		this.underWay.set(url, (this.underWay.get(url) ?? 0) + change);
	}

	private receiversOf(path: string): string[] {
		const order: Receiver[] = path.startsWith('/webhook-waiting/')
			? ['webhook', 'main']
			: ['webhook'];
		if (order.length > 1 && this.turn++ % 2 === 1) order.reverse();
		return order.map((name) => this.receivers.get(name)).filter((url) => url !== undefined);
	}
}

/** Passes a request on, and the answer back, unless there is no server. */
async function forward(
	url: string,
	{ url: path = '/', method, headers }: IncomingMessage,
	body: Buffer,
	outgoing: ServerResponse,
): Promise<number | undefined> {
	const passedOn = { ...headers, 'content-length': body.length };
	// The body has come whole.
	delete passedOn['transfer-encoding'];
	const options = { method, headers: passedOn, agent: false };
	return await new Promise((resolve) => {
		const passed = request(new URL(path, url), options, (answer) => {
			const { statusCode = CUT_OFF } = answer;
			outgoing.writeHead(statusCode, answer.headers);
			answer.pipe(outgoing);
			answer.once('error', () => outgoing.destroy());
			resolve(statusCode);
		});
		passed.once('error', ({ code }: NodeJS.ErrnoException) => {
			if (code === 'ECONNREFUSED') return resolve(undefined);
			const status = code === 'ETIMEDOUT' ? TOO_LATE : CUT_OFF;
			fail(outgoing, status, 'no answer');
			resolve(status);
		});
		passed.setTimeout(PATIENCE_MS, () => {
			passed.destroy(Object.assign(new Error('too late'), { code: 'ETIMEDOUT' }));
		});
		passed.end(body);
	});
}

function fail(outgoing: ServerResponse, status: number, error: string): void {
	outgoing.writeHead(status, { 'content-type': 'application/json' });
	outgoing.end(JSON.stringify({ error }));
}
