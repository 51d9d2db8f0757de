import { sql } from 'kysely';
import { commonAttributes } from '#attributes/every-resource.ts';
import type { Filter } from '#domain/filter.ts';
import { matchesElement } from '#domain/matches.ts';
import { below } from './below.ts';
import type { Condition } from './compare-key.ts';
import { valueSeen } from './seen.ts';
import type { Asked } from './viewer.ts';

/**
 * A filter on `schemas`. The base schema is always there, an extension when the resource has any of its values: so the
 * filter is answered for each URN here, and the database is asked only about the extensions that fulfil it.
 */
export function compileSchemas({ viewer, type }: Asked, filter: Filter): Condition {
  const fulfils = (urn: string) => matchesElement(commonAttributes.schemas, filter, urn);
  if (fulfils(type.urn)) return sql`true`;
  const extensions = Object.entries(type.attributes).filter(([, { urn }]) => urn !== undefined && fulfils(urn));
  const present = extensions.map(
    ([name]) =>
      sql<boolean>`exists (select from attribute_value v where v.tenant = r.tenant and v.owner = r.id and ${below(type, name)}${valueSeen(viewer, type)})`,
  );
  return present.length === 0 ? sql`false` : sql`(${sql.join(present, sql` or `)})`;
}
