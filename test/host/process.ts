/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- development equipment: never runs inside n8n */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SHOWN_LINES = 40;

/** The end of a log, for an error message. */
export function tail(file: string): string {
	let text = '';
	try {
		text = readFileSync(file, 'utf8');
	} catch {
		// Nothing was written yet.
	}
	return `${text.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n')}\nFull log: ${relative(process.cwd(), file)}`;
}

export interface Launch {
	command: string;
	args: string[];
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	logFile: string;
}

/** A long-running program with everything it starts in turn: stopped as one, and never left behind. */
export class ProcessGroup {
	private readonly child: ChildProcess;

	readonly exited: Promise<string>;

	output = '';

	constructor(readonly launch: Launch) {
		mkdirSync(dirname(launch.logFile), { recursive: true });
		const log = createWriteStream(launch.logFile, { flags: 'a' });
		this.child = spawn(
			process.execPath,
			[join(__dirname, 'guard.cjs'), launch.command, ...launch.args],
			{
				cwd: launch.cwd,
				env: launch.env,
				// The guard watches its standard input, and leads a group of its own.
				stdio: ['pipe', 'pipe', 'pipe'],
				detached: process.platform !== 'win32',
			},
		);
		for (const stream of [this.child.stdout, this.child.stderr]) {
			stream?.setEncoding('utf8').on('data', (chunk: string) => {
				if (this.output.length < 100_000) this.output += chunk;
				log.write(chunk);
			});
		}
		this.exited = new Promise((resolve) => {
			// Whoever waits for the end may read the whole log.
			const end = (reason: string) => log.end(() => resolve(reason));
			this.child.once('error', (error) => end(error.message));
			this.child.once('close', (code, signal) => end(signal ?? `exit code ${code ?? 'unknown'}`));
		});
	}

	/** Of the guard that runs the program; the program itself is its child. */
	get pid(): number {
		return this.child.pid ?? 0;
	}

	/** The first group of the pattern once the output holds it; undefined when it ends or takes too long. */
	async firstMatch(pattern: RegExp, timeoutMs: number): Promise<string | undefined> {
		const late = sleep(timeoutMs, 'late', { ref: false });
		let over = false;
		void Promise.race([late, this.exited]).then(() => (over = true));
		for (;;) {
			const match = pattern.exec(this.output);
			if (match || over) return match?.[1];
			await sleep(20);
		}
	}

	/** Ends all of it at once, as a power cut does. */
	async crash(): Promise<void> {
		this.kill('SIGKILL');
		await this.exited;
	}

	private kill(signal: NodeJS.Signals): void {
		if (this.child.pid === undefined) return;
		try {
			if (process.platform === 'win32') this.child.kill(signal);
			else process.kill(-this.child.pid, signal);
		} catch {
			// It has ended already.
		}
	}

	/** Asks first; what is still there after the patience is over is killed. */
	async stop(patienceMs = 10_000): Promise<void> {
		const hardStop = setTimeout(() => this.kill('SIGKILL'), patienceMs);
		this.kill('SIGTERM');
		await this.exited;
		clearTimeout(hardStop);
		this.kill('SIGKILL');
	}
}

/** Runs a short command to its end; throws with its output when it fails. */
export async function execute(
	command: string,
	args: string[],
	options: { cwd: string; env?: NodeJS.ProcessEnv; shell?: boolean },
): Promise<void> {
	const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
	}
	const [code] = (await once(child, 'close')) as [number | null];
	if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${output}`);
}
