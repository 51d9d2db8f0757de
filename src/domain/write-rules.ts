/** The points of a write on which connections differ. A dialect takes them from the connection's profile. */
export interface WriteRules {
  /** What becomes of a member or a reference that is nobody's: 5.6. */
  readonly unknownReference: 'refuse' | 'skip';
  /** Whether two groups may have one name: 5.7. */
  readonly groupNames: 'unique' | 'free';
  /** What a create for a deactivated person does who has the same external id. */
  readonly createOfDeactivated: 'reactivate' | 'refuse';
}
