/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/require-node-api-error -- development equipment: never runs inside n8n */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { hostFolder } from '../host/folders';

/** The little that is used here of the drivers that n8n brings. */
interface PostgresPool {
	query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
	end(): Promise<void>;
}

interface Redis {
	connect(): Promise<void>;
	scanStream(options: { match: string; count: number }): AsyncIterable<string[]>;
	del(...keys: string[]): Promise<number>;
	lrange(key: string, first: number, last: number): Promise<string[]>;
	hget(key: string, field: string): Promise<string | null>;
	get(key: string): Promise<string | null>;
	disconnect(): void;
}

const requireOfHost = createRequire(join(hostFolder, 'package.json'));
const { Pool } = requireOfHost('pg') as {
	Pool: new (options: { connectionString: string; max: number }) => PostgresPool;
};
const { default: RedisClient } = requireOfHost('ioredis') as {
	default: new (url: string, options: object) => Redis;
};

const DATABASES = 'flashcall_queue_';

/** A job that some worker has taken from the queue and not given back. */
export interface TakenJob {
	executionId: string;
	/** The same for all jobs of one worker; null when it had not come to locking this one. */
	lock: string | null;
}

function address(variable: string): URL {
	const given = process.env[variable];
	if (!given) throw new Error('Start this with `npm run test:queue`.');
	return new URL(given);
}

/** A database and a part of Redis for one run. */
export class Services {
	private constructor(
		private readonly name: string,
		private readonly pool: PostgresPool,
	) {}

	static async start(): Promise<Services> {
		const name = `${DATABASES}${Date.now().toString(36)}_${process.pid}`;
		await administer(async (admin) => {
			await dropAbandoned(admin);
			await admin.query(`CREATE DATABASE ${name}`);
		});
		const url = address('FLASHCALL_POSTGRES_URL');
		url.pathname = `/${name}`;
		const services = new Services(name, new Pool({ connectionString: url.href, max: 2 }));
		await services.query('SELECT 1');
		return services;
	}

	/** What tells n8n where they are. */
	get environment(): Record<string, string> {
		const postgres = address('FLASHCALL_POSTGRES_URL');
		const redis = address('FLASHCALL_REDIS_URL');
		return {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: postgres.hostname,
			DB_POSTGRESDB_PORT: postgres.port || '5432',
			DB_POSTGRESDB_DATABASE: this.name,
			DB_POSTGRESDB_USER: decodeURIComponent(postgres.username),
			DB_POSTGRESDB_PASSWORD: decodeURIComponent(postgres.password),
			DB_POSTGRESDB_POOL_SIZE: '5',
			QUEUE_BULL_REDIS_HOST: redis.hostname,
			QUEUE_BULL_REDIS_PORT: redis.port || '6379',
			QUEUE_BULL_REDIS_DB: redis.pathname.slice(1) || '0',
			QUEUE_BULL_REDIS_USERNAME: decodeURIComponent(redis.username),
			QUEUE_BULL_REDIS_PASSWORD: decodeURIComponent(redis.password),
			QUEUE_BULL_PREFIX: this.jobs,
			N8N_REDIS_KEY_PREFIX: this.name,
		};
	}

	async takenJobs(): Promise<TakenJob[]> {
		return await withRedis(async (redis) => {
			const keyOf = (name: string) => `${this.jobs}:jobs:${name}`;
			const ids = await redis.lrange(keyOf('active'), 0, -1);
			const jobs = ids.map(async (id) => {
				const data = await redis.hget(keyOf(id), 'data');
				// One that has just ended is gone already.
				if (data === null) return [];
				const { executionId } = JSON.parse(data) as { executionId: string };
				return [{ executionId, lock: await redis.get(keyOf(`${id}:lock`)) }];
			});
			return (await Promise.all(jobs)).flat();
		});
	}

	private get jobs(): string {
		return `${this.name}_jobs`;
	}

	/** The rows are trusted: n8n's tables are known. */
	async query<T>(text: string, values: unknown[] = []): Promise<T[]> {
		return (await this.pool.query(text, values)).rows as T[];
	}

	async stop(): Promise<void> {
		await this.pool.end();
		await administer(async (admin) => await drop(admin, this.name));
		await withRedis(async (redis) => {
			for await (const keys of redis.scanStream({ match: `*${this.name}*`, count: 1000 })) {
				if (keys.length > 0) await redis.del(...keys);
			}
		});
	}
}

async function withRedis<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
	const redis = new RedisClient(address('FLASHCALL_REDIS_URL').href, { lazyConnect: true });
	await redis.connect();
	try {
		return await work(redis);
	} finally {
		redis.disconnect();
	}
}

async function administer(work: (admin: PostgresPool) => Promise<void>): Promise<void> {
	const { href } = address('FLASHCALL_POSTGRES_URL');
	const admin = new Pool({ connectionString: href, max: 1 });
	try {
		await work(admin);
	} catch (error) {
		const { message } = error as Error;
		throw new Error(`PostgreSQL: ${message}. Is FLASHCALL_POSTGRES_URL of a user with CREATEDB?`);
	} finally {
		await admin.end();
	}
}

/** What runs have left that were killed: nobody is connected to it any more. */
async function dropAbandoned(admin: PostgresPool): Promise<void> {
	const { rows } = await admin.query(
		`SELECT datname FROM pg_database WHERE starts_with(datname, $1)
		AND datname NOT IN (SELECT datname FROM pg_stat_activity WHERE datname IS NOT NULL)`,
		[DATABASES],
	);
	for (const { datname } of rows as Array<{ datname: string }>) await drop(admin, datname);
}

async function drop(admin: PostgresPool, name: string): Promise<void> {
	await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}
