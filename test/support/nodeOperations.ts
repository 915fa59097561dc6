/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { allOperations } from '../../nodes/shared/describe';
import type { Operation, Resource } from '../../nodes/shared/operation';

export interface NodeOperation {
	/** The type of the node. */
	node: string;
	resource: string;
	operation: Operation;
}

const NODES = resolve(__dirname, '..', '..', 'nodes');

/** Every operation of every node, by its title, e.g. `plusofon reservation/buy`: none can be forgotten. */
export function nodeOperations(): ReadonlyMap<string, NodeOperation> {
	const found = new Map<string, NodeOperation>();
	for (const folder of readdirSync(NODES)) {
		const index = join(NODES, folder, 'resources', 'index.ts');
		if (!existsSync(index)) continue;
		const { resources } = jest.requireActual<{ resources: readonly Resource[] }>(index);
		const node = folder.charAt(0).toLowerCase() + folder.slice(1);
		for (const { resource, operation } of allOperations(resources)) {
			const title = `${node} ${resource.value}/${operation.option.value}`;
			found.set(title, { node, resource: resource.value, operation });
		}
	}
	return found;
}
