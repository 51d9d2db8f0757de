import type { Resource } from '#domain/resource.ts';
import { urns } from './schemas.ts';
import { type Writing, writeResource } from './write-resource.ts';

/** A page of resources as a ListResponse: RFC 7644 section 3.4.2. Joined as text, since the resources are text already. */
export function writeList(total: number, startIndex: number, resources: readonly Resource[], writing: Writing): string {
  const texts = resources.map((resource) => writeResource(resource, writing));
  return writeListOf(total, startIndex, texts);
}

/** A ListResponse of what is JSON text already. */
export function writeListOf(total: number, startIndex: number, texts: readonly string[]): string {
  const head = `{"schemas":["${urns.listResponse}"],"totalResults":${total},"startIndex":${startIndex}`;
  return `${head},"itemsPerPage":${texts.length},"Resources":[${texts.join(',')}]}`;
}
