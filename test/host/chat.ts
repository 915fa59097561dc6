/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { hostFolder } from './folders';

interface Socket {
	on(event: 'message', listener: (data: Buffer) => void): void;
	once(event: 'open' | 'error' | 'close', listener: (reason?: unknown) => void): void;
	send(text: string): void;
	close(): void;
}

/** Node 20 brings no WebSocket; n8n brings one. */
const { WebSocket } = createRequire(join(hostFolder, 'package.json'))('ws') as {
	WebSocket: new (url: string) => Socket;
};

const LONG_ENOUGH_MS = 2_000;

/**
 * Says something to a waiting execution over n8n's chat, as whoever knows its number and, where n8n
 * asks for one, its token.
 *
 * @returns whether n8n let the stranger in
 */
export async function sayOverChat(n8nUrl: string, executionId: string, token: string) {
	const url = new URL('/chat', n8nUrl.replace(/^http/, 'ws'));
	const query = { sessionId: 'a-chat', executionId, isPublic: 'true', token };
	url.search = new URLSearchParams(query).toString();
	const socket = new WebSocket(url.href);
	let isIn = false;
	// The first thing that n8n says to somebody who may stay.
	socket.on('message', (data) => (isIn ||= data.toString().includes('heartbeat')));
	await new Promise((resolve, reject) => {
		socket.once('open', resolve);
		socket.once('error', reject);
	});
	await sleep(LONG_ENOUGH_MS);
	socket.send(JSON.stringify({ sessionId: 'a-chat', action: 'sendMessage', chatInput: 'Hello' }));
	await sleep(LONG_ENOUGH_MS);
	socket.close();
	return isIn;
}
