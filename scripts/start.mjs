// From a fresh clone to a running n8n with the nodes in it. `--once`: run the examples and end.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAndPack } from './lib/build.mjs';
import { ensureHostInstall, ensureRootInstall } from './lib/install.mjs';
import { requireNode, rootFolder } from './lib/node.mjs';
import { duration, fail } from './lib/run.mjs';

requireNode();
try {
	const started = Date.now();
	await ensureRootInstall();
	const node = await ensureHostInstall();
	const building = Date.now();
	const packed = await buildAndPack({ reuse: true });
	const size = `${Math.round(packed.size / 1000)} kB`;
	console.log(
		packed.reused
			? `Nothing has changed since ${packed.name} (${size}) was packed`
			: `Built and packed ${packed.name} (${size}) in ${duration(Date.now() - building)}`,
	);
	if (Date.now() - started > 60_000)
		console.log(`Ready to start after ${duration(Date.now() - started)}`);

	const loader = pathToFileURL(join(rootFolder, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
	const demo = spawn(
		process.execPath,
		[
			'--import',
			loader,
			join('test', 'host', 'demo.ts'),
			'--tarball',
			packed.file,
			...process.argv.slice(2),
		],
		{ cwd: rootFolder, stdio: 'inherit', env: { ...process.env, FLASHCALL_NODE: node.binary } },
	);
	// A terminal sends Ctrl-C to both; the demo cleans up, this one waits for it.
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
		process.removeAllListeners(signal);
		process.on(signal, () => demo.kill(signal));
	}
	// A plain kill of npm reaches nobody else: when whoever started this is gone, so is the reason to run.
	const parent = process.ppid;
	setInterval(() => {
		if (process.ppid !== parent) demo.kill('SIGTERM');
	}, 1_000).unref();
	demo.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
	demo.on('error', fail);
} catch (error) {
	fail(error);
}
