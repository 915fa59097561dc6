/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { logFolder, rootFolder } from '../host/folders';
import { ProcessGroup, tail } from '../host/process';
import type { RawOrder, RawResult } from './rawClient';
import type { ServerCounts } from './server';

const LOADER = pathToFileURL(join(rootFolder, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;

/** A TypeScript file of this folder in a process of its own, under the Node that n8n has. */
export class Helper {
	private constructor(
		private readonly group: ProcessGroup,
		readonly url: string,
	) {}

	static async start(name: string): Promise<Helper> {
		const logFile = join(logFolder, `bench-${name}.log`);
		rmSync(logFile, { force: true });
		const group = new ProcessGroup({
			command: process.env.FLASHCALL_NODE ?? process.execPath,
			args: ['--import', LOADER, join(__dirname, `${name}.ts`)],
			cwd: rootFolder,
			env: process.env,
			logFile,
		});
		const url = await group.firstMatch(/listening on (http:\S+)/, 30_000);
		if (url === undefined) {
			await group.stop();
			throw new Error(`${name} did not start.\n${tail(logFile)}`);
		}
		return new Helper(group, url);
	}

	async ask<T>(path: string, body?: object): Promise<T> {
		const response = await fetch(`${this.url}${path}`, {
			method: 'POST',
			body: JSON.stringify(body ?? {}),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${path}: ${text}`);
		return JSON.parse(text) as T;
	}

	async stop(): Promise<void> {
		await this.group.stop();
	}
}

/** The server that all requests of the benchmark go to. */
export class BenchServer {
	constructor(private readonly helper: Helper) {}

	get url(): string {
		return this.helper.url;
	}

	async reset(latencyMs: number, keepsBodies = false): Promise<void> {
		await this.helper.ask(`/_bench/reset?latency=${latencyMs}${keepsBodies ? '&bodies' : ''}`);
	}

	async counts(): Promise<ServerCounts> {
		return await this.helper.ask('/_bench/counts');
	}
}

/** axios with nothing of n8n around it. */
export class RawClient {
	constructor(private readonly helper: Helper) {}

	async send(order: RawOrder): Promise<RawResult> {
		return await this.helper.ask('/', order);
	}
}
