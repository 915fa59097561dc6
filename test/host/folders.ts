/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { join } from 'node:path';

export const hostFolder = __dirname;

export const rootFolder = join(hostFolder, '..', '..');

export const logFolder = join(hostFolder, '.cache', 'logs');

/** For what n8n writes: megabytes of scripts among it, which lint would read anywhere else. */
export const scratchFolder = join(hostFolder, 'node_modules', '.cache');
