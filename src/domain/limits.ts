interface LimitRow {
  readonly value: number;
  readonly unit:
    | 'elements'
    | 'members'
    | 'groups'
    | 'resources'
    | 'tries'
    | 'requests'
    | 'days'
    | 'tokens'
    | 'people'
    | 'percent'
    | 'seconds'
    | 'keys'
    | 'sessions';
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
  groupsAtOnce: {
    value: 1_000,
    unit: 'groups',
    about: 'Groups that one write of a person puts him into, takes him out of, or makes him a manager of or no longer.',
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
    about: 'Requests a second of one SCIM connection, unless it has a limit of its own; the legacy APIs have none.',
  },
  // What Entra ID must be able to send (Q-ENTRA-25).
  scimRequestsOfConnectionMin: {
    value: 25,
    unit: 'requests',
    about: 'Requests a second up to which every SCIM connection is let through; no limit of its own can be lower.',
  },
  scimRequestsOfTenant: {
    value: 3_000,
    unit: 'requests',
    about:
      'Requests a second of all SCIM connections of a tenant together; a connection to which an operator gave more is not counted.',
  },
  ratePerSecond: {
    value: 1_000_000,
    unit: 'requests',
    about: 'Requests a second that can be set for one connection.',
  },
  tokenLifetimeDays: { value: 3_650, unit: 'days', about: 'Lifetime of the token of a connection.' },
  listedTokens: {
    value: 100,
    unit: 'tokens',
    about: 'Tokens that are shown of one connection, the newest; those before them are not shown.',
  },
  accessTokens: {
    value: 100,
    unit: 'tokens',
    about: 'OAuth access tokens of one connection that live at a time; older ones end.',
  },
  clientKeys: {
    value: 5,
    unit: 'keys',
    about: 'Public keys with which one connection signs to get access tokens.',
  },
  assertionLifetimeSeconds: {
    value: 300,
    unit: 'seconds',
    about: 'Time from now until the end of a signed assertion with which a connection gets an access token.',
  },
  failedSignInsPerName: {
    value: 10,
    unit: 'tries',
    about:
      'Failed tries to sign in with one name from one network (an IPv4 address, or an IPv6 /64), or to get an access token with one client id, in 15 minutes.',
  },
  failedSignInsPerPerson: {
    value: 30,
    unit: 'tries',
    about:
      'Failed tries to sign in as one person from all networks, in 15 minutes. The last locks the person out for 15 minutes; three times the tries of one network, so that nobody alone does it.',
  },
  failedSignInsPerAddress: {
    value: 100,
    unit: 'tries',
    about: 'Failed tries to sign in or to get an access token from one address (IPv6: one /64 network) in an hour.',
  },
  failedSignInsPerAddressInMetabase: {
    value: 50,
    unit: 'tries',
    about:
      'The same in the API of Metabase, which refuses earlier, as its clients expect; what failed in other APIs counts too.',
  },
  resetMailsPerAddress: {
    value: 3,
    unit: 'tries',
    about: 'Wishes for a mail to choose a new password, for one e-mail address in 15 minutes.',
  },
  resetMailsPerNetwork: {
    value: 30,
    unit: 'tries',
    about: 'Wishes for a mail to choose a new password, from one network (an IPv4 address, or an IPv6 /64) in an hour.',
  },
  resetWishesInMetabase: {
    value: 3,
    unit: 'tries',
    about:
      'Wishes for such a mail in a row in the API of Metabase, for one e-mail address; the next is refused for 15 seconds. No more mails are sent than above.',
  },
  failedResetsPerNetworkInMetabase: {
    value: 10,
    unit: 'tries',
    about:
      'Codes of such mails that are not good, from one network in 15 minutes in the API of Metabase, until it says so in other words.',
  },
  sessionsPerPerson: {
    value: 100,
    unit: 'sessions',
    about: 'Sessions that are shown of one person, the newest; those before them are not shown.',
  },
  removals: {
    value: 25,
    unit: 'people',
    about:
      'Active people whom a connection may deactivate or delete within an hour whatever their share; more is held.',
  },
  removalShare: {
    value: 20,
    unit: 'percent',
    about: 'Share of the active people last written by a connection whom it may deactivate or delete within an hour.',
  },
  importedRecords: {
    value: 200_000,
    unit: 'people',
    about: 'People, or groups, in one file of an old system whose ids are brought along.',
  },
  heldDays: {
    value: 7,
    unit: 'days',
    about:
      'How long a deactivation or deletion that was held and not tried again is shown, and counted for an allowance.',
  },
} as const satisfies Readonly<Record<string, LimitRow>>;

/** The numbers of the table by name. */
export const domainLimits = Object.freeze(
  Object.fromEntries(Object.entries(domainLimitTable).map(([name, row]) => [name, row.value])),
) as Readonly<Record<keyof typeof domainLimitTable, number>>;
