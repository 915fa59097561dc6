/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { splitUrl } from '../../support/simulator/types';

export interface AnyAnswer {
	status: number;
	headers: Record<string, string>;
	body: string;
}

/** A request as it came. */
export interface Received {
	method: string;
	path: string;
	query: Array<[name: string, value: string]>;
	headers: IncomingMessage['headers'];
	body: string;
}

/** A real HTTP server that answers whatever it is told, one answer after the other and over again. */
export class AnyServer {
	received: Received[] = [];

	private answers: readonly AnyAnswer[] = [];

	private constructor(
		readonly url: string,
		private readonly server: Server,
	) {}

	static async start(): Promise<AnyServer> {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const any = new AnyServer(`http://127.0.0.1:${port}`, server);
		server.on('request', (request, response) => void any.serve(request, response));
		return any;
	}

	/** Forgets what came so far. */
	answer(answers: readonly AnyAnswer[]): void {
		this.answers = answers;
		this.received = [];
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
		const { path, params } = splitUrl(request.url ?? '');
		const { answers, received } = this;
		const answer = answers[received.length % answers.length];
		received.push({
			method: request.method ?? '',
			path,
			query: [...params],
			headers: request.headers,
			body: Buffer.concat(chunks).toString('utf8'),
		});
		if (answer === undefined) return void response.destroy();
		response.writeHead(answer.status, answer.headers);
		response.end(answer.body);
	}
}
