// Installs what is missing, and only then: a second start takes no time.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { HOSTS, nodeForN8n, rootFolder } from './node.mjs';
import { cleanEnv, duration, npm, readJson, run } from './run.mjs';

const STAMP = '.installed';

function stampFile(folder) {
	return join(folder, 'node_modules', STAMP);
}

/** Changes whenever the install would come out differently. */
function fingerprint(folder) {
	const hash = createHash('sha256');
	for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
		const file = join(folder, name);
		hash.update(`${name}\0`).update(existsSync(file) ? readFileSync(file) : '');
	}
	return hash.update([process.platform, process.arch].join('\0')).digest('hex');
}

function isStamped(folder, mark) {
	const file = stampFile(folder);
	return existsSync(file) && readFileSync(file, 'utf8') === mark;
}

/** The packages of the lock file that have to lie in node_modules. */
function lockedPackages(folder) {
	return Object.entries(readJson(join(folder, 'package-lock.json')).packages).filter(
		([path, entry]) =>
			path !== '' && !entry.optional && !entry.devOptional && !entry.peer && !entry.extraneous,
	);
}

/** Whether every package of the lock file is present in its version, whoever installed it. */
function matchesLock(folder) {
	// npm writes this file last, so without it an install was interrupted.
	if (!existsSync(join(folder, 'node_modules', '.package-lock.json'))) return false;
	return lockedPackages(folder).every(([path, entry]) => {
		try {
			return readJson(join(folder, path, 'package.json')).version === entry.version;
		} catch {
			return false;
		}
	});
}

function allPresent(folder) {
	return countInstalled(folder) === lockedPackages(folder).length;
}

/** npm makes the folders first: a package counts once its own package.json is there. */
function countInstalled(folder) {
	return lockedPackages(folder).filter(([path]) => existsSync(join(folder, path, 'package.json')))
		.length;
}

/**
 * Installs a folder from its lock file, from scratch: what an interrupted install left cannot be trusted.
 * @param {string} what shown to the user
 * @param {string[]} args the npm command
 */
async function installFolder(folder, what, args) {
	const started = Date.now();
	const total = lockedPackages(folder).length.toLocaleString('en');
	console.log(`Installing ${what} ...`);
	rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
	await npm(`Installing ${what}`, [...args, '--ignore-scripts', '--no-audit', '--no-fund'], {
		cwd: folder,
		progress: () => `${countInstalled(folder).toLocaleString('en')} of ${total} packages`,
	});
	console.log(`Installed ${what} in ${duration(Date.now() - started)}, ${total} packages`);
}

/** The package's own dependencies. */
export async function ensureRootInstall() {
	const mark = fingerprint(rootFolder);
	if (isStamped(rootFolder, mark) && allPresent(rootFolder)) return;
	if (!matchesLock(rootFolder)) {
		await installFolder(rootFolder, 'the development tools', ['ci']);
	}
	writeFileSync(stampFile(rootFolder), mark);
}

/**
 * n8n with a Node that suits it: gigabytes, and some minutes the first time.
 * @param {string} version as HOSTS names it
 * @returns {Promise<{ folder: string, binary: string, version: string }>} where n8n lies, and the Node to run it with
 */
export async function ensureHostInstall(version = HOSTS[0].n8n) {
	const host = HOSTS.find(({ n8n }) => n8n === version);
	if (host === undefined) {
		const known = HOSTS.map(({ n8n }) => n8n).join(', ');
		throw new Error(`There is no n8n ${version} to test in. Choose one of these: ${known}`);
	}
	const { folder } = host;
	const mark = fingerprint(folder);
	if (isStamped(folder, mark) && allPresent(folder)) {
		const node = nodeForN8n(host);
		if (loadsSqlite(folder, node)) return { ...node, folder };
	}
	if (!matchesLock(folder)) {
		const { n8n } = readJson(join(folder, 'package.json')).dependencies;
		console.log('n8n comes next: 2 to 3 GB and some minutes, only the first time.');
		const missing = missingBuildTools();
		if (missing.length > 0) {
			const names = missing.join(', ');
			console.log(`Note: ${names} not found; n8n's database driver may have to be compiled.`);
			console.log(`  ${howToInstallBuildTools()}`);
		}
		// Not `npm ci`, which refuses when a registry lacks some other platform's optional package.
		await installFolder(folder, `n8n ${n8n}`, ['install', '--no-save']);
	}
	const node = nodeForN8n(host);
	if (!loadsSqlite(folder, node)) await installSqlite(folder, node);
	writeFileSync(stampFile(folder), mark);
	return { ...node, folder };
}

function loadsSqlite(folder, { binary }) {
	const probe = spawnSync(binary, ['-e', "new (require('sqlite3').Database)(':memory:')"], {
		cwd: folder,
		stdio: 'ignore',
	});
	return probe.status === 0;
}

/** n8n's database driver is the one native part that npm brings as source. */
async function installSqlite(folder, node) {
	const started = Date.now();
	const sqliteFolder = join(folder, 'node_modules', 'sqlite3');
	rmSync(join(sqliteFolder, 'build'), { recursive: true, force: true });
	const env = cleanEnv(node.binary);
	// The makers' ready-made file is quick, where it can be had.
	const download = join(folder, 'node_modules', 'prebuild-install', 'bin.js');
	try {
		await run('Fetching sqlite3', node.binary, [download, '-r', 'napi'], {
			cwd: sqliteFolder,
			env,
		});
		if (loadsSqlite(folder, node)) return;
	} catch {
		// No network to their server, or no file for this system: build it.
	}
	const missing = missingBuildTools();
	if (missing.length > 0) {
		throw new Error(
			`n8n's database driver (sqlite3) has to be compiled here, and ${missing.join(', ')} ` +
				`${missing.length > 1 ? 'are' : 'is'} missing. ${howToInstallBuildTools()}\nThen run the same command again.`,
		);
	}
	console.log("Compiling n8n's database driver: one or two minutes, only the first time ...");
	const nodedir = node.folder ? [`--nodedir=${node.folder}`] : [];
	await run(
		'Compiling sqlite3',
		node.binary,
		[await nodeGyp(folder, node.binary), 'rebuild', '--jobs=max', ...nodedir],
		{ cwd: sqliteFolder, env, progress: () => 'compiling' },
	);
	if (!loadsSqlite(folder, node)) {
		throw new Error(
			`sqlite3 was compiled but does not load under Node ${node.version} (${sqliteFolder}).`,
		);
	}
	console.log(`Compiled it in ${duration(Date.now() - started)}`);
}

/** npm's own node-gyp: the older one that sqlite3 brings fails on present Pythons. */
async function nodeGyp(folder, nodeBinary) {
	const given = process.env.npm_config_node_gyp;
	if (given && existsSync(given)) return given;
	const { output } = await npm('Asking npm for node-gyp', ['config', 'get', 'node-gyp'], {
		nodeBinary,
	});
	const found = output.split('\n').find((line) => existsSync(line.trim()));
	return found?.trim() ?? join(folder, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
}

function runs(command) {
	return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}

function missingBuildTools() {
	// On Windows node-gyp looks for Visual Studio itself and says what it lacks.
	if (process.platform === 'win32') return [];
	const missing = [];
	if (!runs('python3') && !runs('python')) missing.push('python3');
	if (!runs('make') && !runs('gmake')) missing.push('make');
	if (!runs(process.env.CXX || (process.platform === 'darwin' ? 'c++' : 'g++')))
		missing.push('g++');
	return missing;
}

function howToInstallBuildTools() {
	if (process.platform === 'darwin') return 'Run: xcode-select --install';
	if (existsSync('/etc/debian_version')) {
		const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
		return `Run: ${sudo}apt-get update && ${sudo}apt-get install -y python3 make g++`;
	}
	return 'Install Python 3, make and a C++ compiler with your package manager.';
}
