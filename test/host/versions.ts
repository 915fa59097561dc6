import { isN8n1 } from './folders';

/** A test of what only one generation of n8n does. */
export const onN8n1 = isN8n1 ? it : it.skip;
export const onN8n2 = isN8n1 ? it.skip : it;
