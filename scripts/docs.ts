/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { resources as plusofon } from '../nodes/Plusofon/resources';
import { allOperations } from '../nodes/shared/describe';
import type { Resource } from '../nodes/shared/operation';

const README = resolve(__dirname, '../README.md');
const START = '<!-- operations: made by `npm run docs` -->';
const END = '<!-- /operations -->';

/** The README with its operations table made anew from the code. */
export function withOperationsTable(readme: string): string {
	const [before, rest] = readme.split(START);
	const after = rest?.split(END)[1];
	if (before === undefined || after === undefined) {
		throw new Error(`README.md lacks the marks ${START} and ${END}`);
	}
	return `${before}${START}\n\n${operationsTable(plusofon)}\n\n${END}${after}`;
}

function operationsTable(resources: readonly Resource[]): string {
	const rows = allOperations(resources).map(({ resource, operation }) => [
		resource.name,
		operation.option.name,
		operation.option.description,
		resource.api.credentialName,
		operation.chargedTarget === undefined ? '' : 'yes',
	]);
	return [
		['Resource', 'Operation', 'What it does', 'Credential', 'Costs money'],
		['---', '---', '---', '---', '---'],
		...rows,
	]
		.map((cells) => `| ${cells.join(' | ')} |`)
		.join('\n');
}

export const readReadme = () => readFileSync(README, 'utf8');

if (require.main === module) writeFileSync(README, withOperationsTable(readReadme()));
