/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never inside n8n */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { IDataObject } from 'n8n-workflow';

/** A provider that refuses every request with words made of what it was sent. */
export async function startEcho(
	answer: (sent: IDataObject) => IDataObject,
): Promise<{ url: string; close(): void }> {
	const server = createServer((request, response) => {
		void text(request).then((body) => {
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify(answer(JSON.parse(body) as IDataObject)));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}
