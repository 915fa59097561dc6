import { medianOf, ratioOf, type Results, type Round } from './results';
import { labelOf, shown } from './report';
import type { WayId } from './ways';

type Id = WayId | 'raw';

const WIDTH = 860;
const LABELS = 372;
const ROW = 24;
const BAR = 15;
const RIGHT = 96;
/** The bars are on a logarithmic scale from here to there. */
const [LEAST, MOST] = [0.1, 300];
const GRID = [0.1, 1, 10, 100];

const STYLE = `
	text { font: 12px system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328; }
	.title { font-size: 14px; font-weight: 600; }
	.faint { fill: #59636e; }
	.grid { stroke: #d1d9e0; }
	.base { stroke: #59636e; }
	.own { fill: #0969da; }
	.other { fill: #afb8c1; }
	@media (prefers-color-scheme: dark) {
		text { fill: #e6edf3; }
		.faint { fill: #9198a1; }
		.grid { stroke: #3d444d; }
		.base { stroke: #9198a1; }
		.own { fill: #4493f8; }
		.other { fill: #59636e; }
	}`;

const OTHERS: readonly Id[] = ['httpFixed', 'httpOne', 'httpTwo', 'mattermost', 'raw'];

const x = (ratio: number) => {
	const share = Math.log(Math.max(ratio, LEAST) / LEAST) / Math.log(MOST / LEAST);
	return LABELS + Math.min(1, share) * (WIDTH - LABELS - RIGHT);
};

const escaped = (text: string) =>
	text.replace(/`/g, '').replace(/&/g, '&amp;').replace(/</g, '&lt;');

function bars(rounds: readonly Round[], ids: readonly Id[], top: number): string {
	return ids
		.map((id, index) => {
			const y = top + index * ROW;
			const ratio = ratioOf(rounds, id, 'httpTwo') ?? 0;
			const speed = shown(medianOf(rounds, id, ({ perSecond }) => perSecond));
			const middle = y + ROW / 2 + 4;
			return [
				`<text x="${LABELS - 8}" y="${middle}" text-anchor="end">${escaped(labelOf(id))}</text>`,
				`<rect class="${OTHERS.includes(id) ? 'other' : 'own'}" x="${LABELS}" y="${y + (ROW - BAR) / 2}" width="${(x(ratio) - LABELS).toFixed(1)}" height="${BAR}" rx="2"/>`,
				`<text x="${(x(ratio) + 6).toFixed(1)}" y="${middle}">${shown(ratio)}× <tspan class="faint">${speed}/s</tspan></text>`,
			].join('\n');
		})
		.join('\n');
}

function panel(title: string, rounds: readonly Round[], ids: readonly Id[], top: number): string {
	const begin = top + 34;
	const end = begin + ids.length * ROW;
	const grid = GRID.map(
		(ratio) =>
			`<line class="${ratio === 1 ? 'base' : 'grid'}" x1="${x(ratio).toFixed(1)}" x2="${x(ratio).toFixed(1)}" y1="${begin}" y2="${end}"/>\n` +
			`<text class="faint" x="${x(ratio).toFixed(1)}" y="${end + 16}" text-anchor="middle">${ratio}×</text>`,
	);
	return [
		`<text class="title" x="12" y="${top + 18}">${title}</text>`,
		...grid,
		bars(rounds, ids, begin),
	].join('\n');
}

/** Two panels of bars as SVG, to be read on light and on dark. */
export function chartOf({ near, far, latencyMs }: Results): string {
	const first: Id[] = [
		'batch',
		'raw',
		'fixed',
		'plain',
		'other',
		'httpFixed',
		'httpTwo',
		'mattermost',
	];
	const second: Id[] = ['raw', 'fixed', 'plain', 'httpTwo', 'oneByOne', 'mattermost'];
	const secondTop = first.length * ROW + 84;
	const height = secondTop + 34 + second.length * ROW + 32;
	const title = "Items a second, as a multiple of n8n's HTTP Request node with two expressions";
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${title}">
<style>${STYLE}
</style>
${panel(`${title}: no latency, logarithmic`, near, first, 0)}
${panel(`The same with ${latencyMs} ms of latency, 10 at once`, far, second, secondTop)}
</svg>
`;
}
