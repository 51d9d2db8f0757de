import { Fault } from '#domain/fault.ts';

/** The entity tag of a version: `W/"3"`. RFC 7644 section 3.14. */
export function writeEtag(version: number): string {
  return `W/"${version}"`;
}

const entityTag = /^(?:W\/)?"([\x21\x23-\x7e]*)"$/;

/**
 * The versions that an If-Match or If-None-Match header names; 'any' for `*`. A tag that is none of ours names no version,
 * so nothing has it. RFC 9110 section 13.1. Raises `invalid_value` for what is no list of entity tags.
 */
export function readEtags(header: string | undefined): readonly number[] | 'any' | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return 'any';
  return header.split(',').map((text) => {
    const match = entityTag.exec(text.trim());
    if (match === null)
      throw new Fault('invalid_value', 'If-Match and If-None-Match take entity tags such as W/"3", or *');
    return /^\d{1,15}$/.test(match[1] ?? '') ? Number(match[1]) : Number.NaN;
  });
}
