import { useDesk } from './desk';
import { flowFor } from './flows';
import { newPhone } from '../host/waiting';

const desk = useDesk();

/** What rang this phone, or cost money for it. */
async function chargesOf(phone: string) {
	const { charges } = await desk.stage.simulator.journal();
	return charges.filter((charge) => charge.phone === phone);
}

/** A panel as high as what it shows. */
async function picture(name: string, height: number): Promise<void> {
	await desk.page.setViewportSize({ width: 1280, height });
	await desk.picture(name, await desk.editor.panel.region());
}

beforeEach(async () => {
	await desk.page.setViewportSize({ width: 1280, height: 900 });
});

it('Plusofon says what is wrong with a phone, and rings a right one once', async () => {
	await desk.show(flowFor('Plusofon', 'plusofon', ''));
	const panel = await desk.editor.openNode('Plusofon');
	await panel.choose('resource', 'Verification');
	await panel.choose('operation', 'Send Flash Call');

	await panel.fill('phone', '12');
	await panel.execute();
	const { message, hint } = await panel.problem();

	expect(message).toContain('Phone is too short');
	expect(hint).toContain('Enter one number, e.g. +7 999 111-22-33.');

	await panel.fill('phone', '+7 999 111-22-33');
	await panel.execute();

	expect(await panel.result()).toMatchObject({ phone: '79991112233', operator: 'mts' });
	expect(await chargesOf('79991112233')).toHaveLength(1);
	await picture('plusofon', 560);
});

it('Mobilgroup speaks a code to the phone of the item', async () => {
	const phone = newPhone();
	await desk.show(flowFor('Mobilgroup', 'mobilgroup', phone));
	const panel = await desk.editor.openNode('Mobilgroup');
	await panel.choose('operation', 'Send Voice Code');
	await panel.express('phone', '{{ $json.phone }}');
	await panel.choose('codeSource', 'Random');

	await panel.execute();

	expect(await panel.result()).toMatchObject({ phone, key: expect.stringMatching(/^\S+$/) });
	expect(await chargesOf(phone)).toHaveLength(1);
	await picture('mobilgroup', 640);
});

it('Zvonobot calls from a number of the list, with a voice menu', async () => {
	const phone = newPhone();
	await desk.show(flowFor('Zvonobot', 'zvonobot', phone));
	const panel = await desk.editor.openNode('Zvonobot');
	await panel.choose('resource', 'Call');
	await panel.choose('operation', 'Create');
	await panel.express('phone', '{{ $json.phone }}');
	await panel.pick('callerId', '+74950000001');
	await panel.fill('text', 'Hello! Your order is ready. Press 1 to hear our address.');
	await panel.choose('menuSource', 'Build Here');
	const menu = panel.collection('menu');
	await menu.getByRole('button', { name: 'Add entry', exact: true }).click();
	await panel.choose('digit', '1', menu);
	await panel.choose('play', 'Text', menu);
	await panel.fill('text', '1 Main Street, open until nine.', menu);

	await panel.execute();

	expect(await panel.result()).toMatchObject({ phone, callId: expect.stringMatching(/^\d+$/) });
	const { calls } = await desk.stage.simulator.zvonobot();
	expect(calls.filter((call) => call.phone === phone)).toMatchObject([
		{ outgoingPhone: '74950000001', ivrs: [{ digit: 1 }] },
	]);
	await picture('zvonobot', 1500);
});

it('Phone Verification takes its channels in the order of the list', async () => {
	const phone = newPhone();
	await desk.show(flowFor('Phone Verification', 'phoneVerification', phone));
	const panel = await desk.editor.openNode('Phone Verification');
	await panel.choose('operation', 'Start');
	await panel.choose('providers', 'Mobilgroup');
	await desk.page.keyboard.press('Escape');
	await panel.express('phone', '{{ $json.phone }}');
	const channels = panel.collection('channels');
	await channels.getByRole('button', { name: 'Add channel' }).click();
	await channels.getByTestId('parameter-input-channel').last().click();
	await panel.choose('channel', 'Mobilgroup Voice Code', channels);

	await panel.execute();

	expect(await panel.result()).toMatchObject({
		status: 'sent',
		channel: 'plusofonFlashCall',
		phone,
	});
	await picture('phone-verification', 1000);
});
