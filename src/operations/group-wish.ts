/** A group that a person is to be in directly. */
export interface GroupWish {
  readonly group: string;
  /** Whether he is to be one of its managers. */
  readonly manages: boolean;
}
