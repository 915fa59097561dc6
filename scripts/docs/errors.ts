import { MobilgroupApi } from '../../credentials/MobilgroupApi.credentials';
import { PlusofonApi } from '../../credentials/PlusofonApi.credentials';
import { PlusofonFlashCallApi } from '../../credentials/PlusofonFlashCallApi.credentials';
import { ZvonobotApi } from '../../credentials/ZvonobotApi.credentials';
import { literal, table } from './marks';
import type { Makers } from './marks';
import { errorTexts } from './texts';
import type { ErrorText } from './texts';

const CREDENTIALS = [
	new MobilgroupApi(),
	new PlusofonApi(),
	new PlusofonFlashCallApi(),
	new ZvonobotApi(),
];
const EVERY_NODE = 4;

export const errorMakers: Makers = { errors: errorTables, 'credential tests': credentialTests };

/** One table for each code, the codes in alphabetical order. */
function errorTables(): string {
	const texts = errorTexts();
	const codes = [...new Set(texts.map(({ code }) => code))].sort();
	return codes
		.map((code) => {
			const own = texts.filter((text) => text.code === code).sort(byNodesThenMessage);
			const rows = own.map(({ message, hint, nodes }) => [
				literal(message),
				literal(hint),
				nodesOf(nodes),
			]);
			return `### ${code}\n\n${table(['It says', 'What to do', 'Node'], rows)}`;
		})
		.join('\n\n');
}

function credentialTests(): string {
	const rows = CREDENTIALS.flatMap(({ displayName, test }) =>
		[...new Set((test.rules ?? []).map(({ properties }) => properties.message))].map((message) => [
			displayName,
			literal(message),
		]),
	);
	return table(['Credential', 'It says'], rows);
}

function byNodesThenMessage(one: ErrorText, other: ErrorText): number {
	const isEvery = ({ nodes }: ErrorText) => Number(nodes.length === EVERY_NODE);
	return (
		isEvery(other) - isEvery(one) ||
		one.nodes.join().localeCompare(other.nodes.join()) ||
		one.message.localeCompare(other.message)
	);
}

function nodesOf(nodes: readonly string[]): string {
	return nodes.length === EVERY_NODE ? 'every' : nodes.join(', ');
}
