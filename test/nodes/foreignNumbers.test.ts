import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { EngineWait } from '../support/engineWait';
import { runMobilgroup } from '../support/mobilgroup';
import { chainOf, codeOf, nodeRun, runCheck, runStart } from '../support/phoneVerification';
import { runPlusofon, simulatorCredentials } from '../support/plusofon';
import { startSimulator } from '../support/simulator/server';
import type { Simulator } from '../support/simulator/server';
import { runZvonobot } from '../support/zvonobot';

/** Vietnamese; its digits without the plus are a Russian number as well. */
const TYPED = '+84 96 123 45 67';
const DIGITS = '84961234567';
const WRITTEN = '+84961234567';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const phone = '={{ $json.phone }}';

/** Every number that was called. */
const called = () => simulator.journal.charges.map((charge) => charge.phone);

const CALL = { callerIdSource: 'duty', say: 'text', text: 'Hello', options: {} };

type Send = (given: string) => Promise<{ json: IDataObject[] }>;

const SENDING: Array<[what: string, send: Send, typed?: string]> = [
	[
		'Plusofon Send Flash Call',
		async (given) =>
			await runPlusofon(simulator, ['verification', 'sendFlashCall'], { phone }, [
				{ phone: given },
			]),
	],
	[
		'Plusofon Request Call',
		async (given) =>
			await runPlusofon(
				simulator,
				['verification', 'requestCall'],
				{ phone, hookUrl: 'https://n8n.example.com/webhook/a/webhook' },
				[{ phone: given }],
			),
	],
	[
		'Mobilgroup Send Flash Call',
		async (given) => await runMobilgroup(simulator, 'sendFlashCall', { phone }, [{ phone: given }]),
		'+374 91 123456',
	],
	[
		'Zvonobot Create',
		async (given) =>
			await runZvonobot(simulator, 'call', 'create', { phone, ...CALL }, [{ phone: given }]),
	],
	[
		'Zvonobot Call With PIN',
		async (given) =>
			await runZvonobot(simulator, 'verification', 'callWithPin', { phone }, [{ phone: given }]),
	],
	[
		'Phone Verification Start',
		async (given) =>
			await runStart(simulator, given, {
				channels: ['plusofonFlashCall'],
				nodeOptions: { allowedCountries: '*', coolDown: 0 },
			}),
	],
];

it.each(SENDING)(
	'%s gives a number that rings the same phone in the next node',
	async (_, send, typed = TYPED) => {
		const [first] = (await send(typed)).json;
		const [second] = (await send(String(first?.phone))).json;

		const written = typed.replace(/ /g, '');
		expect([first?.phone, second?.phone]).toEqual([written, written]);
		expect(called()).toEqual([written.slice(1), written.slice(1)]);
	},
);

it('what Zvonobot says of a call has the same spelling as what created it', async () => {
	const create = SENDING.find(([what]) => what === 'Zvonobot Create')?.[1];
	const [created] = (await create?.(TYPED))?.json ?? [];

	const { json } = await runZvonobot(simulator, 'call', 'get', {
		callId: String(created?.callId),
	});

	expect(json).toMatchObject([{ phone: WRITTEN }]);
});

async function begin(
	type: string,
	operation: string,
	parameters: INodeParameters,
): Promise<EngineWait> {
	return await EngineWait.start({
		type,
		parameters: { resource: 'verification', operation, phone, options: {}, ...parameters },
		items: [{ phone: TYPED }],
		credentials: simulatorCredentials(simulator),
	});
}

it('a person comes back from the Wrong Code output, and is not called again', async () => {
	const parameters = { timeLimit: 180, onWrongCode: 'leave', retryKey: '={{ $json.retryKey }}' };
	const wait = await begin('plusofon', 'sendCodeAndWait', { ...parameters, retryKey: '' });
	await wait.ask({ body: { code: '1111' } });
	const [left = {}] = (await wait.outcome())[2] ?? [];

	const again = await EngineWait.start({
		type: 'plusofon',
		parameters: { resource: 'verification', operation: 'sendCodeAndWait', phone, ...parameters },
		items: [left],
		credentials: simulatorCredentials(simulator),
	});

	expect(left.phone).toBe(WRITTEN);
	expect(again.waits).toBe(true);
	expect(called()).toEqual([DIGITS]);
});

it.each([DIGITS, WRITTEN])(
	'the call of the person counts when it is reported as %s',
	async (reported) => {
		const wait = await begin('plusofon', 'requestCallAndWait', { timeLimit: 180 });
		const key = simulator.plusofon.lastKey(DIGITS);
		const hook = new URL(simulator.plusofon.hookUrlOf(key) ?? '');
		const query = Object.fromEntries(hook.searchParams);

		const other = await wait.ask({ query, body: { phone: '74961234567', key } });
		const own = await wait.ask({ query, body: { phone: reported, key } });

		expect(other).toMatchObject({ status: 401, ends: false });
		expect(own).toMatchObject({ ends: true });
		expect((await wait.outcome())[0]).toMatchObject([{ verified: true, phone: WRITTEN }]);
	},
);

it.each([WRITTEN, TYPED])(
	'a key counts for the phone written as %s, and not for a Russian one of the same digits',
	async (checkedPhone) => {
		const started = await runStart(simulator, TYPED, {
			channels: ['plusofonFlashCall'],
			nodeOptions: { allowedCountries: '*', coolDown: 0, maxStarts: 0 },
		});
		const code = codeOf(simulator, 'plusofonFlashCall', DIGITS);
		const check = async (given: string) =>
			(
				await runCheck(simulator, started.json[0]?.key, code, {
					nodeOptions: { checkedPhone: given },
				})
			).json[0];

		for (const russian of ['74961234567', DIGITS]) {
			expect(await check(russian)).toMatchObject({ reason: 'invalid_key' });
		}
		expect(await check(checkedPhone)).toMatchObject({ verified: true });
	},
);

it('the outcome of Verify and Wait names the number so that it can be called again', async () => {
	const wait = await EngineWait.start(
		nodeRun(simulator, 'verifyAndWait', [{}], {
			nodeParameters: { phone: TYPED, timeLimit: 60, channels: chainOf(['plusofonFlashCall']) },
			nodeOptions: { allowedCountries: '*', coolDown: 0, maxStarts: 0 },
		}),
	);

	expect((await wait.outcome())[1]).toMatchObject([{ reason: 'timeout', phone: WRITTEN }]);
});
