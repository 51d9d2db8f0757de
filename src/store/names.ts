import { type ResourceType, userType } from '#attributes/resource-type.ts';
import { fold } from '#domain/fold.ts';
import { indexedLength } from './compare-key.ts';
import type { Tx } from './database.ts';
import { valuePath } from './value-rows.ts';

const holdStatement = {
  name: 'hold-name',
  text: 'select pg_advisory_xact_lock($1, hashtext($2))',
};

const takenStatement = {
  name: 'name-taken',
  text: `select from attribute_value
    where tenant = $1 and path = $2 and left(text_key, ${indexedLength}) = left($3, ${indexedLength}) and text_key = $3 and owner <> $4 limit 1`,
};

/**
 * Whether another resource of this type has this value of this path, in any spelling. Until the transaction ends nobody
 * else can ask about the same value, so two writers cannot both hear no.
 */
export async function isNameTaken(
  tx: Tx,
  tenant: number,
  type: ResourceType,
  path: string,
  value: string,
  exceptId: string,
): Promise<boolean> {
  const stored = valuePath(type, path);
  const key = fold(value);
  tx.send(holdStatement, [tenant, `${stored}=${key}`]);
  return (await tx.run(takenStatement, [tenant, stored, key, exceptId])).length > 0;
}

const addressPaths = ['emails.value', 'userName'].map((path) => valuePath(userType, path));

const addressTakenStatement = {
  name: 'address-taken',
  text: `select from attribute_value
    where tenant = $1 and path = any($2::text[]) and left(text_key, ${indexedLength}) = left($3, ${indexedLength})
      and text_key = $3 and owner <> $4 limit 1`,
};

/**
 * Whether another person has this address, by its key, as userName or e-mail. Until the transaction ends nobody else can
 * ask about the same address, so two writers cannot both hear no.
 */
export async function isAddressTaken(tx: Tx, tenant: number, key: string, exceptId: string): Promise<boolean> {
  tx.send(holdStatement, [tenant, `User.emails.value=${key}`]);
  return (await tx.run(addressTakenStatement, [tenant, addressPaths, key, exceptId])).length > 0;
}
