// n8n's own scanner for community packages, offline: node scripts/scan.mjs checkout | tarball <file>
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unpacked } from './lib/build.mjs';
import { rootFolder } from './lib/node.mjs';

const scanner = join(
	rootFolder,
	...['node_modules', '@n8n', 'scan-community-package', 'scanner', 'scanner.mjs'],
);
const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(pathToFileURL(scanner).href);

const [what, tarball] = process.argv.slice(2);
const result =
	what === 'tarball'
		? await unpacked(tarball, (folder) => analyzePackage(folder, ['**/*.js', 'package.json']))
		: await analyzePackage(rootFolder, SOURCE_FILE_PATTERNS);

// An empty selection passes without a word: that would be a scan of nothing.
const passed = result.passed && result.message === undefined;
if (!passed) console.error([result.message, result.details].filter(Boolean).join('\n'));
console.log(passed ? 'The scan found nothing.' : 'The scan failed.');
process.exitCode = passed ? 0 : 1;
