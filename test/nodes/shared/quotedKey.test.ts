import { runMobilgroup } from '../../support/mobilgroup';
import { runPlusofon } from '../../support/plusofon';
import { PRESET_MOBILGROUP } from '../../support/simulator/mobilgroup';
import { PRESET_ACCESS, PRESET_CABINET } from '../../support/simulator/plusofon';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';
import type { JsonValue } from '../../support/simulator/types';
import { PRESET_ZVONOBOT } from '../../support/simulator/zvonobot';
import { runZvonobot } from '../../support/zvonobot';

const PHONE = '79161234567';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const answer = (shape: JsonValue) => simulator.faults.add({ kind: 'wrongShape', shape });

/** The same text, each character as an escape of JSON. */
const escaped = (text: string) =>
	text.replace(/./g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);

it('a key that a good answer quotes does not come out', async () => {
	answer({ success: true, data: { key: 'k-1', phone: '79993332211', operator: PRESET_ACCESS } });
	const sent = await runPlusofon(simulator, ['verification', 'sendFlashCall'], { phone: PHONE });
	answer({ success: true, data: [{ id: 1, name: `x ${PRESET_CABINET} y` }] });
	const listed = await runPlusofon(simulator, ['flashCallAccount', 'getAll'], {});
	answer({ result: 'ok', id: PRESET_MOBILGROUP, number: PHONE, code: '0042', price: '1' });
	const called = await runMobilgroup(simulator, 'sendFlashCall', { phone: PHONE });
	answer({ status: 'success', data: [{ id: 7, note: [PRESET_ZVONOBOT] }] });
	const got = await runZvonobot(
		simulator,
		'call',
		'get',
		{ callId: 7, options: { simplify: false } },
		[{}],
	);

	expect([sent, listed, called, got].map(({ json }) => json.length)).toEqual([1, 1, 1, 1]);
	expect(sent.json).toMatchObject([{ key: 'k-1' }]);
	expect(got.json).toMatchObject([{ id: 7, note: ['***'] }]);
	const all = JSON.stringify([sent, listed, called, got].map(({ run }) => run));
	for (const key of [PRESET_ACCESS, PRESET_CABINET, PRESET_MOBILGROUP, PRESET_ZVONOBOT]) {
		expect(all).not.toContain(key);
	}
});

it('nor one that is escaped', async () => {
	const body = `{"status":"success","data":[{"id":7,"note":"${escaped(PRESET_ZVONOBOT)}"}]}`;
	simulator.faults.add({ kind: 'status', status: 200, body });

	const { json } = await runZvonobot(
		simulator,
		'call',
		'get',
		{ callId: 7, options: { simplify: false } },
		[{}],
	);

	expect(json).toEqual([{ id: 7, note: '***' }]);
});
