/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/require-node-api-error -- development equipment: never runs inside n8n */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { SimulatorClient } from '../support/simulator/client';
import { logFolder, rootFolder } from './folders';
import { startHost, type Credential, type Host, type HostOptions, type WorkflowFile } from './n8n';
import { ProcessGroup, tail } from './process';

/** The names that the example flows give their credentials. */
export const FLASH_CALL_CREDENTIAL = 'Plusofon Flash Call account';
export const CABINET_CREDENTIAL = 'Plusofon account';
export const MOBILGROUP_CREDENTIAL = 'Mobilgroup account';
export const ZVONOBOT_CREDENTIAL = 'Zvonobot account';

export function readWorkflow(file: string): WorkflowFile {
	const path = join(rootFolder, 'test', 'workflows', file);
	return JSON.parse(readFileSync(path, 'utf8')) as WorkflowFile;
}

/** The provider simulator in a process of its own, as it would be on another machine. */
export class SimulatorProcess {
	private constructor(
		private readonly group: ProcessGroup,
		readonly client: SimulatorClient,
	) {}

	static async start(): Promise<SimulatorProcess> {
		const logFile = join(logFolder, 'simulator.log');
		rmSync(logFile, { force: true });
		const group = new ProcessGroup({
			command: process.execPath,
			args: [
				join(rootFolder, 'node_modules', 'tsx', 'dist', 'cli.mjs'),
				join(rootFolder, 'test', 'support', 'simulator', 'main.ts'),
				...['--port', '0'],
			],
			cwd: rootFolder,
			env: process.env,
			logFile,
		});
		const url = await group.firstMatch(/listening on (http:\S+)/, 30_000);
		if (url === undefined) {
			await group.stop();
			throw new Error(`The simulator did not start.\n${tail(logFile)}`);
		}
		return new SimulatorProcess(group, new SimulatorClient(url));
	}

	async stop(): Promise<void> {
		await this.group.stop();
	}
}

export interface Stage {
	host: Host;
	simulator: SimulatorClient;
	credentials: {
		flashCall: Credential;
		cabinet: Credential;
		mobilgroup: Credential;
		zvonobot: Credential;
	};
	stop: () => Promise<void>;
}

/**
 * n8n with the packed nodes, the simulator in place of the providers, and credentials for it. Where
 * it stops, it fails if a secret of a credential has got into n8n's data or its log.
 */
export async function setStage(options: HostOptions): Promise<Stage> {
	const [simulator, host] = await Promise.allSettled([
		SimulatorProcess.start(),
		startHost({ ...options, env: { N8N_LOG_LEVEL: 'debug', ...options.env } }),
	]);
	const stop = async () => {
		const [ended] = await Promise.all([
			host.status === 'fulfilled' ? host.value.stop() : undefined,
			simulator.status === 'fulfilled' ? simulator.value.stop() : undefined,
		]);
		if (ended && ended.leaks.length > 0) {
			throw new Error(`Secrets were found:\n  ${ended.leaks.join('\n  ')}`);
		}
	};
	try {
		if (simulator.status === 'rejected') throw simulator.reason;
		if (host.status === 'rejected') throw host.reason;
		const { client } = simulator.value;
		const { accessToken, cabinetToken, options: provider } = await client.plusofon();
		const common = { clientId: provider.clientId, baseUrl: client.url };
		const { apiKey } = await client.mobilgroup();
		const zvonobotKey = (await client.zvonobot()).apiKey;
		const [flashCall, cabinet, mobilgroup, zvonobot] = await Promise.all([
			host.value.createCredential('plusofonFlashCallApi', FLASH_CALL_CREDENTIAL, {
				accessToken,
				...common,
			}),
			host.value.createCredential('plusofonApi', CABINET_CREDENTIAL, {
				token: cabinetToken,
				...common,
			}),
			host.value.createCredential('mobilgroupApi', MOBILGROUP_CREDENTIAL, {
				apiKey,
				baseUrl: client.url,
			}),
			host.value.createCredential('zvonobotApi', ZVONOBOT_CREDENTIAL, {
				apiKey: zvonobotKey,
				domain: client.url,
			}),
		]);
		const credentials = { flashCall, cabinet, mobilgroup, zvonobot };
		return { host: host.value, simulator: client, credentials, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}
