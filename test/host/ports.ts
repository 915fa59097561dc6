/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { createServer, type AddressInfo, type Server } from 'node:net';

async function hold(): Promise<Server> {
	return await new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => resolve(server));
	});
}

/** Free ports on 127.0.0.1, all different: they are held together before any is let go. */
export async function freePorts(count: number): Promise<number[]> {
	const servers = await Promise.all(Array.from({ length: count }, hold));
	const ports = servers.map((server) => (server.address() as AddressInfo).port);
	await Promise.all(servers.map(async (server) => await new Promise((done) => server.close(done))));
	return ports;
}
