import { checkCodeOperation } from '../../../shared/checkCode';
import { SEALING_PURPOSE } from '../../zvonobot.api';

/** Zvonobot has no endpoint to check a PIN: whoever chose it compares it. */
export const checkCode = checkCodeOperation(SEALING_PURPOSE);
