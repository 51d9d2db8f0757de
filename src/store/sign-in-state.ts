import { userType } from '#attributes/resource-type.ts';
import { fold } from '#domain/fold.ts';
import { indexedLength } from './compare-key.ts';
import type { Db, Row, Tx } from './database.ts';
import { valuePath } from './value-rows.ts';

/** Somebody who may sign in, as far as trying a password goes. */
export interface Candidate {
  readonly id: string;
  readonly active: boolean;
  /** Absent for who has no password. */
  readonly hash?: string;
  /** When the password became what it is; absent for who has none. */
  readonly changedAt?: string;
  /** Whether the password is a temporary one whose time is over. */
  readonly expired: boolean;
}

const candidateColumns = `r.id, r.active, p.hash, p.changed_at, coalesce(p.expires_at <= now(), false) as expired
  from app_user r left join password p on p.tenant = r.tenant and p.user_id = r.id`;

const byIdStatement = {
  name: 'candidate-by-id',
  text: `select ${candidateColumns} where r.tenant = $1 and r.id = $2`,
};

const byNameStatement = {
  name: 'candidate-by-name',
  text: `select ${candidateColumns} where r.tenant = $1 and r.user_name_key = $2`,
};

const [addresses, primaries] = ['emails.value', 'emails.primary'].map((path) => valuePath(userType, path));

/** The people whose first address is `$2`: the primary one, or the only one of who has none that is. */
const ownersOf = `select distinct v.owner from attribute_value v
  where v.tenant = $1 and v.path = '${addresses}' and left(v.text_key, ${indexedLength}) = left($2, ${indexedLength})
    and v.text_key = $2
    and coalesce(
      (select bool_or(f.element = v.element) from attribute_value f
        where f.tenant = $1 and f.owner = v.owner and f.path = '${primaries}' and f.number_key = 1),
      not exists (select from attribute_value o
        where o.tenant = $1 and o.owner = v.owner and o.path = '${addresses}' and o.element <> v.element)
    )
    and not exists (select from unverified_email u where u.tenant = $1 and u.user_id = v.owner and u.email_key = $2)
  limit 2`;

const byEmailStatement = {
  name: 'candidate-by-email',
  text: `with owner as materialized (${ownersOf})
    select ${candidateColumns} where r.tenant = $1 and (select count(*) from owner) = 1
      and r.id = (select owner from owner limit 1)`,
};

/**
 * Who signs in with a name: the person with this userName, else the only one with this primary e-mail. An e-mail that
 * waits to be verified is nobody's.
 */
export async function findCandidate(db: Db, tenant: number, name: string): Promise<Candidate | undefined> {
  const values = [tenant, fold(name)];
  const [[named], [addressed]] = await Promise.all([
    db.read(byNameStatement, values),
    db.read(byEmailStatement, values),
  ]);
  return candidateFrom(named ?? addressed);
}

/** The only person with this primary e-mail, or undefined: who gets a mail at this address. */
export async function findByEmail(db: Db, tenant: number, email: string): Promise<Candidate | undefined> {
  return candidateFrom((await db.read(byEmailStatement, [tenant, fold(email)]))[0]);
}

/** A person who proves once more who he is. */
export async function findCandidateById(db: Db, tenant: number, person: string): Promise<Candidate | undefined> {
  return candidateFrom((await db.read(byIdStatement, [tenant, person]))[0]);
}

function candidateFrom(row: Row | undefined): Candidate | undefined {
  if (row === undefined) return undefined;
  const { id, active, expired } = row as Record<'id', string> & Record<'active' | 'expired', boolean>;
  const password = { hash: row.hash as string, changedAt: row.changed_at as string };
  return { id, active, expired, ...(row.hash !== null && password) };
}

/** When too many failures lock a person out, and for how long. */
export interface Lockout {
  readonly failures: number;
  readonly windowSeconds: number;
  readonly lockSeconds: number;
}

/** What became of a try that was counted. */
export interface CountedTry {
  /** When the person is locked from now on, because this try was one too many. */
  readonly lockedUntil?: string;
}

/** The message is for nobody: it makes the commit of a try that must not be made write, and so last as long as of any other. */
const countStatement = {
  name: 'count-sign-in',
  text: `with was as (
      select id, locked_until is not null or coalesce(failed_since <= now() - make_interval(secs => $4), true) as anew,
        failed_login_attempts as failed
      from app_user where tenant = $1 and id = $2 and (locked_until is null or locked_until <= now())
      for no key update
    ), counted as (
      update app_user r set
        failed_since = case when was.anew then now() else r.failed_since end,
        failed_login_attempts = case when was.anew then 1 else was.failed + 1 end,
        locked_until = case when (case when was.anew then 1 else was.failed + 1 end) >= $3
          then now() + make_interval(secs => $5) end
      from was where r.tenant = $1 and r.id = was.id
      returning r.locked_until
    ), refused as (
      select pg_logical_emit_message(true, 'muster', 'a try') as place where not exists (select from counted)
    )
    select (select count(*) from counted) = 1 as may_try, (select locked_until from counted) as locked_until,
      (select place from refused) as place`,
};

/** Whom a name means that nobody has. */
const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * Counts a try as failed before it is known how it ends, so that no number of tries at one moment passes the limit, and
 * locks the person when it is the last. Undefined: the person is locked or there is none (`person` is absent), and this
 * try must not be made; the database then does the same work.
 */
export async function countTry(
  tx: Tx,
  tenant: number,
  person: string | undefined,
  { failures, windowSeconds, lockSeconds }: Lockout,
): Promise<CountedTry | undefined> {
  const [row] = await tx.run(countStatement, [tenant, person ?? nobody, failures, windowSeconds, lockSeconds]);
  if (row?.may_try !== true) return undefined;
  return row.locked_until === null ? {} : { lockedUntil: row.locked_until as string };
}

const clearStatement = {
  name: 'clear-tries',
  text: `with was as (
      select id, failed_login_attempts, locked_until from app_user where tenant = $1 and id = $2 for no key update
    )
    update app_user r set failed_login_attempts = null, failed_since = null, locked_until = null,
      last_login_at = case when $3 then now() else r.last_login_at end,
      first_login_at = case when $3 then coalesce(r.first_login_at, r.last_login_at, now()) else r.first_login_at end
    from was where r.tenant = $1 and r.id = was.id and (r.active or not $3)
    returning was.failed_login_attempts, was.locked_until, coalesce(r.must_change_password, false) as must_change`,
};

/** The state of a person's sign-ins as it was before it was cleared. */
export interface ClearedState {
  readonly failedLoginAttempts?: number;
  readonly lockedUntil?: string;
  readonly mustChange: boolean;
}

/**
 * Forgets failures and lock, and notes a sign-in where it was one. Undefined: there is no such person, or he is inactive
 * and so does not sign in.
 */
export async function clearTries(
  tx: Tx,
  tenant: number,
  person: string,
  signsIn: boolean,
): Promise<ClearedState | undefined> {
  const [row] = await tx.run(clearStatement, [tenant, person, signsIn]);
  if (row === undefined) return undefined;
  return {
    mustChange: row.must_change as boolean,
    ...(row.failed_login_attempts !== null && { failedLoginAttempts: row.failed_login_attempts as number }),
    ...(row.locked_until !== null && { lockedUntil: row.locked_until as string }),
  };
}

const mustChangeStatement = {
  name: 'set-must-change',
  text: 'update app_user set must_change_password = $3 where tenant = $1 and id = $2',
};

/** Says whether a person has to choose a new password. */
export function setMustChange(tx: Tx, tenant: number, person: string, must: boolean): void {
  tx.send(mustChangeStatement, [tenant, person, must ? true : null]);
}
