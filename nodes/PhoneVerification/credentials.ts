import type { INodeCredentialDescription } from 'n8n-workflow';
import { channels } from './channels';

const TYPES = [...new Set(channels.map(({ api }) => api.credentialType))];

/** Each credential is asked for where its provider is chosen. */
export const credentials: INodeCredentialDescription[] = TYPES.map((name) => {
	const own = channels.filter(({ api }) => api.credentialType === name);
	return {
		name,
		required: true,
		displayOptions: { show: { providers: [...new Set(own.map(({ provider }) => provider))] } },
	};
});
