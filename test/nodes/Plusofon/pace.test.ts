import type { IDataObject } from 'n8n-workflow';
import { runPlusofon } from '../../support/plusofon';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const people = (count: number): IDataObject[] =>
	Array.from({ length: count }, (_, index) => ({ phone: `7999111${String(1000 + index)}` }));

const send = async (items: IDataObject[], options: IDataObject) =>
	await runPlusofon(
		simulator,
		['verification', 'sendFlashCall'],
		{ phone: '={{ $json.phone }}', options: options as never },
		items,
		{ onError: 'continueRegularOutput' },
	);

it('lets no more requests arrive in any second than Requests per Second says, in order', async () => {
	const items = people(9);

	const { json } = await send(items, { requestsPerSecond: 4 });

	expect(json.map(({ phone }) => phone)).toEqual(items.map(({ phone }) => phone));
	const starts = simulator.journal.requests.map(({ at }) => at);
	expect(starts).toHaveLength(9);
	starts.forEach((start) => {
		const within = starts.filter((other) => other >= start && other < start + 1000);
		expect(within.length).toBeLessThanOrEqual(4);
	});
});

it('sends a paid request once when there are too many, and the others after the wait', async () => {
	simulator.faults.add({ kind: 'status', status: 429, skip: 1, headers: { 'retry-after': '1' } });

	const { json } = await send(people(4), { itemsAtOnce: 1 });

	expect(json.map(({ code }) => code ?? 'sent')).toEqual(['sent', 'rate_limited', 'sent', 'sent']);
	const starts = simulator.journal.requests.map(({ at }) => at);
	expect(starts).toHaveLength(4);
	expect((starts[2] ?? 0) - (starts[1] ?? 0)).toBeGreaterThan(900);
	expect(simulator.journal.charges).toHaveLength(3);
});
