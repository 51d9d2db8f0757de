import type { Located } from './locate.ts';

/** Whether no client may write an attribute, or the part of it that a path names: RFC 7643 section 7. */
export function isReadOnly({ attribute, part }: Pick<Located, 'attribute' | 'part'>): boolean {
  return [attribute, part?.attribute].some((row) => row?.mutability === 'readOnly' || row?.computed);
}
