/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { hostFolder } from '../host/folders';

interface ProfileNode {
	id: number;
	callFrame: { functionName: string; url: string };
	children?: number[];
}

interface CpuProfile {
	nodes: ProfileNode[];
	samples: number[];
	/** Microseconds of the machine's monotonic clock. */
	startTime: number;
	/** Microseconds before each sample. */
	timeDeltas: number[];
}

interface Socket {
	on(event: 'message', listener: (data: Buffer) => void): void;
	once(event: 'open' | 'error', listener: (error?: Error) => void): void;
	send(text: string): void;
	close(): void;
}

/** Node 20 brings no WebSocket; n8n brings one. */
const { WebSocket } = createRequire(join(hostFolder, 'package.json'))('ws') as {
	WebSocket: new (url: string) => Socket;
};

const SAMPLE_EVERY_US = 250;

/** A part of what a process spends its time on. */
export interface Cost {
	part: string;
	/** Who could change it. */
	owner: string;
	us: number;
}

const PARTS: ReadonlyArray<Omit<Cost, 'us'> & { matches: RegExp }> = [
	{ part: 'the nodes of this package', owner: 'this package', matches: /n8n-nodes-flashcall/ },
	{
		part: 'the request helper, and axios in it',
		owner: 'n8n',
		matches:
			/\/(axios|follow-redirects|form-data|proxy-from-env|mime-types)\/|\/backend-network\/|\/request-helpers\/|credentials-helper/,
	},
	{
		part: 'the evaluator of expressions',
		owner: 'n8n',
		matches: /expression-runtime|isolated-vm|tournament|expression|workflow-data-proxy|luxon/,
	},
	{
		part: "Node's HTTP, sockets and streams: a new connection for every request",
		owner: 'n8n, whose helper keeps none open',
		matches: /^node:/,
	},
	{ part: 'the rest of n8n', owner: 'n8n', matches: /./ },
];

const NATIVE = new Map<string, Omit<Cost, 'us'>>([
	['(garbage collector)', { part: 'garbage collection', owner: 'all of them' }],
	[
		'(program)',
		{
			part: 'native code: system calls, sockets, the isolate of the evaluator',
			owner: 'n8n and Node',
		},
	],
]);

/**
 * Wakes the inspector of a Node process and takes a profile of a part of what it does.
 *
 * @param work answers with the moments between which the profile counts
 * @returns self times, the largest first
 */
export async function profiled(
	pid: number,
	port: number,
	work: () => Promise<{ from: number; to: number }>,
): Promise<Cost[]> {
	const inspector = await Inspector.connect(pid, port);
	try {
		await inspector.ask('Profiler.enable');
		await inspector.ask('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
		await inspector.ask('Profiler.start');
		const { from, to } = await work();
		const { profile } = await inspector.ask<{ profile: CpuProfile }>('Profiler.stop');
		return costsOf(profile, monotonicUs(from), monotonicUs(to));
	} finally {
		inspector.close();
	}
}

/** The inspector of a Node process, which is woken for it. */
export class Inspector {
	private readonly answers = new Map<number, (result: unknown) => void>();

	private asked = 0;

	private constructor(private readonly socket: Socket) {
		socket.on('message', (data) => {
			const { id, result } = JSON.parse(data.toString()) as { id?: number; result?: unknown };
			if (id !== undefined) this.answers.get(id)?.(result);
		});
	}

	static async connect(pid: number, port: number): Promise<Inspector> {
		process.kill(pid, 'SIGUSR1');
		const socket = new WebSocket(await debuggerUrl(port));
		await new Promise<void>((resolve, reject) => {
			socket.once('open', () => resolve());
			socket.once('error', reject);
		});
		return new Inspector(socket);
	}

	/** Bytes in use once everything is collected that nobody needs. */
	async heldBytes(): Promise<number> {
		await this.ask('HeapProfiler.collectGarbage');
		const { usedSize, backingStorageSize = 0 } = await this.ask<{
			usedSize: number;
			backingStorageSize?: number;
		}>('Runtime.getHeapUsage');
		return usedSize + backingStorageSize;
	}

	async ask<T>(method: string, params: object = {}): Promise<T> {
		const id = ++this.asked;
		return await new Promise<T>((resolve) => {
			this.answers.set(id, resolve as (result: unknown) => void);
			this.socket.send(JSON.stringify({ id, method, params }));
		});
	}

	close(): void {
		this.socket.close();
	}
}

async function debuggerUrl(port: number): Promise<string> {
	for (let tries = 0; tries < 100; tries++) {
		try {
			const response = await fetch(`http://127.0.0.1:${port}/json/list`);
			const [target] = (await response.json()) as Array<{ webSocketDebuggerUrl: string }>;
			if (target !== undefined) return target.webSocketDebuggerUrl;
		} catch {
			// Not awake yet.
		}
		await sleep(50);
	}
	throw new Error('The inspector of n8n did not answer');
}

/** A moment on the clock of profiles, which is that of all processes. */
function monotonicUs(moment: number): number {
	return Number(process.hrtime.bigint() / 1000n) - (Date.now() - moment) * 1000;
}

function costsOf(profile: CpuProfile, from: number, to: number): Cost[] {
	const parts = partsOf(profile.nodes);
	const costs = new Map<string, Cost>();
	let now = profile.startTime;
	profile.samples.forEach((id, index) => {
		const us = profile.timeDeltas[index] ?? 0;
		now += us;
		const part = parts.get(id);
		if (part === undefined || now < from || now > to) return;
		const cost = costs.get(part.part) ?? { ...part, us: 0 };
		cost.us += us;
		costs.set(part.part, cost);
	});
	return [...costs.values()].sort((one, other) => other.us - one.us);
}

/** The part that each node of a profile belongs to; none for idleness. */
function partsOf(nodes: readonly ProfileNode[]): Map<number, Omit<Cost, 'us'> | undefined> {
	const parts = new Map<number, Omit<Cost, 'us'> | undefined>();
	const byId = new Map(nodes.map((node) => [node.id, node]));
	const assign = (node: ProfileNode, above: Omit<Cost, 'us'> | undefined) => {
		const { functionName, url } = node.callFrame;
		const own = NATIVE.get(functionName) ?? PARTS.find(({ matches }) => matches.test(url));
		// What is native belongs to whoever calls it.
		const part = functionName === '(idle)' ? undefined : (own ?? above);
		parts.set(node.id, part && { part: part.part, owner: part.owner });
		for (const id of node.children ?? []) {
			const child = byId.get(id);
			if (child !== undefined) assign(child, part);
		}
	};
	const [root] = nodes;
	if (root !== undefined) assign(root, undefined);
	return parts;
}
