/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { ICredentialType, INodeType } from 'n8n-workflow';
import { allOperations, fieldsOf } from '../nodes/shared/describe';
import type { Field, Operation, Resource } from '../nodes/shared/operation';

const ROOT = resolve(__dirname, '..');
const NODES = join(ROOT, 'nodes');
/** The provider-neutral node: the only one that may import the providers. */
const NEUTRAL = 'PhoneVerification';
const MOST_PROPERTIES = 250;

interface Manifest {
	name: string;
	homepage: string;
	n8n: { nodes: string[]; credentials: string[] };
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
const listedNodes = manifest.n8n.nodes.map(sourceOf);
const listedCredentials = manifest.n8n.credentials.map(sourceOf);

/** The TypeScript file of a built file. */
function sourceOf(built: string): string {
	return join(ROOT, built.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
}

function filesIn(folder: string): string[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));
}

const sources = filesIn(NODES).filter((file) => file.endsWith('.ts'));

function exportsOf(file: string): Record<string, unknown> {
	return jest.requireActual<Record<string, unknown>>(file);
}

/** Makes the one class that a node's or credential's file is named after. */
function instanceOf<T>(file: string): T {
	const made = exportsOf(file)[basename(file).split('.')[0] ?? ''];
	if (typeof made !== 'function') throw new Error(`${file} has no class of its own name`);
	return new (made as new () => T)();
}

const nodes = listedNodes.map((file) => ({
	name: basename(file, '.node.ts'),
	file,
	instance: instanceOf<INodeType>(file),
	description: instanceOf<INodeType>(file).description,
}));

const credentials = listedCredentials.map((file) => ({
	name: basename(file, '.credentials.ts'),
	file,
	credential: instanceOf<ICredentialType>(file),
}));

interface Known {
	/** As the tests show it. */
	title: string;
	provider: string;
	resource: Resource;
	operation: Operation;
	fields: readonly Field[];
}

/** Every operation of every node that has resources. */
const operations = [...new Set(listedNodes.map(dirname))].flatMap((folder): Known[] => {
	const index = join(folder, 'resources', 'index.ts');
	if (!existsSync(index)) return [];
	const { resources } = exportsOf(index) as { resources: readonly Resource[] };
	const provider = basename(folder);
	return allOperations(resources).map(({ resource, operation }) => ({
		title: `${provider} ${resource.value}/${operation.option.value}`,
		provider,
		resource,
		operation,
		fields: fieldsOf(operation),
	}));
});

/** Fields with those inside collections, each with a path that tells where it stands. */
function everyField(fields: readonly Field[], within = ''): Array<[path: string, field: Field]> {
	return fields.flatMap((field): Array<[string, Field]> => {
		const path = `${within}${field.name}`;
		const inner = (field.options ?? []).flatMap((option) => {
			if ('values' in option) return [...option.values];
			return 'type' in option ? [option] : [];
		});
		return [[path, field], ...everyField(inner, `${path}.`)];
	});
}

/** The paths of the fields that have a problem. */
function failing(fields: readonly Field[], hasProblem: (field: Field) => boolean): string[] {
	return everyField(fields)
		.filter(([, field]) => hasProblem(field))
		.map(([path]) => path);
}

const SMALL_WORDS = new Set(
	'a an and as at but by for from in into of on or per the to via vs with'.split(' '),
);

function isTitleCase(text: string): boolean {
	const words = text.split(/\s+/).map((word) => word.replace(/^[("]+/, ''));
	return words.every(
		(word, index) => /^[A-Z0-9]/.test(word) || (index > 0 && SMALL_WORDS.has(word)),
	);
}

/** Words that keep their capitals inside a sentence, beside abbreviations. */
const NAMES = new Set(['CallToAuth', ...nodes.map(({ name }) => name)]);

function isSentenceCase(text: string): boolean {
	const [first = '', ...others] = text.split(/\s+/).map((word) => word.replace(/[(),.]/g, ''));
	const isPlain = (word: string) => word === word.toLowerCase();
	const isAbbreviation = (word: string) => /^[A-Z0-9]{2,}s?$/.test(word);
	return (
		/^[A-Z]/.test(first) &&
		others.every((word) => isPlain(word) || isAbbreviation(word) || NAMES.has(word))
	);
}

/** Whether a text begins with a capital, and has a full stop only when it is more than one sentence. */
function isWellEnded(text: string): boolean {
	const plain = text.replace(/<[^>]+>/g, '').replace(/\b(e\.g|i\.e)\./g, '');
	const sentences = plain.split(/(?<=[\w)"'][.!?])\s+(?=[A-Z0-9])/);
	return /^[A-Z0-9]/.test(plain) && /[.!?]$/.test(plain) === sentences.length > 1;
}

describe('the rules above', () => {
	it.each([
		['Send Flash Call', true],
		['Valid For (Minutes)', true],
		['Number of Items at Once', true],
		['8-800', true],
		['Send flash Call', false],
		['of Items', false],
	])('take "%s" for title case: %s', (text, expected) => {
		expect(isTitleCase(text)).toBe(expected);
	});

	it.each([
		['Send a flash call', true],
		['Check a PIN', true],
		['Get many IDs', true],
		['Send a Flash Call', false],
		['send a flash call', false],
	])('take "%s" for sentence case: %s', (text, expected) => {
		expect(isSentenceCase(text)).toBe(expected);
	});

	it.each([
		['How long to wait, e.g. 5', true],
		['Costs money. Rings a phone.', true],
		['The digits; ? stands for one of them', true],
		['How long to wait.', false],
		['Costs money. Rings a phone', false],
		['how long to wait', false],
		['', false],
	])('take "%s" for a well ended description: %s', (text, expected) => {
		expect(isWellEnded(text)).toBe(expected);
	});
});

it('the package offers every node and credential there is', () => {
	const isNode = (file: string) => file.endsWith('.node.ts');
	const isCredential = (file: string) => file.endsWith('.credentials.ts');

	expect([...listedNodes].sort()).toEqual(sources.filter(isNode).sort());
	expect([...listedCredentials].sort()).toEqual(
		filesIn(join(ROOT, 'credentials')).filter(isCredential).sort(),
	);
});

describe.each(nodes.map((node) => [node.name, node] as const))('the node %s', (name, node) => {
	const { file, description, instance } = node;

	it('is called what its file is called', () => {
		expect(description.name).toBe(name.charAt(0).toLowerCase() + name.slice(1));
		expect(isTitleCase(description.displayName)).toBe(true);
		expect(description.defaults.name).toBe(description.displayName);
	});

	it('says what it does', () => {
		expect(isWellEnded(description.description)).toBe(true);
	});

	it(`has at most ${MOST_PROPERTIES} properties`, () => {
		expect(description.properties.length).toBeLessThanOrEqual(MOST_PROPERTIES);
	});

	it('has a codex file that names it and leads to its documentation', () => {
		const codex = JSON.parse(readFileSync(file.replace(/\.ts$/, '.json'), 'utf8')) as {
			node: string;
			categories: string[];
			alias: string[];
			resources: { primaryDocumentation: Array<{ url: string }> };
		};

		expect(codex.node).toBe(`${manifest.name}.${description.name}`);
		expect(codex.categories).not.toHaveLength(0);
		expect(codex.alias).not.toHaveLength(0);
		expect(codex.resources.primaryDocumentation).not.toHaveLength(0);
	});

	it('has an icon for light and one for dark', () => {
		expectIcons(description.icon, dirname(file));
	});

	it('asks for credentials that the package has', () => {
		const known = credentials.map(({ credential }) => credential.name);
		const wanted = (description.credentials ?? []).map((credential) => credential.name);

		expect(wanted.filter((wantedName) => !known.includes(wantedName))).toEqual([]);
	});

	it('has no field that the editor takes for a choice between ways to log in, and hides', () => {
		const shown = (description.credentials ?? []).map((one) => one.displayOptions?.show ?? {});
		const hidden = description.properties.filter(({ name: field, options = [] }) => {
			const values = shown.flatMap((show) => show[field] ?? []);
			return (
				values.length > 0 && options.every((one) => 'value' in one && values.includes(one.value))
			);
		});

		// To these two n8n adds "Custom API Call", which goes with no credential.
		const spared = ['resource', 'operation'];
		expect(hidden.map((field) => field.name).filter((field) => !spared.includes(field))).toEqual(
			[],
		);
	});

	it("has no wait that n8n's chat can end, before 2.39 or after", () => {
		if (description.webhooks?.some(({ restartWebhook }) => restartWebhook) !== true) return;
		expect(Boolean(instance.onMessage)).toBe(true);
		expect(typeof instance.onMessage).not.toBe('function');
	});

	it('can be used as a tool when it is no trigger', () => {
		const isTrigger = description.group.includes('trigger');

		expect(description.usableAsTool === true).toBe(!isTrigger);
	});
});

function expectIcons(icon: unknown, folder: string): void {
	expect(icon).toEqual({
		light: expect.stringMatching(/^file:.+\.svg$/),
		dark: expect.stringMatching(/^file:.+\.svg$/),
	});
	const { light, dark } = icon as Record<'light' | 'dark', string>;
	expect(light).not.toBe(dark);
	for (const reference of [light, dark]) {
		const text = readFileSync(join(folder, reference.replace(/^file:/, '')), 'utf8');
		expect(text).toMatch(/<svg[\s>]/);
	}
}

describe.each(credentials.map((credential) => [credential.name, credential] as const))(
	'the credential %s',
	(name, { file, credential }) => {
		it('is called what its file is called', () => {
			expect(credential.name).toBe(name.charAt(0).toLowerCase() + name.slice(1));
			expect(credential.displayName).toMatch(/ API$/);
		});

		it('can be tested', () => {
			const testing = nodes.flatMap(({ description }) =>
				(description.credentials ?? []).filter(({ testedBy }) => testedBy !== undefined),
			);
			const isTestedByNode = testing.some((wanted) => wanted.name === credential.name);

			expect(credential.test !== undefined || isTestedByNode).toBe(true);
		});

		it('has an address for its documentation', () => {
			expect(credential.documentationUrl).toMatch(/^https:\/\//);
			expect(credential.documentationUrl).toContain(manifest.homepage.replace(/#.*$/, ''));
		});

		it('has an icon for light and one for dark', () => {
			expectIcons(credential.icon, dirname(file));
		});

		it('masks its key, requires it and presets nothing for it', () => {
			const keys = credential.properties.filter(
				({ name: field, type }) => type === 'string' && /token|key|secret|password/i.test(field),
			);

			expect(keys).not.toHaveLength(0);
			for (const key of keys) {
				expect(key).toMatchObject({ typeOptions: { password: true }, required: true, default: '' });
			}
		});

		it('asks for what some node uses', () => {
			const wanted = nodes.flatMap(({ description }) => description.credentials ?? []);

			expect(wanted.map((one) => one.name)).toContain(credential.name);
		});

		it('describes its fields', () => {
			const fields = credential.properties.filter(({ type }) => type !== 'notice');

			expect(failing(fields, ({ description = '' }) => !isWellEnded(description))).toEqual([]);
		});
	},
);

it('there are operations to look at', () => {
	expect(operations.length).toBeGreaterThan(2);
});

describe.each(operations.map((known) => [known.title, known] as const))(
	'the operation %s',
	(_, { provider, resource, operation, fields }) => {
		const { option } = operation;

		it('has a value that is no label: flows store it for ever', () => {
			expect(option.value).toMatch(/^[a-z][a-zA-Z0-9]*$/);
			expect(option.value).not.toBe(option.name);
			expect(resource.value).toMatch(/^[a-z][a-zA-Z0-9]*$/);
			expect(resource.value).not.toBe(resource.name);
		});

		it('has a name in title case, an action in sentence case and a description', () => {
			expect([option.name, isTitleCase(option.name)]).toEqual([option.name, true]);
			expect([resource.name, isTitleCase(resource.name)]).toEqual([resource.name, true]);
			expect([option.action, isSentenceCase(option.action)]).toEqual([option.action, true]);
			expect([option.description, isWellEnded(option.description)]).toEqual([
				option.description,
				true,
			]);
		});

		it('has the options that have an effect on it', () => {
			const options = fields.find(({ name }) => name === 'options')?.options ?? [];
			const names = options.flatMap((one) => ('name' in one ? [one.name] : []));
			const isForMany = names.includes('itemsAtOnce') && names.includes('requestsPerSecond');

			expect(names).toContain('timeout');
			expect(isForMany).toBe(!('wait' in operation));
		});

		it('has fields named in lowerCamelCase, labelled in title case', () => {
			const names = fields.map((field) => field.name);

			expect(names.filter((name) => !/^[a-z][a-zA-Z0-9]*$/.test(name))).toEqual([]);
			expect(
				failing(fields, ({ displayName, type }) => type !== 'notice' && !isTitleCase(displayName)),
			).toEqual([]);
		});

		it('has no two fields of one name', () => {
			const paths = everyField(fields).map(([path]) => path);

			expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([]);
		});

		it('describes its fields', () => {
			const isUndescribed = ({ type, description = '' }: Field) =>
				!['notice', 'collection', 'fixedCollection'].includes(type) && !isWellEnded(description);

			expect(failing(fields, isUndescribed)).toEqual([]);
		});

		it('says of each yes or no what it decides', () => {
			const isVague = ({ type, description = '' }: Field) =>
				type === 'boolean' && !/^Whether /.test(description);

			expect(failing(fields, isVague)).toEqual([]);
		});

		it('gives an example for each text', () => {
			const isExample = (placeholder = '') => /^e\.g\. \S/.test(placeholder);
			const lacksExample = ({ type, typeOptions, placeholder, modes = [] }: Field) => {
				if (type === 'string') return typeOptions?.password !== true && !isExample(placeholder);
				return modes.some((mode) => mode.type === 'string' && !isExample(mode.placeholder));
			};

			expect(failing(fields, lacksExample)).toEqual([]);
		});

		if (operation.costsMoney === true) {
			it('says that it costs', () => {
				expect(option.description).toMatch(/costs /i);
			});

			it('has no preset that could send something by itself', () => {
				// The key of an earlier try calls nobody, and an owner's kind alone buys nothing.
				const harmless = ['retryKey', 'ownerType'];
				const isSent = ({ name, default: preset }: Field) =>
					!harmless.includes(name) && typeof preset === 'string' && /^=|^\s*[[{]/.test(preset);

				expect(failing(fields, isSent)).toEqual([]);
			});
		}

		it('leaves it to the node to say where its fields are shown', () => {
			const saysWhere = ({ displayOptions }: Field) =>
				Object.keys({ ...displayOptions?.show, ...displayOptions?.hide }).some((name) =>
					/^\/?(resource|operation)$/.test(name),
				);

			expect(failing(fields, saysWhere)).toEqual([]);
		});

		it('lives in a file of its name, in a folder of its resource', () => {
			const file = join(NODES, provider, 'resources', resource.value, `${option.value}.ts`);

			expect(Object.values(exportsOf(file))).toContain(operation);
		});

		it('is done once only when it costs money', () => {
			expect(operation.costsMoney === true && operation.onceFor === undefined).toBe(false);
		});

		it('has a test', () => {
			const tests = filesIn(join(ROOT, 'test', 'nodes', provider))
				.filter((file) => file.endsWith('.test.ts'))
				.map((file) => readFileSync(file, 'utf8'));
			const others = operations.filter((known) => known.provider === provider);
			const isOnlyResource = others.every((known) => known.resource === resource);
			const mentions = (text: string, value: string) => text.includes(`'${value}'`);

			const isTested = tests.some(
				(text) =>
					mentions(text, option.value) && (isOnlyResource || mentions(text, resource.value)),
			);
			// A row of the provider's wire test is one.
			expect(isTested || `No test in test/nodes/${provider} names '${option.value}'`).toBe(true);
		});
	},
);

it('no operation is written and then forgotten in its resource', () => {
	const providers = new Set(operations.map(({ provider }) => provider));
	const files = [...providers].flatMap((provider) => filesIn(join(NODES, provider, 'resources')));
	const written = files
		.filter((file) => file.endsWith('.ts') && basename(file) !== 'index.ts')
		.flatMap((file) => Object.values(exportsOf(file)))
		.filter((one): one is Operation => one !== null && typeof one === 'object' && 'option' in one);
	const offered = operations.map(({ operation }) => operation);

	expect(written.filter((one) => !offered.includes(one)).map(({ option }) => option.value)).toEqual(
		[],
	);
});

it('no two operations of a resource and no two resources of a node share a value', () => {
	const titles = operations.map(({ title }) => title);
	const labels = operations.map(({ provider, resource, operation }) =>
		[provider, resource.value, operation.option.name].join('/'),
	);

	expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
	expect(labels.filter((label, index) => labels.indexOf(label) !== index)).toEqual([]);
});

describe('who may import whom', () => {
	interface Import {
		from: string;
		/** A path inside nodes/, or the name of a package. */
		to: string;
	}

	/** The part of nodes/ that a file belongs to: `shared` or a provider. */
	const partOf = (path: string) => path.split(sep)[0] ?? '';

	function importsOf(file: string): Import[] {
		const text = readFileSync(file, 'utf8');
		const pattern = /(?:\bfrom\s+|\bimport\s+|\bimport\(\s*|\brequire\(\s*)'([^']+)'/g;
		return [...text.matchAll(pattern)].map(([, target = '']) => ({
			from: relative(NODES, file),
			to: target.startsWith('.') ? relative(NODES, resolve(dirname(file), target)) : target,
		}));
	}

	const imports = sources.flatMap(importsOf);
	const inside = imports.filter(({ to }) => sources.some((file) => isFileOf(file, to)));
	const outside = imports.filter((one) => !inside.includes(one));

	function isFileOf(file: string, path: string): boolean {
		const target = join(NODES, path);
		return file === `${target}.ts` || file === join(target, 'index.ts');
	}

	const shown = ({ from, to }: Import) => `${from} -> ${to}`;

	it('is read from all sources', () => {
		expect(inside.length).toBeGreaterThan(sources.length);
		expect(inside.map(shown)).toContain(
			join('Plusofon', 'Plusofon.node.ts') + ' -> ' + join('shared', 'execute'),
		);
	});

	it('shared imports no provider', () => {
		const wrong = inside.filter(
			({ from, to }) => partOf(from) === 'shared' && partOf(to) !== 'shared',
		);

		expect(wrong.map(shown)).toEqual([]);
	});

	it('no provider imports another', () => {
		const wrong = inside.filter(
			({ from, to }) =>
				![NEUTRAL, 'shared', partOf(to)].includes(partOf(from)) && partOf(to) !== 'shared',
		);

		expect(wrong.map(shown)).toEqual([]);
	});

	it('nothing imports a node', () => {
		const wrong = [...imports, ...listedCredentials.flatMap(importsOf)].filter(({ to }) =>
			/\.node$/.test(to),
		);

		expect(wrong.map(shown)).toEqual([]);
	});

	it("a provider's API knows nothing of its resources", () => {
		const wrong = inside.filter(
			({ from, to }) => /\.api\.ts$/.test(from) && to.split(sep).includes('resources'),
		);

		expect(wrong.map(shown)).toEqual([]);
	});

	it('no operation imports another', () => {
		const isOperation = (path: string) =>
			path.split(sep)[1] === 'resources' && path.split(sep).length === 4 && !/index/.test(path);
		const wrong = inside.filter(({ from, to }) => isOperation(from) && isOperation(to));

		expect(wrong.map(shown)).toEqual([]);
	});

	it('what is pure knows nothing of n8n', () => {
		const pure = ['phone', 'webhookSignature', 'concurrency', 'expiring', 'secrets'].map((name) =>
			join('shared', `${name}.ts`),
		);
		const wrong = outside.filter(({ from, to }) => pure.includes(from) && to === 'n8n-workflow');

		expect(wrong.map(shown)).toEqual([]);
	});

	it('only what n8n allows comes from outside, and libphonenumber through one file', () => {
		const allowed = ['n8n-workflow', 'node:crypto'];
		const wrong = outside.filter(
			({ from, to }) =>
				!allowed.includes(to) &&
				!(from === join('shared', 'libphonenumber.ts') && to === 'libphonenumber-js/max'),
		);

		expect(wrong.map(shown)).toEqual([]);
	});

	it('no operation reaches for the context that only the executor knows', () => {
		const files = sources.filter((file) => relative(NODES, file).split(sep)[1] === 'resources');
		const wrong = files.filter((file) =>
			/\bgetNodeParameter\b|\bIExecuteFunctions\b|\bthis\./.test(readFileSync(file, 'utf8')),
		);

		expect(files).not.toHaveLength(0);
		expect(wrong).toEqual([]);
	});
});
