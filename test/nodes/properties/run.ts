/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { runNode } from '../../support/engine';
import type { NodeResult, NodeRun } from '../../support/engine';
import { EngineWait } from '../../support/engineWait';
import type { NodeOperation } from '../../support/nodeOperations';
import { simulatorCredentials } from '../../support/phoneVerification';
import type { Simulator } from '../../support/simulator/server';
import { SERVER } from './anyParameters';
import type { AnyAnswer, AnyServer } from './anyServer';
import { breaches, KEYS, onceCount } from './contract';

export interface Case {
	items: IDataObject[];
	parameters: INodeParameters;
	answers: AnyAnswer[];
	/** Whether the node continues on a failure. */
	goesOn: boolean;
}

const MAY = 'may_have_been_sent';
const MOST_MS = 25_000;
const SOUND = { mimeType: 'audio/wav', fileName: 'hello.wav', data: 'UklGRgD/' };

/** The channels that Phone Verification may use one after the other for an item. */
const CHANNELS = 6;

/** The codes that the documentation explains. */
const EXPLAINED = readFileSync(join(resolve(__dirname, '../../..'), 'docs', 'errors.md'), 'utf8');
const CODES = new Set(
	[...EXPLAINED.matchAll(/^\| (`[a-z_`, ]+)\|/gm)].flatMap(([, cell = '']) =>
		[...cell.matchAll(/`(\w+)`/g)].map(([, code]) => code),
	),
);

/** Runs an operation against a server that answers anything, and says what is wrong with it. */
export async function problemsOf(
	{ node, resource, operation }: NodeOperation,
	{ items, parameters, answers, goesOn }: Case,
	server: AnyServer,
): Promise<string[]> {
	server.answer(answers);
	const own = JSON.stringify(parameters).replaceAll(SERVER, server.url);
	const run: NodeRun = {
		type: node,
		parameters: { resource, operation: operation.option.value, ...JSON.parse(own) },
		items,
		binaries: items.map(() => ({ data: SOUND })),
		credentials: simulatorCredentials(server as unknown as Simulator),
		...(goesOn ? { onError: 'continueRegularOutput' } : {}),
	};
	const mostPerItem = node === 'phoneVerification' ? CHANNELS : 1;
	const problems =
		'wait' in operation
			? await problemsOfWait(run, server, mostPerItem)
			: await problemsOfRuns(run, server, mostPerItem, mayBeEmpty(operation));
	return [...problems, ...server.received.flatMap(breaches)];
}

/** Whether an operation may well give nothing for an item. */
function mayBeEmpty(operation: NodeOperation['operation']): boolean {
	return 'list' in operation || ('batch' in operation && operation.option.value === 'getAll');
}

async function problemsOfRuns(
	run: NodeRun,
	server: AnyServer,
	mostPerItem: number,
	isEmptyFine: boolean,
): Promise<string[]> {
	const first = await inTime(runNode(run));
	if (typeof first === 'string') return [first];
	if (first === undefined) return requestsBeside(server);
	const problems = problemsOfResult(first, run, isEmptyFine);
	const sent = onceIn(server);
	const most = run.items.length * mostPerItem;
	if (sent > most) problems.push(`${sent} times for ${run.items.length} items`);
	if (problems.length > 0) return problems;

	// As whoever retries the execution does: what may have been sent is not sent again.
	const isUnsure = run.items.length === 1 && first.error?.context.code === MAY;
	if (!isUnsure) return [];
	const again = await inTime(runNode({ ...run, retryOf: first.run }));
	if (typeof again !== 'object') return [again ?? 'refused by n8n'];
	if (onceIn(server) > sent) problems.push('is done once more');
	return [...problems, ...problemsOfResult(again, run, isEmptyFine)];
}

async function problemsOfWait(
	run: NodeRun,
	server: AnyServer,
	mostPerItem: number,
): Promise<string[]> {
	const wait = await inTime(EngineWait.start(run));
	if (typeof wait === 'string') return [wait];
	if (wait === undefined) return requestsBeside(server);
	if (!wait.waits) {
		const isLetThrough = (wait.first.outputs[0] ?? []).length > 0;
		return [
			...(isLetThrough ? ['goes on as if all were well'] : []),
			...problemsOfResult(wait.first, { ...run, items: run.items.slice(0, 1) }, false),
		];
	}
	const outcome = await inTime(wait.outcome());
	if (typeof outcome !== 'object') return [outcome ?? 'refused by n8n'];
	const count = outcome.flat().length;
	const sent = onceIn(server);
	// A chain may go on with its next channel instead.
	const isChain = mostPerItem > 1;
	return [
		...(count === 1 || (isChain && count === 0) ? [] : [`comes out ${count} times`]),
		...(sent > mostPerItem ? [`${sent} times for one item`] : []),
	];
}

/** What comes of a run; nothing when n8n itself refuses to run the node, a text when it takes too long. */
async function inTime<T>(running: Promise<T>): Promise<T | string | undefined> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<string>((resolve) => {
		timer = setTimeout(() => resolve('takes too long'), MOST_MS);
	});
	const refused = running.catch((thrown: Error) => {
		if (thrown.constructor.name === 'WorkflowHasIssuesError') return undefined;
		throw thrown;
	});
	return await Promise.race([refused, late]).finally(() => clearTimeout(timer));
}

function requestsBeside({ received }: AnyServer): string[] {
	return received.length === 0 ? [] : ['sends something, though n8n refused to run it'];
}

function onceIn({ received }: AnyServer): number {
	return received.reduce((sum, request) => sum + onceCount(request), 0);
}

function isFailure({ error, details }: IDataObject): boolean {
	return error !== undefined && details !== undefined;
}

function itemOf({ pairedItem }: INodeExecutionData): number {
	return Object(pairedItem ?? {}).item as number;
}

function problemsOfResult(
	{ outputs, error, run: whole }: NodeResult,
	{ items, onError }: NodeRun,
	isEmptyFine: boolean,
): string[] {
	const found = outputs.flat();
	const text = `${JSON.stringify(found)} ${error?.message} ${error?.description} ${JSON.stringify(whole.data.resultData)}`;
	const leaked = Object.entries(KEYS).filter(([, key]) => text.includes(key));
	const problems = leaked.map(([name]) => `shows the key of ${name}`);
	if (onError === undefined && error !== undefined) {
		const { code, itemIndex } = error.context;
		if (found.length > 0) problems.push('stops, and has an output');
		return [...problems, ...problemsOfFailure(error.message, code, itemIndex, items.length)];
	}
	if (error !== undefined) return [...problems, `throws: ${error.message}`];
	const paired = found.map(itemOf);
	const isInOrder = paired.every((item, index) => index === 0 || item >= (paired[index - 1] ?? 0));
	if (!isInOrder) problems.push(`brings its items in another order: ${paired.join()}`);
	if (paired.some((item) => items[item] === undefined)) problems.push(`pairs ${paired.join()}`);
	const missing = items.map((_, index) => index).filter((index) => !paired.includes(index));
	if (!isEmptyFine && missing.length > 0) problems.push(`says nothing of ${missing.join()}`);
	for (const { json, ...item } of found.filter((one) => isFailure(one.json))) {
		if (onError === undefined) problems.push('goes on after a failure');
		const index = itemOf({ json, ...item });
		problems.push(...problemsOfFailure(String(json.error), json.code, index, items.length));
	}
	return problems;
}

function problemsOfFailure(
	message: string,
	code: unknown,
	itemIndex: unknown,
	count: number,
): string[] {
	const isItem = Number.isInteger(itemIndex) && Number(itemIndex) >= 0 && Number(itemIndex) < count;
	return [
		...(isItem ? [] : [`fails for the item ${String(itemIndex)}`]),
		// Of one item there is nothing to tell apart.
		...(count === 1 || message.startsWith(`Item ${String(itemIndex)}: `)
			? []
			: [`does not name its item: ${message}`]),
		...(CODES.has(String(code)) ? [] : [`has the code ${String(code)}, which nobody explains`]),
		...(code === 'internal' ? [`did not foresee: ${message}`] : []),
	];
}
