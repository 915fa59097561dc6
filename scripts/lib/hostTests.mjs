// Tests that need a running n8n: installs it if it is missing, packs the nodes as they are now, runs jest.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildAndPack } from './build.mjs';
import { ensureHostInstall, ensureRootInstall } from './install.mjs';
import { rootFolder } from './node.mjs';
import { duration, fail } from './run.mjs';

/**
 * Ends the process with jest's exit code.
 * @param {string} folder with a jest.config.cjs
 * @param {string[]} args for jest; `--n8n 1.123` is taken out and chooses the n8n
 * @param {Record<string, string>} [env]
 */
export async function runHostTests(folder, args, env = {}) {
	const { n8n, others } = takeVersion(args);
	await ensureRootInstall();
	const host = await ensureHostInstall(n8n);
	const building = Date.now();
	const packed = await buildAndPack();
	console.log(`Built and packed ${packed.name} in ${duration(Date.now() - building)}`);

	const jest = spawn(
		process.execPath,
		[
			join('node_modules', 'jest', 'bin', 'jest.js'),
			...['--config', `${folder}/jest.config.cjs`, ...others],
		],
		{
			cwd: rootFolder,
			stdio: 'inherit',
			env: {
				...process.env,
				...env,
				FLASHCALL_NODE: host.binary,
				FLASHCALL_N8N: host.folder,
				FLASHCALL_TARBALL: packed.file,
			},
		},
	);
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
		process.removeAllListeners(signal);
		process.on(signal, () => jest.kill(signal));
	}
	jest.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
	jest.on('error', fail);
}

function takeVersion(args) {
	const at = args.findIndex((arg) => /^--n8n(=|$)/.test(arg));
	if (at < 0) return { others: args };
	const [, inline] = args[at].split('=');
	const n8n = inline ?? args[at + 1] ?? '';
	return { n8n, others: args.toSpliced(at, inline === undefined ? 2 : 1) };
}
