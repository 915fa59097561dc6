// Which Node runs what. Builtins only: this is loaded before anything is installed.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const rootFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const hostFolder = join(rootFolder, 'test', 'host');
/** Logs and the packed package: may be thrown away at any time. */
export const cacheFolder = join(hostFolder, '.cache');

const OLDEST_NODE = [20, 15];
const OLDEST_NODE_FOR_N8N = 24;

function parse(version) {
	return version.replace(/^v/, '').split('.').map(Number);
}

/** Ends the process with a sentence, not with a syntax error, on a Node that is too old. */
export function requireNode() {
	const [major, minor] = parse(process.version);
	if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
	console.error(
		`This needs Node ${OLDEST_NODE.join('.')} or newer; here it is ${process.version}. ` +
			'Install a newer one (https://nodejs.org) and run the same command again.',
	);
	process.exit(1);
}

/** Where the package of the host install that carries Node 24 for this platform lies. */
export function packagedNodeFolder() {
	const os = process.platform === 'win32' ? 'win' : process.platform;
	return join(hostFolder, 'node_modules', `node-${os}-${process.arch}`);
}

/**
 * The Node for n8n: the one from npm, else the present one if it is new enough.
 * @returns {{ binary: string, folder: string | undefined, version: string }}
 */
export function nodeForN8n() {
	const folder = packagedNodeFolder();
	const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
	let reason = `npm brought no Node for ${process.platform} ${process.arch}`;
	if (existsSync(binary)) {
		const probe = spawnSync(binary, ['--version'], { encoding: 'utf8' });
		if (probe.status === 0) return { binary, folder, version: probe.stdout.trim() };
		reason = `the Node from npm does not run here (${probe.error?.message ?? probe.stderr.trim()})`;
	}
	if (parse(process.version)[0] >= OLDEST_NODE_FOR_N8N) {
		return { binary: process.execPath, folder: undefined, version: process.version };
	}
	throw new Error(
		`n8n wants Node ${OLDEST_NODE_FOR_N8N}; here it is ${process.version}, and ${reason}. ` +
			`Install Node ${OLDEST_NODE_FOR_N8N} (https://nodejs.org) and run the same command again.`,
	);
}
