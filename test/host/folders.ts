/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the n8n that is to be run is installed. */
export const hostFolder = process.env.FLASHCALL_N8N ?? __dirname;

/** Of that n8n. */
export const n8nVersion = (
	JSON.parse(readFileSync(join(hostFolder, 'node_modules', 'n8n', 'package.json'), 'utf8')) as {
		version: string;
	}
).version;

/** Whether it is of the generation before 2.0, which does some things in another way. */
export const isN8n1 = n8nVersion.startsWith('1.');

export const rootFolder = join(__dirname, '..', '..');

export const logFolder = join(__dirname, '.cache', 'logs');

/** For what n8n writes: megabytes of scripts among it, which lint would read anywhere else. */
export const scratchFolder = join(hostFolder, 'node_modules', '.cache');
