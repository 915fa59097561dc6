// The flows in a real n8n: installs it if it is missing, packs the nodes as they are now, runs test/host.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildAndPack } from './lib/build.mjs';
import { ensureHostInstall, ensureRootInstall } from './lib/install.mjs';
import { requireNode, rootFolder } from './lib/node.mjs';
import { duration, fail } from './lib/run.mjs';

requireNode();
try {
	await ensureRootInstall();
	const node = await ensureHostInstall();
	const building = Date.now();
	const packed = await buildAndPack();
	console.log(`Built and packed ${packed.name} in ${duration(Date.now() - building)}`);

	const jest = spawn(
		process.execPath,
		[
			join('node_modules', 'jest', 'bin', 'jest.js'),
			...['--config', 'test/host/jest.config.cjs', ...process.argv.slice(2)],
		],
		{
			cwd: rootFolder,
			stdio: 'inherit',
			env: { ...process.env, FLASHCALL_NODE: node.binary, FLASHCALL_TARBALL: packed.file },
		},
	);
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
		process.removeAllListeners(signal);
		process.on(signal, () => jest.kill(signal));
	}
	jest.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
	jest.on('error', fail);
} catch (error) {
	fail(error);
}
