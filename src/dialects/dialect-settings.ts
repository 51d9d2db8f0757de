/** What an operator decides about single dialects. The settings of the program fill it. */
export interface DialectSettings {
  readonly metabase: MetabaseSettings;
}

export interface MetabaseSettings {
  /** `enterprise` has group managers, visibility of users and sandboxed users. */
  readonly edition: 'free' | 'enterprise';
  /** Whether a deactivated person can be read by id, as from version 0.51, or is missing, as before. */
  readonly deactivated: 'readable' | 'missing';
  readonly passwords: 'weak' | 'normal' | 'strong';
  /** Whether a tenant that never had a person may be set up. */
  readonly setup: 'open' | 'closed';
  /** Whom people see who are no superusers; only in the enterprise edition. */
  readonly userVisibility: 'all' | 'group' | 'none';
  /** The names of groups whose members see themselves alone; only in the enterprise edition. */
  readonly sandboxedGroups: readonly string[];
}

export const defaultDialectSettings: DialectSettings = {
  metabase: {
    ...{ edition: 'free', deactivated: 'readable', passwords: 'normal', setup: 'open', userVisibility: 'all' },
    sandboxedGroups: [],
  },
};
