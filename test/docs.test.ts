import { readReadme, withOperationsTable } from '../scripts/docs';

// Prettier pads the columns of tables; only the cells count.
const cells = (text: string) => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

it('has a README whose operations table is that of the code (if not: npm run docs)', () => {
	const readme = readReadme();

	expect(cells(withOperationsTable(readme))).toBe(cells(readme));
});
