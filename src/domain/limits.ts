interface LimitRow {
  readonly value: number;
  readonly unit: 'elements' | 'members' | 'resources' | 'tries' | 'requests';
  readonly about: string;
}

/**
 * What one resource may hold and one write may cost, in every dialect. The members of a group are not counted here. The
 * reference docs are made from these rows.
 */
export const domainLimitTable = {
  elements: {
    value: 1_000,
    unit: 'elements',
    about: 'Elements of a multi-valued attribute; members of a group are not concerned.',
  },
  elementSteps: {
    value: 200_000,
    unit: 'elements',
    about: 'Elements that the changes of one write go through, counted once for every test of a filter.',
  },
  listedMembers: {
    value: 100_000,
    unit: 'members',
    about: 'Members of all groups on one page together; a single group is read whole.',
  },
  unindexedHits: {
    value: 10_000,
    unit: 'resources',
    about: 'Resources that a filter which no index serves may hold for, such as `co` with fewer than three characters.',
  },
  scimRequestsOfConnection: {
    value: 1_000,
    unit: 'requests',
    about:
      'Requests a second of one SCIM connection, unless it has a limit of its own (25 or more); the legacy APIs have none.',
  },
  scimRequestsOfTenant: {
    value: 3_000,
    unit: 'requests',
    about:
      'Requests a second of all SCIM connections of a tenant together; a connection whose own limit is higher is not counted.',
  },
  failedSignInsPerName: {
    value: 10,
    unit: 'tries',
    about: 'Failed tries to sign in with one name, or to get an access token with one client id, in 15 minutes.',
  },
  failedSignInsPerAddress: {
    value: 100,
    unit: 'tries',
    about: 'Failed tries to sign in or to get an access token from one address (IPv6: one /64 network) in an hour.',
  },
} as const satisfies Readonly<Record<string, LimitRow>>;

/** The numbers of the table by name. */
export const domainLimits = Object.freeze(
  Object.fromEntries(Object.entries(domainLimitTable).map(([name, row]) => [name, row.value])),
) as Readonly<Record<keyof typeof domainLimitTable, number>>;
