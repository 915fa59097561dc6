/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import * as ts from 'typescript';

const ROOT = resolve(__dirname, '../..');

/** A text that a person may read when an item is refused. */
export interface ErrorText {
	code: string;
	/** With what differs from case to case as ‹name›. */
	message: string;
	hint: string;
	/** The nodes that can say it. */
	nodes: string[];
	/** Where it stands, for whoever wants to change it. */
	at: string;
}

/** The folders of the nodes, as people call them. */
const NODES: Readonly<Record<string, string>> = {
	Plusofon: 'Plusofon',
	Mobilgroup: 'Mobilgroup',
	Zvonobot: 'Zvonobot',
	PhoneVerification: 'Phone Verification',
};

/** Parameters that name a field: spelling out each would make a row for every field there is. */
const FIELD_PARAMETERS = new Set(['field', 'fieldName', 'displayName', 'place']);

/** Names that say more than what they stand for. */
const OPAQUE = new Set(['quote', 'range']);

/** What stands for a part of a text whose own name says too little. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
	credentialName: 'credential',
	digits: 'last four digits',
	displayName: 'field',
	fieldName: 'field',
	hint: 'what to do about that',
	hints: "each channel's own advice",
	is: 'number',
	json: 'number',
	known: 'one of the words it may be',
	length: 'number',
	maxStarts: 'number',
	meant: 'the field it may be',
	message: 'what happened',
	moment: 'date and time',
	most: 'number',
	over: 'number',
	place: 'field',
	placeholder: 'an example',
	quote: "the provider's words",
	range: 'from … to …',
	thrown: 'what happened',
	timezone: 'time zone',
	tried: 'each with its code',
	windowMinutes: 'number',
	within: 'record.',
};

/** The files whose texts one node shows, though all could reach them. */
const ONLY: Readonly<Record<string, string>> = { 'nodes/shared/download.ts': 'Zvonobot' };

/** Stands where a function says what another one hands it: that one is read, too. */
const PASSED_PROBLEM = '‹problem›';

type FunctionNode = ts.FunctionLikeDeclaration & { body: ts.Node };

/** What the parameters of a function stand for in one call of it. */
type Scope = ReadonlyMap<ts.Symbol, readonly string[]>;

/** Every text of the code in nodes/, read from its syntax: nothing is run. */
export function errorTexts(): ErrorText[] {
	return new Reader().texts();
}

class Reader {
	private readonly program = createProgram();

	private readonly checker = this.program.getTypeChecker();

	private readonly files = this.program
		.getSourceFiles()
		.filter(({ fileName }) => fileName.startsWith(ROOT) && !fileName.endsWith('.d.ts'));

	/** Calls by the function that is called. */
	private readonly calls = new Map<ts.Symbol, ts.CallExpression[]>();

	/** Which declarations of a file's top level use which. */
	private readonly users = new Map<ts.Symbol, Set<ts.Symbol | string>>();

	private readonly found = new Map<string, ErrorText>();

	texts(): ErrorText[] {
		for (const file of this.files) this.visit(file, (node) => this.index(node));
		for (const file of this.files) this.visit(file, (node) => this.read(node));
		return [...this.found.values()];
	}

	private visit(node: ts.Node, look: (node: ts.Node) => void): void {
		look(node);
		ts.forEachChild(node, (child) => this.visit(child, look));
	}

	private index(node: ts.Node): void {
		if (ts.isCallExpression(node)) {
			const symbol = this.symbolOf(node.expression);
			if (symbol !== undefined) this.calls.set(symbol, [...(this.calls.get(symbol) ?? []), node]);
		}
		if (!ts.isIdentifier(node) || ts.isImportSpecifier(node.parent)) return;
		const used = this.symbolOf(node);
		if (used === undefined || !isTopLevel(used)) return;
		const user = this.topLevelOf(node);
		const users = this.users.get(used) ?? new Set();
		if (user !== used) users.add(user);
		this.users.set(used, users);
	}

	/** The places where a text begins its way to a person. */
	private read(node: ts.Node): void {
		if (ts.isNewExpression(node) && node.expression.getText() === 'Failure') {
			const [details] = node.arguments ?? [];
			if (details !== undefined && ts.isObjectLiteralExpression(details)) this.readObject(details);
		} else if (ts.isObjectLiteralExpression(node) && isRefusalRow(node)) {
			this.readObject(node);
		} else if (ts.isObjectLiteralExpression(node) && isProblem(node)) {
			// Why a phone number was refused, worded to follow the name of a field.
			const { problem, hint } = propertiesOf(node);
			if (problem && hint)
				this.emit(node, { code: 'invalid_input', message: problem, hint }, '‹field› ');
		} else if (
			ts.isCallExpression(node) &&
			node.arguments.length === 2 &&
			this.isRefuse(node.expression)
		) {
			const [message, hint] = node.arguments;
			if (message && hint) this.emit(node, { code: 'invalid_input', message, hint }, '‹field› ');
		}
	}

	private readObject(node: ts.ObjectLiteralExpression): void {
		const { code, message, hint } = propertiesOf(node);
		if (code && message && hint) this.emit(node, { code, message, hint }, '');
	}

	/** Whether a call makes a refusal through a function that was handed over, whatever the field. */
	private isRefuse(callee: ts.Expression): boolean {
		if (ts.isCallExpression(callee)) return this.givesRefuse(callee.expression);
		const declaration = this.symbolOf(callee)?.valueDeclaration;
		if (declaration === undefined || !ts.isParameter(declaration)) return false;
		if (declaration.type !== undefined) return declaration.type.getText() === REFUSE;
		return this.checker.getTypeAtLocation(declaration).aliasSymbol?.name === REFUSE;
	}

	private givesRefuse(callee: ts.Expression): boolean {
		const declaration = this.symbolOf(callee)?.valueDeclaration;
		if (declaration === undefined) return false;
		if (ts.isFunctionDeclaration(declaration)) return declaration.type?.getText() === REFUSE;
		const made = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
		const body = made !== undefined && ts.isArrowFunction(made) ? made.body : undefined;
		return body !== undefined && ts.isCallExpression(body) && this.givesRefuse(body.expression);
	}

	private emit(
		node: ts.Node,
		parts: { code: ts.Expression | string; message: ts.Expression; hint: ts.Expression },
		before: string,
	): void {
		for (const { scope, caller } of this.scopesFor(node, Object.values(parts))) {
			const [codes, messages, hints] = [parts.code, parts.message, parts.hint].map((part) =>
				typeof part === 'string' ? [part] : this.valuesOf(part, scope),
			) as [string[], string[], string[]];
			const most = Math.max(codes.length, messages.length, hints.length);
			for (const list of [codes, messages, hints]) {
				if (list.length !== 1 && list.length !== most) {
					throw new Error(`${placeOf(node)}: the texts cannot be paired; make a Failure of each`);
				}
			}
			for (let index = 0; index < most; index++) {
				const at = (list: string[]) => list[list.length === 1 ? 0 : index] ?? '';
				this.add(node, caller, {
					code: at(codes),
					message: `${before}${at(messages)}`,
					hint: at(hints),
				});
			}
		}
	}

	private add(
		node: ts.Node,
		caller: ts.Node,
		{ code, message, hint }: Pick<ErrorText, 'code' | 'message' | 'hint'>,
	): void {
		// What was said elsewhere is only passed on here.
		if ((isPassedOn(message) && isPassedOn(hint)) || message.includes(PASSED_PROBLEM)) return;
		const at = placeOf(node);
		const [only] = [node, caller].flatMap((one) => ONLY[fileOf(one)] ?? []);
		const nodes = only === undefined ? this.nodesOf(this.topLevelOf(caller)) : [only];
		const key = JSON.stringify([code, message, hint]);
		const known = this.found.get(key)?.nodes ?? [];
		const all = [...new Set([...known, ...nodes])].sort();
		this.found.set(key, { code, message: oneLine(message), hint: oneLine(hint), at, nodes: all });
	}

	/** What the parameters in some expressions stand for, one scope for each call of their function. */
	private scopesFor(
		node: ts.Node,
		parts: ReadonlyArray<ts.Expression | string>,
	): Array<{ scope: Scope; caller: ts.Node }> {
		const expressions = parts.filter((part) => typeof part !== 'string');
		const parameters = new Set(expressions.flatMap((part) => this.parametersIn(part)));
		const isText = ({ name }: ts.Symbol) => !FIELD_PARAMETERS.has(name);
		const owner = [...parameters].find(isText)?.valueDeclaration?.parent;
		const calls = isFunction(owner) ? (this.calls.get(this.nameOf(owner) ?? NOBODY) ?? []) : [];
		if (!isFunction(owner) || calls.length === 0) return [{ scope: new Map(), caller: node }];
		return calls.flatMap((call) => {
			const given = owner.parameters.map(
				({ initializer }, index) => call.arguments[index] ?? initializer,
			);
			const known = given.filter((one) => one !== undefined);
			return this.scopesFor(call, known).map(({ scope, caller }) => ({
				caller,
				scope: new Map(
					[...parameters].map((parameter): [ts.Symbol, string[]] => {
						const index = owner.parameters.findIndex(
							({ name }) => this.symbolOf(name) === parameter,
						);
						const argument = given[index];
						const values = argument === undefined ? [] : this.valuesOf(argument, scope);
						const isKnown = values.length > 0 && values.some((value) => !isPassedOn(value));
						return [parameter, isKnown ? values : [placeholder(parameter.name)]];
					}),
				),
			}));
		});
	}

	/** The parameters in an expression that are texts. */
	private parametersIn(node: ts.Node): ts.Symbol[] {
		const found: ts.Symbol[] = [];
		this.visit(node, (one) => {
			const symbol = ts.isIdentifier(one) ? this.symbolOf(one) : undefined;
			const declaration = symbol?.valueDeclaration;
			if (symbol === undefined || declaration === undefined || OPAQUE.has(symbol.name)) return;
			const isText = ts.isParameter(declaration) && declaration.type?.getText() === 'string';
			if (isText || (ts.isParameter(declaration) && FIELD_PARAMETERS.has(symbol.name))) {
				found.push(symbol);
			}
		});
		return found;
	}

	/** What an expression may be: each text once, with what is not known of it as ‹name›. */
	private valuesOf(node: ts.Expression, scope: Scope): string[] {
		if (ts.isStringLiteralLike(node)) return [node.text];
		if (ts.isNumericLiteral(node))
			return [Number(node.text.replaceAll('_', '')).toLocaleString('en-US')];
		if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) {
			return this.valuesOf(node.expression, scope);
		}
		if (ts.isTemplateExpression(node)) {
			return node.templateSpans.reduce(
				(texts, span) =>
					joined(joined(texts, this.valuesOf(span.expression, scope)), [span.literal.text]),
				[node.head.text],
			);
		}
		if (ts.isConditionalExpression(node)) {
			const branches = [node.whenTrue, node.whenFalse]
				// Nothing is said where there is nothing.
				.filter((branch) => branch.getText() !== 'undefined')
				.flatMap((branch) => this.valuesOf(branch, scope));
			// What may be left out is shown.
			const shown = branches.filter((text) => text !== '');
			return shown.length === 0 ? [''] : shown;
		}
		if (ts.isIdentifier(node)) return this.valuesOfName(node, scope);
		if (ts.isCallExpression(node)) return this.valuesOfCall(node, scope);
		if (ts.isPropertyAccessExpression(node)) {
			return [this.valueOfProperty(node) ?? placeholder(node.name.text)];
		}
		const isFallback =
			ts.isBinaryExpression(node) &&
			node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken;
		return isFallback ? this.valuesOf(node.left, scope) : [placeholder('number')];
	}

	private valuesOfName(node: ts.Identifier, scope: Scope): string[] {
		const isShorthand = ts.isShorthandPropertyAssignment(node.parent);
		const symbol = isShorthand
			? this.checker.getShorthandAssignmentValueSymbol(node.parent)
			: this.symbolOf(node);
		const known = symbol && scope.get(symbol);
		if (known !== undefined) return [...known];
		const initializer = constantIn(symbol?.valueDeclaration);
		return initializer === undefined || OPAQUE.has(node.text)
			? [placeholder(node.text)]
			: this.valuesOf(initializer, scope);
	}

	/** A function of ours that only puts a text together is read; of any other call its subject stays. */
	private valuesOfCall(call: ts.CallExpression, scope: Scope): string[] {
		const declaration = this.symbolOf(call.expression)?.valueDeclaration;
		if (declaration && ts.isFunctionDeclaration(declaration) && declaration.body) {
			const [only, ...more] = declaration.body.statements;
			const returned =
				only && more.length === 0 && ts.isReturnStatement(only) ? only.expression : undefined;
			if (returned && (ts.isConditionalExpression(returned) || ts.isTemplateExpression(returned))) {
				return this.valuesOf(returned, scope);
			}
		}
		const [argument] = call.arguments;
		const isMethod = ts.isPropertyAccessExpression(call.expression);
		const isOurs = declaration !== undefined && ts.isFunctionDeclaration(declaration);
		if (isMethod && !isOurs) {
			const { expression } = call.expression as ts.PropertyAccessExpression;
			if (!ts.isIdentifier(expression) || !/^[A-Z][a-z]/.test(expression.text)) {
				return this.valuesOf(expression, scope);
			}
		}
		return argument === undefined ? [placeholder('number')] : this.valuesOf(argument, scope);
	}

	/** `someField.displayName`, where the field is written down. */
	private valueOfProperty({ expression, name }: ts.PropertyAccessExpression): string | undefined {
		const declaration = this.symbolOf(expression)?.valueDeclaration;
		if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer)
			return undefined;
		const { initializer } = declaration;
		const [object] = ts.isCallExpression(initializer) ? initializer.arguments : [initializer];
		if (object === undefined || !ts.isObjectLiteralExpression(object)) return undefined;
		const value = propertiesOf(object)[name.text];
		return value !== undefined && ts.isStringLiteralLike(value) ? value.text : undefined;
	}

	/** The nodes from which a declaration can be reached. */
	private nodesOf(start: ts.Symbol | string): string[] {
		const seen = new Set<ts.Symbol | string>();
		const waiting = [start];
		for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
			if (seen.has(next)) continue;
			seen.add(next);
			if (typeof next !== 'string') waiting.push(...(this.users.get(next) ?? []));
		}
		const files = [...seen].map((one) =>
			typeof one === 'string' ? one : (one.valueDeclaration?.getSourceFile().fileName ?? ''),
		);
		return files.flatMap(nodeOf);
	}

	private topLevelOf(node: ts.Node): ts.Symbol | string {
		for (let at = node; at.parent !== undefined; at = at.parent) {
			const name =
				ts.isFunctionDeclaration(at) || ts.isClassDeclaration(at) || ts.isVariableDeclaration(at)
					? at.name
					: undefined;
			const symbol = name && this.checker.getSymbolAtLocation(name);
			if (symbol !== undefined && isTopLevel(symbol)) return symbol;
		}
		return node.getSourceFile().fileName;
	}

	private nameOf(owner: FunctionNode): ts.Symbol | undefined {
		const { name, parent } = owner;
		const named = name ?? (ts.isVariableDeclaration(parent) ? parent.name : undefined);
		return named && this.checker.getSymbolAtLocation(named);
	}

	/** What a name means; of properties only those of a whole file that was imported. */
	private symbolOf(node: ts.Node): ts.Symbol | undefined {
		if (ts.isPropertyAccessExpression(node)) {
			const owner = ts.isIdentifier(node.expression) ? this.symbolOf(node.expression) : undefined;
			const isFile = owner !== undefined && owner.flags & ts.SymbolFlags.ValueModule;
			return isFile ? this.symbolAt(node.name) : undefined;
		}
		if (!ts.isIdentifier(node)) return undefined;
		if (ts.isShorthandPropertyAssignment(node.parent)) {
			return aliased(this.checker, this.checker.getShorthandAssignmentValueSymbol(node.parent));
		}
		const { parent } = node;
		const isProperty = ts.isPropertyAccessExpression(parent) && parent.name === node;
		return isProperty ? this.symbolOf(parent) : this.symbolAt(node);
	}

	private symbolAt(node: ts.Node): ts.Symbol | undefined {
		return aliased(this.checker, this.checker.getSymbolAtLocation(node));
	}
}

function aliased(checker: ts.TypeChecker, symbol: ts.Symbol | undefined): ts.Symbol | undefined {
	return symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias
		? checker.getAliasedSymbol(symbol)
		: symbol;
}

/** The type of functions that make a refusal for a field that only whoever hands them over knows. */
const REFUSE = 'Refuse';

/** Stands for a function without a name: nobody calls it by one. */
const NOBODY = {} as ts.Symbol;

function createProgram(): ts.Program {
	const rootNames = ['nodes', 'credentials'].flatMap((folder) =>
		readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
			.filter((file) => file.endsWith('.ts'))
			.map((file) => join(ROOT, folder, file)),
	);
	// Without n8n's own types, which take most of the time and say nothing about our texts.
	const options: ts.CompilerOptions = { noLib: true, types: [], target: ts.ScriptTarget.ES2022 };
	const host = ts.createCompilerHost(options, true);
	host.resolveModuleNameLiterals = (literals, containing) =>
		literals.map(({ text }) =>
			text.startsWith('.')
				? ts.resolveModuleName(text, containing, options, host)
				: { resolvedModule: undefined },
		);
	return ts.createProgram({ rootNames, options, host });
}

function isTopLevel({ valueDeclaration: declaration }: ts.Symbol): boolean {
	if (declaration === undefined) return false;
	if (ts.isFunctionDeclaration(declaration) || ts.isClassDeclaration(declaration)) {
		return ts.isSourceFile(declaration.parent);
	}
	return ts.isVariableDeclaration(declaration) && ts.isSourceFile(declaration.parent.parent.parent);
}

function isFunction(node: ts.Node | undefined): node is FunctionNode {
	return node !== undefined && ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

function propertiesOf({
	properties,
}: ts.ObjectLiteralExpression): Partial<Record<string, ts.Expression>> {
	return Object.fromEntries(
		properties.flatMap((property): Array<[string, ts.Expression]> => {
			if (ts.isShorthandPropertyAssignment(property)) return [[property.name.text, property.name]];
			return ts.isPropertyAssignment(property)
				? [[property.name.getText(), property.initializer]]
				: [];
		}),
	);
}

/** A row of a provider's table of refusals. */
function isRefusalRow(node: ts.ObjectLiteralExpression): boolean {
	const { code, message, hint } = propertiesOf(node);
	const isOfFailure = ts.isNewExpression(node.parent);
	return code !== undefined && message !== undefined && hint !== undefined && !isOfFailure;
}

function isProblem(node: ts.ObjectLiteralExpression): boolean {
	const { problem, hint, message } = propertiesOf(node);
	return problem !== undefined && hint !== undefined && message === undefined;
}

/** What a constant is made of, where that is a text or a number. */
function constantIn(declaration: ts.Declaration | undefined): ts.Expression | undefined {
	if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
	const { initializer, parent } = declaration;
	if (initializer === undefined || !(parent.flags & ts.NodeFlags.Const)) return undefined;
	const isText =
		ts.isStringLiteralLike(initializer) ||
		ts.isNumericLiteral(initializer) ||
		ts.isTemplateExpression(initializer) ||
		ts.isConditionalExpression(initializer);
	return isText ? initializer : undefined;
}

/** Whether a text says nothing of its own. */
function isPassedOn(text: string): boolean {
	return text.replace(/‹[^›]*›/g, '').replace(/[\s›]/g, '') === '';
}

function joined(starts: readonly string[], ends: readonly string[]): string[] {
	return starts.flatMap((start) => ends.map((end) => `${start}${end}`));
}

function placeholder(name: string): string {
	const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
	const isRange = name === 'range';
	return `${isRange ? ' ' : ''}‹${PLACEHOLDERS[name] ?? words}›`;
}

function oneLine(text: string): string {
	return text.replace(/ +/g, ' ').trim();
}

function nodeOf(fileName: string): string[] {
	const [folder = '', name = ''] = relative(ROOT, fileName).split(sep);
	if (folder === 'credentials') {
		return Object.keys(NODES).filter((node) => name.startsWith(node));
	}
	const node = NODES[name];
	return node === undefined ? [] : [node];
}

function fileOf(node: ts.Node): string {
	return relative(ROOT, node.getSourceFile().fileName);
}

function placeOf(node: ts.Node): string {
	const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
	return `${fileOf(node)}:${line + 1}`;
}
