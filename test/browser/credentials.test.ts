import { useDesk } from './desk';

const desk = useDesk();

const CREDENTIALS = [
	{
		type: 'Plusofon API',
		key: 'token',
		address: 'baseUrl',
		right: async () => (await desk.stage.simulator.plusofon()).cabinetToken,
		refusal:
			'Plusofon did not accept the token. Enter the API token of the cabinet, not the token of a Flash Call account.',
	},
	{
		type: 'Plusofon Flash Call API',
		key: 'accessToken',
		address: 'baseUrl',
		right: async () => (await desk.stage.simulator.plusofon()).accessToken,
		refusal:
			'Plusofon did not accept the access token. Enter the token for sending calls of a Flash Call account, not the token of the cabinet.',
	},
	{
		type: 'Mobilgroup API',
		key: 'apiKey',
		address: 'baseUrl',
		right: async () => (await desk.stage.simulator.mobilgroup()).apiKey,
		refusal: 'Mobilgroup did not accept the API key. Copy it again from Settings, API.',
	},
	{
		type: 'Zvonobot API',
		key: 'apiKey',
		address: 'domain',
		right: async () => (await desk.stage.simulator.zvonobot()).apiKey,
		refusal:
			'Zvonobot did not accept the API key. Ask your manager for it, and check that the domain is that of your cabinet.',
	},
];

it.each(CREDENTIALS)(
	'$type says that a wrong key is wrong, and a right one right',
	async ({ type, key, address, right, refusal }) => {
		const dialog = await desk.editor.newCredential(type);

		await dialog.fill({ [key]: 'not-the-key', [address]: desk.stage.simulator.url });
		await dialog.saveAndFail(refusal);

		await dialog.fill({ [key]: await right() });
		await dialog.saveAndPass();
	},
);
