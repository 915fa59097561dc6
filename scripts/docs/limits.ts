/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as ts from 'typescript';
import { table } from './marks';
import { commonOptionsTable } from './operations';

/** What is limited, with # for the number; the file and the constant that hold it. */
type Limit = [what: string, most: string, file: string, constant: string];

const LIMITS: readonly Limit[] = [
	[
		'Items worked on at the same time, unless _Items at Once_ says otherwise',
		'#',
		'shared/fields/options',
		'PRESET_ITEMS_AT_ONCE',
	],
	[
		'Time for a request, unless _Timeout_ says otherwise',
		'# seconds',
		'shared/fields/options',
		'PRESET_TIMEOUT_SECONDS',
	],
	['An answer of a provider', '# MB', 'shared/http', 'MOST_MEGABYTES'],
	['Pages of a list', '#', 'shared/pagination', 'MOST_PAGES'],
	['Entries of a drop-down', '#', 'shared/pickers', 'MOST_OPTIONS'],
	[
		'A pause that a provider asks for and the node takes',
		'# seconds',
		'shared/repeat',
		'LONGEST_HOLD_SECONDS',
	],
	['Tries of a request that is safe to repeat', '#', 'shared/repeat', 'MOST_TRIES'],
	['A wait', '# seconds (a week)', 'shared/waiting/limit', 'MOST_SECONDS'],
	[
		'Zvonobot: calls in a request, unless _Calls per Request_ says otherwise',
		'#',
		'Zvonobot/callSettings',
		'PRESET_BATCH_SIZE',
	],
	['Zvonobot: IDs in a request', '#', 'Zvonobot/zvonobot.api', 'MOST_IN_REQUEST'],
	[
		'Zvonobot: a file that _Download Recording_ brings, unless _Max Size_ says otherwise',
		'# MB',
		'Zvonobot/resources/call/downloadRecording',
		'PRESET_MEGABYTES',
	],
	[
		'Zvonobot: a file that is uploaded',
		'# MB',
		'Zvonobot/resources/recording/create',
		'MOST_MEGABYTES',
	],
	['Zvonobot: levels of a voice menu in JSON', '#', 'Zvonobot/voiceMenu/rules', 'MOST_LEVELS'],
	['Zvonobot: entries of a voice menu', '#', 'Zvonobot/voiceMenu/rules', 'MOST_ENTRIES'],
	['Plusofon: a Hook URL', '# characters', 'Plusofon/hookUrl', 'LONGEST'],
	['Sealed keys whose tries are counted, in a process', '#', 'shared/attempts', 'MOST_COUNTED'],
	[
		'Phones whose starts Phone Verification counts, in a process',
		'#',
		'PhoneVerification/guards',
		'MOST_PHONES',
	],
	['Plusofon Trigger: confirmations known in a process', '#', 'shared/expiring', 'MOST_REMEMBERED'],
	[
		'Plusofon Trigger: confirmations known across restarts',
		'#',
		'Plusofon/callConfirmation',
		'MOST_KEPT_IN_WORKFLOW',
	],
	['Zvonobot Trigger: events known in a process', '#', 'Zvonobot/webhookReceiver', 'MOST_KNOWN'],
	[
		'Zvonobot Trigger: events known across restarts',
		'#',
		'Zvonobot/webhookReceiver',
		'MOST_KEPT_IN_WORKFLOW',
	],
	['Zvonobot Trigger: events in one body', '#', 'Zvonobot/webhookBody', 'MOST'],
];

export const limitMakers = { limits: limitsTable, 'common options': commonOptionsTable };

function limitsTable(): string {
	return table(
		['What', 'At most'],
		LIMITS.map(([what, most, file, constant]) => [
			what,
			most.replace('#', constantIn(file, constant).toLocaleString('en-US')),
		]),
	);
}

function constantIn(file: string, name: string): number {
	const path = resolve(__dirname, '../../nodes', `${file}.ts`);
	const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022);
	const declared = source.statements
		.filter(ts.isVariableStatement)
		.flatMap(({ declarationList }) => [...declarationList.declarations])
		.find((declaration) => ts.isIdentifier(declaration.name) && declaration.name.text === name);
	const value = declared?.initializer;
	if (value === undefined || !ts.isNumericLiteral(value)) {
		throw new Error(`${file}.ts has no number ${name}`);
	}
	return Number(value.text);
}
