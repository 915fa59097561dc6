import type { Locator, Page, Response } from 'playwright-core';

const MOST_TRIES = 5;
/** Milliseconds after which a click has surely had its effect. */
const NOTICED_MS = 8_000;

function isSave(answer: Response): boolean {
	const method = answer.request().method();
	const { pathname } = new URL(answer.url());
	return (
		['POST', 'PATCH'].includes(method) && /^\/rest\/credentials(\/(?!test$)\w+)?$/.test(pathname)
	);
}

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

	/** n8n takes no notice of the button while it still shows what it has saved before. */
	private async save(): Promise<void> {
		for (let tries = 0; tries < MOST_TRIES; tries += 1) {
			const saved = this.page
				.waitForResponse(isSave, { timeout: NOTICED_MS })
				.catch(() => undefined);
			await this.page.getByTestId('credential-save-button').click();
			if ((await saved) !== undefined) return;
		}
		throw new Error('n8n did not save the credential');
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
