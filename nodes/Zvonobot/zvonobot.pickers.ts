import type { IDataObject, INodeListSearchItems } from 'n8n-workflow';
import type { Api } from '../shared/api';
import { takeRows } from '../shared/fields/list';
import type { Page } from '../shared/pagination';
import { MOST_OPTIONS, optionsPicker, searchPicker } from '../shared/pickers';
import { zvonobotApi } from './zvonobot.api';
import { readCallerIds, readLanguages, readTemplates } from './zvonobot.lists';

const MOST = { limit: MOST_OPTIONS };

/** What fills the drop-downs of the node. */
export const loadOptions = {
	getLanguages: optionsPicker(zvonobotApi, async (api) =>
		(await takeRows(readLanguages(api), MOST)).map(({ name, defaultLangCode }) => ({
			name: String(name),
			value: String(defaultLangCode),
		})),
	),
};

/** What the resource locators of the node search. */
export const listSearch = {
	searchCallerIds: searchPicker(
		zvonobotApi,
		async (api) =>
			await asPage(api, readCallerIds, ({ phone }) => ({
				name: `+${String(phone)}`,
				value: String(phone),
			})),
	),
	searchTemplates: searchPicker(
		zvonobotApi,
		async (api) =>
			await asPage(api, readTemplates, ({ id, name, title }) => ({
				name: `${String(name ?? title ?? 'Template')} (${String(id)})`,
				value: String(id),
			})),
	),
};

async function asPage(
	api: Api,
	read: (api: Api) => AsyncIterable<IDataObject>,
	toItem: (row: IDataObject) => INodeListSearchItems,
): Promise<Page<INodeListSearchItems>> {
	return { rows: (await takeRows(read(api), {})).map(toItem), hasNext: false };
}
