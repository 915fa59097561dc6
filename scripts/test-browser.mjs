// The nodes in n8n's editor, in a real Chromium. `--pictures`: makes the pictures in docs/images, too.
import { existsSync } from 'node:fs';
import { runHostTests } from './lib/hostTests.mjs';
import { requireNode } from './lib/node.mjs';
import { fail } from './lib/run.mjs';

const USUAL_PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

function chromium() {
	const chosen = process.env.FLASHCALL_CHROMIUM;
	const found = (chosen ? [chosen] : USUAL_PLACES).find(existsSync);
	if (found) return found;
	throw new Error(
		chosen
			? `FLASHCALL_CHROMIUM is ${chosen}, and there is no such file.`
			: 'This needs Chromium or Chrome. Debian, Ubuntu: apt-get install chromium. ' +
				'If it is somewhere unusual, set FLASHCALL_CHROMIUM to its path.',
	);
}

requireNode();
try {
	const pictures = process.argv.includes('--pictures');
	const args = process.argv.slice(2).filter((arg) => arg !== '--pictures');
	await runHostTests('test/browser', args, {
		FLASHCALL_CHROMIUM: chromium(),
		...(pictures ? { FLASHCALL_PICTURES: 'yes' } : {}),
	});
} catch (error) {
	fail(error);
}
