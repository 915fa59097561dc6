/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { OWNER } from './n8n';
import { scratchFolder } from './folders';
import { readWorkflow, setStage } from './stage';
import type { Stage } from './stage';

const IMAGES = join(__dirname, '..', '..', 'docs', 'images');

/** Without these Chromium tries its maker's hosts at every start. */
const QUIET = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** What is pictured: a node of an example flow, opened in the editor. */
const PICTURES = [
	{ file: 'plusofon-node.png', workflow: 'sign-up-flash-call.json', node: 'Send Flash Call' },
	{ file: 'plusofon-numbers.png', workflow: 'find-and-buy-a-number.json', node: 'Search' },
	{ file: 'plusofon-trigger.png', workflow: 'sign-up-call-to-auth.json', node: 'Plusofon Trigger' },
];

async function logIn(page: Page, url: string): Promise<void> {
	await page.goto(`${url}/signin`);
	await page.locator('input[name="emailOrLdapLoginId"]').fill(OWNER.email);
	await page.locator('input[type="password"]').fill(OWNER.password);
	await page.locator('button[type="submit"], [data-test-id="form-submit-button"]').first().click();
	await page.waitForURL((address) => !address.pathname.includes('signin'));
}

async function picture(page: Page, stage: Stage, { file, workflow, node }: (typeof PICTURES)[0]) {
	const { host, credentials } = stage;
	const id = await host.importWorkflow(readWorkflow(workflow), Object.values(credentials));
	await page.goto(`${host.url}/workflow/${id}`);
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${node}"]`).dblclick();
	const view = page.locator('[data-test-id="ndv"], .ndv-wrapper, [data-test-id="node-creator"]');
	await view
		.first()
		.waitFor({ timeout: 20_000 })
		.catch(() => undefined);
	await page.waitForTimeout(3_000);
	await page.screenshot({ path: join(IMAGES, file) });
	process.stdout.write(`docs/images/${file}\n`);
}

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { tarball: { type: 'string' } } });
	const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
	if (executablePath === undefined)
		throw new Error('Install Chromium first: apt-get install chromium');
	if (!values.tarball) throw new Error('Start this with `npm run screenshots`.');
	mkdirSync(IMAGES, { recursive: true });
	const stage = await setStage({
		tarball: values.tarball,
		folder: join(scratchFolder, 'screenshots'),
	});
	const browser = await chromium.launch({ executablePath, args: QUIET });
	try {
		const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
		await logIn(page, stage.host.url);
		for (const one of PICTURES) await picture(page, stage, one);
	} finally {
		await browser.close();
		await stage.stop();
	}
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
	process.exit(1);
});
