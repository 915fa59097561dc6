/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/require-node-api-error -- development equipment: never runs inside n8n */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { chromium, selectors, type Browser, type ConsoleMessage, type Page } from 'playwright-core';

import { logFolder } from '../host/folders';
import { OWNER, type WorkflowFile } from '../host/n8n';
import { setStage, type Stage } from '../host/stage';
import { Editor } from './editor';
import { savePicture, type Region } from './pictures';

/** Set by environment.cjs. */
declare global {
	var hasFailed: boolean | undefined;
}

/** n8n's own name for what playwright calls a test ID. */
selectors.setTestIdAttribute('data-test-id');

const ARGUMENTS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	// Without these Chromium asks its maker's hosts for this and that.
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	// Nothing outside this machine can be reached, whatever a page tries.
	'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** What the page complains about whatever the package. */
const KNOWN_COMPLAINTS = [
	// n8n brings no example output for some of its own nodes, and looks for it all the same.
	/^Failed to load resource: .* 404 .*\/schemas\/n8n-nodes-base\./,
	// The author and the downloads of a community package, shown beside its actions in the list.
	/^Failed to load resource: net::ERR_NAME_NOT_RESOLVED https:\/\/(registry|api)\.npmjs\.org\//,
];

const WINDOW = { width: 1400, height: 900 };

interface Parts {
	stage: Stage;
	browser: Browser;
	page: Page;
	editor: Editor;
}

/** A real n8n with the packed nodes, and somebody in front of its editor. */
export class Desk {
	private parts?: Parts;

	private readonly complaints: string[] = [];

	async open(): Promise<void> {
		const tarball = process.env.FLASHCALL_TARBALL;
		const executablePath = process.env.FLASHCALL_CHROMIUM;
		if (!tarball || !executablePath)
			throw new Error('Start these tests with `npm run test:browser`.');
		const stage = await setStage({ tarball });
		try {
			const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
			const context = await browser.newContext({
				viewport: WINDOW,
				locale: 'en-US',
				colorScheme: 'light',
			});
			context.on('console', (message) => this.listen(message));
			context.on('weberror', (error) => this.complaints.push(String(error.error())));
			const page = await context.newPage();
			this.parts = { stage, browser, page, editor: new Editor(page, stage.host.url) };
			await this.editor.logIn(OWNER);
		} catch (error) {
			await stage.stop();
			throw error;
		}
	}

	private listen(message: ConsoleMessage): void {
		if (message.type() !== 'error') return;
		const complaint = `${message.text()} ${message.location().url}`;
		if (KNOWN_COMPLAINTS.some((known) => known.test(complaint))) return;
		this.complaints.push(complaint);
	}

	private get ready(): Parts {
		if (this.parts === undefined) throw new Error('There is no browser yet.');
		return this.parts;
	}

	get stage(): Stage {
		return this.ready.stage;
	}

	get page(): Page {
		return this.ready.page;
	}

	get editor(): Editor {
		return this.ready.editor;
	}

	/** Saves a flow and shows it. */
	async show(flow: WorkflowFile): Promise<void> {
		const { host, credentials } = this.stage;
		await this.editor.openFlow(await host.importWorkflow(flow, Object.values(credentials)));
	}

	/** Saves a part of the page for the README, in light and in dark, when pictures were asked for. */
	async picture(name: string, region: () => Promise<Region>): Promise<void> {
		if (process.env.FLASHCALL_PICTURES) await savePicture(this.page, name, await region());
	}

	/** The same for the panel of a node, all of it. */
	async panelPicture(name: string): Promise<void> {
		await this.picture(name, async () => await this.editor.panel.inFull());
		await this.page.setViewportSize(WINDOW);
	}

	/** After each test: the page must not have complained, and shows what went wrong otherwise. */
	async lookBack(test = ''): Promise<void> {
		const complaints = this.complaints.splice(0);
		if (globalThis.hasFailed || complaints.length > 0) {
			mkdirSync(logFolder, { recursive: true });
			const path = join(logFolder, `browser ${test.replace(/[^\w]+/g, ' ').trim()}.png`);
			await this.parts?.page.screenshot({ path });
		}
		expect(complaints).toEqual([]);
	}

	async close(): Promise<void> {
		await this.parts?.browser.close();
		await this.parts?.stage.stop();
	}
}

/** A desk for all tests of a file. */
export function useDesk(): Desk {
	const desk = new Desk();
	beforeAll(async () => await desk.open(), 240_000);
	afterEach(async () => await desk.lookBack(expect.getState().currentTestName));
	afterAll(async () => await desk.close(), 60_000);
	return desk;
}
