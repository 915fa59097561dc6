import { readReadme, withOperationsTables } from '../scripts/docs';

// Prettier pads the columns of tables; only the cells count.
const cells = (text: string) => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

it('has a README whose operations tables are those of the code (if not: npm run docs)', () => {
	const readme = readReadme();

	expect(cells(withOperationsTables(readme))).toBe(cells(readme));
});
