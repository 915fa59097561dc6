/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readVoiceMenu } from '../nodes/Zvonobot/voiceMenu';
import { pages } from '../scripts/docs/pages';
import { EXAMPLES } from './support/examples';
import { startSimulator } from './support/simulator/server';
import type { Simulator } from './support/simulator/server';

/** Only the real n8n runs these triggers: test/host/verification.test.ts says what they give. */
const IN_THE_HOST = ['plusofonTrigger'];

const EXAMPLE = /<!-- example ([^>]+?) -->\n\n```json\n([^]*?)\n```/g;

const examples = pages()
	.flatMap((page) => [...readFileSync(page, 'utf8').matchAll(EXAMPLE)])
	.map(([, name = '', json = '']): [string, unknown] => [name, JSON.parse(json)])
	.filter(([name]) => !IN_THE_HOST.includes(name));

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

/** What a value is made of; what it is differs from run to run. */
function shapeOf(value: unknown): unknown {
	if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
	if (typeof value !== 'object' || value === null) return typeof value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

/** The shape of an example, with anything where only one of the two says something. */
function expected(example: unknown, real: unknown): unknown {
	const isOpen = example === null || real === null;
	if (isOpen || (Array.isArray(real) && real.length === 0)) return expect.anything();
	if (typeof example !== 'object' || typeof real !== 'object' || Array.isArray(example)) {
		return shapeOf(example);
	}
	return Object.fromEntries(
		Object.entries(example).map(([key, inner]) => [
			key,
			expected(inner, key in real ? Reflect.get(real, key) : undefined),
		]),
	);
}

it('there is one for each operation', () => {
	expect(examples.map(([name]) => name).sort()).toEqual(Object.keys(EXAMPLES).sort());
});

it.each(examples)('%s is what comes out of a real run', async (name, example) => {
	const real = await EXAMPLES[name]?.(simulator);

	expect(shapeOf(real)).toEqual(expected(example, real));
});

it('the voice menu as JSON is one, of two levels', () => {
	const text = readFileSync(join('docs', 'zvonobot.md'), 'utf8');
	const [, menuJson = ''] = /An example for _JSON_.*\n\n```json\n([^]*?)\n```/.exec(text) ?? [];

	const menu = readVoiceMenu({ menuSource: 'json', menu: undefined, menuJson });

	expect(menu).toEqual(JSON.parse(menuJson.replace('"digit": "",', '')));
	expect(menu?.[0]?.ivrs).toHaveLength(2);
});
