import type { Client } from 'pg';
import type { Attribute, Value, Values } from '#attributes/attribute.ts';
import { groupType, orgUnitType, type ResourceType, resourceTypes, userType } from '#attributes/resource-type.ts';
import { keyOf, textKey } from '#domain/key-of.ts';
import { type Located, locateAll } from '#domain/locate.ts';
import { searchKey } from '#store/search-key.ts';
import { isInValueTable, valuePath } from '#store/value-rows.ts';

/** How many there are of each. */
export interface LargeRoll {
  readonly User: number;
  readonly Group: number;
  readonly OrgUnit: number;
}

/** One in so many is inactive, has an external id and has failed to sign in; everybody has signed in before. */
export const rare = 100;
const started = Date.parse('2026-01-01T00:00:00Z');
const minute = 60_000;

const paths = new Map(
  resourceTypes.map((type) => [
    type.name,
    locateAll(type.attributes).filter((located) => isInValueTable(leafOf(located))),
  ]),
);

/** The stored paths of a type that are kept in the value table. */
export function valuePaths(type: ResourceType): readonly Located[] {
  return paths.get(type.name) ?? [];
}

function leafOf(located: Located): Attribute {
  return located.part?.attribute ?? located.attribute;
}

/** Paths of which everybody has a value, and what that is for number `index`. */
const shared: Readonly<Record<string, Readonly<Record<string, (index: number) => Value>>>> = {
  User: {
    userName: (index) => `user${index}@example.org`,
    'emails.value': (index) => `user${index}@example.org`,
    'emails.type': () => 'work',
    'emails.primary': () => true,
  },
  Group: { displayName: (index) => `Group number ${index}` },
  OrgUnit: { kind: () => 'SHOP', displayName: (index) => `Unit number ${index}` },
};

const kindDigits: Readonly<Record<string, string>> = { User: '1', Group: '2', OrgUnit: '3' };

/** The id of number `index` of a type. */
export function idOf(type: ResourceType, index: number): string {
  return `01900000-0000-7000-800${kindDigits[type.name]}-${index.toString(16).padStart(12, '0')}`;
}

/** Who has a value of a path: every so manyth, so that each path has values and few have the same. */
export function holdersOf(type: ResourceType, path: string, size: number): number[] {
  const every = (step: number, first: number) =>
    Array.from({ length: Math.ceil((size - first) / step) }, (_, nth) => first + nth * step);
  if (path in (shared[type.name] ?? {})) return every(1, 0);
  const all = valuePaths(type);
  const place = all.findIndex((located) => located.path === path);
  return every(all.length, place);
}

/** What filters see of number `index`: what everybody has, and the value of one path. */
export function valuesOf(type: ResourceType, index: number): Values {
  const all = valuePaths(type);
  const located = all[index % all.length] as Located;
  const everyone = sharedValues(type, index);
  const isShared = located.path in (shared[type.name] ?? {});
  return {
    ...everyone,
    ...(isShared ? {} : valueAt(everyone, located, ownValue(type, located, index))),
    id: idOf(type, index),
    meta: { resourceType: type.name, created: timeOf(index), lastModified: timeOf(index) },
    ...(index % rare === 0 && { externalId: `External ${index}` }),
  };
}

/** When number `index` was made and changed. */
export function timeOf(index: number): string {
  return new Date(started + index * minute).toISOString();
}

function sharedValues(type: ResourceType, index: number): Values {
  const value = (path: string) => shared[type.name]?.[path]?.(index) ?? '';
  if (type === groupType) return { displayName: value('displayName') };
  if (type === orgUnitType) return { kind: value('kind'), displayName: value('displayName') };
  const email = { value: value('emails.value'), type: value('emails.type'), primary: value('emails.primary') };
  return { userName: value('userName'), active: index % rare !== 0, emails: [email] };
}

function valueAt(everyone: Values, { extension, name, attribute, part }: Located, value: Value): Values {
  const [there] = (everyone[name] ?? []) as readonly Values[];
  const element = part === undefined ? value : { ...there, [part.name]: value };
  const whole: Value = attribute.many ? [element] : element;
  return extension === undefined ? { [name]: whole } : { [extension]: { [name]: whole } };
}

/** The value of its own path that number `index` has. `makeValues` writes the keys of the same values in SQL. */
function ownValue(type: ResourceType, located: Located, index: number): Value {
  const attribute = leafOf(located);
  switch (formOf(attribute)) {
    case 'flag':
      return index % 2 === 0;
    case 'number':
      return index;
    case 'time':
      return timeOf(index);
    case 'id':
      return idOf(type, index);
    case 'word':
      return attribute.canonical?.[0] ?? '';
    case 'text':
      return `${before}${index}${after}`;
  }
}

const [before, after] = ['Straße ЖУК', 'z-Value'];

function formOf({ type, strict, references }: Attribute): 'flag' | 'number' | 'time' | 'id' | 'word' | 'text' {
  if (type === 'boolean') return 'flag';
  if (type === 'integer' || type === 'decimal') return 'number';
  if (type === 'dateTime') return 'time';
  if (strict) return 'word';
  return references?.some((name) => /^[A-Z]/.test(name)) ? 'id' : 'text';
}

const idText = (type: ResourceType) => `'01900000-0000-7000-800${kindDigits[type.name]}-' || lpad(to_hex(i), 12, '0')`;

/** Fills tenant 1 of an empty database. Its one connection is the given one. */
export async function makeLargeRoll(client: Client, connection: string, sizes: LargeRoll): Promise<void> {
  // Triggers of foreign keys and four indexes of the value table are most of the time that loading takes.
  await client.query('set session_replication_role = replica');
  const indexes = await client.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes where tablename = 'attribute_value'`,
  );
  for (const { name } of indexes.rows) await client.query(`drop index ${name}`);
  for (const type of [userType, groupType, orgUnitType])
    await makeResources(client, connection, type, sizes[type.name]);
  await client.query(
    `insert into group_member (tenant, group_id, member, kind)
      select 1, (${idText(groupType)})::uuid, (${idText(userType)})::uuid, 'User' from generate_series(0, $1 - 1) as i
      union all
      select 1, (${idText(groupType)})::uuid, (${idText(groupType).replaceAll('(i)', '(i + 1)')})::uuid, 'Group'
      from generate_series(0, $1 - 2, ${rare}) as i`,
    [sizes.Group],
  );
  for (const { definition } of indexes.rows) await client.query(definition);
  await client.query('set session_replication_role = origin');
}

async function makeResources(client: Client, connection: string, type: ResourceType, size: number): Promise<void> {
  const time = `timestamptz '${timeOf(0)}' + i * interval '1 minute'`;
  const [own, ownValues] =
    type === userType
      ? [
          ', active, user_name_key, must_change_password, failed_login_attempts, locked_until, last_login_at, name_key',
          `, i % ${rare} <> 0, 'user' || i || '@example.org', case when i % ${rare} = 0 then i % ${2 * rare} = 0 end,
            case when i % ${rare} = 0 then i end, case when i % ${rare} = 0 then ${time} end, ${time}, '0given' || i % 1000 || chr(1) || '0family' || i`,
        ]
      : ['', ''];
  await client.query(
    `insert into ${type.table} (tenant, id, number, object_id, has_references, label, document, created_at, modified_at${own})
      select 1, (${idText(type)})::uuid, i, lpad(to_hex(i), 24, '0'), false, 'Label ' || i, '{"schemas":["' || repeat('urn:some:schema', 40) || i || '"]}',
        ${time}, ${time}${ownValues}
      from generate_series(0, $1 - 1) as i`,
    [size],
  );
  await client.query(`update resource_count set count = $1 where tenant = 1 and kind = $2 and slot = 0`, [
    size,
    type.name,
  ]);
  await client.query(
    `insert into external_id (tenant, connection, kind, resource, value, value_key)
      select 1, $1, '${type.name}', (${idText(type)})::uuid, 'External ' || i, 'External ' || i
      from generate_series(0, $2 - 1, ${rare}) as i`,
    [connection, size],
  );
  // Another connection has labels on everybody.
  await client.query(
    `insert into external_id (tenant, connection, kind, resource, value, value_key)
      select 1, $1, '${type.name}', (${idText(type)})::uuid, 'External ' || i, 'External ' || i from generate_series(0, $2 - 1) as i`,
    [idOf(type, 0), size],
  );
  await client.query(
    `insert into brought_id (tenant, dialect, kind, key, resource)
      select 1, 'metabase', '${type.name}', 'Old ' || i, (${idText(type)})::uuid from generate_series(0, $1 - 1, ${rare}) as i`,
    [size],
  );
  await makeValues(client, type, size);
}

/** The values of one path, for SQL to write: the key is a constant, or the number of its owner between two texts. */
function columnOf(type: ResourceType, located: Located, place: number) {
  const attribute = leafOf(located);
  const everyone = shared[type.name]?.[located.path];
  const sample = everyone?.(0) ?? ownValue(type, located, 0);
  const key = (text: string) => textKey(attribute, text);
  const [head = '', tail] = everyone === undefined ? [before, after] : String(sample).split('0');
  const form = formOf(attribute);
  const isConstant = form === 'word' || (everyone !== undefined && tail === undefined);
  const searchable =
    attribute.stored !== undefined && 'values' in attribute.stored && attribute.stored.values === 'text';
  return {
    path: valuePath(type, located.path),
    first: everyone === undefined ? place : 0,
    step: everyone === undefined ? valuePaths(type).length : 1,
    searchable,
    form: isConstant ? 'constant' : form,
    text: isConstant && typeof sample === 'string' ? key(sample) : null,
    number: isConstant && typeof sample !== 'string' ? keyOf(attribute, sample) : null,
    head: key(head),
    tail: key(tail ?? ''),
    search: searchable && searchKey(key(head)) !== key(head) ? searchKey(key(head)) : null,
  };
}

async function makeValues(client: Client, type: ResourceType, size: number): Promise<void> {
  const columns = valuePaths(type).map((located, place) => columnOf(type, located, place));
  await client.query(
    `insert into attribute_value (tenant, owner, path, element, searchable, text_key, search_key, number_key)
      select 1, (${idText(type)})::uuid, p.path, 0, p.searchable,
        case p.form when 'id' then ${idText(type)} when 'text' then p.head || i || p.tail else p.text end,
        case p.form when 'text' then p.search || i || p.tail end,
        case p.form when 'flag' then 1 - i % 2 when 'number' then i when 'time' then ${started} + i * ${minute}::float8
          else p.number end
      from json_to_recordset($1::json) as p (path text, first integer, step integer, searchable boolean, form text,
        text text, number float8, head text, tail text, search text), generate_series(p.first, $2 - 1, p.step) as i`,
    [JSON.stringify(columns), size],
  );
}
