// Runs commands quietly; shows what went wrong when something does.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { cacheFolder, rootFolder } from './node.mjs';

const SHOWN_LINES = 40;
const PROGRESS_EVERY_MS = 10_000;

/** 83 -> "1m23s" */
export function duration(ms) {
	const seconds = Math.round(ms / 1000);
	if (seconds < 60) return ms < 9_950 ? `${(ms / 1000).toFixed(1)}s` : `${seconds}s`;
	return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
}

export function lastLines(text, count = SHOWN_LINES) {
	return text.trimEnd().split('\n').slice(-count).join('\n');
}

export class CommandFailed extends Error {
	constructor(title, code, output, logFile) {
		const log = relative(process.cwd(), logFile);
		super(`${title} failed (${code})\n${lastLines(output)}\nFull log: ${log}`);
		this.name = 'CommandFailed';
		this.output = output;
	}
}

/** Children of this process, so that Ctrl-C leaves none behind. */
const children = new Set();

function stopChildren(signal) {
	for (const child of children) {
		try {
			// Each child leads a group of its own: npm and compilers have children too.
			if (process.platform === 'win32') child.kill(signal);
			else process.kill(-child.pid, signal);
		} catch {
			// It has ended meanwhile.
		}
	}
}

let watching = false;
function stopChildrenOnSignal() {
	if (watching) return;
	watching = true;
	for (const [signal, code] of [
		['SIGINT', 130],
		['SIGTERM', 143],
		['SIGHUP', 129],
	]) {
		process.on(signal, () => {
			stopChildren('SIGTERM');
			process.exit(code);
		});
	}
}

/**
 * Runs a command to its end with its output in a log file.
 * @param {string} title what a person would call it
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, progress?: () => string, log?: string, shell?: boolean }} [options]
 * @returns {Promise<{ output: string, ms: number }>}
 */
export function run(title, command, args, options = {}) {
	stopChildrenOnSignal();
	const logFile =
		options.log ??
		join(cacheFolder, 'logs', `${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.log`);
	mkdirSync(dirname(logFile), { recursive: true });
	const log = createWriteStream(logFile);
	const started = Date.now();
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, {
			cwd: options.cwd ?? rootFolder,
			env: options.env ?? process.env,
			stdio: ['ignore', 'pipe', 'pipe'],
			detached: process.platform !== 'win32',
			shell: options.shell ?? false,
		});
		children.add(child);
		let output = '';
		const keep = (chunk) => {
			output += chunk;
			log.write(chunk);
		};
		child.stdout.setEncoding('utf8').on('data', keep);
		child.stderr.setEncoding('utf8').on('data', keep);
		const ticker = options.progress
			? setInterval(
					() => console.log(`    ${duration(Date.now() - started)}  ${options.progress()}`),
					PROGRESS_EVERY_MS,
				)
			: undefined;
		const finish = () => {
			clearInterval(ticker);
			children.delete(child);
			log.end();
		};
		child.on('error', (error) => {
			finish();
			reject(new CommandFailed(title, error.message, output, logFile));
		});
		child.on('close', (code, signal) => {
			finish();
			if (code === 0) resolve({ output, ms: Date.now() - started });
			else reject(new CommandFailed(title, signal ?? `exit code ${code}`, output, logFile));
		});
	});
}

/** The environment with npm's own variables for the present script taken out, and a Node put first on PATH. */
export function cleanEnv(nodeBinary, extra = {}) {
	const env = {};
	for (const [name, value] of Object.entries(process.env)) {
		if (/^npm_(package|lifecycle|command|node_execpath|execpath|config_local_prefix)/i.test(name))
			continue;
		if (name === 'INIT_CWD' || name === 'NODE_OPTIONS') continue;
		env[name] = value;
	}
	const path = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
	if (nodeBinary) env[path] = `${dirname(nodeBinary)}${delimiter}${env[path] ?? ''}`;
	return { ...env, ...extra };
}

/** The user's own npm: the one that runs this script, else the one on PATH. */
function npmCommand(nodeBinary) {
	const script = process.env.npm_execpath;
	if (script?.endsWith('npm-cli.js'))
		return { command: nodeBinary ?? process.execPath, prefix: [script], shell: false };
	// On Windows npm is a .cmd file, which only a shell can start.
	return { command: 'npm', prefix: [], shell: process.platform === 'win32' };
}

/** Like run(), for npm. `nodeBinary` is the Node that npm itself runs under. */
export function npm(title, args, { nodeBinary, env = {}, ...options } = {}) {
	const { command, prefix, shell } = npmCommand(nodeBinary);
	return run(title, command, [...prefix, ...args], {
		...options,
		shell,
		env: cleanEnv(nodeBinary, env),
	});
}

/** Prints an error of ours as a sentence, one that we did not expect with its stack; ends with 1. */
export function fail(error) {
	const expected = error instanceof CommandFailed || error?.constructor === Error;
	console.error(`\n${expected ? error.message : (error?.stack ?? error)}`);
	process.exit(1);
}

export function readJson(file) {
	return JSON.parse(readFileSync(file, 'utf8'));
}
