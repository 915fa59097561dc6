import type {
	ICredentialsDisplayOptions,
	IDisplayOptions,
	INodeCredentialDescription,
} from 'n8n-workflow';
import { channels } from './channels';

const TYPES = [...new Set(channels.map(({ api }) => api.credentialType))];

/** Each credential is asked for where its provider is chosen. */
export const credentials: INodeCredentialDescription[] = TYPES.map((name) => {
	const provider = channels.find(({ api }) => api.credentialType === name)?.provider;
	return { name, required: true, displayOptions: whereChosen(provider) };
});

/**
 * Says "among the chosen ones" by conditions. A plain list of the values would make the editor take
 * Providers for a choice between ways to log in: it would hide the field, with Resource and Operation,
 * and offer one credential in their place.
 */
function whereChosen(provider: string | undefined): ICredentialsDisplayOptions {
	const options: IDisplayOptions = {
		show: { providers: [{ _cnd: { exists: true } }] },
		hide: { providers: [{ _cnd: { not: provider } }] },
	};
	// n8n knows conditions for credentials, too; only its type does not.
	return options as ICredentialsDisplayOptions;
}
