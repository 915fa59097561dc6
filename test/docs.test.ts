/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { makers, pages } from '../scripts/docs/pages';
import { anchorsOf, brokenLinks } from '../scripts/docs/links';
import { filled, marksOf } from '../scripts/docs/marks';

const ROOT = resolve(__dirname, '..');
const REPOSITORY = 'https://github.com/n8n-nodes-flashcall/n8n-nodes-flashcall';
const all = pages().map((page) => [relative(ROOT, page), page] as const);

// Prettier pads the columns of tables; only the cells count.
const cells = (text: string) => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

interface Manifest {
	n8n: { nodes: string[]; credentials: string[] };
}

/** What stands in the source of a file that package.json names by its built one. */
function sourceOf(built: string, ending: string): string {
	const file = built.replace(/^dist\//, '').replace(/\.js$/, ending);
	return readFileSync(join(ROOT, file), 'utf8');
}

it.each(all)('%s has what stands in the code (if not: npm run docs)', (_, page) => {
	const text = readFileSync(page, 'utf8');

	expect(cells(filled(text, makers))).toBe(cells(text));
});

it('leaves nothing out that is made from the code', () => {
	const used = pages().flatMap((page) => marksOf(readFileSync(page, 'utf8')));

	expect(Object.keys(makers).filter((name) => !used.includes(name))).toEqual([]);
});

it.each(all)('%s has no link that leads nowhere', (_, page) => {
	expect(brokenLinks(page)).toEqual([]);
});

it('is where the nodes and credentials say it is', () => {
	const { n8n } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
	const texts = [
		...n8n.nodes.map((file) => sourceOf(file, '.json')),
		...n8n.credentials.map((file) => sourceOf(file, '.ts')),
	];
	const links = texts.flatMap((text) => text.match(/https:\/\/github\.com\/[^"'\s]+/g) ?? []);
	const leadsNowhere = (link: string) => {
		const [path = '', anchor] = link.split('#');
		const page = path === REPOSITORY ? 'README.md' : path.replace(`${REPOSITORY}/blob/main/`, '');
		const known = all.find(([name]) => name === page)?.[1];
		return known === undefined || (anchor !== undefined && !anchorsOf(known).includes(anchor));
	};

	expect(links.length).toBeGreaterThanOrEqual(texts.length);
	expect(links.filter(leadsNowhere)).toEqual([]);
});
