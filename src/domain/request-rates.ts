import { domainLimits } from './limits.ts';

/** Requests a second in one dialect. */
export interface RequestRates {
  /** Of a connection that has no limit of its own. */
  readonly ofConnection: number;
  /** Of all connections of a tenant in the dialect together. */
  readonly ofTenant: number;
  /** No connection is held to less: an identity provider would not get its work done. */
  readonly least: number;
}

const rates: Readonly<Record<string, RequestRates>> = {
  scim: {
    ofConnection: domainLimits.scimRequestsOfConnection,
    ofTenant: domainLimits.scimRequestsOfTenant,
    least: domainLimits.scimRequestsOfConnectionMin,
  },
};

/** The rates of a dialect; undefined where connections have no limit but their own. */
export function requestRates(dialect: string): RequestRates | undefined {
  return rates[dialect];
}
