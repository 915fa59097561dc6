/** What stands between two marks of a page, by the name in them. */
export type Makers = Readonly<Record<string, () => string>>;

const MARKED = /<!-- ([\w/ -]+): made by `npm run docs` -->\n[^]*?<!-- \/\1 -->/g;

/** A page with everything between its marks made anew. */
export function filled(page: string, makers: Makers): string {
	return page.replace(MARKED, (_, name: string) => {
		const make = makers[name];
		if (make === undefined) throw new Error(`Nothing is made for the mark "${name}"`);
		return `<!-- ${name}: made by \`npm run docs\` -->\n\n${make()}\n\n<!-- /${name} -->`;
	});
}

/** The names of the marks of a page. */
export function marksOf(page: string): string[] {
	return [...page.matchAll(MARKED)].map(([, name = '']) => name);
}

/** A text as Markdown: what could be taken for marks is marked as none. */
export function literal(text: string): string {
	return text.replace(/[*<>[\]]/g, '\\$&');
}

/** A Markdown table; bars inside cells are escaped. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	return [head, head.map(() => '---'), ...rows]
		.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
		.join('\n');
}
