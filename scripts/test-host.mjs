// The flows in a real n8n.
import { runHostTests } from './lib/hostTests.mjs';
import { requireNode } from './lib/node.mjs';
import { fail } from './lib/run.mjs';

requireNode();
try {
	await runHostTests('test/host', process.argv.slice(2));
} catch (error) {
	fail(error);
}
