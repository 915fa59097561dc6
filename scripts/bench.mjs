// How fast the nodes are beside other ways to make the same calls in n8n. `--short`: only whether it works.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAndPack } from './lib/build.mjs';
import { ensureHostInstall, ensureRootInstall } from './lib/install.mjs';
import { requireNode, rootFolder } from './lib/node.mjs';
import { fail } from './lib/run.mjs';

requireNode();
try {
	await ensureRootInstall();
	const node = await ensureHostInstall();
	const packed = await buildAndPack({ reuse: true });
	const loader = pathToFileURL(join(rootFolder, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
	const bench = spawn(
		process.execPath,
		[
			...['--import', loader, join('test', 'bench', 'main.ts')],
			...['--tarball', packed.file, ...process.argv.slice(2)],
		],
		{ cwd: rootFolder, stdio: 'inherit', env: { ...process.env, FLASHCALL_NODE: node.binary } },
	);
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
		process.removeAllListeners(signal);
		process.on(signal, () => bench.kill(signal));
	}
	bench.on('exit', (code) => process.exit(code ?? 1));
	bench.on('error', fail);
} catch (error) {
	fail(error);
}
