import type { Locator, Page } from 'playwright-core';

import { newPhone } from '../host/waiting';
import { useDesk } from './desk';
import { waitingFlowFor } from './flows';

const desk = useDesk();

/** Runs the flow by hand, sees that it waits, and follows the link that the editor shows. */
async function runUntilItWaits(node: string): Promise<Page> {
	const { editor, page } = desk;
	await editor.execute();
	await editor.node(node).locator('.waiting').waitFor();
	const { output } = await editor.openNode(node);
	await output.getByText('Waiting for the person').waitFor();
	const opened = page.context().waitForEvent('page');
	await output.getByRole('link', { name: 'Open the page of this wait' }).click();
	return await opened;
}

function succeeded(node: string): Locator {
	return desk.editor.node(node).getByTestId('canvas-node-status-success');
}

async function expectVerified(): Promise<void> {
	await desk.editor.panel.close();
	await succeeded('Verified').waitFor();
	expect(await succeeded('Not Verified').count()).toBe(0);
}

it('a flow waits for the code, tells a wrong one from the right one, and goes on', async () => {
	const { stage, editor } = desk;
	const phone = newPhone();
	const wait = {
		type: 'mobilgroup',
		operation: 'sendCodeAndWait',
		credential: stage.credentials.mobilgroup,
	};
	await desk.show(waitingFlowFor('Send Code and Wait', wait, phone));

	const theirs = await runUntilItWaits('Send Code and Wait');
	const code = await stage.simulator.lastCode(phone);
	const type = async (text: string) => {
		await theirs.getByLabel('Code').fill(text);
		await theirs.getByRole('button', { name: 'Confirm' }).click();
	};
	await type(code === '0000' ? '1111' : '0000');
	await theirs.getByRole('alert').getByText('That was not the code. Tries left: 2').waitFor();
	expect(await editor.panel.output.getByText('Waiting for the person').isVisible()).toBe(true);
	await type(code);
	await theirs.getByText('Thank you, the phone is confirmed.').waitFor();
	await theirs.close();

	expect(await editor.panel.result()).toMatchObject({ verified: 'true', phone, tries: '2' });
	await expectVerified();
});

it('a flow waits for a call, shows the number to dial, and goes on', async () => {
	const { stage, editor } = desk;
	const phone = newPhone();
	const wait = {
		type: 'plusofon',
		operation: 'requestCallAndWait',
		credential: stage.credentials.flashCall,
	};
	await desk.show(waitingFlowFor('Request Call and Wait', wait, phone));

	const theirs = await runUntilItWaits('Request Call and Wait');
	await theirs.getByRole('link', { name: /^\+7\d{10}$/ }).waitFor();
	await theirs.close();
	await stage.simulator.userCalls({ phone });

	expect(await editor.panel.result()).toMatchObject({ verified: 'true', phone });
	await expectVerified();
});
