/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { resources as mobilgroup } from '../nodes/Mobilgroup/resources';
import { resources as phoneVerification } from '../nodes/PhoneVerification/resources';
import { resources as plusofon } from '../nodes/Plusofon/resources';
import { allOperations } from '../nodes/shared/describe';
import type { Resource } from '../nodes/shared/operation';
import { resources as zvonobot } from '../nodes/Zvonobot/resources';

const README = resolve(__dirname, '../README.md');
const PROVIDERS: Record<string, readonly Resource[]> = {
	plusofon,
	mobilgroup,
	zvonobot,
	phoneVerification,
};

/** The README with its operations tables, one per provider, made anew from the code. */
export function withOperationsTables(readme: string): string {
	return Object.entries(PROVIDERS).reduce((text, [name, resources]) => {
		const start = `<!-- ${name} operations: made by \`npm run docs\` -->`;
		const end = `<!-- /${name} operations -->`;
		const [before, rest] = text.split(start);
		const after = rest?.split(end)[1];
		if (before === undefined || after === undefined) {
			throw new Error(`README.md lacks the marks ${start} and ${end}`);
		}
		return `${before}${start}\n\n${operationsTable(resources)}\n\n${end}${after}`;
	}, readme);
}

function operationsTable(resources: readonly Resource[]): string {
	const rows = allOperations(resources).map(({ resource, operation }) => [
		resource.name,
		operation.option.name,
		operation.option.description,
		resource.api?.credentialName ?? 'that of the channel',
		operation.costsMoney === true ? 'yes' : '',
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

if (require.main === module) writeFileSync(README, withOperationsTables(readReadme()));
