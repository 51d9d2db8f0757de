import { userType } from '#attributes/resource-type.ts';
import type { Db, Row, Tx } from './database.ts';
import { valuePath } from './value-rows.ts';

/** A session as the database knows it. */
export interface SessionRow {
  readonly hash: Buffer;
  readonly person: string;
  readonly dialect: string;
  readonly policy: string;
  readonly address?: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly expiresAt: string;
}

/** A session that lives, and what is known of whose it is. */
export interface LiveSession extends SessionRow {
  readonly superuser: boolean;
  /** Whether the person has to choose a new password before anything else. */
  readonly mustChange: boolean;
  /** Whether no use makes it last longer. */
  readonly endsForGood: boolean;
  /** How long it lasts from now on, by the clock of the database. */
  readonly secondsLeft: number;
}

const columns = `s.hash, s.user_id, s.dialect, s.policy, s.address, s.created_at, s.expires_at,
  greatest(s.last_used_at, c.last_used_at) as last_used_at
  from session s left join credential c on c.hash = s.hash and c.tenant = s.tenant`;
const isLive = 's.expires_at > now() and s.absolute_expires_at > now()';

const findStatement = {
  name: 'find-session',
  text: `select exists (select from attribute_value v where v.tenant = s.tenant and v.owner = s.user_id
      and v.path = '${valuePath(userType, 'muster.superuser')}' and v.number_key = 1) as superuser,
      coalesce(r.must_change_password, false) as must_change,
      s.expires_at >= s.absolute_expires_at as ends_for_good,
      extract(epoch from s.expires_at - now())::float8 as seconds_left, ${columns}
    join app_user r on r.tenant = s.tenant and r.id = s.user_id and r.active
      and (r.locked_until is null or r.locked_until <= now())
    where s.tenant = $1 and s.hash = $2 and ${isLive}`,
};

/** A session that has not ended, of a person who is active and not locked. */
export async function findSession(db: Db, tenant: number, hash: Buffer): Promise<LiveSession | undefined> {
  const [row] = await db.read(findStatement, [tenant, hash]);
  if (row === undefined) return undefined;
  return {
    ...sessionFrom(row),
    superuser: row.superuser as boolean,
    mustChange: row.must_change as boolean,
    endsForGood: row.ends_for_good as boolean,
    secondsLeft: row.seconds_left as number,
  };
}

const listStatement = {
  name: 'list-sessions',
  text: `select ${columns} where s.tenant = $1 and s.user_id = $2 and ${isLive}
    order by s.created_at desc, s.hash limit $3`,
};

/** The sessions of a person that have not ended, the newest first, up to so many. */
export async function listSessionRows(db: Db, tenant: number, person: string, limit: number): Promise<SessionRow[]> {
  return (await db.read(listStatement, [tenant, person, limit])).map(sessionFrom);
}

const hashesStatement = {
  name: 'session-hashes',
  text: `select s.hash from session s where s.tenant = $1 and s.user_id = $2 and ${isLive}`,
};

/** The hashes of all sessions of a person that have not ended. */
export async function listSessionHashes(tx: Tx, tenant: number, person: string): Promise<Buffer[]> {
  return (await tx.run(hashesStatement, [tenant, person])).map(({ hash }) => hash as Buffer);
}

function sessionFrom(row: Row): SessionRow {
  return {
    hash: row.hash as Buffer,
    person: row.user_id as string,
    dialect: row.dialect as string,
    policy: row.policy as string,
    createdAt: row.created_at as string,
    lastUsedAt: row.last_used_at as string,
    expiresAt: row.expires_at as string,
    ...(row.address !== null && { address: row.address as string }),
  };
}

/** A session that begins. */
export interface NewSession {
  readonly hash: Buffer;
  /** How its token begins, for people. */
  readonly prefix: string;
  readonly person: string;
  readonly dialect: string;
  readonly policy: string;
  readonly address?: string;
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
}

const insertStatement = {
  name: 'insert-session',
  text: `with made as (
      insert into session (tenant, hash, user_id, dialect, policy, address, expires_at, absolute_expires_at)
      values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7), now() + make_interval(secs => $8))
    )
    insert into credential (tenant, hash, person, kind, prefix, expires_at)
    values ($1, $2, $3, 'session', $9, now() + make_interval(secs => $8))`,
};

/** Begins a session, and lets its token be found. */
export function insertSession(tx: Tx, tenant: number, session: NewSession): void {
  tx.send(insertStatement, [
    ...[tenant, session.hash, session.person, session.dialect, session.policy],
    ...[session.address ?? null, session.idleSeconds, session.absoluteSeconds, session.prefix],
  ]);
}

const renewStatement = {
  name: 'renew-session',
  text: `update session set last_used_at = now(),
      expires_at = least(absolute_expires_at, now() + make_interval(secs => $3))
    where tenant = $1 and hash = $2 and expires_at > now()`,
};

/** Lets a session that is used last as long again, up to its end. */
export function renewSession(tx: Tx, tenant: number, hash: Buffer, idleSeconds: number): void {
  tx.send(renewStatement, [tenant, hash, idleSeconds]);
}

const endOneStatement = {
  name: 'end-session',
  text: `with gone as (delete from session where tenant = $1 and hash = $2)
    delete from credential where tenant = $1 and hash = $2`,
};

/** Ends one session. */
export function deleteSession(tx: Tx, tenant: number, hash: Buffer): void {
  tx.send(endOneStatement, [tenant, hash]);
}

const endAllStatement = {
  name: 'end-sessions',
  text: `with gone as (delete from session where tenant = $1 and user_id = $2),
    unreset as (delete from reset_token where tenant = $1 and user_id = $2)
    delete from credential where tenant = $1 and person = $2`,
};

/** Ends every session of a person, and every other way in that was given to him. */
export function deleteSessionsOf(tx: Tx, tenant: number, person: string): void {
  tx.send(endAllStatement, [tenant, person]);
}

const endOldStatement = {
  name: 'end-old-sessions',
  text: `with old as (
      delete from session s where s.tenant = $1 and s.hash in (
        select o.hash from session o where o.tenant = $1 and not (${isLive.replaceAll('s.', 'o.')}) limit $2
      ) returning s.hash
    ), unreset as (delete from reset_token t where t.tenant = $1 and t.expires_at <= now())
    delete from credential c using old where c.tenant = $1 and c.hash = old.hash`,
};

/** Takes away up to `limit` sessions of a tenant whose time is over, and the reset tokens. */
export function deleteOldSessions(tx: Tx, tenant: number, limit: number): void {
  tx.send(endOldStatement, [tenant, limit]);
}
