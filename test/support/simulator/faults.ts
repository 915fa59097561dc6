import { isJson, isRecord, type JsonValue } from './types';

export interface FaultMatch {
	/** Exact path, or a prefix when it ends with `*` or `/`. Without it every path matches. */
	path?: string;
	method?: string;
}

interface FaultCommon {
	match?: FaultMatch;
	/** How many matching requests to spoil; 1 when absent. */
	times?: number | 'always';
	/** How many matching requests to let through first. */
	skip?: number;
}

interface Reply {
	status: number;
	headers?: Record<string, string>;
	/** A string is sent as it is, anything else as JSON; when absent, what such a status usually carries. */
	body?: JsonValue;
}

export const SLOW_PHASES = ['before', 'answer', 'middle', 'trickle'] as const;

export type SlowPhase = (typeof SLOW_PHASES)[number];

export type FaultKind = Fault['kind'];

/**
 * One switch. "Processed" means the provider did the work, money included, before the answer was spoilt.
 * Not processed: resetUnread, resetBefore, status, redirect, redirectLoop. Every other kind is processed.
 */
export type Fault = FaultCommon &
	/** `resetUnread`: before a byte of the body was read. */
	(| { kind: 'resetUnread' | 'resetBefore' | 'resetAfter' }
		| { kind: 'brokenJson' | 'empty' | 'html' | 'wrongContentType' | 'truncated' }
		| ({ kind: 'status' | 'statusAfter' } & Reply)
		/** `shape` is the JSON to send instead; [] when absent. */
		| { kind: 'wrongShape'; shape?: JsonValue }
		/**
		 * Waits before processing (default), before answering, in the middle of the answer, or spreads the
		 * bytes of the answer.
		 */
		| { kind: 'slow'; ms: number; phase?: SlowPhase }
		| { kind: 'huge'; megabytes: number }
		| { kind: 'redirect'; location: string; status?: number }
		/** The place it points to redirects on for ever; only the first request has to match. */
		| { kind: 'redirectLoop'; status?: number }
	);

/** Query key that marks the further steps of a redirect loop. */
export const LOOP_MARK = 'sim_hop';

/** The switches, consumed in the order they were added. */
export class Faults {
	private switches: Fault[] = [];

	add(...faults: Fault[]): void {
		this.switches.push(...faults.map((fault) => structuredClone(fault)));
	}

	clear(): void {
		this.switches = [];
	}

	/** What is still to come, with `times` and `skip` counted down. */
	pending(): Fault[] {
		return structuredClone(this.switches);
	}

	/** Takes the first switch that wants this request. */
	take(method: string, path: string): Fault | undefined {
		for (const [index, fault] of this.switches.entries()) {
			if (!matches(fault.match ?? {}, method, path)) continue;
			if (fault.skip !== undefined && fault.skip > 0) {
				fault.skip -= 1;
				continue;
			}
			if (fault.times === 'always') return fault;
			const left = (fault.times ?? 1) - 1;
			if (left > 0) fault.times = left;
			else this.switches.splice(index, 1);
			return fault;
		}
		return undefined;
	}
}

function matches(match: FaultMatch, method: string, path: string): boolean {
	if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
	if (match.path === undefined) return true;
	if (match.path.endsWith('*')) return path.startsWith(match.path.slice(0, -1));
	if (match.path.endsWith('/')) return path.startsWith(match.path);
	return path === match.path;
}

/** Reads a switch that arrived as JSON; throws an Error that names what is wrong with it. */
export function parseFault(value: unknown): Fault {
	const input = record(value, 'a fault');
	const common: FaultCommon = {};
	if (input.match !== undefined) common.match = parseMatch(input.match);
	if (input.skip !== undefined) common.skip = count(input.skip, 'skip');
	if (input.times === 'always') common.times = 'always';
	else if (input.times !== undefined) common.times = count(input.times, 'times');

	const kind = input.kind;
	switch (kind) {
		case 'resetUnread':
		case 'resetBefore':
		case 'resetAfter':
		case 'brokenJson':
		case 'empty':
		case 'html':
		case 'wrongContentType':
		case 'truncated':
			return { ...common, kind };
		case 'status':
		case 'statusAfter':
			return { ...common, kind, ...parseReply(input) };
		case 'wrongShape':
			return isJson(input.shape) ? { ...common, kind, shape: input.shape } : { ...common, kind };
		case 'slow':
			return { ...common, kind, ms: count(input.ms, 'ms'), phase: parsePhase(input.phase) };
		case 'huge':
			return { ...common, kind, megabytes: count(input.megabytes, 'megabytes') };
		case 'redirect':
			return {
				...common,
				kind,
				location: text(input.location, 'location'),
				...parseOptionalStatus(input),
			};
		case 'redirectLoop':
			return { ...common, kind, ...parseOptionalStatus(input) };
		default:
			throw new Error(`unknown fault kind ${String(kind)}`);
	}
}

function parseMatch(value: unknown): FaultMatch {
	const input = record(value, 'match');
	const match: FaultMatch = {};
	if (input.path !== undefined) match.path = text(input.path, 'match.path');
	if (input.method !== undefined) match.method = text(input.method, 'match.method');
	return match;
}

function parseReply(input: Record<string, unknown>): Reply {
	const reply: Reply = { status: count(input.status, 'status') };
	if (input.headers !== undefined) {
		const headers = Object.entries(record(input.headers, 'headers'));
		reply.headers = Object.fromEntries(headers.map(([name, of]) => [name, text(of, name)]));
	}
	if (isJson(input.body)) reply.body = input.body;
	return reply;
}

function parsePhase(value: unknown): SlowPhase {
	if (value === undefined) return 'before';
	const phase = SLOW_PHASES.find((one) => one === value);
	if (phase !== undefined) return phase;
	throw new Error(`phase must be one of ${SLOW_PHASES.join(', ')}`);
}

function parseOptionalStatus(input: Record<string, unknown>): { status?: number } {
	return input.status === undefined ? {} : { status: count(input.status, 'status') };
}

function record(value: unknown, name: string): Record<string, unknown> {
	if (!isRecord(value)) throw new Error(`${name} must be an object`);
	return value;
}

function text(value: unknown, name: string): string {
	if (typeof value !== 'string') throw new Error(`${name} must be a string`);
	return value;
}

function count(value: unknown, name: string): number {
	if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
		throw new Error(`${name} must be a non-negative integer`);
	}
	return value;
}
