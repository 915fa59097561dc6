/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: runs in its own process, never inside n8n */
import { once } from 'node:events';
import { Agent, createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import type { AxiosStatic } from 'axios';

import { hostFolder } from '../host/folders';

/** What the client is asked to do. */
export interface RawOrder {
	url: string;
	count: number;
	atOnce: number;
	body: object;
	headers: Record<string, string>;
}

export interface RawResult {
	ms: number;
	cpuMs: number;
}

/** The very axios that n8n uses. */
const axios = createRequire(join(hostFolder, 'package.json'))('axios') as AxiosStatic;

/** As fast as axios goes with nothing of n8n around it: connections stay open. */
async function send({ url, count, atOnce, body, headers }: RawOrder): Promise<RawResult> {
	const httpAgent = new Agent({ keepAlive: true, maxSockets: atOnce });
	let next = 0;
	const worker = async () => {
		while (next < count) {
			next += 1;
			await axios.post(url, body, { headers, httpAgent });
		}
	};
	const cpu = process.cpuUsage();
	const begun = performance.now();
	await Promise.all(Array.from({ length: atOnce }, worker));
	const ms = performance.now() - begun;
	const { user, system } = process.cpuUsage(cpu);
	httpAgent.destroy();
	return { ms, cpuMs: (user + system) / 1000 };
}

async function main(): Promise<void> {
	const server = createServer((request, response) => {
		void text(request)
			.then(async (order) => await send(JSON.parse(order) as RawOrder))
			.then(
				(result) => response.end(JSON.stringify(result)),
				(error: unknown) => response.writeHead(500).end(String(error)),
			);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
}

void main();
