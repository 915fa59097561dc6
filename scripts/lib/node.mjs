// Which Node runs what. Builtins only: this is loaded before anything is installed.
import { existsSync, realpathSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const rootFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const hostFolder = join(rootFolder, 'test', 'host');
/** Logs and the packed package: may be thrown away at any time. */
export const cacheFolder = join(hostFolder, '.cache');

/** Every n8n that the nodes are tested in; the first one is the preset. */
export const HOSTS = [
	{ n8n: '2.41', folder: hostFolder, node: { oldest: [24, 0], newest: Infinity } },
	{ n8n: '1.123', folder: join(hostFolder, 'n8n-1.123'), node: { oldest: [20, 19], newest: 24 } },
];

const OLDEST_NODE = [20, 15];

function parse(version) {
	return version.replace(/^v/, '').split('.').map(Number);
}

function isAtLeast([major, minor], [leastMajor, leastMinor]) {
	return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/** Ends the process with a sentence, not with a syntax error, on a Node that is too old. */
export function requireNode() {
	if (isAtLeast(parse(process.version), OLDEST_NODE)) return;
	console.error(
		`This needs Node ${OLDEST_NODE.join('.')} or newer; here it is ${process.version}. ` +
			'Install a newer one (https://nodejs.org) and run the same command again.',
	);
	process.exit(1);
}

/**
 * The Node for an n8n: the one that was installed with it, else the present one if it suits.
 * @param {HOSTS[number]} host
 * @returns {{ binary: string, folder: string | undefined, version: string }} `folder` has its headers
 */
export function nodeForN8n(host) {
	const os = process.platform === 'win32' ? 'win' : process.platform;
	const folder = join(host.folder, 'node_modules', `node-${os}-${process.arch}`);
	const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
	let reason = `npm brought no Node for ${process.platform} ${process.arch}`;
	if (existsSync(binary)) {
		const probe = spawnSync(binary, ['--version'], { encoding: 'utf8' });
		if (probe.status === 0) return { binary, folder, version: probe.stdout.trim() };
		reason = `the Node from npm does not run here (${probe.error?.message ?? probe.stderr.trim()})`;
	}
	const { oldest, newest } = host.node;
	const present = parse(process.version);
	if (isAtLeast(present, oldest) && present[0] <= newest) {
		return {
			binary: process.execPath,
			folder: headersOf(process.execPath),
			version: process.version,
		};
	}
	throw new Error(
		`n8n ${host.n8n} wants Node ${oldest.join('.')} or newer${newest === Infinity ? '' : `, up to ${newest}`}; ` +
			`here it is ${process.version}, and ${reason}. ` +
			`Install Node 24 (https://nodejs.org) and run the same command again.`,
	);
}

/** Where a Node brings its headers along, which spares node-gyp fetching them. */
function headersOf(binary) {
	const folder = dirname(dirname(realpathSync(binary)));
	return existsSync(join(folder, 'include', 'node', 'node.h')) ? folder : undefined;
}
