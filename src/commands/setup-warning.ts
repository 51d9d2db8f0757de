import { isLoopback } from '#domain/is-loopback.ts';
import { defaultTenant } from '#operations/create-tenant.ts';
import { tenantOfStranger } from '#operations/tenant-of-stranger.ts';
import type { Db } from '#store/database.ts';
import { findSetupState } from '#store/setup-tokens.ts';
import type { Config } from '../config.ts';

/**
 * What to say in the log of a server that others than this machine reach, while a tenant has no person yet and the API of
 * Metabase lets anybody be the first: docs/decisions/0018. Undefined where that is not so.
 */
export async function setupWarning(
  db: Db,
  { host, publicUrl, metabaseSetup, mounts = [] }: Pick<Config, 'host' | 'publicUrl' | 'metabaseSetup' | 'mounts'>,
): Promise<string | undefined> {
  const isPrivate = isLoopback(host) && (publicUrl === undefined || isLoopback(new URL(publicUrl).hostname));
  if (metabaseSetup === 'closed' || isPrivate) return undefined;
  const places = mounts.filter(({ name }) => name === 'metabase');
  const tenants = new Set(places.length === 0 ? [undefined] : places.map(({ tenant }) => tenant));
  for (const name of tenants) {
    const { isEmpty } = await findSetupState(db, await tenantOfStranger(db, name));
    if (isEmpty) return sentenceFor(name ?? defaultTenant);
  }
  return undefined;
}

function sentenceFor(tenant: string): string {
  return (
    `whoever first reaches the API of Metabase becomes superuser of the tenant ${tenant}, on whose roll nobody is yet; ` +
    'put its first person there, or set METABASE_SETUP=closed'
  );
}
