// Pictures of the nodes in the real editor, for the README. Needs Chromium.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAndPack } from './lib/build.mjs';
import { ensureHostInstall, ensureRootInstall } from './lib/install.mjs';
import { requireNode, rootFolder } from './lib/node.mjs';

requireNode();
await ensureRootInstall();
const node = await ensureHostInstall();
const packed = await buildAndPack({ reuse: true });
const loader = pathToFileURL(join(rootFolder, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
spawn(
	process.execPath,
	['--import', loader, join('test', 'host', 'screenshots.ts'), '--tarball', packed.file],
	{ cwd: rootFolder, stdio: 'inherit', env: { ...process.env, FLASHCALL_NODE: node.binary } },
).on('exit', (code) => process.exit(code ?? 1));
