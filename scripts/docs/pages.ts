/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { INodeType } from 'n8n-workflow';
import { resources as mobilgroup } from '../../nodes/Mobilgroup/resources';
import { resources as phoneVerification } from '../../nodes/PhoneVerification/resources';
import { resources as plusofon } from '../../nodes/Plusofon/resources';
import type { Field } from '../../nodes/shared/operation';
import { resources as zvonobot } from '../../nodes/Zvonobot/resources';
import { voiceMenuFields } from '../../nodes/Zvonobot/voiceMenu';
import { errorMakers } from './errors';
import { limitMakers } from './limits';
import type { Makers } from './marks';
import { fieldsTable, operationMakers } from './operations';

const ROOT = resolve(__dirname, '../..');

/** Everything that stands between marks, by the name in them. */
export const makers: Makers = {
	...operationMakers('plusofon', plusofon),
	...operationMakers('mobilgroup', mobilgroup),
	...operationMakers('zvonobot', zvonobot),
	...operationMakers('phoneVerification', phoneVerification),
	'fields zvonobot/voiceMenu': () => fieldsTable(entryFields()),
	'fields zvonobotTrigger': () => fieldsTable(triggerFields()),
	...errorMakers,
	...limitMakers,
};

/** Every page of the documentation. */
export function pages(): string[] {
	const written = readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md'));
	const atTheTop = readdirSync(ROOT).filter((file) => file.endsWith('.md'));
	return [
		...atTheTop.map((file) => join(ROOT, file)),
		...written.map((file) => join(ROOT, 'docs', file)),
	];
}

/** What an entry of a voice menu is filled in with; its submenu has the same once more. */
function entryFields(): readonly Field[] {
	const fields: readonly Field[] = voiceMenuFields;
	const menu = fields.find(({ name }) => name === 'menu');
	const [group] = menu?.options ?? [];
	const values = group !== undefined && 'values' in group ? group.values : [];
	return values.filter(({ name }) => name !== 'ivrs');
}

function triggerFields() {
	// By its whole name: without it, tsx would take the JSON of the same name.
	const { ZvonobotTrigger } = createRequire(__filename)(
		'../../nodes/Zvonobot/ZvonobotTrigger.node.ts',
	) as { ZvonobotTrigger: new () => INodeType };
	return new ZvonobotTrigger().description.properties;
}
