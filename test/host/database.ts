/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { hostFolder, n8nVersion, scratchFolder } from './folders';
import { execute } from './process';

function templateFile(): string {
	return join(scratchFolder, `empty-database-${n8nVersion}.sqlite`);
}

function databaseFile(userFolder: string): string {
	return join(userFolder, '.n8n', 'database.sqlite');
}

/** Hundreds of migrations take a third of n8n's first start: an empty database of this version spares them. */
export function useEmptyDatabase(userFolder: string): void {
	const template = templateFile();
	if (!existsSync(template)) return;
	mkdirSync(join(userFolder, '.n8n'), { recursive: true });
	copyFileSync(template, databaseFile(userFolder));
}

/** Keeps the database of an n8n that has just started for the first time. n8n may be running. */
export async function keepEmptyDatabase(userFolder: string, node: string): Promise<void> {
	const template = templateFile();
	if (existsSync(template)) return;
	const unfinished = `${template}.${Date.now()}`;
	mkdirSync(scratchFolder, { recursive: true });
	const script = `
		const { Database } = require('sqlite3');
		const [from, to] = process.argv.slice(1);
		new Database(from).run('VACUUM INTO ?', to, (error) => process.exit(error ? 1 : 0));
	`;
	try {
		await execute(node, ['-e', script, databaseFile(userFolder), unfinished], { cwd: hostFolder });
		renameSync(unfinished, template);
	} catch {
		// Then the next start takes as long as this one.
		rmSync(unfinished, { force: true });
	}
}
