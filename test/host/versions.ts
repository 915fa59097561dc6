import { isN8n1 } from './folders';

type Register = (name: string, body: () => Promise<void>) => void;

/** What the other generation does: not a skipped test, since there is nothing that it could show. */
const absent: Register = () => undefined;

/** A test of what only one generation of n8n does. */
export const onN8n1: Register = isN8n1 ? it : absent;
export const onN8n2: Register = isN8n1 ? absent : it;
export const describeOnN8n2: (name: string, body: () => void) => void = isN8n1
	? () => undefined
	: describe;
