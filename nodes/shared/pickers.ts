import { NodeOperationError } from 'n8n-workflow';
import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';
import { openApi } from './api';
import type { Api, ApiDefinition } from './api';
import { asFailure } from './errors';
import { PRESET_TIMEOUT_SECONDS } from './fields/options';
import type { Page } from './pagination';

const SETTINGS = { timeoutMs: PRESET_TIMEOUT_SECONDS * 1000, once: false };

/** A drop-down can show no more; what is further down is reached by its ID. */
export const MOST_OPTIONS = 1_000;

/** How many pages a search may read before it shows what it has found: over a thousand rows. */
const PAGES_AT_ONCE = 70;

/** A method that fills a drop-down. When it cannot, the field says why. */
export function optionsPicker(
	definition: ApiDefinition,
	load: (api: Api, context: ILoadOptionsFunctions) => Promise<INodePropertyOptions[]>,
) {
	return async function (this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		return await explained(this, async () => await load(openApi(this, definition, SETTINGS), this));
	};
}

/**
 * A method that searches a paged list for a resource locator: the filter is applied here, page by
 * page, because the provider's lists cannot be searched.
 */
export function searchPicker(
	definition: ApiDefinition,
	loadPage: (api: Api, page: number) => Promise<Page<INodeListSearchItems>>,
) {
	return async function (
		this: ILoadOptionsFunctions,
		filter = '',
		token?: string,
	): Promise<INodeListSearchResult> {
		return await explained(this, async () => {
			const api = openApi(this, definition, SETTINGS);
			const wanted = filter.trim().toLowerCase();
			const first = Number(token ?? 1);
			const results: INodeListSearchItems[] = [];
			for (let page = first; page < first + PAGES_AT_ONCE; page++) {
				const { rows, hasNext } = await loadPage(api, page);
				results.push(...rows.filter(({ name }) => name.toLowerCase().includes(wanted)));
				if (!hasNext || rows.length === 0) return { results };
				if (results.length > 0) return { results, paginationToken: String(page + 1) };
			}
			return { results, paginationToken: String(first + PAGES_AT_ONCE) };
		});
	};
}

async function explained<T>(context: ILoadOptionsFunctions, load: () => Promise<T>): Promise<T> {
	return await load().catch((thrown: unknown) => {
		const { message, hint } = asFailure(thrown);
		const text = `${message}. ${hint}`;
		const error = new NodeOperationError(context.getNode(), text, { description: hint });
		// n8n swaps a message that names a network error for advice of its own.
		error.message = text;
		throw error;
	});
}
