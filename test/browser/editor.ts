import type { Locator, Page } from 'playwright-core';

import type { OWNER } from '../host/n8n';
import { CredentialDialog } from './credentialDialog';
import { NodePanel } from './nodePanel';

/** A slow machine may be busy with other things. */
const PATIENCE_MS = 40_000;

/** n8n's editor, used as a person uses it. */
export class Editor {
	readonly panel: NodePanel;

	constructor(
		readonly page: Page,
		private readonly url: string,
	) {
		page.setDefaultTimeout(PATIENCE_MS);
		this.panel = new NodePanel(page);
	}

	async logIn({ email, password }: typeof OWNER): Promise<void> {
		const answer = await this.page.context().request.post(`${this.url}/rest/login`, {
			data: { emailOrLdapLoginId: email, password },
		});
		if (!answer.ok()) throw new Error(`n8n did not let ${email} in: ${answer.status()}`);
	}

	private async visit(path: string): Promise<void> {
		// What counts is what the page shows: hundreds of scripts may still be on their way.
		await this.page.goto(`${this.url}${path}`, { waitUntil: 'commit' });
	}

	/** An empty flow, with the list of nodes open. */
	async openNew(): Promise<void> {
		await this.visit('/workflow/new');
		await this.page.getByTestId('canvas-plus-button').click();
	}

	async openFlow(id: string): Promise<void> {
		await this.visit(`/workflow/${id}`);
		await this.nodes.first().waitFor();
	}

	/** The nodes on the canvas, without its notes. */
	get nodes(): Locator {
		return this.page.getByTestId('canvas-node');
	}

	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	async openNode(name: string): Promise<NodePanel> {
		await this.node(name).dblclick();
		await this.panel.root.waitFor();
		return this.panel;
	}

	/** Finds a node in the list by what a person types. */
	async search(words: string, node: string): Promise<Locator> {
		const bar = this.page.getByTestId('node-creator-search-bar');
		// So that no earlier result is taken for one of this search.
		await bar.fill('zzzzzzzz');
		await this.page.getByTestId('node-creator-no-results').waitFor();
		await bar.fill(words);
		const found = this.page.getByTestId('node-creator-item-name').getByText(node, { exact: true });
		await found.waitFor();
		return found;
	}

	/** Adds what a node of the list can do; opens the section that holds it. */
	async addAction(section: 'Actions' | 'Triggers', action: string): Promise<NodePanel> {
		const header = this.page.getByTestId('node-creator-category-item').filter({ hasText: section });
		const entry = this.page
			.getByTestId('node-creator-item-name')
			.getByText(action, { exact: true });
		await header.waitFor();
		if (!(await entry.isVisible())) await header.click();
		await entry.click();
		await this.panel.root.waitFor();
		return this.panel;
	}

	async execute(): Promise<void> {
		await this.page.getByTestId('execute-workflow-button').click();
	}

	async newCredential(type: string): Promise<CredentialDialog> {
		await this.visit('/home/credentials/create');
		await this.page.getByTestId('new-credential-type-select').locator('input').fill(type);
		await this.page.getByRole('option', { name: type, exact: true }).click();
		await this.page.getByTestId('new-credential-type-button').click();
		return new CredentialDialog(this.page);
	}
}
