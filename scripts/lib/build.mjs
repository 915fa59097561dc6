// From sources to dist, and from dist to the package that npm would publish.
import { createHash } from 'node:crypto';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { cacheFolder, rootFolder } from './node.mjs';
import { npm, readJson, run } from './run.mjs';

const dist = join(rootFolder, 'dist');
const packFolder = join(cacheFolder, 'pack');

const LARGEST_PACKAGE = 400_000;

/** All that a node may load when it runs inside n8n. */
const ALLOWED_MODULES = new Set(['n8n-workflow', 'node:crypto']);

/** Compiled re-exports that take their dependency along, because n8n gives a package no others. */
const BUNDLED = [
	{ file: join(dist, 'nodes', 'shared', 'libphonenumber.js'), dependency: 'libphonenumber-js' },
];

function filesUnder(folder) {
	return readdirSync(folder, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name))
		.sort();
}

function tool(name, ...path) {
	return join(rootFolder, 'node_modules', name, ...path);
}

async function bundle({ file, dependency }) {
	const { build } = createRequire(join(rootFolder, 'package.json'))('esbuild');
	const { version } = readJson(tool(dependency, 'package.json'));
	const license = readFileSync(tool(dependency, 'LICENSE'), 'utf8').trim();
	await build({
		entryPoints: [file],
		outfile: file,
		allowOverwrite: true,
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		minify: true,
		drop: ['console'],
		legalComments: 'inline',
		banner: { js: `/*!\n${dependency} ${version}\n\n${license}\n*/` },
		logLevel: 'silent',
	});
}

/**
 * The descriptions of all nodes and credentials as JSON, as n8n's own nodes bring them: n8n reads
 * these when it starts, and the code of a node only when a flow uses it.
 */
async function describe() {
	await run('Describing', process.execPath, [tool('n8n-core', 'bin', 'generate-metadata')], {
		cwd: rootFolder,
	});
	// For n8n's own lint only.
	rmSync(join(dist, 'methods'), { recursive: true, force: true });
}

/** Every module a compiled file asks for that n8n would not give it. */
function forbiddenRequires() {
	const found = [];
	for (const file of filesUnder(dist).filter((name) => name.endsWith('.js'))) {
		for (const [, name] of readFileSync(file, 'utf8').matchAll(
			/\b(?:require|import)\(\s*["'`]([^"'`]+)["'`]\s*\)/g,
		)) {
			if (ALLOWED_MODULES.has(name)) continue;
			if (/^\.\.?(\/|$)/.test(name)) {
				try {
					const target = createRequire(file).resolve(name);
					if (!relative(dist, target).startsWith('..')) continue;
				} catch {
					// Named below.
				}
			}
			found.push(`${relative(rootFolder, file)} requires ${name}`);
		}
	}
	return found;
}

/** What package.json promises n8n and the build did not make. */
function missingEntries() {
	const { n8n } = readJson(join(rootFolder, 'package.json'));
	return [...n8n.nodes, ...n8n.credentials].filter((file) => !existsSync(join(rootFolder, file)));
}

export async function build() {
	rmSync(dist, { recursive: true, force: true });
	const node = process.execPath;
	await run('Compiling', node, [tool('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json']);
	await run('Copying icons', node, [tool('gulp', 'bin', 'gulp.js'), 'build:icons']);
	for (const item of BUNDLED) await bundle(item);
	await describe();
	const problems = [
		...missingEntries().map((file) => `package.json names ${file}, which the build did not make`),
		...forbiddenRequires(),
	];
	if (problems.length > 0) throw new Error(`The build is not usable:\n  ${problems.join('\n  ')}`);
}

/** @returns {Promise<{ file: string, name: string, size: number }>} the tarball that npm would publish */
export async function pack() {
	rmSync(packFolder, { recursive: true, force: true });
	mkdirSync(packFolder, { recursive: true });
	await npm('Packing', ['pack', '--ignore-scripts', '--pack-destination', packFolder], {
		cwd: rootFolder,
	});
	const name = readdirSync(packFolder).find((file) => file.endsWith('.tgz'));
	if (!name) throw new Error('npm pack made no tarball.');
	const file = join(packFolder, name);
	return { file, name, size: statSync(file).size };
}

/** Lays the contents of a tarball out in a folder of their own while something is done with them. */
export async function unpacked(tarball, use) {
	const folder = mkdtempSync(join(tmpdir(), 'flashcall-package-'));
	try {
		await run('Unpacking', 'tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
		return await use(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

const UNWANTED = [
	/\.(map|ts|tsbuildinfo)$/,
	/\.(test|spec)\./,
	/(^|\/)(test|tests|__tests__|node_modules)\//,
	/(^|\/)\.[^/]+/,
];

/** What must not reach npm. */
export async function tarballProblems({ file, size }) {
	return await unpacked(file, (folder) => [
		...contentProblems(folder),
		...(size > LARGEST_PACKAGE ? [`${size} bytes packed; ${LARGEST_PACKAGE} are allowed`] : []),
	]);
}

function contentProblems(folder) {
	const names = filesUnder(folder).map((path) => relative(folder, path).replaceAll('\\', '/'));
	const unwanted = names.filter((name) => UNWANTED.some((pattern) => pattern.test(name)));
	const mapped = names.filter(
		(name) =>
			name.endsWith('.js') &&
			readFileSync(join(folder, name), 'utf8').includes('//# sourceMappingURL='),
	);
	const { dependencies, scripts = {} } = readJson(join(folder, 'package.json'));
	const hooks = ['preinstall', 'install', 'postinstall', 'prepare'].filter(
		(name) => name in scripts,
	);
	return [
		...unwanted.map((name) => `${name} does not belong into the package`),
		...mapped.map((name) => `${name} points to a source map`),
		...(dependencies ? ['the package has runtime dependencies'] : []),
		...hooks.map((name) => `the package runs a script when it is installed: ${name}`),
	];
}

function sourcesFingerprint() {
	const hash = createHash('sha256');
	const single = [
		'package.json',
		'package-lock.json',
		'tsconfig.json',
		'gulpfile.js',
		'README.md',
		'LICENSE',
	];
	const files = [
		...single.map((name) => join(rootFolder, name)).filter(existsSync),
		...['nodes', 'credentials', 'scripts/lib']
			.map((name) => resolve(rootFolder, name))
			.flatMap(filesUnder),
	];
	for (const file of files)
		hash.update(`${relative(rootFolder, file)}\0`).update(readFileSync(file));
	return hash.digest('hex');
}

/** Builds and packs, unless the last tarball came from exactly these sources. */
export async function buildAndPack({ reuse = false } = {}) {
	const stamp = join(cacheFolder, 'packed.json');
	const fingerprint = sourcesFingerprint();
	if (reuse && existsSync(stamp)) {
		const last = readJson(stamp);
		if (last.fingerprint === fingerprint && existsSync(last.file) && existsSync(dist)) {
			return { ...last, reused: true };
		}
	}
	rmSync(stamp, { force: true });
	await build();
	const packed = await pack();
	mkdirSync(dirname(stamp), { recursive: true });
	writeFileSync(stamp, JSON.stringify({ ...packed, fingerprint }));
	return { ...packed, reused: false };
}
