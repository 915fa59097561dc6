import { Attempts } from '../shared/attempts';

/** Attempts on all keys of this process. */
export const keyAttempts = new Attempts();
