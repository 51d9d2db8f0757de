import type { Client } from 'pg';
import type { Dialect } from '#dialects/dialect.ts';
import { dialects } from '#dialects/index.ts';
import type { Mail } from '#operations/mailer.ts';
import { connectTo } from './database.ts';
import { type Muster, startMuster } from './muster.ts';
import { waitUntil } from './wait-until.ts';

/** A server that cases talk to, each in a tenant of its own. */
export interface CaseServer {
  readonly muster: Muster;
  /** The mails that were sent, oldest first. */
  readonly mails: readonly Mail[];
  /** Looks past the product into its database. */
  readonly owner: Client;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a server. In a dialect that answers who has no credential yet, each of these tenants has a host of its own, see
 * `urlFor`.
 */
export async function startCaseServer(tenants: readonly string[]): Promise<CaseServer> {
  const mails: Mail[] = [];
  const posted: Promise<unknown>[] = [];
  const post = (write: () => Promise<Mail | undefined>) =>
    void posted.push(write().then((mail) => mail && mails.push(mail)));
  const mounts = dialects
    .filter(answersStrangers)
    .flatMap(({ name }) => tenants.map((tenant) => ({ name, tenant, host: hostOf(tenant) })));
  const muster = await startMuster({ mailer: { post }, mounts });
  const owner = await connectTo(muster.database);
  const stop = async () => {
    await Promise.all(posted);
    await owner.end();
    await muster.stop();
  };
  return { muster, mails, owner, stop };
}

/** Where the clients of a dialect in a tenant reach the server. */
export function urlFor({ muster }: CaseServer, dialect: Dialect, tenant: string): string {
  const url = new URL(muster.server.url);
  if (answersStrangers(dialect)) url.hostname = hostOf(tenant);
  return url.origin;
}

function answersStrangers({ routes = [] }: Dialect): boolean {
  return routes.some(({ isOpen }) => isOpen);
}

/** What the APIs beside SCIM call everybody and every group of a tenant, by their ids. */
export async function numbersIn({ owner }: CaseServer, tenant: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await owner.query<{ id: string; number: number }>(
    `select r.id, r.number::integer as number
     from (select tenant, id, number from app_user union all select tenant, id, number from app_group) r
     join tenant t on t.tenant = r.tenant and t.name = $1`,
    [tenant],
  );
  return new Map(rows.map(({ id, number }) => [id, number]));
}

/** Lets time pass in a tenant: every token and session that ends in this time has ended. */
export async function letTimePass({ owner }: CaseServer, tenant: string, time: string): Promise<void> {
  const own = '(select tenant from tenant where name = $1)';
  await owner.query(`update credential set expires_at = expires_at - $2::interval where tenant = ${own}`, [
    tenant,
    time,
  ]);
  await owner.query(
    `update session set expires_at = expires_at - $2::interval, last_used_at = last_used_at - $2::interval,
       absolute_expires_at = absolute_expires_at - $2::interval where tenant = ${own}`,
    [tenant, time],
  );
}

/** The text of the last mail to an address that leads to a host of a tenant, once it is sent. */
export async function mailTo({ mails }: CaseServer, tenant: string, address: string): Promise<string> {
  const find = () => mails.findLast(({ to, text }) => to === address && text.includes(hostOf(tenant)))?.text;
  await waitUntil(() => find() !== undefined, `the mail to ${address}`);
  return find() ?? '';
}

function hostOf(tenant: string): string {
  return `${tenant}.localhost`;
}
