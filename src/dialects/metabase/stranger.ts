import type { Stranger } from '#operations/sign-in.ts';
import type { DialectContext, DialectParts } from '../dialect.ts';

/** Who comes without a credential: he means the tenant that stands for where he came in. */
export async function strangerIn(context: DialectContext, { operations, tenant }: DialectParts): Promise<Stranger> {
  const { record } = context.var;
  const { id: requestId, address } = record;
  record.tenant = await operations.tenantOfStranger(tenant);
  return { tenant: record.tenant, dialect: 'metabase', requestId, ...(address !== undefined && { address }) };
}
