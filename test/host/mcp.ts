import { sleep } from 'n8n-workflow';

/** A client of n8n's MCP Server Trigger: as much of the protocol as it takes to call a tool. */

interface Answer {
	result?: { content?: Array<{ text?: string }>; isError?: boolean };
	error?: { message: string };
}

const VERSION = '2025-03-26';

export class McpClient {
	private requests = 0;

	private constructor(
		private readonly url: string,
		private session: string | undefined,
	) {}

	/** @param patienceMs for how long the server may be unknown, because n8n is only publishing it */
	static async connect(url: string, patienceMs = 15_000): Promise<McpClient> {
		const client = new McpClient(url, undefined);
		const deadline = Date.now() + patienceMs;
		for (;;) {
			const response = await client.post('initialize', {
				protocolVersion: VERSION,
				capabilities: {},
				clientInfo: { name: 'test', version: '1' },
			});
			if (response.ok) {
				client.session = response.headers.get('mcp-session-id') ?? undefined;
				await response.text();
				await client.post('notifications/initialized');
				return client;
			}
			if (Date.now() > deadline) throw new Error(`${response.status} ${await response.text()}`);
			await sleep(200);
		}
	}

	/** What the server says of a call of its tool, as a model would read it. */
	async call(name: string, words: Record<string, unknown>): Promise<string> {
		const response = await this.post('tools/call', { name, arguments: words });
		const text = await response.text();
		// The answer comes as JSON, or as the one event of a stream.
		const json = /^data: (.*)$/m.exec(text)?.[1] ?? text;
		const { result, error } = JSON.parse(json) as Answer;
		return error?.message ?? (result?.content ?? []).map((part) => part.text ?? '').join('\n');
	}

	private async post(method: string, params: Record<string, unknown> = {}): Promise<Response> {
		const isNotification = method.startsWith('notifications/');
		return await fetch(this.url, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				accept: 'application/json, text/event-stream',
				...(this.session === undefined ? {} : { 'mcp-session-id': this.session }),
			},
			body: JSON.stringify({
				jsonrpc: '2.0',
				method,
				params,
				...(isNotification ? {} : { id: ++this.requests }),
			}),
		});
	}
}
