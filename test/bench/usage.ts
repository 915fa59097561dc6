/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const EVERY_MS = 20;
/** Of a clock tick and of a page on every Linux this is likely to run on. */
const TICK_MS = 10;
const PAGE_BYTES = 4096;

interface Sample {
	at: number;
	cpuMs: number;
	bytes: number;
}

/** The fields of /proc/<pid>/stat behind the name, which may hold spaces. */
function statOf(pid: number | string): string[] {
	const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
	return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** The first process that a process has started; undefined where there is no /proc. */
export function childOf(parent: number): number | undefined {
	if (!existsSync('/proc/self/stat')) return undefined;
	const children = readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.filter((name) => {
			try {
				return Number(statOf(name)[1]) === parent;
			} catch {
				// It has ended meanwhile.
				return false;
			}
		})
		.map(Number);
	return children.length === 0 ? undefined : Math.min(...children);
}

/** What a process uses, looked at all the time; nothing where there is no /proc. */
export class Usage {
	private readonly samples: Sample[] = [];

	private readonly ticker: NodeJS.Timeout | undefined;

	constructor(private readonly pid: number | undefined) {
		if (pid === undefined) return;
		this.look();
		this.ticker = setInterval(() => this.look(), EVERY_MS);
	}

	private look(): void {
		try {
			const stat = statOf(this.pid ?? 0);
			this.samples.push({
				at: Date.now(),
				cpuMs: (Number(stat[11]) + Number(stat[12])) * TICK_MS,
				bytes: Number(stat[21]) * PAGE_BYTES,
			});
		} catch {
			this.stop();
		}
	}

	stop(): void {
		if (this.pid !== undefined && this.ticker !== undefined) this.look();
		clearInterval(this.ticker);
	}

	/** CPU time used between two moments. */
	cpuMs(from: number, to: number): number | undefined {
		const [begin, end] = [this.cpuAt(from), this.cpuAt(to)];
		return begin === undefined || end === undefined ? undefined : end - begin;
	}

	/** Bytes at the highest between two moments, above those at the first of them. */
	growth(from: number, to: number): number | undefined {
		const before = this.samples.filter(({ at }) => at <= from).pop();
		const during = this.samples.filter(({ at }) => at >= from && at <= to);
		if (before === undefined) return undefined;
		return Math.max(before.bytes, ...during.map(({ bytes }) => bytes)) - before.bytes;
	}

	private cpuAt(moment: number): number | undefined {
		const later = this.samples.findIndex(({ at }) => at > moment);
		const after = this.samples.at(later);
		const before = this.samples[later < 1 ? 0 : later - 1];
		if (after === undefined || before === undefined) return undefined;
		const share = after.at === before.at ? 0 : (moment - before.at) / (after.at - before.at);
		return before.cpuMs + (after.cpuMs - before.cpuMs) * Math.min(1, Math.max(0, share));
	}
}
