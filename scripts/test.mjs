// Everything that can be checked without a running n8n, with one honest result at the end.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, pack, tarballProblems } from './lib/build.mjs';
import { ensureRootInstall } from './lib/install.mjs';
import { cacheFolder, requireNode, rootFolder } from './lib/node.mjs';
import { CommandFailed, duration, fail, npm, readJson, run } from './lib/run.mjs';

const tool = (...path) => join(rootFolder, 'node_modules', ...path);
const jestReport = join(cacheFolder, 'jest.json');

let passed = 0;
let failed = 0;
const failures = [];

function tell(name, ms, error) {
	console.log(`${error ? 'FAIL' : 'ok  '}  ${name.padEnd(34)} ${duration(ms)}`);
	if (error) failures.push({ name, error });
}

/** Runs one step, prints how it went, and never throws. */
async function step(name, work) {
	const started = Date.now();
	try {
		const result = await work();
		passed += 1;
		tell(name, Date.now() - started);
		return result;
	} catch (error) {
		failed += 1;
		tell(name, Date.now() - started, error);
		return undefined;
	}
}

const node = (title, ...args) => run(title, process.execPath, args);

async function unitAndEngineTests() {
	const started = Date.now();
	rmSync(jestReport, { force: true });
	let output = '';
	let error;
	try {
		const args = [
			'--maxWorkers=100%',
			'--json',
			`--outputFile=${jestReport}`,
			...process.argv.slice(2),
		];
		({ output } = await node('jest', tool('jest', 'bin', 'jest.js'), ...args));
	} catch (thrown) {
		error = thrown;
		output = thrown instanceof CommandFailed ? thrown.output : '';
	}
	let counted = { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
	try {
		counted = readJson(jestReport);
	} catch {
		error ??= new Error('jest ended without a report.');
	}
	const broken = counted.numFailedTests + counted.numRuntimeErrorTestSuites;
	passed += counted.numPassedTests;
	// A run that fails as a whole counts even when no single test did.
	failed += broken === 0 && error ? 1 : broken;
	tell('unit and engine tests', Date.now() - started, error);
	return output;
}

requireNode();
try {
	const started = Date.now();
	await ensureRootInstall();

	const tarball = await step('build and pack', async () => {
		await build();
		return await pack();
	});
	// Two lanes: jest takes about as long as all the rest.
	const [jestOutput] = await Promise.all([
		unitAndEngineTests(),
		(async () => {
			await step('types', () =>
				node('types', tool('typescript', 'bin', 'tsc'), '--noEmit', '-p', 'test/tsconfig.json'),
			);
			await step('lint, n8n-node in strict mode', () =>
				node('lint', tool('@n8n', 'node-cli', 'bin', 'n8n-node.mjs'), 'lint'),
			);
			await step('lint, n8n-nodes-base', () =>
				node(
					'strict lint',
					tool('eslint', 'bin', 'eslint.js'),
					'--config',
					'eslint.strict.config.mjs',
					'.',
				),
			);
			await step('format', () =>
				node('format', tool('prettier', 'bin', 'prettier.cjs'), '--check', '.'),
			);
			await step('scan of the checkout', () =>
				node('scan checkout', 'scripts/scan.mjs', 'checkout'),
			);
			await step('audit of what is published', () =>
				npm('npm audit', ['audit', '--omit=dev', '--omit=peer']),
			);
			if (!tarball) return;
			await step('scan of the packed package', () =>
				node('scan package', 'scripts/scan.mjs', 'tarball', tarball.file),
			);
			await step('contents of the packed package', async () => {
				const problems = await tarballProblems(tarball);
				if (problems.length > 0) throw new Error(problems.join('\n'));
			});
		})(),
	]);

	// Without what --json adds.
	const report = jestOutput.replace(/^(\{"num.*|Test results written to: .*)$/gm, '').trim();
	console.log(`\n${report}`);
	for (const { name, error } of failures.filter(({ name }) => name !== 'unit and engine tests')) {
		console.log(`\n--- ${name}\n${error.message}`);
	}
	console.log(`\nTook ${duration(Date.now() - started)}`);
	console.log(`${passed} passed, ${failed} failed`);
	process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
	fail(error);
}
