import { orgUnitType } from '#attributes/resource-type.ts';
import { type Caller, checkRight, noConnection, rightsWithin } from '#domain/caller.ts';
import { readValues } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import { domainLimits } from '#domain/limits.ts';
import { requestRates } from '#domain/request-rates.ts';
import type { ConnectionFacts } from '#store/connections.ts';
import type { Db } from '#store/database.ts';
import { findResource } from '#store/find-resource.ts';
import { checkName } from './check-name.ts';
import type { Spoken } from './spoken.ts';

/** Raises `invalid_value` for facts that a connection of this API cannot have. */
export async function checkConnection(caller: Caller, db: Db, facts: ConnectionFacts, spoken: Spoken): Promise<void> {
  checkName(facts.name);
  if (!spoken.profiles.includes(facts.profile) && (spoken.profiles.length > 0 || facts.profile !== '')) {
    const possible = spoken.profiles.length > 0 ? `one of ${spoken.profiles.join(', ')}` : 'absent for this API';
    throw new Fault('invalid_value', `the profile should be ${possible}`, { attribute: 'profile' });
  }
  checkBound(facts);
  if (facts.ratePerSecond !== undefined) checkRate(facts.ratePerSecond, facts.dialect);
  if (facts.franchisee !== undefined) await checkFranchisee(caller, db, facts.franchisee);
}

/** A right that reaches beyond the franchisee would be none: better told than granted in vain. */
function checkBound({ rights, franchisee }: ConnectionFacts): void {
  const within = rightsWithin(rights, franchisee);
  const beyond = rights.find((right) => !within.includes(right));
  if (beyond === undefined) return;
  throw new Fault('invalid_value', `a connection that is bound to a franchisee cannot have the right "${beyond}"`, {
    attribute: 'rights',
  });
}

/** Raises `invalid_value` for a lifetime that no token has. */
export function checkLifetime(days: number): void {
  const most = domainLimits.tokenLifetimeDays;
  if (Number.isSafeInteger(days) && days >= 1 && days <= most) return;
  throw new Fault('invalid_value', `a token lives a whole number of days from 1 to ${most}`, {
    attribute: 'lifetimeDays',
  });
}

function checkRate(rate: number, dialect: string): void {
  const least = requestRates(dialect)?.least ?? 1;
  const most = domainLimits.ratePerSecond;
  if (Number.isSafeInteger(rate) && rate >= least && rate <= most) return;
  throw new Fault(
    'invalid_value',
    `the rate of a connection of ${dialect} is a whole number of requests a second from ${least} to ${most}`,
    { attribute: 'ratePerSecond' },
  );
}

/**
 * Raises `forbidden` when somebody who is no operator gives a connection more requests than his tenant has together: it
 * would not be counted to the tenant, whose limit the other tenants rely on (S-29).
 */
export function checkMayGiveRate(caller: Caller, dialect: string, rate: number | undefined): void {
  if ((rate ?? 0) > (requestRates(dialect)?.ofTenant ?? Number.POSITIVE_INFINITY)) checkRight(caller, 'operator');
}

async function checkFranchisee({ tenant }: Caller, db: Db, id: string): Promise<void> {
  const viewer = { tenant, connection: noConnection };
  const unit = await findResource(db, viewer, orgUnitType, id, { groups: false, members: false });
  if (unit !== undefined && readValues(orgUnitType, unit.document).kind === 'FRANCHISEE') return;
  throw new Fault('invalid_value', 'the franchisee should be the id of an org unit of the kind FRANCHISEE', {
    attribute: 'franchisee',
  });
}
