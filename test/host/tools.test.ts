/* eslint-disable @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { McpClient } from './mcp';
import { setStage } from './stage';
import type { Stage } from './stage';

const PHONE = '+7 999 111-22-33';
const DIGITS = '79991112233';

let stage: Stage;
let mcp: McpClient;

beforeAll(async () => {
	const tarball = process.env.FLASHCALL_TARBALL;
	if (!tarball) throw new Error('Start these tests with `npm run test:host`.');
	stage = await setStage({ tarball });
	const { host, credentials } = stage;
	const { id, name, type } = credentials.flashCall;
	const workflow = await host.importWorkflow(
		{
			name: 'Tools for a model',
			nodes: [
				{
					parameters: { path: 'phone-tools' },
					id: 'server',
					name: 'MCP Server',
					type: '@n8n/n8n-nodes-langchain.mcpTrigger',
					typeVersion: 2,
					webhookId: '5d0c9a1e-7b1f-4a52-9f0d-3e2b8c6a7001',
					position: [0, 0],
				},
				{
					parameters: {
						resource: 'verification',
						operation: 'sendFlashCall',
						descriptionType: 'manual',
						toolDescription: 'Rings a phone',
						phone: "={{ $fromAI('phone', 'The phone to ring', 'string') }}",
					},
					id: 'tool',
					name: 'Ring',
					type: 'n8n-nodes-flashcall.plusofonTool',
					typeVersion: 1,
					position: [0, 200],
					credentials: { [type]: { id, name } },
				},
			],
			connections: { Ring: { ai_tool: [[{ node: 'MCP Server', type: 'ai_tool', index: 0 }]] } },
		},
		[credentials.flashCall],
	);
	await host.activate(workflow);
	mcp = await McpClient.connect(`${host.url}/mcp/phone-tools`);
});
beforeEach(async () => await stage.simulator.reset());
afterAll(async () => await stage.stop());

const called = async () => (await stage.simulator.journal()).charges.map(({ phone }) => phone);

it('a model rings a phone over an MCP server', async () => {
	const told = await mcp.call('Ring', { phone: PHONE });

	expect(told).toContain('"key"');
	expect(await called()).toEqual([DIGITS]);
});

it('a model that asks again after an answer was lost rings nobody twice, and hears why', async () => {
	const phone = '+7 999 111-22-44';
	await stage.simulator.addFaults({ kind: 'resetAfter' });

	const first = await mcp.call('Ring', { phone });
	const second = await mcp.call('Ring', { phone });

	for (const told of [first, second]) {
		expect(told).toContain('may have been carried out');
		expect(told).toContain('Look in the Plusofon cabinet');
		expect(told).not.toMatch(/retry|ECONN/i);
	}
	expect(await called()).toEqual(['79991112244']);
});
