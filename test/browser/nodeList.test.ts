import { useDesk } from './desk';

const desk = useDesk();

const VERIFYING = ['otp', '2fa', 'flash call', 'call'];

/** What people type, in which order of nodes, and what they choose then. A trigger shares the entry of its node. */
const NODES = [
	{
		node: 'Plusofon',
		words: ['Plusofon', 'Плюсофон', 'phone number', ...VERIFYING],
		section: 'Actions',
		action: 'Send a flash call',
	},
	{
		node: 'Mobilgroup',
		words: ['Mobilgroup', 'Мобилгруп', 'Мобильная группа', 'sms', ...VERIFYING],
		section: 'Actions',
		action: 'Send a voice code',
	},
	{
		node: 'Zvonobot',
		words: ['Zvonobot', 'Звонобот', 'robocall', 'ivr', 'обзвон', ...VERIFYING],
		section: 'Actions',
		action: 'Create a call',
	},
	{
		node: 'Phone Verification',
		words: ['Phone Verification', 'Плюсофон', 'Мобилгруп', 'Звонобот', 'sms', ...VERIFYING],
		section: 'Actions',
		action: 'Start a verification',
	},
] as const;

const TRIGGERS = [
	{
		trigger: 'Plusofon Trigger',
		node: 'Plusofon',
		words: ['Plusofon Trigger', 'плюсофон'],
		event: 'On new Plusofon event',
		picture: 'plusofon-trigger',
	},
	{
		trigger: 'Zvonobot Trigger',
		node: 'Zvonobot',
		words: ['Zvonobot Trigger', 'звонобот', 'ivr'],
		event: 'On conversation over',
		picture: 'zvonobot-trigger',
	},
] as const;

it.each(NODES)('$node is found and added', async ({ node, words, section, action }) => {
	const { editor } = desk;
	await editor.openNew();
	for (const word of words) await editor.search(word, node);

	await (await editor.search(node, node)).click();
	const panel = await editor.addAction(section, action);

	expect(await panel.credential()).toMatch(/ account$/);
	await panel.close();
	// n8n names a node after its action.
	await editor.node(action).waitFor();
});

it.each(TRIGGERS)(
	'$trigger is found and added',
	async ({ trigger, node, words, event, picture }) => {
		const { editor } = desk;
		await editor.openNew();
		for (const word of words) await editor.search(word, node);

		await (await editor.search(trigger, node)).click();
		const panel = await editor.addAction('Triggers', event);

		expect(await panel.credential()).toMatch(/ account$/);
		await desk.panelPicture(picture);
		await panel.close();
		await editor.node(trigger).waitFor();
	},
);
