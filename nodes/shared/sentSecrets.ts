/**
 * What was sent and might be a key, a code or a number; a plain word is not. A provider may quote a
 * part of it alone, so that what stands inside of it counts as well: the values of JSON, a URL's
 * query and password, a token without its scheme.
 */
export function sentSecrets(sent: unknown): string[] {
	if (typeof sent === 'string') {
		return /\d|.{12}/.test(sent) ? [sent, ...partsOf(sent).flatMap(sentSecrets)] : [];
	}
	if (sent instanceof FormData) return [...sent.values()].flatMap(sentSecrets);
	return typeof sent === 'object' && sent !== null ? Object.values(sent).flatMap(sentSecrets) : [];
}

/** Each shorter than the whole, so that taking parts of parts comes to an end. */
function partsOf(text: string): unknown[] {
	const authorization = /^(basic|bearer)\s+(\S+)$/i.exec(text.trim());
	if (authorization !== null) {
		const [, scheme = '', token = ''] = authorization;
		const isBasic = scheme.toLowerCase() === 'basic';
		const opened = isBasic ? Buffer.from(token, 'base64').toString('utf8') : '';
		return [token, ...opened.split(/:(.*)/s)];
	}
	if (/^\s*[[{]/.test(text)) return [parsed(text)];
	if (!/^https?:/i.test(text.trim()) || !URL.canParse(text)) return [];
	const { searchParams, password } = new URL(text);
	return [...searchParams.values(), decoded(password)];
}

function parsed(text: string): unknown {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' ? value : undefined;
	} catch {
		return undefined;
	}
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
