/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { inspect } from 'node:util';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { NodeResult, NodeRun } from '../../support/engine';
import { runNode } from '../../support/engine';
import { EngineWait } from '../../support/engineWait';
import { simulatorCredentials } from '../../support/phoneVerification';
import { PRESET_MOBILGROUP } from '../../support/simulator/mobilgroup';
import { PRESET_ACCESS, PRESET_CABINET } from '../../support/simulator/plusofon';
import type { Simulator } from '../../support/simulator/server';
import { PRESET_ZVONOBOT } from '../../support/simulator/zvonobot';
import { causes, isSlow } from './faults';
import type { Cause } from './faults';
import type { Tried } from './operations';
import type { Expected, Row } from './table';

/** What was seen of an operation under a fault. */
export interface Seen {
	/** By item: a code, `ok`, or nothing where an item has no output of its own. */
	outcomes: string[];
	requests: number;
	charges: number;
	/** Keys that stand anywhere in what the run leaves behind. */
	leaked: string[];
}

const MAY = 'may_have_been_sent';
/** Nobody listens there. */
const CLOSED = 'http://127.0.0.1:1';
const KEYS = [PRESET_CABINET, PRESET_ACCESS, PRESET_MOBILGROUP, PRESET_ZVONOBOT];

export interface Cell {
	tried: Tried;
	waits: boolean;
	row: Row;
	expected: Expected;
}

export function causeOf({ tried, row }: Pick<Cell, 'tried' | 'row'>, elsewhere = ''): Cause {
	const cause = causes(tried.provider, elsewhere)[row.fault];
	if (cause === undefined) throw new Error(`Nothing causes "${row.fault}"`);
	return cause;
}

/**
 * Runs an operation for two items, of which the first is hit by the fault until the node gives up,
 * and which continues on a failure. One that waits takes one item.
 */
export async function runCell(
	{ tried, waits, row, expected }: Cell,
	simulator: Simulator,
	elsewhere: string,
): Promise<Seen> {
	const cause = causeOf({ tried, row }, elsewhere);
	const url = cause === 'nobody listens' ? CLOSED : simulator.url;
	const items = await prepare(tried, simulator, url);
	// Exactly as often as the node is expected to ask: once more, and the item would be well; once
	// less, and the other item would be hit, too.
	if (typeof cause === 'object') simulator.faults.add({ ...cause, times: expected.requests });
	const options = { timeout: isSlow(cause) ? 1 : 120 };
	const run = runOf(tried, { ...simulator, url }, options, { onError: 'continueRegularOutput' });
	if (!waits) {
		const result = await runNode({ ...run, items });
		return { outcomes: outcomesOf(result), ...counted(simulator), leaked: leaksOf(result) };
	}
	const { waits: isWaiting, first } = await EngineWait.start({ ...run, items: items.slice(0, 1) });
	const isPassed = (first.outputs[0] ?? []).length > 0;
	return {
		outcomes: isWaiting ? ['ok'] : isPassed ? ['let through'] : outcomesOf(first),
		...counted(simulator),
		leaked: leaksOf(first),
	};
}

/**
 * Runs the item that is hit alone, stopping on the failure, while n8n tries the node again; and then
 * retries the whole execution, as from n8n's list of them.
 */
export async function runRetried(
	{ tried, row }: Cell,
	simulator: Simulator,
	elsewhere: string,
): Promise<Seen> {
	const cause = causeOf({ tried, row }, elsewhere);
	const items = await prepare(tried, simulator, simulator.url);
	if (typeof cause === 'object') simulator.faults.add({ ...cause, times: 'always' });
	const options = { timeout: isSlow(cause) ? 1 : 120 };
	const run = runOf(tried, simulator, options, { retryOnFail: { maxTries: 2 } });
	const alone = { ...run, items: items.slice(0, 1) };
	const first = await runNode(alone);
	const again = await runNode({ ...alone, retryOf: first.run });
	return {
		outcomes: [first, again].map(({ error }) => String(error?.context.code)),
		...counted(simulator),
		leaked: [first, again].flatMap(leaksOf),
	};
}

async function prepare(
	{ items }: Tried,
	simulator: Simulator,
	url: string,
): Promise<IDataObject[]> {
	simulator.reset();
	const prepared = await items(simulator);
	simulator.journal.clear();
	// An item may hold an address of the simulator: then it leads to where the credential leads.
	return JSON.parse(JSON.stringify(prepared).replaceAll(simulator.url, url)) as IDataObject[];
}

function runOf(
	{ node, resource, operation, parameters }: Tried,
	simulator: Simulator,
	more: INodeParameters,
	how: Partial<NodeRun>,
): Omit<NodeRun, 'items'> {
	const own = parameters.options as INodeParameters | undefined;
	const options = { ...own, itemsAtOnce: 1, ...more };
	return {
		type: node,
		parameters: { resource, operation, ...parameters, options },
		credentials: simulatorCredentials(simulator),
		...how,
	};
}

/** What became of each item, by what its output is paired to. */
function outcomesOf({ outputs, error }: NodeResult): string[] {
	if (error !== undefined) return [`stopped: ${error.message}`];
	const outcomes: string[] = [];
	for (const { json, pairedItem } of outputs.flat()) {
		const { item } = pairedItem as { item: number };
		outcomes[item] = outcomeOf(json);
	}
	return outcomes;
}

function outcomeOf({ code, details, error }: IDataObject): string {
	if (error === undefined) return 'ok';
	const { attempts } = details as { attempts?: Array<{ code: string }> };
	// Phone Verification has tried one channel, which says more.
	return code === 'no_channel_left' ? String(attempts?.at(-1)?.code) : String(code);
}

function counted({ journal }: Simulator): Pick<Seen, 'requests' | 'charges'> {
	return { requests: journal.requests.length, charges: journal.charges.length };
}

function leaksOf({ run, error }: NodeResult): string[] {
	const traces = `${JSON.stringify(run)}${inspect(error, { depth: 10 })}`;
	return KEYS.filter((key) => traces.includes(key));
}

export function isUnsure({ expected }: Cell): boolean {
	return expected.outcome === MAY;
}
