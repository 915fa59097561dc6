import type { Locator, Page } from 'playwright-core';

import { around, type Region } from './pictures';

/** The panel in which a node is set up and tried. */
export class NodePanel {
	readonly root: Locator;

	readonly output: Locator;

	constructor(private readonly page: Page) {
		this.root = page.getByTestId('ndv');
		this.output = page.getByTestId('output-panel');
	}

	/** Of several fields of one name, e.g. in a collection, the one inside of `within`. */
	field(name: string, within = this.root): Locator {
		return within.getByTestId(`parameter-input-${name}`);
	}

	collection(name: string): Locator {
		return this.page.getByTestId(`fixed-collection-${name}`);
	}

	async fill(name: string, text: string, within?: Locator): Promise<void> {
		await this.field(name, within).locator('input, textarea').fill(text);
	}

	/** Makes the field an expression. */
	async express(name: string, expression: string): Promise<void> {
		await this.field(name).hover();
		await this.root
			.getByTestId(`${name}-parameter-input-options-container`)
			.getByTestId('radio-button-expression')
			.click();
		await this.field(name).locator('.cm-content').fill(expression);
		// The preview of the expression covers the next field until one clicks elsewhere.
		await this.output.click({ position: { x: 4, y: 4 } });
	}

	/** Picks one of the options of a drop-down. */
	async choose(name: string, option: string, within?: Locator): Promise<void> {
		await this.field(name, within).click();
		await this.page
			.getByTestId('parameter-input-item')
			.filter({ visible: true, has: this.page.getByText(option, { exact: true }) })
			.click();
	}

	/** Picks an entry of a list that n8n asks the provider for. */
	async pick(name: string, entry: string): Promise<void> {
		await this.page.getByTestId(`resource-locator-${name}`).getByTestId('rlc-input').click();
		await this.page.getByTestId('rlc-item').filter({ visible: true, hasText: entry }).click();
	}

	/** The name of the credential that is chosen. */
	async credential(): Promise<string> {
		return await this.page.getByTestId('node-credentials-select').locator('input').inputValue();
	}

	async execute(): Promise<void> {
		await this.root.getByTestId('node-execute-button').click();
	}

	/** The fields of the first item that came out, as the panel shows them. */
	async result(): Promise<Record<string, string>> {
		await this.output.getByTestId('radio-button-table').click();
		const table = this.output.locator('table');
		const names = await table.locator('th').allInnerTexts();
		const cells = await table.locator('tbody tr').first().locator('td').allInnerTexts();
		return Object.fromEntries(names.map((name, index) => [name.trim(), cells[index]?.trim() ?? '']));
	}

	/** What the panel says about a step that has failed. */
	async problem(): Promise<{ message: string; hint: string }> {
		return {
			message: await this.output.getByTestId('node-error-message').innerText(),
			hint: await this.output.getByTestId('node-error-description').innerText(),
		};
	}

	async region(): Promise<Region> {
		return await around(this.root, { top: 0, right: 0, bottom: 0, left: 0 });
	}

	async close(): Promise<void> {
		await this.page.getByTestId('ndv-close-button').click();
		await this.root.waitFor({ state: 'hidden' });
	}
}
