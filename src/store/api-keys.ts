import { groupType } from '#attributes/resource-type.ts';
import type { ShownGroup } from '#domain/group-choice.ts';
import type { Namespace } from '#domain/person.ts';
import type { Db, Row, Tx } from './database.ts';
import { keyOfRow } from './keys.ts';

/** A connection that is a key of a group, as the database knows it. */
export interface ApiKeyRow {
  readonly connection: string;
  /** What clients call the key. */
  readonly number: number;
  /** The number of the user that the key is to clients. */
  readonly userNumber: number;
  readonly name: string;
  readonly group: ShownGroup;
  /** How its token begins; absent when it has none that lives. */
  readonly prefix?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly updatedBy: ApiKeyWriter;
}

/** Who changed a key last: a person, or a connection, or neither. */
export interface ApiKeyWriter {
  readonly person?: string;
  /** The name of the connection. */
  readonly name?: string;
  /** The number that clients know the writer by: of a person who was deleted, or of the user that a key is. */
  readonly number?: number;
}

/** A group that a key is of, by the id of a stored one. */
export type KeyGroup = 'everybody' | 'superusers' | { readonly id: string };

const keysText = (keys: Namespace['keys']) => `select k.connection, k.number, k.user_number, n.name, k.administers,
    r.id as group_id, r.label as group_name, ${keyOfRow(groupType, keys, '$2')} as group_key,
    n.created_at, k.updated_at, k.updated_by_person, w.name as writer_name, coalesce(wk.user_number, t.number) as writer_number,
    (
      select c.prefix from credential c where c.tenant = $1 and c.connection = k.connection and c.kind = 'token'
        and c.revoked_at is null and c.expires_at > now() order by c.created_at desc, c.hash limit 1
    ) as prefix
  from api_key k
  join connection n on n.tenant = $1 and n.id = k.connection and n.revoked_at is null
  left join app_group r on r.tenant = $1 and r.id = k.group_id
  left join connection w on w.tenant = $1 and w.id = k.updated_by_connection
  left join api_key wk on wk.tenant = $1 and wk.connection = k.updated_by_connection
  left join tombstone t on t.tenant = $1 and t.id = k.updated_by_person
  where k.tenant = $1`;

const statements = {
  number: textsOf('number'),
  objectId: textsOf('objectId'),
};

function textsOf(keys: Namespace['keys']) {
  const text = keysText(keys);
  return {
    list: { name: `api-keys-by-${keys}`, text: `${text} order by k.number` },
    find: { name: `api-key-by-${keys}`, text: `${text} and k.number = $3` },
    ofConnection: { name: `api-key-of-connection-by-${keys}`, text: `${text} and k.connection = $3` },
  };
}

/** The keys of a tenant that live, in the order in which they were made. */
export async function listApiKeyRows(db: Db, tenant: number, { dialect, keys }: Namespace): Promise<ApiKeyRow[]> {
  return (await db.read(statements[keys].list, [tenant, dialect])).map(keyFrom);
}

/** A key that lives, by its number. */
export async function findApiKey(
  db: Db,
  tenant: number,
  { dialect, keys }: Namespace,
  number: number,
): Promise<ApiKeyRow | undefined> {
  const [row] = await db.read(statements[keys].find, [tenant, dialect, number]);
  return row && keyFrom(row);
}

/** The key that a connection is; undefined for one that was made otherwise. */
export async function findKeyOfConnection(
  db: Db,
  tenant: number,
  { dialect, keys }: Namespace,
  connection: string,
): Promise<ApiKeyRow | undefined> {
  const [row] = await db.read(statements[keys].ofConnection, [tenant, dialect, connection]);
  return row && keyFrom(row);
}

function keyFrom(row: Row): ApiKeyRow {
  return {
    connection: row.connection as string,
    number: row.number as number,
    userNumber: row.user_number as number,
    name: row.name as string,
    group: groupFrom(row),
    ...(row.prefix !== null && { prefix: row.prefix as string }),
    createdAt: row.created_at as string,
    updatedAt: row.updated_at as string,
    updatedBy: {
      ...(row.updated_by_person !== null && { person: row.updated_by_person as string }),
      ...(row.writer_name !== null && { name: row.writer_name as string }),
      ...(row.writer_number !== null && { number: row.writer_number as number }),
    },
  };
}

function groupFrom({ administers, group_id: id, group_key: key, group_name: name }: Row): ShownGroup {
  if (id !== null) return { id: id as string, key: key as string, name: name as string };
  return administers === true ? 'superusers' : 'everybody';
}

const countStatement = {
  name: 'count-api-keys',
  text: `select count(*) as keys from api_key k
    join connection n on n.tenant = $1 and n.id = k.connection and n.revoked_at is null where k.tenant = $1`,
};

/** How many keys of a tenant live. */
export async function countApiKeyRows(db: Db, tenant: number): Promise<number> {
  const [row] = await db.read(countStatement, [tenant]);
  return row?.keys as number;
}

const connectionStatement = {
  name: 'connection-of-api-key',
  text: 'select connection from api_key where tenant = $1 and number = $2',
};

/** The connection that is or was the key with this number. */
export async function findConnectionOfKey(tx: Tx, tenant: number, number: number): Promise<string | undefined> {
  const [row] = await tx.run(connectionStatement, [tenant, number]);
  return row?.connection as string | undefined;
}

/** Who writes a key: a connection, or a person who is signed in. */
interface Writer {
  readonly connection?: string;
  readonly person?: string;
}

const insertStatement = {
  name: 'insert-api-key',
  text: `insert into api_key (tenant, connection, user_number, administers, group_id, updated_by_connection, updated_by_person)
    values ($1, $2, nextval($3::text::regclass), $4, $5, $6, $7) returning number`,
};

/** Makes a connection the key of a group, and gives the number of the key. */
export async function insertApiKey(
  tx: Tx,
  tenant: number,
  connection: string,
  group: KeyGroup,
  writer: Writer,
): Promise<number> {
  const values = [tenant, connection, `app_user_number_${tenant}`, ...groupColumns(group), ...writerColumns(writer)];
  const [row] = await tx.run(insertStatement, values);
  return row?.number as number;
}

const saveStatement = {
  name: 'save-api-key',
  text: `update api_key set administers = $3, group_id = $4, updated_by_connection = $5, updated_by_person = $6, updated_at = now()
    where tenant = $1 and connection = $2`,
};

/** Saves what a key is of, and that somebody changed it. */
export function saveApiKey(tx: Tx, tenant: number, connection: string, group: KeyGroup, writer: Writer): void {
  tx.send(saveStatement, [tenant, connection, ...groupColumns(group), ...writerColumns(writer)]);
}

const groupStatement = {
  name: 'group-of-api-key',
  text: 'select administers, group_id from api_key where tenant = $1 and connection = $2 for no key update',
};

/** What a key is of, held until the transaction ends. */
export async function lockKeyGroup(tx: Tx, tenant: number, connection: string): Promise<KeyGroup> {
  const [row] = await tx.run(groupStatement, [tenant, connection]);
  const id = row?.group_id as string | null | undefined;
  if (id) return { id };
  return row?.administers === true ? 'superusers' : 'everybody';
}

function groupColumns(group: KeyGroup): [boolean, string | null] {
  return [group === 'superusers', typeof group === 'string' ? null : group.id];
}

function writerColumns({ connection, person }: Writer): [string | null, string | null] {
  return [connection ?? null, person ?? null];
}
