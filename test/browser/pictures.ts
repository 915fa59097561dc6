/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Locator, Page } from 'playwright-core';

import { rootFolder } from '../host/folders';

const IMAGES = join(rootFolder, 'docs', 'images');

/** What passes by, or stands half outside of the region. */
const HIDDEN = `
.el-notification, [data-test-id="floating-nodes"], [data-test-id="floating-node"] { display: none !important; }
`;

export interface Region {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** The region that holds all the elements, with some space around it. */
export async function around(
	elements: Locator,
	margin: { top: number; right: number; bottom: number; left: number },
): Promise<Region> {
	const boxes = await Promise.all((await elements.all()).map((one) => one.boundingBox()));
	const seen = boxes.filter((box) => box !== null);
	const x = Math.min(...seen.map((box) => box.x)) - margin.left;
	const y = Math.min(...seen.map((box) => box.y)) - margin.top;
	const right = Math.max(...seen.map((box) => box.x + box.width)) + margin.right;
	const bottom = Math.max(...seen.map((box) => box.y + box.height)) + margin.bottom;
	return { x, y, width: right - x, height: bottom - y };
}

/** Writes docs/images/<name>.png and <name>.dark.png; 256 colours are plenty for an editor. */
export async function savePicture(page: Page, name: string, clip: Region): Promise<void> {
	const { default: sharp } = await import('sharp');
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme });
		// Icons differ in the dark.
		await page.waitForFunction('[...document.images].every((image) => image.complete)');
		const picture = await page.screenshot({ clip, animations: 'disabled', style: HIDDEN });
		const file = join(IMAGES, `${name}${colorScheme === 'dark' ? '.dark' : ''}.png`);
		mkdirSync(dirname(file), { recursive: true });
		await sharp(picture).png({ palette: true, effort: 10 }).toFile(file);
	}
	await page.emulateMedia({ colorScheme: 'light' });
}
