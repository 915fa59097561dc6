import type { INodeParameters } from 'n8n-workflow';
import { EngineAgent } from '../../support/engineTool';
import { simulatorCredentials } from '../../support/plusofon';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let phones = 79_990_000_000;
let phone: string;
let other: string;

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => {
	simulator.reset();
	// Whom a tool may have called is remembered from test to test.
	phone = String(++phones);
	other = String(++phones);
});
afterAll(async () => await simulator.close());

const called = () => simulator.journal.charges.map(({ phone }) => phone);

const tool = (operation: string, parameters: INodeParameters, maxTries = 5) => ({
	type: 'plusofon',
	parameters: { resource: 'verification', operation, ...parameters },
	credentials: simulatorCredentials(simulator),
	retryOnFail: { maxTries },
});
const send = (called: string) => tool('sendFlashCall', { phone: called });

it('a tool of an AI agent calls once, however often n8n tries it', async () => {
	simulator.faults.add({ kind: 'resetAfter', times: 'always' });
	const agent = new EngineAgent();

	await agent.call(send(phone)).catch(() => undefined);
	// The agent may ask for the same again.
	await agent.call(send(phone)).catch(() => undefined);

	expect(called()).toEqual([phone]);
});

it('a tool does not call again in another step, or another execution, for ten minutes', async () => {
	simulator.faults.add({ kind: 'resetAfter' });
	const before = Date.now();

	await new EngineAgent().call(send(phone)).catch(() => undefined);
	const said = await new EngineAgent().call(send(phone)).catch((thrown: unknown) => thrown);
	const calledAtOnce = called();
	const clock = jest.spyOn(Date, 'now').mockReturnValue(before + 11 * 60_000);
	await new EngineAgent().call(send(phone)).finally(() => clock.mockRestore());

	expect((said as Error).message).toContain('may have been carried out');
	expect(calledAtOnce).toEqual([phone]);
	expect(called()).toEqual([phone, phone]);
});

it('a tool says that it sent nothing, and until when that is so', async () => {
	simulator.faults.add({ kind: 'resetAfter' });
	const agent = new EngineAgent();

	await agent.call(send(phone)).catch(() => undefined);
	const said = await new EngineAgent().call(send(phone)).catch((thrown: unknown) => thrown);

	expect((said as Error).message).toMatch(/^Nothing was sent now, because of an earlier request/);
	expect((said as Error).message).toMatch(/may send it again after \d{4}-\d\d-\d\dT/);
});

it('a tool that is asked twice at once calls once when it cannot say what became of it', async () => {
	simulator.faults.add({ kind: 'resetAfter', times: 'always' });
	const agent = new EngineAgent();

	await Promise.allSettled([agent.call(send(phone)), agent.call(send(phone))]);

	expect(called()).toEqual([phone]);
});

it('an agent hears what to do next, and no name of a network fault', async () => {
	simulator.faults.add({ kind: 'resetAfter' });

	const said = await new EngineAgent().call(send(phone)).catch((thrown: unknown) => thrown);

	const { message } = said as Error;
	expect(message).toContain('Look in the Plusofon cabinet');
	expect(message).not.toMatch(/ECONN/);
});

it('a tool that was refused may be tried again', async () => {
	simulator.faults.add({ kind: 'status', status: 403 });

	await new EngineAgent().call(send(phone));

	expect(called()).toEqual([phone]);
});

it('what one call of a tool has done leaves what another may have done remembered', async () => {
	simulator.faults.add({ kind: 'resetAfter' });
	const agent = new EngineAgent();

	await agent.call(send(phone)).catch(() => undefined);
	await agent.call(send(other));
	await agent.call(send(phone)).catch(() => undefined);

	expect(called()).toEqual([phone, other]);
});

it('a person may be called again for an agent when the first call went through', async () => {
	const agent = new EngineAgent();

	await agent.call(send(phone));
	await agent.call(send(phone));

	expect(called()).toEqual([phone, phone]);
});

it.each(['={{ $json.phone }}', '={{ $json["phone"] }}'])(
	'a tool reads %s as n8n does',
	async (read) => {
		const agent = new EngineAgent({ phone });

		await agent.call(send(read), { phone: other });

		expect(called()).toEqual([phone]);
	},
);

it('a waiting operation is refused as a tool, and leaves the settings of the agent alone', async () => {
	const agent = new EngineAgent();

	const said = await agent
		.call(tool('requestCallAndWait', { phone, timeLimit: 60 }, 1))
		.catch((thrown: unknown) => thrown);

	expect(String((said as Error).message)).toContain('A tool of an AI agent cannot wait');
	expect(agent.step.node.alwaysOutputData).toBe(true);
	expect(called()).toEqual([]);
});

it('a tool that checks a PIN asks each time anew', async () => {
	await new EngineAgent().call(send(phone));
	const key = simulator.plusofon.lastKey(phone);
	const check = tool('checkPin', { key, pin: simulator.plusofon.pinOf(key) });
	const agent = new EngineAgent();

	await agent.call(check);
	await agent.call(check);

	expect(simulator.journal.requestsTo('POST', '/api/v1/flash-call/check')).toHaveLength(2);
});
