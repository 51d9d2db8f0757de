/** The points of a write on which connections differ. A dialect takes them from the connection's profile. */
export interface WriteRules {
  /** What becomes of a member or a reference that is nobody's: 5.6. */
  readonly unknownReference: 'refuse' | 'skip';
  /** Whether two groups may have one name: 5.7. */
  readonly groupNames: 'unique' | 'free';
  /** Whether an e-mail may be one that another person has, as sign-in name or e-mail. */
  readonly emails: 'unique' | 'free';
  /** Whether a person who is signed in may deactivate, delete or demote himself. */
  readonly ownAccount: 'kept' | 'free';
  /** The policy for a password that comes with the write: that of the dialect, or none. */
  readonly passwords: 'checked' | 'unchecked';
  /** What a create for a deactivated person does who has the same external id. */
  readonly createOfDeactivated: 'reactivate' | 'refuse';
}
