import { CABINET_CREDENTIAL, MOBILGROUP_CREDENTIAL } from '../host/stage';
import { useDesk } from './desk';
import { flowFor } from './flows';

const PHONE = '+7 999 111-22-33';
const DIGITS = '79991112233';

const desk = useDesk();

/** How often a provider rang the phone. */
async function callsBy(provider: string): Promise<number> {
	const { charges } = await desk.stage.simulator.journal();
	return charges.filter((charge) => charge.provider === provider && charge.phone === DIGITS).length;
}

beforeEach(async () => {
	await desk.stage.simulator.clearJournal();
});

it('Plusofon says what is wrong with a phone, and rings a right one once', async () => {
	await desk.show(flowFor('Plusofon', 'plusofon', PHONE));
	const panel = await desk.editor.openNode('Plusofon');
	await panel.choose('resource', 'Verification');
	await panel.choose('operation', 'Send Flash Call');

	await panel.fill('phone', '12');
	await panel.execute();
	const { message, hint } = await panel.problem();

	expect(message).toContain('Phone is too short');
	expect(hint).toContain('Enter one number, e.g. +7 999 111-22-33.');

	await panel.fill('phone', PHONE);
	await panel.execute();

	expect(await panel.result()).toMatchObject({ phone: DIGITS, operator: 'mts' });
	expect(await callsBy('plusofon')).toBe(1);
	await desk.panelPicture('plusofon');
});

it('Plusofon asks for its other credential, and searches for numbers in a region of the list', async () => {
	await desk.show(flowFor('Plusofon', 'plusofon', PHONE));
	const panel = await desk.editor.openNode('Plusofon');
	await panel.choose('resource', 'Phone Number');
	await panel.chooseCredential('Plusofon API', CABINET_CREDENTIAL);
	await panel.choose('operation', 'Search');
	await panel.addField('Add filter', 'Region Name or ID');
	await panel.choose('region', 'Москва (495, 499)');
	await panel.addField('Add filter', 'Number Mask');
	await panel.fill('mask', '133?2*');
	await panel.fill('limit', '3');

	await panel.execute();

	expect((await panel.result()).number).toMatch(/^49[59]133\d2\d+$/);
	await desk.panelPicture('plusofon-search');
});

it('Mobilgroup speaks a code to the phone of the item', async () => {
	await desk.show(flowFor('Mobilgroup', 'mobilgroup', PHONE));
	const panel = await desk.editor.openNode('Mobilgroup');
	await panel.choose('operation', 'Send Voice Code');
	await panel.express('phone', '{{ $json.phone }}');
	await panel.choose('codeSource', 'Random');

	await panel.execute();

	expect(await panel.result()).toMatchObject({
		phone: DIGITS,
		key: expect.stringMatching(/^\S+$/),
	});
	expect(await callsBy('mobilgroup')).toBe(1);
	await desk.panelPicture('mobilgroup');
});

it('Zvonobot calls from a number of the list, with a voice menu', async () => {
	await desk.show(flowFor('Zvonobot', 'zvonobot', PHONE));
	const panel = await desk.editor.openNode('Zvonobot');
	await panel.choose('resource', 'Call');
	await panel.choose('operation', 'Create');
	await panel.express('phone', '{{ $json.phone }}');
	await panel.pick('callerId', '+74950000001');
	await panel.fill('text', 'Hello! Your order is ready. Press 1 to hear our address.');
	await panel.choose('menuSource', 'Build Here');
	await panel.addEntry('menu', 'Add entry');
	await panel.choose('digit', '1');
	await panel.choose('play', 'Text');
	await panel.fill('text', '1 Main Street, open until nine.');

	await panel.execute();

	expect(await panel.result()).toMatchObject({
		phone: DIGITS,
		callId: expect.stringMatching(/^\d+$/),
	});
	const { calls } = await desk.stage.simulator.zvonobot();
	expect(calls).toMatchObject([
		{ phone: DIGITS, outgoingPhone: '74950000001', ivrs: [{ digit: 1 }] },
	]);
	await desk.panelPicture('zvonobot');
});

it('Phone Verification asks for the credentials of its providers, and takes the first channel', async () => {
	await desk.show(flowFor('Phone Verification', 'phoneVerification', PHONE));
	const panel = await desk.editor.openNode('Phone Verification');
	await panel.choose('operation', 'Start');
	await panel.chooseAlso('providers', 'Mobilgroup');
	await panel.chooseCredential('Mobilgroup API', MOBILGROUP_CREDENTIAL);
	await panel.express('phone', '{{ $json.phone }}');
	await panel.addEntry('channels', 'Add channel');
	await panel.choose('channel', 'Mobilgroup Voice Code');

	await panel.execute();

	expect(await panel.result()).toMatchObject({ status: 'sent', channel: 'plusofonFlashCall' });
	expect([await callsBy('plusofon'), await callsBy('mobilgroup')]).toEqual([1, 0]);
	await desk.panelPicture('phone-verification');
});
