/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { ExecutionStatus } from 'n8n-workflow';

import { hostFolder } from '../host/folders';
import type { Execution } from '../host/n8n';
import type { Services } from './services';

const { parse } = createRequire(join(hostFolder, 'package.json'))('flatted') as {
	parse: (text: string) => unknown;
};

/** An execution as n8n keeps it. */
export interface Kept {
	id: string;
	workflowId: string;
	status: ExecutionStatus;
	/** Everybody whose number stands in its data. */
	phones: string[];
	data: Execution['data'] & { resumeToken?: string };
}

interface Row extends Omit<Kept, 'phones' | 'data'> {
	data: string | null;
}

const FIRST_PHONE = 79_260_000_000;
const PHONES = /\b7926\d{7}\b/g;

/** The number of one of the people; their operator is not MTS. */
export function phoneOf(index: number): string {
	return String(FIRST_PHONE + index);
}

const OVER: ReadonlySet<ExecutionStatus> = new Set(['success', 'error', 'crashed', 'canceled']);

export function isOver({ status }: Kept): boolean {
	return OVER.has(status);
}

/** What n8n has saved of executions, read from its database: nobody has to be running for it. */
export class Executions {
	constructor(private readonly services: Services) {}

	async all(): Promise<Kept[]> {
		return await this.select('TRUE', []);
	}

	async withPhone(workflowId: string, phone: string): Promise<Kept[]> {
		return await this.select('e."workflowId" = $1 AND d.data LIKE $2', [workflowId, `%${phone}%`]);
	}

	async withIds(ids: Iterable<string>): Promise<Kept[]> {
		return await this.select('e.id::text = ANY($1)', [[...ids]]);
	}

	/** Those that wait at the moment. */
	async waiting(): Promise<Set<string>> {
		return await this.idsOf(['waiting']);
	}

	/** Those that have not come to an end. */
	async open(): Promise<Set<string>> {
		return await this.idsOf(['new', 'running', 'waiting', 'unknown']);
	}

	private async idsOf(statuses: ExecutionStatus[]): Promise<Set<string>> {
		const rows = await this.services.query<{ id: string }>(
			'SELECT id::text FROM execution_entity WHERE status = ANY($1)',
			[statuses],
		);
		return new Set(rows.map(({ id }) => id));
	}

	private async select(where: string, values: unknown[]): Promise<Kept[]> {
		const rows = await this.services.query<Row>(
			`SELECT e.id::text, e."workflowId", e.status, d.data
			FROM execution_entity e LEFT JOIN execution_data d ON d."executionId" = e.id
			WHERE ${where} ORDER BY e.id`,
			values,
		);
		return rows.map(({ data, ...row }) => ({
			...row,
			phones: [...new Set(data?.match(PHONES) ?? [])],
			data: data === null ? { resultData: { runData: {} } } : (parse(data) as Kept['data']),
		}));
	}
}
