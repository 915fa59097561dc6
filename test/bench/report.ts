/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as prettier from 'prettier';

import { rootFolder } from '../host/folders';
import { chartOf } from './chart';
import type { Cost } from './profile';
import { goalsOf, median, medianOf, ratioOf, type Results, type Round } from './results';
import { WAYS, type WayId } from './ways';

const REPORT = join(rootFolder, 'docs', 'benchmarks.md');
const CHART = join(rootFolder, 'docs', 'images', 'benchmarks.svg');

const RAW_LABEL = 'axios alone, outside n8n: 10 at once, connections kept open';

export function labelOf(id: WayId | 'raw'): string {
	return id === 'raw' ? RAW_LABEL : WAYS[id].label;
}

/** Two digits that mean something. */
export function shown(value: number | undefined): string {
	if (value === undefined || !Number.isFinite(value)) return '-';
	if (value >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString('en');
	return value.toFixed(value < 1 ? 2 : 1);
}

type Table = string[][];

const NEAR: ReadonlyArray<WayId | 'raw'> = [
	...(['fixed', 'plain', 'other', 'oneByOne'] as const),
	...(['httpFixed', 'httpOne', 'httpTwo', 'mattermost', 'raw'] as const),
	...(['batch', 'single', 'httpCreate'] as const),
];
const FAR: ReadonlyArray<WayId | 'raw'> = [
	...(['fixed', 'plain', 'oneByOne', 'httpTwo', 'mattermost', 'raw'] as const),
];

function speedTable(rounds: readonly Round[], ids: ReadonlyArray<WayId | 'raw'>): Table {
	return [
		[
			'Way',
			'Items',
			'Items a second',
			'/ HTTP Request',
			'/ axios alone',
			'CPU an item',
			'Connections',
		],
		...ids.map((id) => [
			labelOf(id),
			shown(rounds[0]?.[id]?.items),
			shown(medianOf(rounds, id, ({ perSecond }) => perSecond)),
			shown(ratioOf(rounds, id, 'httpTwo')),
			shown(ratioOf(rounds, id, 'raw')),
			`${shown(medianOf(rounds, id, ({ cpuPerItem }) => cpuPerItem))} µs`,
			shown(medianOf(rounds, id, ({ counts }) => counts.connections)),
		]),
	];
}

function otherTable({ others }: Results): Table {
	const ids = Object.keys(others[0] ?? {}) as WayId[];
	return [
		['While this runs', 'Items', 'Slowest unrelated webhook'],
		...ids.map((id) => [
			labelOf(id),
			shown(others[0]?.[id]?.items),
			`${shown(medianOf(others, id, ({ slowestOther }) => slowestOther))} ms`,
		]),
	];
}

function goalTable(results: Results): Table {
	return [
		['Measure', 'Goal', 'Measured', 'Best seen', ''],
		...goalsOf(results).map(({ measure, goal, value, unit = '', bestSeen, isMet }) => [
			measure,
			goal,
			`${shown(value)}${value === undefined ? '' : unit}`,
			bestSeen,
			isMet ? 'met' : 'missed',
		]),
	];
}

function costTable(costs: readonly Cost[], items: number): Table {
	const total = costs.reduce((sum, { us }) => sum + us, 0);
	return [
		['What', 'Whose', 'Share', 'An item'],
		...costs.map(({ part, owner, us }) => [
			part,
			owner,
			`${Math.round((us / total) * 100)}%`,
			`${shown(us / items)} µs`,
		]),
	];
}

function asText(table: Table): string {
	const widths = (table[0] ?? []).map((_, column) =>
		Math.max(...table.map((row) => row[column]?.length ?? 0)),
	);
	return table
		.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
		.join('\n');
}

function asMarkdown([head = [], ...rows]: Table): string {
	return [head, head.map(() => '---'), ...rows]
		.map((cells) => `| ${cells.join(' | ')} |`)
		.join('\n');
}

/** Everything, for whoever watches. */
export function printResults(results: Results, isShort: boolean): void {
	const { latencyMs, near, far, many } = results;
	const parts = [
		['Without latency', asText(speedTable(near, NEAR))],
		[
			`With ${latencyMs} ms`,
			asText(
				speedTable(
					far,
					FAR.filter((id) => far[0]?.[id]),
				),
			),
		],
		['Beside an unrelated webhook', asText(otherTable(results))],
		...(isShort ? [] : [['Goals', asText(goalTable(results))]]),
		['Many items, in order', asText(manyTable(many))],
	];
	process.stdout.write(`\n${parts.map((part) => part.join('\n\n')).join('\n\n')}\n\n`);
}

function manyTable({ send, batch }: Results['many']): Table {
	const row = (id: WayId, { items, seconds }: typeof send) => [
		labelOf(id),
		items.toLocaleString('en'),
		`${shown(seconds)} s`,
	];
	return [['Way', 'Items', 'Took'], row('send', send), row('batch', batch)];
}

/** Writes docs/benchmarks.md and its chart. */
export async function writeReport(results: Results): Promise<void> {
	const config = await prettier.resolveConfig(REPORT);
	writeFileSync(REPORT, await prettier.format(reportOf(results), { ...config, filepath: REPORT }));
	writeFileSync(CHART, chartOf(results));
	process.stdout.write('Wrote docs/benchmarks.md and docs/images/benchmarks.svg\n');
}

function reportOf(results: Results): string {
	const { n8n, cores, latencyMs, near, far, webhooks, growth, loading, many, profiles } = results;
	const megabytes = (bytes: number | undefined) =>
		bytes === undefined ? '-' : `${shown(bytes / 1e6)} MB`;
	return `# Benchmarks

How fast the nodes of this package are beside every other way to make the same calls in n8n.
\`npm run bench\` measures it anew and writes this page.

![Speed as a multiple of n8n's HTTP Request node](images/benchmarks.svg)

## Goals

Every figure is a ratio within one run on one machine, unless it has a unit. "Best seen" is what
throwaway code reached that did nothing but send.

${asMarkdown(goalTable(results))}

${missed(results)}

## How it is measured

A real n8n ${n8n} with the packed package, a server and axios, each in a process of its own, on ${cores}
cores. The server is a plain \`node:http\` one that keeps connections open and answers in the shape of
the providers at once or after ${latencyMs} ms; the simulator of the tests checks too much to keep up.
Each way is a flow of its own: a webhook, an Edit Fields and a Split Out node that make the items, and
the measured node. What counts is the time that n8n itself notes for that node. The ways take turns, one
run each and each time in another order, ${near.length} times; figures are medians, ratios medians of the
ratios within each turn. CPU is that of the whole n8n process. The requests, the connections, the most
requests at once and the order and pairing of all items are checked in every run, and that plain paths send what the evaluator makes of
other expressions for the same values.

Check PIN of Plusofon stands for all operations with a request for each item: its body has two fields, 59
bytes. The HTTP Request node sends the same body to the same address with a Header Auth credential, as it
is when it is put into a flow: all requests at once. The Mattermost node of n8n, Post Message, stands for
nodes that work one after another and read their credential for every request, as most community nodes do.

## Without latency

${asMarkdown(speedTable(near, NEAR))}

"/ HTTP Request" is beside the HTTP Request node with two expressions. Create sends about 220 bytes for
one item.

## With ${latencyMs} ms of latency

${asMarkdown(speedTable(far, FAR))}

The HTTP Request node has no limit here: all its requests wait for the provider at the same time.
Items at Once raises the 10 of the other rows to up to 100.

## Beside it

${asMarkdown(otherTable(results))}

- A webhook flow with one call answers in ${shown(median(webhooks.calls))} ms at 5 a second, an empty one in ${shown(median(webhooks.empty))} ms (p50).
- Over ${growth?.items.toLocaleString('en') ?? ''} items n8n holds ${megabytes(growth?.own.held)} more with Send Flash Call and ${megabytes(growth?.http.held)} more with the HTTP Request node that makes the same calls, each in a fresh process. With the garbage that V8 had not collected the process grew by ${megabytes(growth?.own.atMost)} and by ${megabytes(growth?.http.atMost)}, and by ${megabytes(growth?.own.again)} and ${megabytes(growth?.http.again)} more when it did the same for the third time.
- When n8n starts it reads the descriptions of all nodes and credentials in ${shown(median(loading.known))} ms; the code of all of them, which it loads for each node when it is first used, takes ${shown(median(loading.loaded))} ms in a fresh process, about a third of it the phone numbers of the world. Properties: ${Object.entries(
		loading.properties,
	)
		.map(([name, count]) => `${name} ${count}`)
		.join(', ')}. The package has ${shown(loading.packedBytes / 1000)} kB.
- ${many.send.items.toLocaleString('en')} items went through Send Flash Call in ${shown(many.send.seconds)} s and ${many.batch.items.toLocaleString('en')} through Create with 100 items a request in ${shown(many.batch.seconds)} s: all there, in order, each with its own answer.

## Where the time goes

A profile of the n8n process while the node runs, without what it waits. Native functions count for
whoever calls them.

${Object.entries(profiles)
	.map(
		([id, { items, costs }]) =>
			`### ${labelOf(id as WayId)}\n\n${threeLargest(costs)}\n\n${asMarkdown(costTable(costs, items))}`,
	)
	.join('\n\n')}
`;
}

function missed(results: Results): string {
	return goalsOf(results)
		.filter(({ isMet, why }) => !isMet && why !== undefined)
		.map(({ measure, why }) => `- Missed, ${measure}: ${why ?? ''}`)
		.join('\n');
}

function threeLargest(costs: readonly Cost[]): string {
	const [one, two, three] = costs
		.slice(0, 3)
		.map(({ part, owner }) => (owner === 'n8n' ? `${part} (n8n's)` : `${part} (${owner})`));
	return `The three largest: ${one ?? '-'}; ${two ?? '-'}; ${three ?? '-'}.`;
}
