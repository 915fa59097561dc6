/* eslint-disable @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import type { IDataObject } from 'n8n-workflow';

import { manualFlow, MOBILGROUP, PLUSOFON, START, waitingFlow, ZVONOBOT } from './flows';
import { errorOf, itemsOf, post, type Execution } from './n8n';
import { setStage, type Stage } from './stage';
import type { JsonObject } from '../support/simulator/types';
import { expectVerified, NOT_VERIFIED, VERIFIED, Waits } from './waiting';

const PHONE = '79161230000';
const CODE_LENGTH = 10;

let stage: Stage;
let waits: Waits;

beforeAll(async () => {
	const tarball = process.env.FLASHCALL_TARBALL;
	if (!tarball) throw new Error('Start these tests with `npm run test:host`.');
	stage = await setStage({ tarball });
	waits = new Waits(stage);
}, 180_000);

afterAll(async () => {
	await stage?.stop();
}, 30_000);

afterEach(async () => {
	await stage.simulator.clearFaults();
	// Codes and keys are looked for in all that n8n has written so far.
	expect(stage.host.leaks()).toEqual([]);
});

async function runByHand(
	options: Omit<Parameters<typeof manualFlow>[0], 'items'>,
): Promise<Execution> {
	const flow = manualFlow({ items: [{ phone: PHONE }], ...options });
	return await stage.host.runManually(await waits.save(flow), START);
}

/** A code that is long enough to be found wherever it is. */
async function secretCode(phone: string): Promise<string> {
	const code = await stage.simulator.lastCode(phone);
	expect(code).toHaveLength(CODE_LENGTH);
	stage.host.secrets.add(code);
	return code;
}

describe('a code', () => {
	it('is in no output, data or log after it was sent', async () => {
		const execution = await runByHand({
			node: MOBILGROUP,
			operation: 'sendFlashCall',
			parameters: { phone: '={{ $json.phone }}', options: { capacity: CODE_LENGTH } },
			credential: stage.credentials.mobilgroup,
		});

		expect(itemsOf(execution, MOBILGROUP)).toMatchObject([{ json: { key: expect.any(String) } }]);
		await secretCode(PHONE);
	});

	it('is in none either where a person typed it, wrongly and rightly', async () => {
		await waits.publish(
			waitingFlow({
				path: 'code',
				outputs: [VERIFIED, NOT_VERIFIED],
				node: MOBILGROUP,
				operation: 'sendCodeAndWait',
				parameters: { phone: '={{ $json.phone }}', options: { capacity: CODE_LENGTH } },
				credential: stage.credentials.mobilgroup,
			}),
		);
		const started = await waits.start('code');
		const code = await secretCode(started.phone);
		const wrong = String(Number(`1${code.slice(1)}`) + 1).padStart(CODE_LENGTH, '0');
		stage.host.secrets.add(wrong);

		await post(started.resumeUrl, { code: wrong });
		await post(started.resumeUrl, { code });

		expectVerified(await waits.ended(started), started.phone);
	});

	it('is in none when the answer that holds it cannot be used', async () => {
		await stage.simulator.addFaults({ kind: 'truncated' }, { kind: 'wrongContentType' });
		for (let run = 0; run < 2; run++) {
			await runByHand({
				node: MOBILGROUP,
				operation: 'sendFlashCall',
				parameters: { phone: '={{ $json.phone }}', options: { capacity: CODE_LENGTH } },
				credential: stage.credentials.mobilgroup,
			});
			await secretCode(PHONE);
		}
	});
});

describe('a key', () => {
	const senders: Array<[string, string, string, object, keyof Stage['credentials']]> = [
		['Plusofon', PLUSOFON, 'sendFlashCall', { phone: '={{ $json.phone }}' }, 'flashCall'],
		['Mobilgroup', MOBILGROUP, 'sendVoiceCode', { phone: '={{ $json.phone }}' }, 'mobilgroup'],
		['Zvonobot', ZVONOBOT, 'callWithPin', { phone: '={{ $json.phone }}' }, 'zvonobot'],
	];

	/** A provider that quotes the whole request, as some do with a request they do not like. */
	const quotes = ({ accessToken, apiKey, token }: IDataObject): JsonObject => {
		const key = String(accessToken ?? apiKey ?? token);
		return {
			success: false,
			result: 'error',
			status: 'error',
			message: `Authorization: Bearer ${key} is not liked`,
			error: `api key ${key}`,
			errors: { apiKey: [`${key} is bad`] },
			[key]: key,
			request: { headers: { authorization: `Bearer ${key}` }, apiKey: key },
		};
	};

	it.each(senders)(
		'is not repeated after %s when it quotes it back',
		async (_, node, operation, parameters, name) => {
			const credential = stage.credentials[name];
			const said = quotes(stage.host.dataOf(credential));
			for (const status of [200, 400, 401, 403, 422, 500]) {
				await stage.simulator.addFaults(
					{ kind: 'status', status, body: said },
					{ kind: 'status', status, body: `<html>${JSON.stringify(said)}</html>` },
				);
				for (const continueOnFail of [false, true]) {
					const execution = await runByHand({
						node: node as typeof PLUSOFON,
						operation,
						parameters,
						credential,
						continueOnFail,
					});
					const failed = errorOf(execution, node) ?? itemsOf(execution, node)[0]?.json.error;
					expect(failed).toBeDefined();
				}
			}
		},
	);

	it('is not in the answer of a credential test that fails', async () => {
		for (const credential of Object.values(stage.credentials)) {
			const data = stage.host.dataOf(credential);
			await stage.simulator.addFaults({ kind: 'status', status: 401, body: quotes(data) });
			const { message } = await stage.host.testCredential(credential);
			for (const secret of stage.host.secrets.all()) expect(message).not.toContain(secret);
			await stage.simulator.clearFaults();
		}
	});
});
