// Runs a program and ends it, with everything it started, as soon as the standard input closes: whoever
// started this holds the other end, so that even a killed starter leaves nothing behind.
const { spawn } = require('node:child_process');

const PATIENCE_MS = 5_000;
const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });

function signalAll(signal) {
	// This process leads the group of all of them.
	if (process.platform === 'win32') child.kill(signal);
	else process.kill(-process.pid, signal);
}

// Signals go to the whole group: the program acts on them, this waits for it.
process.on('SIGTERM', () => {});
process.on('SIGINT', () => {});

let abandoned = false;
process.stdin.on('close', () => {
	abandoned = true;
	signalAll('SIGTERM');
	setTimeout(() => signalAll('SIGKILL'), PATIENCE_MS);
});
process.stdin.on('error', () => {});
process.stdin.resume();

child.on('error', (error) => {
	console.error(error.message);
	process.exit(127);
});
child.on('exit', (code) => {
	if (abandoned) signalAll('SIGKILL');
	process.exit(code ?? 1);
});
