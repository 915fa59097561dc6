import type { Resource } from '../../shared/operation';
import { verification } from './verification';

export const resources: readonly Resource[] = [verification];
