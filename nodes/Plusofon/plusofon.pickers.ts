import type { IDataObject, INodeListSearchItems, INodePropertyOptions } from 'n8n-workflow';
import type { Api } from '../shared/api';
import { takeRows } from '../shared/fields/list';
import type { Page } from '../shared/pagination';
import { MOST_OPTIONS, optionsPicker, searchPicker } from '../shared/pickers';
import { cabinetApi } from './plusofon.api';
import { readPage, readPaged, readWhole } from './plusofon.lists';

/** What fills the drop-downs of the node. */
export const loadOptions = {
	getNumbers: optionsPicker(cabinetApi, async (api) =>
		(await ownedNumbers(api)).map((row) => ({ name: numberLabel(row), value: String(row.id) })),
	),
	getReservedNumbers: optionsPicker(cabinetApi, async (api) => {
		const rows = await takeRows(readPaged(api, '/api/v1/number/reserve', {}), MOST);
		return rows.map((row) => ({ name: numberLabel(row), value: String(row.number).slice(-10) }));
	}),
	getForwardingTypes: optionsPicker(cabinetApi, async (api, context) => {
		const owners = await ownerTypesOf(api, context.getCurrentNodeParameter('numbers'));
		const types = await takeRows(readWhole(api, FOLLOW_TYPES, 'follow_types'), {});
		const allowed = types.filter(({ owner_types: list }) =>
			owners.every((owner) => !Array.isArray(list) || (list as string[]).includes(owner)),
		);
		return [
			...allowed.map(({ type, title }) => ({ name: String(title), value: String(type) })),
			...(types.some(({ type }) => type === 'empty') ? [] : [NO_FORWARDING]),
		];
	}),
	getCallerIdTypes: optionsPicker(cabinetApi, async (api) => {
		const types = await takeRows(readWhole(api, '/api/v1/number/cli-types', 'cli_types'), {});
		return types.map(({ type, title }) => ({ name: String(title), value: String(type) }));
	}),
	getRegions: optionsPicker(cabinetApi, async (api) =>
		(await regions(api)).map(({ id, title }) => ({ name: String(title), value: String(id) })),
	),
	getCityCodes: optionsPicker(cabinetApi, async (api, context) => {
		const chosen = context.getCurrentNodeParameter('filters.region');
		const all = await regions(api);
		// An expression is not resolved here: then any region may be meant.
		const isKnown = /^\d+$/.test(String(chosen ?? ''));
		const wanted = all.filter(({ id }) => !isKnown || String(id) === String(chosen));
		return wanted.flatMap(({ title, code }): INodePropertyOptions[] =>
			(Array.isArray(code) ? (code as string[]) : []).map((one) => ({
				name: `${one} (${String(title)})`,
				value: String(one),
			})),
		);
	}),
};

/** What the resource locators of the node search. */
export const listSearch = {
	searchAccounts: searchPicker(cabinetApi, async (api) =>
		wholeAsPage(await takeRows(readWhole(api, '/api/v1/flash-call', 'data'), {}), (row) => ({
			name: `${String(row.name)} (${String(row.id)})`,
			value: String(row.id),
		})),
	),
	searchPackages: searchPicker(cabinetApi, async (api) =>
		wholeAsPage(
			await takeRows(readWhole(api, '/api/v1/flash-call/proposals', 'data'), {}),
			(row) => ({
				name: `${String(row.name)}: ${Number(row.amount)} ₽ a month`,
				value: String(row.id),
			}),
		),
	),
	searchNumbers: searchPicker(cabinetApi, async (api, page) =>
		numbersAsItems(await readPage(api, '/api/v1/number', {}, page)),
	),
	searchReservations: searchPicker(cabinetApi, async (api, page) =>
		numbersAsItems(await readPage(api, '/api/v1/number/reserve', {}, page)),
	),
};

const MOST = { limit: MOST_OPTIONS };
const FOLLOW_TYPES = '/api/v1/number/follow-types';
const NO_FORWARDING = { name: 'No Forwarding', value: 'empty' };

async function ownedNumbers(api: Api): Promise<IDataObject[]> {
	return await takeRows(readPaged(api, '/api/v1/number', {}), MOST);
}

async function regions(api: Api): Promise<IDataObject[]> {
	return await takeRows(readWhole(api, '/api/v1/number/code-regions', 'code_regions'), {});
}

/** Owner types of the numbers chosen so far; none while they are not known, as with an expression. */
async function ownerTypesOf(api: Api, chosen: unknown): Promise<string[]> {
	const ids = Array.isArray(chosen) ? chosen.map(String) : [];
	if (ids.length === 0) return [];
	const rows = await ownedNumbers(api);
	return rows.filter(({ id }) => ids.includes(String(id))).map((row) => String(row.owner_type));
}

function numberLabel({ number, owner_type: owner, id }: IDataObject): string {
	return `+${String(number)} (${String(owner)}, ID ${String(id)})`;
}

function numbersAsItems({ rows, hasNext }: Page<IDataObject>): Page<INodeListSearchItems> {
	const items = rows.map((row) => ({ name: numberLabel(row), value: String(row.id) }));
	return { rows: items, hasNext };
}

function wholeAsPage(
	rows: IDataObject[],
	toItem: (row: IDataObject) => INodeListSearchItems,
): Page<INodeListSearchItems> {
	return { rows: rows.map(toItem), hasNext: false };
}
