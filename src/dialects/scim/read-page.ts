import { Fault } from '#domain/fault.ts';
import { scimLimits } from './limits.ts';

/** A page as the client asked for it; `startIndex` begins at 1. */
export interface AskedPage {
  readonly startIndex: number;
  readonly count: number;
}

/** Reads `startIndex` and `count`: RFC 7644 section 3.4.2.4. Raises `invalid_value` for what is no whole number. */
export function readPage(startIndex: string | undefined, count: string | undefined): AskedPage {
  return {
    startIndex: Math.max(1, readWhole('startIndex', startIndex, 1)),
    count: Math.min(scimLimits.pageSize, Math.max(0, readWhole('count', count, scimLimits.pageSizeDefault))),
  };
}

function readWhole(name: string, text: string | undefined, missing: number): number {
  if (text === undefined || text === '') return missing;
  if (!/^-?\d{1,15}$/.test(text)) throw new Fault('invalid_value', `${name} must be a whole number`);
  return Number(text);
}
