interface LimitRow {
  readonly value: number;
  readonly unit: 'characters' | 'levels' | 'terms' | 'operations' | 'members' | 'resources';
  readonly about: string;
}

/**
 * What one SCIM request may ask for; one more is refused, unless the row says otherwise. RFC 7644 section 7.6 leaves the
 * numbers to us. The reference docs are made from these rows.
 */
export const scimLimitTable = {
  filterLength: { value: 8_192, unit: 'characters', about: 'Length of a filter or a PATCH path.' },
  filterDepth: { value: 32, unit: 'levels', about: 'Nesting of parentheses and brackets in a filter.' },
  filterTerms: { value: 200, unit: 'terms', about: 'Tests of an attribute in one filter.' },
  patchOperations: { value: 1_000, unit: 'operations', about: 'Operations in one PATCH.' },
  patchMembers: { value: 10_000, unit: 'members', about: 'Members that one PATCH of a group names.' },
  groupMembers: { value: 100_000, unit: 'members', about: 'Members that one POST or PUT of a group names.' },
  pageSizeDefault: { value: 100, unit: 'resources', about: 'Resources on a page when `count` is absent.' },
  pageSize: { value: 1_000, unit: 'resources', about: 'Resources on a page; a larger `count` is read as this one.' },
} as const satisfies Readonly<Record<string, LimitRow>>;

/** The numbers of the table by name. */
export const scimLimits = Object.freeze(
  Object.fromEntries(Object.entries(scimLimitTable).map(([name, row]) => [name, row.value])),
) as Readonly<Record<keyof typeof scimLimitTable, number>>;
