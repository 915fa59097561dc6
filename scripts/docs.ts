/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { filled } from './docs/marks';
import { makers, pages } from './docs/pages';

/** Brings what the documentation says of the code up to date. */
async function makeDocs(): Promise<void> {
	for (const page of pages()) {
		const before = readFileSync(page, 'utf8');
		const config = await resolveConfig(page);
		const after = await format(filled(before, makers), { ...config, filepath: page });
		if (after !== before) writeFileSync(page, after);
	}
}

makeDocs().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
