/** Names of one operator, as Plusofon and people write them. */
const NAMES: Readonly<Record<string, string>> = {
	мтс: 'mts',
	билайн: 'beeline',
	мегафон: 'megafon',
	теле2: 'tele2',
	т2: 'tele2',
	t2: 'tele2',
};

/** Whether two names mean the same operator. */
export function sameOperator(one: string, other: string): boolean {
	return plain(one) === plain(other);
}

function plain(name: string): string {
	const lower = name.trim().toLowerCase();
	return NAMES[lower] ?? lower;
}
