/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import { rootFolder } from '../host/folders';
import { readWorkflow } from '../host/stage';
import { useDesk } from './desk';
import { around } from './pictures';

const desk = useDesk();

/** Room for the names below the nodes, and for what stands at their sides. */
const MARGIN = { top: 32, right: 120, bottom: 76, left: 72 };

beforeAll(async () => {
	// So large that the editor need not zoom out, and each note can be read.
	await desk.page.setViewportSize({ width: 2400, height: 1800 });
});

it.each(readdirSync(join(rootFolder, 'test', 'workflows')))(
	'%s opens with nothing left to repair',
	async (file) => {
		const { page, editor } = desk;
		const flow = readWorkflow(file);
		await desk.show(flow);
		await page.getByTestId('zoom-to-fit').click();

		expect(await editor.nodes.count()).toBe(flow.nodes.length - 1);
		const note = page.getByTestId('sticky');
		await note.getByRole('heading', { name: flow.name }).waitFor();
		expect(await page.getByTestId('node-issues').count()).toBe(0);
		await desk.picture(`flows/${basename(file, '.json')}`, async () => {
			return await around(editor.nodes.or(note), MARGIN);
		});
	},
);
