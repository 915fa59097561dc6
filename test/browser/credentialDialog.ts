import type { Locator, Page } from 'playwright-core';

/** The dialog in which a credential is made; n8n tests a credential whenever it is saved. */
export class CredentialDialog {
	private readonly fields: Locator;

	constructor(private readonly page: Page) {
		this.fields = page.getByTestId('credential-edit-dialog');
	}

	async fill(values: Record<string, string>): Promise<void> {
		for (const [name, value] of Object.entries(values)) {
			await this.fields.getByTestId(`parameter-input-${name}`).locator('input').fill(value);
		}
	}

	private async save(): Promise<void> {
		await this.page.getByTestId('credential-save-button').click();
	}

	/** Saves, and waits until n8n shows this sentence as the reason why the test has failed. */
	async saveAndFail(sentence: string): Promise<void> {
		await this.save();
		await this.fields.getByText('More details').click();
		await this.fields.getByText(sentence, { exact: true }).waitFor();
	}

	/** Saves, and waits until n8n says that the test was passed. */
	async saveAndPass(): Promise<void> {
		await this.save();
		await this.fields.getByText('Connection tested successfully').waitFor();
	}
}
