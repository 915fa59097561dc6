/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { errorTexts } from '../scripts/docs/texts';

const ROOT = resolve(__dirname, '..');
const page = readFileSync(join(ROOT, 'docs', 'errors.md'), 'utf8');
const texts = errorTexts();

/** Words that n8n's guideline for messages avoids. */
const AVOIDED = /\b(errors?|problems?|failures?|failed|invalid|please)\b|!/i;

/** The words in the first column of the tables between two headings. */
function wordsIn(from: string, to: string): string[] {
	const [, part = ''] = page.split(from);
	const rows = part.split(to)[0]?.matchAll(/^\| (`[^|]+)\|/gm) ?? [];
	const cells = [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`(\w+)`/g)]);
	return cells.map(([, word = '']) => word).sort();
}

const sources = readdirSync(join(ROOT, 'nodes'), { recursive: true, encoding: 'utf8' })
	.filter((file) => file.endsWith('.ts'))
	.map((file) => readFileSync(join(ROOT, 'nodes', file), 'utf8'))
	.join('\n');

function wordsOf(pattern: RegExp): string[] {
	return [...new Set([...sources.matchAll(pattern)].map(([, word = '']) => word))].sort();
}

it('explains each code, and no other', () => {
	const codes = [...new Set(texts.map(({ code }) => code))].sort();

	expect(wordsIn('## What the codes mean', '\n## ')).toEqual(codes);
});

it('reads the text of each code that stands in the sources', () => {
	const codes = texts.map(({ code }) => code);
	// A channel that reached the person has this word beside the codes of the others.
	const written = wordsOf(/\bcode: '([a-z_]+)'/g).filter((code) => code !== 'sent');

	expect(written.filter((code) => !codes.includes(code))).toEqual([]);
});

it('explains each word that a webhook may answer', () => {
	const answered = [
		...wordsOf(/json: \{ error: '(\w+)'/g),
		...wordsOf(/refuse\(context, \d+, '(\w+)'\)/g),
	];

	expect(wordsIn('## What a webhook answers', '\n## ')).toEqual([...new Set(answered)].sort());
});

describe.each(texts.map((text) => [`${text.message} (${text.at})`, text] as const))(
	'%s',
	(_, { message, hint, nodes }) => {
		it('says what happened, in plain words and without a stop', () => {
			expect(message).toMatch(/^[A-Z‹]|^n8n /);
			expect(message).toMatch(/[^.!?\s]$/);
			expect(message).not.toMatch(AVOIDED);
		});

		it('says what to do, in whole sentences', () => {
			// What another text goes on with ends as that does.
			expect(hint.replace(/ ?‹[^.?]*›$/, '')).toMatch(/^([A-Z].*[.?])?$/);
			expect(hint).not.toMatch(AVOIDED);
		});

		it('belongs to a node', () => {
			expect(nodes).not.toHaveLength(0);
		});
	},
);
