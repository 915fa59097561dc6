/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { hostFolder } from '../host/folders';

/** What the package costs before it does anything. */
export interface Loading {
	/** Milliseconds in a fresh process to know all nodes and credentials, as n8n does when it starts. */
	known: number[];
	/** The same to load the code of all of them, which n8n does for each when it is first used. */
	loaded: number[];
	/** How many properties each node has. */
	properties: Record<string, number>;
	packedBytes: number;
}

/** n8n's own loader, as it loads an installed package: after n8n's own nodes. */
const SCRIPT = `
	(async () => {
		const { dirname, join } = require('node:path');
		const { LazyPackageDirectoryLoader } = require('n8n-core');
		const own = dirname(require.resolve('n8n-nodes-base/package.json'));
		await new LazyPackageDirectoryLoader(own).loadAll();
		const folder = process.argv[1];
		const { n8n } = require(join(folder, 'package.json'));
		const knowing = performance.now();
		const loader = new LazyPackageDirectoryLoader(folder);
		await loader.loadAll();
		const known = performance.now() - knowing;
		const loading = performance.now();
		for (const file of [...n8n.credentials, ...n8n.nodes]) require(join(folder, file));
		const loaded = performance.now() - loading;
		const properties = loader.types.nodes.map(({ name, properties }) => [name, properties.length]);
		console.log(JSON.stringify({ known, loaded, properties: Object.fromEntries(properties) }));
	})();
`;

interface Once extends Pick<Loading, 'properties'> {
	known: number;
	loaded: number;
}

export async function measureLoading(tarball: string, runs: number): Promise<Loading> {
	const folder = mkdtempSync(join(tmpdir(), 'flashcall-bench-'));
	const run = promisify(execFile);
	const node = process.env.FLASHCALL_NODE ?? process.execPath;
	const env = { ...process.env, NODE_PATH: join(hostFolder, 'node_modules') };
	try {
		await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
		const packedBytes = statSync(tarball).size;
		const loading: Loading = { known: [], loaded: [], properties: {}, packedBytes };
		for (let index = 0; index < runs; index++) {
			const { stdout } = await run(node, ['-e', SCRIPT, folder], { env });
			const { known, loaded, properties } = JSON.parse(stdout) as Once;
			loading.known.push(known);
			loading.loaded.push(loaded);
			loading.properties = properties;
		}
		return loading;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
