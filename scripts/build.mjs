import { build } from './lib/build.mjs';
import { ensureRootInstall } from './lib/install.mjs';
import { requireNode } from './lib/node.mjs';
import { duration, fail } from './lib/run.mjs';

requireNode();
try {
	await ensureRootInstall();
	const started = Date.now();
	await build();
	console.log(`Built dist in ${duration(Date.now() - started)}`);
} catch (error) {
	fail(error);
}
