// 1,000 flows on n8n's own distributed engine, whose processes are killed meanwhile. `--short`: 100 flows.
import { connect } from 'node:net';
import { runHostTests } from './lib/hostTests.mjs';
import { requireNode } from './lib/node.mjs';
import { fail } from './lib/run.mjs';

const SERVICES = [
	{
		name: 'PostgreSQL',
		variable: 'FLASHCALL_POSTGRES_URL',
		preset: 'postgresql://postgres@127.0.0.1:5432/postgres',
		port: 5432,
		help: `  Debian, Ubuntu:
    sudo apt-get install -y postgresql && sudo service postgresql start
    sudo -u postgres psql -c "CREATE ROLE flashcall LOGIN CREATEDB PASSWORD 'flashcall'"
    export FLASHCALL_POSTGRES_URL=postgresql://flashcall:flashcall@127.0.0.1:5432/postgres
  Docker:
    docker run -d --rm -p 127.0.0.1:5432:5432 -e POSTGRES_HOST_AUTH_METHOD=trust postgres:17`,
	},
	{
		name: 'Redis',
		variable: 'FLASHCALL_REDIS_URL',
		preset: 'redis://127.0.0.1:6379/0',
		port: 6379,
		help: `  Debian, Ubuntu:
    sudo apt-get install -y redis-server && sudo service redis-server start
  Docker:
    docker run -d --rm -p 127.0.0.1:6379:6379 redis:7`,
	},
];

function addressOf({ variable, preset }) {
	return process.env[variable] ?? preset;
}

async function isReachable(service) {
	const url = new URL(addressOf(service));
	return await new Promise((resolve) => {
		const socket = connect(Number(url.port || service.port), url.hostname);
		socket.setTimeout(5_000, () => socket.destroy(new Error('too slow')));
		socket.once('connect', () => socket.end(() => resolve(true)));
		socket.once('error', () => resolve(false));
	});
}

requireNode();
try {
	for (const service of SERVICES) {
		if (await isReachable(service)) continue;
		const { host } = new URL(addressOf(service));
		throw new Error(
			`n8n's queue mode needs ${service.name}, and nothing answers at ${host}.\n${service.help}\n` +
				`  Somewhere else: set ${service.variable}, e.g. ${service.preset}`,
		);
	}
	const args = process.argv.slice(2).filter((arg) => arg !== '--short');
	await runHostTests('test/queue', args, {
		...Object.fromEntries(SERVICES.map((service) => [service.variable, addressOf(service)])),
		FLASHCALL_QUEUE_FLOWS: process.argv.includes('--short') ? '100' : '1000',
	});
} catch (error) {
	fail(error);
}
