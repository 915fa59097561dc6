import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { newPhone } from '../../../support/phoneVerification';
import type { Simulator } from '../../../support/simulator/server';
import type { Provider } from '../faults';
import type { Kind } from '../table';

/** An operation, with what it needs to succeed for two items at a fresh simulator. */
export interface Tried {
	node: 'mobilgroup' | 'phoneVerification' | 'plusofon' | 'zvonobot';
	resource: string;
	operation: string;
	/** What tells it from others of the same operation. */
	over?: string;
	provider: Provider;
	/** `nobody` where no request is made at all. */
	kind: Kind | 'nobody';
	/** Read the items, so that each item has something of its own to be done. */
	parameters: INodeParameters;
	/** Prepares the simulator, and says what the items are. */
	items(simulator: Simulator): Promise<IDataObject[]> | IDataObject[];
	/** The items cannot but travel in one request. */
	together?: true;
}

/** What an operation has of its own. */
export type Own = Omit<Tried, 'node' | 'resource' | 'operation' | 'provider'>;

export const phone = '={{ $json.phone }}';

export const nothing = () => [{}, {}];
export const phones = () => [{ phone: newPhone() }, { phone: newPhone() }];
export const these =
	(...items: IDataObject[]) =>
	() =>
		items;

export const asks = (parameters: INodeParameters = {}): Own => ({
	kind: 'asks',
	parameters,
	items: nothing,
});

export const byId = (name: string, value: string): INodeParameters => ({
	[name]: { __rl: true, mode: 'id', value },
});

/** As the tests show it, and the deviations name it. */
export function titleOf({ node, resource, operation, over }: Tried): string {
	return `${node} ${resource}/${operation}${over === undefined ? '' : ` over ${over}`}`;
}
