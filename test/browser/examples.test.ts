/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { Locator } from 'playwright-core';

import { rootFolder } from '../host/folders';
import { readWorkflow } from '../host/stage';
import { useDesk } from './desk';
import { around, type Region } from './pictures';

const desk = useDesk();

const NO_MARGIN = { top: 0, right: 0, bottom: 0, left: 0 };
/** Room for the names below the nodes, and for what stands at their sides. */
const MARGIN = { top: 32, right: 120, bottom: 76, left: 72 };

beforeAll(async () => {
	// So large that the editor need not zoom out, and each note can be read.
	await desk.page.setViewportSize({ width: 2400, height: 1800 });
});

async function regionOf(elements: Locator): Promise<Region> {
	return await around(elements, NO_MARGIN);
}

function bottomOf({ y, height }: Region): number {
	return y + height;
}

it.each(readdirSync(join(rootFolder, 'test', 'workflows')))(
	'%s opens with nothing to repair, and with a note that can be read',
	async (file) => {
		const { page, editor } = desk;
		const flow = readWorkflow(file);
		await desk.show(flow);
		await page.getByTestId('zoom-to-fit').click();
		const note = page.getByTestId('sticky');
		// Until nothing moves any more.
		await note.click({ trial: true });

		expect(await editor.nodes.count()).toBe(flow.nodes.length - 1);
		expect(await page.getByTestId('node-issues').count()).toBe(0);
		// The note shows all of its text, and stands above the nodes.
		const paper = bottomOf(await regionOf(note));
		expect(bottomOf(await regionOf(note.locator('p, li')))).toBeLessThan(paper);
		expect((await regionOf(editor.nodes)).y).toBeGreaterThan(paper);
		await desk.picture(`flows/${basename(file, '.json')}`, async () => {
			return await around(editor.nodes.or(note), MARGIN);
		});
	},
);
