/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: runs in its own process, never inside n8n */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What reached the server since it was last asked to begin anew. */
export interface ServerCounts {
	requests: number;
	connections: number;
	/** Most requests that were in work at the same time. */
	concurrency: number;
	/** Of all bodies, whatever order they came in; empty unless they were to be kept. */
	digest: string;
}

type Json = Record<string, unknown>;

/**
 * The endpoints that the benchmark calls, and nothing else: a strict simulator would be the slowest
 * link. The answers have the shape of the providers'.
 */
const ENDPOINTS: Record<string, (body: Json) => unknown> = {
	'/api/v1/flash-call/check': () => ({ success: true }),
	'/api/v1/flash-call/send': ({ phone }) => ({
		success: true,
		data: { key: `key-of-${String(phone)}`, operator: 'Operator' },
	}),
	'/apiCalls/create': ({ phone, phones }) => {
		const called = Array.isArray(phones) ? (phones as unknown[]) : [phone];
		return called.map((one) => ({
			id: Number(one),
			phone: String(one),
			createdAt: 1_767_225_600,
			plannedAt: 1_767_225_600,
			needRecording: 0,
			recordCost: 0.4,
		}));
	},
	// What n8n's Mattermost node calls.
	'/api/v4/posts': ({ channel_id: channel, message }) => ({ id: 'post', channel, message }),
};

class Counter {
	counts: ServerCounts = { requests: 0, connections: 0, concurrency: 0, digest: '' };

	latencyMs = 0;

	private bodies: string[] | undefined;

	private sockets = new WeakSet<Socket>();

	private inWork = 0;

	reset(latencyMs: number, keepsBodies: boolean): void {
		this.counts = { requests: 0, connections: 0, concurrency: 0, digest: '' };
		this.latencyMs = latencyMs;
		this.bodies = keepsBodies ? [] : undefined;
		this.sockets = new WeakSet();
	}

	read(): ServerCounts {
		const bodies = this.bodies?.sort() ?? [];
		const digest =
			bodies.length === 0 ? '' : createHash('sha256').update(bodies.join('\n')).digest('hex');
		return { ...this.counts, digest };
	}

	begin(socket: Socket, body: string): void {
		this.counts.requests += 1;
		if (!this.sockets.has(socket)) this.counts.connections += 1;
		this.sockets.add(socket);
		this.inWork += 1;
		this.counts.concurrency = Math.max(this.counts.concurrency, this.inWork);
		this.bodies?.push(body);
	}

	end(): void {
		this.inWork -= 1;
	}
}

function answer(response: ServerResponse, status: number, body: unknown): void {
	const text = JSON.stringify(body);
	response.writeHead(status, {
		'content-type': 'application/json',
		'content-length': Buffer.byteLength(text),
	});
	response.end(text);
}

function handle(counter: Counter, request: IncomingMessage, response: ServerResponse): void {
	const chunks: Buffer[] = [];
	request.on('data', (chunk: Buffer) => chunks.push(chunk));
	request.on('end', () => {
		const url = new URL(request.url ?? '/', 'http://localhost');
		if (url.pathname === '/_bench/reset') {
			counter.reset(Number(url.searchParams.get('latency')), url.searchParams.has('bodies'));
			return answer(response, 200, {});
		}
		if (url.pathname === '/_bench/counts') return answer(response, 200, counter.read());
		const endpoint = ENDPOINTS[url.pathname];
		if (endpoint === undefined) return answer(response, 404, { error: url.pathname });
		const text = Buffer.concat(chunks).toString('utf8');
		counter.begin(request.socket, text);
		const respond = () => {
			counter.end();
			answer(response, 200, endpoint(JSON.parse(text) as Json));
		};
		if (counter.latencyMs === 0) respond();
		else setTimeout(respond, counter.latencyMs);
	});
}

function listen(server: Server): void {
	server.keepAliveTimeout = 60_000;
	server.listen(0, '127.0.0.1', 2_000, () => {
		const { port } = server.address() as AddressInfo;
		process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
	});
}

const counter = new Counter();
listen(createServer((request, response) => handle(counter, request, response)));
