/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const FENCED = /^(```|~~~)[^]*?^\1/gm;
const LINK = /\]\(([^)\s]+)\)/g;

/** The links of a page that lead nowhere: to a file that is not there, or to a heading it lacks. */
export function brokenLinks(page: string): string[] {
	const text = readFileSync(page, 'utf8')
		.replace(FENCED, '')
		.replace(/`[^`\n]*`/g, '');
	const links = [...text.matchAll(LINK)].map(([, link = '']) => link);
	return links.filter((link) => !/^(https?|mailto):/.test(link) && !leadsSomewhere(link, page));
}

function leadsSomewhere(link: string, page: string): boolean {
	const [path = '', anchor] = link.split('#');
	const file = path === '' ? page : resolve(dirname(page), decodeURIComponent(path));
	if (path.startsWith('/') || !existsSync(file)) return false;
	return anchor === undefined || anchorsOf(file).includes(anchor);
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(file: string): string[] {
	const headings = readFileSync(file, 'utf8')
		.replace(FENCED, '')
		.matchAll(/^#{1,6} (.+)$/gm);
	const seen = new Map<string, number>();
	return [...headings].map(([, heading = '']) => {
		const anchor = heading
			.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
			.replace(/\\/g, '')
			.replace(/(^|\s)[_*]+(\S[^]*?\S|\S)[_*]+(?=\s|$)/g, '$1$2')
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.trim()
			.replace(/\s/g, '-');
		const times = seen.get(anchor) ?? 0;
		seen.set(anchor, times + 1);
		return times === 0 ? anchor : `${anchor}-${times}`;
	});
}
