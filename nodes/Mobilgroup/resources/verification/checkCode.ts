import { checkCodeOperation } from '../../../shared/checkCode';
import { SEALING_PURPOSE } from '../../mobilgroup.api';

/** Mobilgroup has no endpoint to check a code: whoever sent it compares it. */
export const checkCode = checkCodeOperation(SEALING_PURPOSE);
