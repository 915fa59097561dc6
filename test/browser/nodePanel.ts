import type { Locator, Page } from 'playwright-core';

import { around, type Region } from './pictures';

/** The height of what stands above and below the fields of a node. */
const AROUND_FIELDS = 250;

/** The panel in which a node is set up and tried. */
export class NodePanel {
	readonly root: Locator;

	readonly output: Locator;

	constructor(private readonly page: Page) {
		this.root = page.getByTestId('ndv');
		this.output = page.getByTestId('output-panel');
	}

	/** Of several fields of one name, as in a collection, the one that was added last. */
	field(name: string): Locator {
		return this.root.getByTestId(`parameter-input-${name}`).last();
	}

	/** Adds one of the fields that a collection offers. */
	async addField(placeholder: string, field: string): Promise<void> {
		const offer = this.page.getByPlaceholder(placeholder, { exact: true });
		await this.page.getByTestId('collection-parameter-add').filter({ has: offer }).click();
		await this.option(field).click();
	}

	async addEntry(collection: string, button: string): Promise<void> {
		const entries = this.page.getByTestId(`fixed-collection-${collection}`);
		await entries.getByRole('button', { name: button, exact: true }).click();
	}

	async fill(name: string, text: string): Promise<void> {
		await this.field(name).locator('input, textarea').fill(text);
	}

	/** Makes the field an expression. */
	async express(name: string, expression: string): Promise<void> {
		await this.field(name).hover();
		await this.root
			.getByTestId(`${name}-parameter-input-options-container`)
			.getByTestId('radio-button-expression')
			.click();
		await this.field(name).locator('.cm-content').fill(expression);
		await this.clickElsewhere();
	}

	/** Closes what a field has opened above the next one. */
	private async clickElsewhere(): Promise<void> {
		await this.output.click({ position: { x: 4, y: 4 } });
	}

	/** What an open drop-down offers. */
	private option(name: string): Locator {
		const exactly = this.page.getByText(name, { exact: true });
		return this.page.getByRole('option').filter({ visible: true, has: exactly });
	}

	/** Picks one of the options of a drop-down. */
	async choose(name: string, option: string): Promise<void> {
		// It is disabled while its options are on their way.
		await this.field(name).getByRole('combobox').click();
		await this.option(option).click();
	}

	/** Picks one more option of a field that takes several. */
	async chooseAlso(name: string, option: string): Promise<void> {
		await this.field(name).click();
		await this.option(option).click();
		await this.clickElsewhere();
	}

	/** Picks an entry of a list that n8n asks the provider for. */
	async pick(name: string, entry: string): Promise<void> {
		const field = this.page.getByTestId(`resource-locator-${name}`).getByTestId('rlc-input');
		const item = this.page.getByTestId('rlc-item').filter({ visible: true, hasText: entry });
		for (let tries = 1; tries < 4; tries += 1) {
			await field.click();
			const isPicked = await item.click({ timeout: 10_000 }).then(
				() => true,
				// n8n closes the list when something before it is still being saved.
				() => false,
			);
			if (isPicked) return;
		}
		await field.click();
		await item.click();
	}

	async chooseCredential(type: string, name: string): Promise<void> {
		const slot = this.page.getByTestId('node-credentials-slot').filter({ hasText: type });
		await slot.getByTestId('node-credentials-select').click();
		await this.page
			.getByTestId(/^node-credentials-select-item-/)
			.filter({ visible: true, hasText: name })
			.click();
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
		return Object.fromEntries(
			names.map((name, index) => [name.trim(), cells[index]?.trim() ?? '']),
		);
	}

	/** What the panel says about a step that has failed. */
	async problem(): Promise<{ message: string; hint: string }> {
		return {
			message: await this.output.getByTestId('node-error-message').innerText(),
			hint: await this.output.getByTestId('node-error-description').innerText(),
		};
	}

	private get fields(): Locator {
		const all = this.page.getByTestId('node-parameters').getByTestId('parameter-item');
		return all.filter({ visible: true });
	}

	/** Makes the window just as high as the fields need, and the output easy to read. */
	async inFull(): Promise<Region> {
		const schema = this.output.getByTestId('radio-button-schema');
		if (await schema.isVisible()) await schema.click();
		const fields = await around(this.fields, { top: 0, right: 0, bottom: 0, left: 0 });
		const { width = 0 } = this.page.viewportSize() ?? {};
		await this.page.setViewportSize({ width, height: Math.ceil(fields.height) + AROUND_FIELDS });
		// The very edge lets the editor behind shine through.
		return await around(this.root, { top: -2, right: -2, bottom: -2, left: -2 });
	}

	async close(): Promise<void> {
		await this.page.getByTestId('ndv-close-button').click();
		await this.root.waitFor({ state: 'hidden' });
	}
}
