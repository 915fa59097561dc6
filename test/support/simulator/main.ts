/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: runs in its own process, never inside n8n */
import { parseArgs } from 'node:util';

import { startSimulator } from './server';

/** Prints where it listens and stays until SIGTERM, SIGINT or, if asked, the end of standard input. */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '0' },
			host: { type: 'string', default: '127.0.0.1' },
			'exit-with-parent': { type: 'boolean', default: false },
		},
	});
	const simulator = await startSimulator({ port: Number(values.port), host: values.host });
	const stop = (): void => {
		void simulator.close().then(() => process.exit(0));
	};
	process.once('SIGTERM', stop);
	process.once('SIGINT', stop);
	if (values['exit-with-parent']) {
		// The pipe closes even when the parent is killed, which no signal handler could tell.
		process.stdin.once('end', stop);
		process.stdin.once('error', stop);
		process.stdin.resume();
	}
	process.stdout.write(`simulator listening on ${simulator.url}\n`);
}

main().catch((error: unknown) => {
	process.stderr.write(
		`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
	);
	process.exitCode = 1;
});
