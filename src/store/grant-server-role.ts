import type { Client } from 'pg';
import { migrationTurn } from './migrate.ts';

/** The database role as which the server and the command line work. */
export interface ServerRole {
  readonly name: string;
  /** Whether to make it where it is not there: it then needs no password, as on the private socket. */
  readonly make: boolean;
}

/** Tables whose rows the server writes once: what happened stays as it was told. */
const appendOnly: readonly string[] = ['journal', 'journal_seal'];
/** Tables that only the owner writes. */
const readOnly: readonly string[] = ['migration', 'journal_anchor', 'retention'];

const changing = ['update', 'delete', 'truncate'] as const;
const everything = ['select', 'insert', ...changing, 'references', 'trigger'] as const;
type Right = (typeof everything)[number] | 'usage';

/** Something in the schema that belongs to whoever grants, and what the role holds of it now. */
interface Owned {
  readonly kind: 'table' | 'sequence' | 'function' | 'schema';
  readonly name: string;
  /** As it is written in a statement. */
  readonly quoted: string;
  readonly held: readonly string[];
}

/**
 * Lets the role of the server do what the server does and no more: it changes rows, but no table, and what is in the
 * journal it can neither change nor delete (decision 0015). Where the role is the owner himself, he gives up those
 * rights to the journal. Writes nothing where all is as it should be. Takes a connected client of the owner that is
 * nobody else's. Gives whether the journal is safe from the role, which it never is from a superuser. Throws an Error of
 * one sentence when there is no such role.
 */
export async function grantServerRole(client: Client, role: ServerRole): Promise<boolean> {
  await client.query('begin');
  try {
    await client.query(migrationTurn);
    if (role.make) await client.query(makeRole(client.escapeIdentifier(role.name)));
    await checkRole(client, role.name);
    for (const statement of await missingGrants(client, role.name)) await client.query(statement);
    const { rows } = await client.query<{ bound: boolean }>(boundText, [role.name, appendOnly, changing]);
    await client.query('commit');
    return rows[0]?.bound === true;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** Roles belong to all databases of a server, so another database may make the same one at the same moment. */
function makeRole(quoted: string): string {
  return `do $$ begin
    create role ${quoted} login;
  exception when duplicate_object or unique_violation then null;
  end $$`;
}

async function checkRole(client: Client, name: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
  if (rowCount === 1) return;
  throw new Error(`The database has no role ${name}, as which the server connects; create it or correct DATABASE_URL.`);
}

/** What of the schema belongs to whoever asks: nobody else can grant it. Security definer functions do what the server may not. */
const ownedText = `
  select 'table' as kind, relname as name, oid::regclass::text as quoted,
    array(select r from unnest($2::text[]) r where has_table_privilege($1, oid, r)) as held
  from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and pg_has_role(relowner, 'usage')
  union all
  select 'sequence', relname, oid::regclass::text,
    array(select r from unnest(array['usage', 'select', 'update']) r where has_sequence_privilege($1, oid, r))
  from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' and pg_has_role(relowner, 'usage')
  union all
  select 'function', proname, oid::regprocedure::text,
    case when coalesce(proacl, acldefault('f', proowner))::text ~ '[{,]=' then array['public']
      when has_function_privilege($1, oid, 'execute') then array['execute'] else '{}' end
  from pg_proc where pronamespace = 'public'::regnamespace and prosecdef and pg_has_role(proowner, 'usage')
  union all
  select 'schema', nspname, quote_ident(nspname),
    array(select r from unnest(array['usage']) r where has_schema_privilege($1, oid, r))
  from pg_namespace where oid = 'public'::regnamespace and pg_has_role(nspowner, 'usage')`;

const boundText = `
  select not exists (
    select from pg_class, unnest($3::text[]) r
    where relnamespace = 'public'::regnamespace and relname = any($2::text[]) and has_table_privilege($1, oid, r)
  ) as bound`;

async function missingGrants(client: Client, role: string): Promise<string[]> {
  const { rows } = await client.query<{ owner: boolean; super: boolean }>(
    'select $1 = current_user as owner, rolsuper as super from pg_roles where rolname = $1',
    [role],
  );
  const { owner = false, super: everMay = false } = rows[0] ?? {};
  // A superuser may do everything whatever is granted or revoked.
  if (everMay) return [];
  const owned = (await client.query<Owned>(ownedText, [role, everything])).rows;
  const quotedRole = client.escapeIdentifier(role);
  return owned.flatMap((each) => (owner ? boundOwner(each, quotedRole) : grantsOf(each, quotedRole)));
}

function boundOwner({ kind, name, quoted, held }: Owned, role: string): string[] {
  if (held.includes('public')) return [`revoke all on function ${quoted} from public`];
  if (kind !== 'table' || !appendOnly.includes(name)) return [];
  const excess = changing.filter((right) => held.includes(right));
  return excess.length === 0 ? [] : [`revoke ${excess.join(', ')} on ${quoted} from ${role}`];
}

function grantsOf(owned: Owned, role: string): string[] {
  const { kind, quoted, held } = owned;
  const wanted = wantedOf(owned);
  const missing = wanted.filter((right) => !held.includes(right));
  const excess = held.filter((right) => !wanted.includes(right));
  const grants = missing.length === 0 ? [] : [`grant ${missing.join(', ')} on ${kind} ${quoted} to ${role}`];
  if (excess.includes('public')) return [`revoke all on function ${quoted} from public`, ...grants];
  return excess.length === 0 ? grants : [...grants, `revoke ${excess.join(', ')} on ${kind} ${quoted} from ${role}`];
}

function wantedOf({ kind, name }: Owned): readonly string[] {
  switch (kind) {
    case 'table':
      return tableRights(name);
    case 'sequence':
      return ['usage', 'select', 'update'];
    case 'function':
      return ['execute'];
    case 'schema':
      return ['usage'];
  }
}

function tableRights(name: string): readonly Right[] {
  if (readOnly.includes(name)) return ['select'];
  return appendOnly.includes(name) ? ['select', 'insert'] : ['select', 'insert', 'update', 'delete'];
}
